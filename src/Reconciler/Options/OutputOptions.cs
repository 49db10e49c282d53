using System.CommandLine;
using System.CommandLine.Parsing;
using Reconciler.Reports;

namespace Reconciler.Options;

/// <summary>The options of every verb that prints a report.</summary>
internal sealed class OutputOptions
{
    /// <summary>The option that hides addresses.</summary>
    public const string MaskName = "--mask-emails";

    private readonly Option<string> _format;
    private readonly Option<bool> _mask = new(MaskName)
    {
        Description =
            "Hide addresses, for places that everybody can read: " + "each person becomes one such as a…(at)e…#1",
    };
    private readonly Option<bool> _noColour = NoColourOption();
    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "Print long lists whole" };

    public OutputOptions(params string[] formats)
    {
        _format = new("--format") { Description = "The format of the output", DefaultValueFactory = _ => formats[0] };
        _format.AcceptOnlyFromAmong(formats);
    }

    /// <summary>The option of every verb that prints in colour.</summary>
    public static Option<bool> NoColourOption() =>
        new("--no-color") { Description = "Print without colour, as NO_COLOR does" };

    public void AddTo(Command command)
    {
        command.Options.Add(_format);
        command.Options.Add(_noColour);
    }

    /// <summary>The options of a verb that shortens long lists.</summary>
    public void AddWithListsTo(Command command)
    {
        AddTo(command);
        command.Options.Add(_verbose);
    }

    /// <summary>The options of a verb that talks to vendors: it can tell what it does meanwhile.</summary>
    public void AddWithLogTo(Command command)
    {
        _verbose.Description =
            "Print long lists whole, and each step on the error output; -vv: each request too, with the id "
            + "that the vendor can be asked about";
        AddWithListsTo(command);
    }

    /// <summary>The option of the verbs whose whole output can go without addresses.</summary>
    public void AddMaskTo(Command command, string? description = null)
    {
        if (description is not null)
            _mask.Description = description;
        command.Options.Add(_mask);
    }

    /// <summary>Whether a command line asks for masked addresses.</summary>
    public static bool MasksAddresses(ParseResult parsed) =>
        parsed.CommandResult.Command.Options.Any(o => o.Name == MaskName) && parsed.GetValue<bool>(MaskName);

    /// <summary>Whether the mask is named anywhere on a command line, which may be too wrong to be parsed.</summary>
    public static bool NamesMask(IReadOnlyList<string> words) =>
        words.Any(w => w.StartsWith(MaskName, StringComparison.Ordinal));

    /// <summary>
    /// The environment for the chosen format, with the log that was asked for. The log of a GitHub job takes some
    /// printed lines for commands, so these are filtered.
    /// </summary>
    public CliEnvironment Of(CliEnvironment environment, ParseResult parsed)
    {
        var around =
            Format(parsed) != OutputFormat.GitHub
                ? environment
                : environment with
                {
                    Out = new FilteredWriter(environment.Out, GitHubCommands.Log),
                    Error = new FilteredWriter(environment.Error, GitHubCommands.Log),
                };
        return around with { Log = new(around.Error, around.Clock, VerbosityOf(parsed)) };
    }

    public string Format(ParseResult parsed) => parsed.GetValue(_format)!;

    /// <summary>The form that a command line names while it is being checked; null where it names none.</summary>
    public string? FormatOf(CommandResult result) => WordOf(result, _format);

    /// <summary>The one word after an option; null where there is none, which is reported as such.</summary>
    public static string? WordOf(SymbolResult result, Option option) =>
        result.GetResult(option) is { Tokens: [var word] } ? word.Value : null;

    public bool NoColour(ParseResult parsed) => parsed.GetValue(_noColour);

    public bool Verbose(ParseResult parsed) => parsed.GetValue(_verbose);

    // -vv is -v twice.
    private Verbosity VerbosityOf(ParseResult parsed) =>
        !Verbose(parsed) ? Verbosity.Brief
        : parsed.GetResult(_verbose)!.IdentifierTokenCount > 1 ? Verbosity.Requests
        : Verbosity.Steps;
}

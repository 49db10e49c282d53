using System.CommandLine;

namespace Reconciler.Hosts;

/// <summary>The options of every verb that prints a report.</summary>
internal sealed class OutputOptions
{
    private readonly Option<string> _format;
    private readonly Option<bool> _noColour = NoColourOption();
    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "Print long lists whole, and each request on the error output" };

    public OutputOptions(params string[] formats)
    {
        _format = new("--format") { Description = "The form of the output", DefaultValueFactory = _ => formats[0] };
        _format.AcceptOnlyFromAmong(formats);
    }

    /// <summary>The option of every verb that prints in colour.</summary>
    public static Option<bool> NoColourOption() => new("--no-color") { Description = "Print without colour, as NO_COLOR does" };

    public void AddTo(Command command)
    {
        command.Options.Add(_format);
        command.Options.Add(_noColour);
        command.Options.Add(_verbose);
    }

    public string Format(ParseResult parsed) => parsed.GetValue(_format)!;

    public bool NoColour(ParseResult parsed) => parsed.GetValue(_noColour);

    public bool Verbose(ParseResult parsed) => parsed.GetValue(_verbose);
}

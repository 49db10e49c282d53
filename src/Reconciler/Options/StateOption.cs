using System.CommandLine;
using System.CommandLine.Parsing;
using Reconciler.State;

namespace Reconciler.Options;

/// <summary>
/// The option that names the state. Without it the variable RECONCILER_STATE does, and without both it is a file. The
/// variable is no default of the option: help would print it, whatever it holds.
/// </summary>
internal sealed class StateOption : Option<string>
{
    private readonly string? _variable;

    /// <summary>Makes it.</summary>
    /// <param name="environment">Gives the variable.</param>
    /// <param name="without">The option under which no state is used; null where there is none.</param>
    public StateOption(CliEnvironment environment, Option<bool>? without = null)
        : base("--state")
    {
        Description =
            "The state: who is owned, which mails were sent, what was done; a file, or postgres://user@host/db "
            + $"(else the variable {StatePlace.Variable})";
        DefaultValueFactory = _ => StateFile.DefaultPath;
        var named = environment.Variables.GetValueOrDefault(StatePlace.Variable);
        _variable = string.IsNullOrWhiteSpace(named) ? null : named;
        Validators.Add(result =>
        {
            if (IsGiven(result))
                AddProblem(result, Name, result.GetValueOrDefault<string?>());
            else if (without is null || !IsSet(result.GetResult(without)))
                AddProblem(result, StatePlace.Variable, _variable);
        });
    }

    /// <summary>Reads what names the state.</summary>
    public GivenState Read(ParseResult parsed) =>
        IsGiven(parsed.GetResult(this)) ? new(parsed.GetValue(this)!, Name)
        : _variable is null ? new(StateFile.DefaultPath, null)
        : new(_variable, StatePlace.Variable);

    /// <summary>Whether somebody typed an option; the parser gives a result for a default value, too.</summary>
    public static bool IsGiven(OptionResult? result) => result is { Implicit: false };

    /// <summary>Whether a flag was typed and is on.</summary>
    public static bool IsSet(OptionResult? flag) => IsGiven(flag) && flag!.Tokens is not [{ Value: "false" }];

    private static void AddProblem(OptionResult result, string name, string? place)
    {
        if (place is not null && StatePlace.Problem(place) is { } problem)
            result.AddError($"{name}: {problem}");
    }
}

/// <summary>A state as it was named.</summary>
/// <param name="Place">The file, or the URL of PostgreSQL.</param>
/// <param name="By">The option or the variable that named it; null where nothing did.</param>
internal sealed record GivenState(string Place, string? By)
{
    /// <summary>The place as it was typed; null where it was not.</summary>
    public string? Typed => By is null or StatePlace.Variable ? null : Place;

    /// <summary>
    /// A message about the state, with the variable before it where one named it: nobody sees it on the command line.
    /// </summary>
    public string Tell(string message) => By == StatePlace.Variable ? $"{StatePlace.Variable}: {message}" : message;
}

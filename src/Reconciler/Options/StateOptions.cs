using System.CommandLine;
using System.CommandLine.Parsing;
using Reconciler.Core.Manifests.Values;
using Reconciler.Manifests.Files;
using Reconciler.State;

namespace Reconciler.Options;

/// <summary>The options that say where a run keeps what the vendors do not remember.</summary>
internal sealed class StateOptions
{
    private readonly Option<string> _state = PathOption();
    private readonly Option<bool> _noState = new("--no-state") { Description = "Use no state, and save none" };
    private readonly Option<string?> _lockTimeout = new("--lock-timeout")
    {
        Description = "How long to wait for another run on the same state, such as 30s (default: 1m)",
    };

    public StateOptions() =>
        _lockTimeout.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && Duration.Parse(text) is null)
                result.AddError($"--lock-timeout {text}: expected a duration such as 30s or 5m");
        });

    /// <summary>The option that names the state, for every verb that has it.</summary>
    public static Option<string> PathOption()
    {
        var option = new Option<string>("--state")
        {
            Description =
                "The state: who is owned, which mails were sent, what was done; a file, or postgres://user@host/db",
            DefaultValueFactory = _ => StateFile.DefaultPath,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } place && StatePlace.Problem(place) is { } problem)
                result.AddError(problem);
        });
        return option;
    }

    public void AddTo(Command command, bool writes)
    {
        command.Options.Add(_state);
        command.Options.Add(_noState);
        if (writes)
            command.Options.Add(_lockTimeout);
        command.Validators.Add(result =>
        {
            if (
                result.GetResult(_noState) is { Implicit: false } without
                && without.Tokens is not [{ Value: "false" }]
                && IsGiven(result.GetResult(_state))
            )
                result.AddError("--state and --no-state say opposite things; expected one of them");
        });
    }

    // The parser gives a result for a default value, too.
    private static bool IsGiven(OptionResult? result) => result is { Implicit: false };

    /// <summary>The place with links followed, so that every path to one state file leads to the same lock.</summary>
    public static string Real(string place) => StatePlace.IsServer(place) ? place : RealPath.Of(place) ?? place;

    public StateRequest Read(ParseResult parsed, string folder) =>
        new(parsed.GetValue(_noState) ? null : Real(StatePlace.Full(parsed.GetValue(_state)!, folder)))
        {
            Wait = parsed.GetValue(_lockTimeout) is { } text ? Duration.Parse(text)!.Value : TimeSpan.FromMinutes(1),
            Given = IsGiven(parsed.GetResult(_state)) ? parsed.GetValue(_state) : null,
        };
}

/// <summary>Where a run keeps its state.</summary>
/// <param name="Path">The file, or the URL of PostgreSQL; null where the run keeps none.</param>
internal sealed record StateRequest(string? Path)
{
    /// <summary>How long to wait for another run.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>The file or URL as it was given; null where it was not.</summary>
    public string? Given { get; init; }
}

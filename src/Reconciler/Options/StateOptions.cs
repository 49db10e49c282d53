using System.CommandLine;
using Reconciler.Core.Manifests.Values;
using Reconciler.Manifests.Files;
using Reconciler.State;

namespace Reconciler.Options;

/// <summary>The options that say where a run keeps what the vendors do not remember.</summary>
internal sealed class StateOptions
{
    private readonly StateOption _state;
    private readonly Option<bool> _noState = new("--no-state") { Description = "Use no state, and save none" };
    private readonly Option<string?> _lockTimeout = new("--lock-timeout")
    {
        Description = "How long to wait for another run on the same state, such as 30s (default: 1m)",
    };

    /// <summary>Makes them.</summary>
    /// <param name="environment">Gives the variable that may name the state.</param>
    public StateOptions(CliEnvironment environment)
    {
        _state = new(environment, _noState);
        _lockTimeout.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && Duration.Parse(text) is null)
                result.AddError($"--lock-timeout {text}: expected a duration such as 30s or 5m");
        });
    }

    public void AddTo(Command command, bool writes)
    {
        command.Options.Add(_state);
        command.Options.Add(_noState);
        if (writes)
            command.Options.Add(_lockTimeout);
        command.Validators.Add(result =>
        {
            if (StateOption.IsSet(result.GetResult(_noState)) && StateOption.IsGiven(result.GetResult(_state)))
                result.AddError("--state and --no-state say opposite things; expected one of them");
        });
    }

    /// <summary>The place with links followed, so that every path to one state file leads to the same lock.</summary>
    public static string Real(string place) => StatePlace.IsServer(place) ? place : RealPath.Of(place) ?? place;

    public StateRequest Read(ParseResult parsed, string folder)
    {
        var given = _state.Read(parsed);
        return new(parsed.GetValue(_noState) ? null : Real(StatePlace.Full(given.Place, folder)))
        {
            Wait = parsed.GetValue(_lockTimeout) is { } text ? Duration.Parse(text)!.Value : TimeSpan.FromMinutes(1),
            Given = given,
        };
    }
}

/// <summary>Where a run keeps its state.</summary>
/// <param name="Path">The file, or the URL of PostgreSQL; null where the run keeps none.</param>
internal sealed record StateRequest(string? Path)
{
    /// <summary>How long to wait for another run.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>The state as it was named.</summary>
    public GivenState Given { get; init; } = new(StateFile.DefaultPath, null);
}

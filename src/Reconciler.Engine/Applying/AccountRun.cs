using System.Collections.Concurrent;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;

namespace Reconciler.Engine.Applying;

/// <summary>
/// Holds the accounts of a run. An account is a vendor and a base URL, however many AccessProviders connect to it.
/// </summary>
internal sealed class AccountRuns
{
    private readonly ConcurrentDictionary<(string Vendor, string Url), AccountRun> _accounts = new();

    /// <summary>Finds the account that a project belongs to.</summary>
    public AccountRun Of(DesiredProject project) =>
        _accounts.GetOrAdd((project.Key.VendorType, project.Key.BaseUrl), _ => new());
}

/// <summary>
/// Shares between the projects of one account what the vendor answered during a run. Once the vendor takes no more
/// invitations, none is sent. The first other write is then a probe that the others wait for: if the vendor refuses it
/// too, the whole account stops.
/// </summary>
internal sealed class AccountRun
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<ActionKind, string> _missing = new();
    private TaskCompletionSource? _probe;
    private string? _noInvitations;
    private volatile string? _stopped;
    private volatile int _freed;

    /// <summary>The reason why nothing more may be sent to the account; null while requests may be sent.</summary>
    public string? Stopped => _stopped;

    /// <summary>Whether invitations are stopped because no seat is free, and not because of a rate limit.</summary>
    public bool LacksSeat { get; private set; }

    /// <summary>The number of people removed so far. Each removal may have freed a seat.</summary>
    public int Freed => _freed;

    /// <summary>The reason why actions of a kind are not sent; null where they are sent.</summary>
    public string? WhyNot(ActionKind kind)
    {
        lock (_gate)
            return SendsMail(kind) ? _noInvitations : null;
    }

    /// <summary>
    /// The step that a human must do because the vendor has no call for a kind of action; null where it has one.
    /// </summary>
    public string? WhyManual(ActionKind kind) => _missing.GetValueOrDefault(kind);

    /// <summary>Records that the vendor takes no more invitations.</summary>
    /// <param name="why">The vendor's message.</param>
    /// <param name="lacksSeat">Whether no seat is free. A removal may free one.</param>
    public void Spend(string why, bool lacksSeat)
    {
        lock (_gate)
        {
            // A removal frees a seat but does not shorten a wait that the vendor asked for, so the wait is kept.
            if (_noInvitations is not null && lacksSeat)
                return;
            _noInvitations = $"not tried: the account takes no more invitations for now: {why}";
            LacksSeat = lacksSeat;
        }
    }

    /// <summary>Allows invitations that lacked a seat again, since somebody was removed.</summary>
    public void Reopen()
    {
        lock (_gate)
        {
            if (LacksSeat)
                (_noInvitations, LacksSeat) = (null, false);
        }
    }

    /// <summary>Records that the vendor has no call for a kind of action.</summary>
    /// <param name="kind">The kind of action.</param>
    /// <param name="why">The step that a human must do.</param>
    public void Miss(ActionKind kind, string why) => _missing.TryAdd(kind, why);

    /// <summary>Counts a removal.</summary>
    public void Free() => Interlocked.Increment(ref _freed);

    /// <summary>
    /// Where the vendor takes no more invitations, waits for the probe, or lets the caller be the probe.
    /// </summary>
    /// <returns>A callback for the outcome of the request: the error, or null where it succeeded.</returns>
    public async Task<Action<ProviderException?>> EnterAsync()
    {
        Task? wait;
        lock (_gate)
        {
            if (_noInvitations is null)
                return static _ => { };
            wait = _probe?.Task;
            if (wait is null)
                _probe = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        if (wait is null)
            return EndProbe;
        await wait;
        return static _ => { };
    }

    private static bool SendsMail(ActionKind kind) =>
        kind is ActionKind.Invite or ActionKind.Replace or ActionKind.Resend;

    private void EndProbe(ProviderException? failure)
    {
        if (failure?.Fault is ProviderFault.RateLimited)
            _stopped = $"not tried: {failure.Message}";
        _probe!.TrySetResult();
    }
}

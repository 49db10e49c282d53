using System.Collections.Concurrent;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;

namespace Reconciler.Engine.Applying;

/// <summary>
/// The accounts of a run. An account is a vendor and a base URL, whichever AccessProviders connect to it.
/// </summary>
internal sealed class AccountRuns
{
    private readonly ConcurrentDictionary<(string Vendor, string Url), AccountRun> _accounts = new();

    /// <summary>The account that a project belongs to.</summary>
    public AccountRun Of(DesiredProject project) =>
        _accounts.GetOrAdd((project.Key.VendorType, project.Key.BaseUrl), _ => new());
}

/// <summary>
/// What the projects of one account learn from each other while a run goes on. Once the vendor takes no more
/// invitations, none is sent. The first other write is a probe that the others wait for: should the vendor refuse it
/// too, everything waits.
/// </summary>
internal sealed class AccountRun
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<ActionKind, string> _missing = new();
    private TaskCompletionSource? _probe;
    private string? _noInvitations;
    private volatile string? _stopped;
    private volatile int _freed;

    /// <summary>Why nothing more may be sent to the account; null where it may.</summary>
    public string? Stopped => _stopped;

    /// <summary>Whether invitations wait for a seat, and not for a time.</summary>
    public bool LacksSeat { get; private set; }

    /// <summary>How many people were taken out so far; each may have freed a seat.</summary>
    public int Freed => _freed;

    /// <summary>Why actions of a kind are not sent; null where they are.</summary>
    public string? WhyNot(ActionKind kind)
    {
        lock (_gate)
            return SendsMail(kind) ? _noInvitations : null;
    }

    /// <summary>
    /// The step that is left to a human, since the vendor has no call for a kind of action; null where it has one.
    /// </summary>
    public string? WhyManual(ActionKind kind) => _missing.GetValueOrDefault(kind);

    /// <summary>The vendor takes no more invitations.</summary>
    /// <param name="why">What it said.</param>
    /// <param name="lacksSeat">Whether a seat is missing, which a removal may free.</param>
    public void Spend(string why, bool lacksSeat)
    {
        lock (_gate)
        {
            // No removal shortens a time that the vendor named.
            if (_noInvitations is not null && lacksSeat)
                return;
            _noInvitations = $"not tried: the account takes no more invitations for now: {why}";
            LacksSeat = lacksSeat;
        }
    }

    /// <summary>Invitations that waited for a seat may be tried again, since somebody was taken out.</summary>
    public void Reopen()
    {
        lock (_gate)
        {
            if (LacksSeat)
                (_noInvitations, LacksSeat) = (null, false);
        }
    }

    /// <summary>The vendor has no call for a kind of action.</summary>
    /// <param name="kind">The kind of action.</param>
    /// <param name="why">What it said.</param>
    public void Miss(ActionKind kind, string why) => _missing.TryAdd(kind, why);

    /// <summary>Somebody was taken out.</summary>
    public void Free() => Interlocked.Increment(ref _freed);

    /// <summary>Waits for the probe, or becomes it, where the vendor takes no more invitations.</summary>
    /// <returns>What must be called with the answer: whether the vendor asked to wait there too.</returns>
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

using System.Diagnostics.CodeAnalysis;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Kubernetes.Leasing;

/// <summary>
/// Lets one of several processes work, by a Lease. Acquire: try, wait 2 to 4.4 s, try again. Lead: renew every 2 s;
/// what fails is tried again until 10 s after the last success <em>began</em>, and then leadership is over, whatever
/// the server says later. Stop: the guarded work ends first, under a lease that is still renewed, and then the lease is
/// given back. Others take over 15 s after the last renewal that they saw, so nothing that asks <see cref="IsLeader"/>
/// before it writes can begin a write while another works. A lease is no fence against a process that is stopped
/// between asking and writing: writes must be safe to repeat besides.
/// </summary>
public sealed class LeaderElector
{
    private readonly LeaderElectionOptions _options;
    private readonly TimeProvider _clock;
    private readonly LeaseRecord _record;
    private volatile Term? _term;

    /// <summary>One candidate.</summary>
    /// <param name="client">Reaches the cluster.</param>
    /// <param name="options">Which Lease, in what time.</param>
    /// <param name="clock">Must go on while the process is stopped; null for the system's.</param>
    public LeaderElector(ClusterClient client, LeaderElectionOptions options, TimeProvider? clock = null)
    {
        LeaderElectionOptions.Check(options);
        (_options, _clock) = (options, clock ?? TimeProvider.System);
        _record = new(client, options, _clock);
    }

    /// <summary>Whether a write may begin now. To be asked before each one; costs a look at the clock.</summary>
    public bool IsLeader => _term is { } term && Left(term) > TimeSpan.Zero;

    /// <summary>Who held the lease when it was last looked at.</summary>
    public string? Holder => _record.Holder;

    /// <summary>Throws unless a write may begin now.</summary>
    /// <exception cref="LeadershipLostException">It may not.</exception>
    public void EnsureLeader()
    {
        if (!IsLeader)
            throw new LeadershipLostException(_options.Lease);
    }

    /// <summary>Waits for the lease, does the guarded work once, and gives the lease back.</summary>
    /// <param name="guarded">
    /// The work; its token is cancelled when the lease is lost or <paramref name="stopping"/> is.
    /// </param>
    /// <param name="stopping">Ends the wait, or the work.</param>
    /// <exception cref="LeadershipLostException">The lease was lost; the work has ended.</exception>
    public async Task RunAsync(Func<CancellationToken, Task> guarded, CancellationToken stopping)
    {
        if (!await AcquireAsync(stopping))
            return;
        using var work = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var working = Task.Run(() => guarded(work.Token), CancellationToken.None);
        var kept = false;
        try
        {
            kept = await RenewUntilAsync(working);
        }
        finally
        {
            _term = null;
            if (!kept)
            {
                await work.CancelAsync();
                await EndOf(working);
            }
        }

        if (!kept)
            throw new LeadershipLostException(_options.Lease, working.Exception?.InnerException);
        await AttemptAsync(
            _options.RenewDeadline / 2,
            async token =>
            {
                await _record.ReleaseAsync(token);
                return true;
            }
        );
        try
        {
            await working;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // As asked.
        }
    }

    private async Task<bool> AcquireAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            if (await HoldAsync(_options.RenewDeadline / 2, _record.TryTakeAsync))
                return true;
            var wait = _options.RetryPeriod * (1 + (_options.Random.NextDouble() * _options.JitterFactor));
            await EndOf(Task.Delay(wait, _clock, stopping));
        }

        return false;
    }

    /// <summary>
    /// Renews until the work has ended (true) or the deadline has passed or another holds the lease (false).
    /// </summary>
    private async Task<bool> RenewUntilAsync(Task working)
    {
        while (_term is { } term && Left(term) is var left && left > TimeSpan.Zero)
        {
            using var waiting = new CancellationTokenSource();
            await Task.WhenAny(working, Task.Delay(Least(_options.RetryPeriod, left), _clock, waiting.Token));
            await waiting.CancelAsync();
            if (working.IsCompleted)
                return IsLeader;
            var rest = Left(term);
            if (rest <= TimeSpan.Zero)
                continue;
            if (!await HoldAsync(Least(_options.RenewDeadline / 2, rest), _record.TryRenewAsync) && IsLost)
                return false;
        }

        return false;
    }

    private bool IsLost => Holder != _options.Identity;

    private async Task<bool> HoldAsync(TimeSpan timeout, Func<CancellationToken, Task<bool>> hold)
    {
        // Counted from before the request: the others count from a moment after the server has done it.
        var began = _clock.GetTimestamp();
        if (!await AttemptAsync(timeout, hold))
            return false;
        _term = new(began);
        return true;
    }

    // Stopping does not break an attempt off: a lease that was taken unknown to its holder would have to run out.
    [SuppressMessage(
        "Design",
        "CA1031:Do not catch general exception types",
        Justification = "Whatever a renewal fails of, the next may succeed, and the deadline holds."
    )]
    private async Task<bool> AttemptAsync(TimeSpan timeout, Func<CancellationToken, Task<bool>> attempt)
    {
        using var late = new CancellationTokenSource(timeout, _clock);
        try
        {
            return await attempt(late.Token);
        }
        catch (Exception failed) when (failed is not ObjectDisposedException)
        {
            _options.Failed?.Invoke(failed);
            return false;
        }
    }

    // However it ends.
    private static Task EndOf(Task task) =>
        task.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    private TimeSpan Left(Term term) => _options.RenewDeadline - _clock.GetElapsedTime(term.Began);

    private static TimeSpan Least(TimeSpan one, TimeSpan two) => one < two ? one : two;

    private sealed record Term(long Began);
}

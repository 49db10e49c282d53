using System.Globalization;
using Npgsql;
using Reconciler.Core.Ports;

namespace Reconciler.State.Postgres;

/// <summary>
/// The right to write to some accounts of a state in PostgreSQL, until it is disposed. It is taken in this order:
/// <list type="number">
/// <item>connect, with a session that the server ends when it hears nothing for <see cref="RightRules.Idle"/>;</item>
/// <item>take the advisory lock of each account, in one order for everybody; it ends with the session;</item>
/// <item>count the epoch of the account up: a save under an older epoch is refused from then on;</item>
/// <item>where the holder before did not give it back, wait for <see cref="RightRules.Settle"/>: one of its requests
/// may be under way, and what it did must show before anything is read.</item>
/// </list>
/// A heartbeat every <see cref="RightRules.Heartbeat"/> keeps the session. A write may begin only while the last one
/// that was answered is younger than <see cref="RightRules.Fresh"/>, which is less than the server waits. A process
/// that waits for an account notifies the holder at each try: a worker that writes nothing then gives the right back.
/// </summary>
public sealed class WriteRight : IDisposable
{
    private readonly PostgresDatabase _database;
    private readonly LockSession _session;
    private readonly RightRules _rules;
    private readonly TimeProvider _clock;
    private readonly List<HeldAccount> _held = [];
    private volatile bool _isSettled;
    private bool _isDisposed;

    private WriteRight(PostgresDatabase database, LockSession session, RightRules rules, TimeProvider clock) =>
        (_database, _session, _rules, _clock) = (database, session, rules, clock);

    /// <summary>Whether a write may begin now.</summary>
    public bool IsFresh => _isSettled && IsHeld;

    /// <summary>Whether the locks are surely held still; a request of the holder before may be under way.</summary>
    internal bool IsHeld => _session.IsFresh;

    /// <summary>Whether its session ended, so that it will never be fresh again.</summary>
    public bool IsLost => _session.IsLost;

    /// <summary>Whether somebody else may have written since it was asked for.</summary>
    public bool HasWaited { get; private set; }

    internal static async Task<WriteRight> AcquireAsync(
        PostgresDatabase database,
        RightRequest request,
        TimeProvider clock,
        CancellationToken cancellation
    )
    {
        var session = await LockSession.OpenAsync(database.Server, request.Rules, clock, cancellation);
        var right = new WriteRight(database, session, request.Rules, clock);
        try
        {
            await right.TakeAllAsync(request, cancellation);
            return right;
        }
        catch
        {
            right.Dispose();
            throw;
        }
    }

    /// <summary>Gives it back.</summary>
    public void Dispose() => End(isInOrder: true);

    /// <summary>
    /// Ends it while a request may be under way: the next holder waits for that as if this process had died.
    /// </summary>
    public void Abandon() => End(isInOrder: false);

    private void End(bool isInOrder)
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _session.Stop();
        if (isInOrder)
            GiveBack();
        foreach (var held in _held)
            _database.LetGo(held.Account, this);
        _session.Dispose();
    }

    private async Task TakeAllAsync(RightRequest request, CancellationToken cancellation)
    {
        var isUnclean = false;
        var accounts = request.Accounts.Distinct().OrderBy(a => $"{a.VendorType}\n{a.BaseUrl}", StringComparer.Ordinal);
        foreach (var account in accounts)
        {
            await WaitAsync(account, request, cancellation);
            var (epoch, own, before) = await CountUpAsync(account, request.Verb, cancellation);
            _held.Add(new(account, epoch, own, IsClean: before is null));
            _database.Hold(account, new(this, epoch, own));
            isUnclean |= before is not null;
            if (request.OnAwaited is { } awaited)
                await _session.ListenAsync(Channel(account), awaited, cancellation);
        }

        _session.Keep(request.OnLost);
        if (isUnclean)
        {
            HasWaited = true;
            request.OnSettling?.Invoke(_rules.Settle);
            await Task.Delay(_rules.Settle, _clock, cancellation);
        }

        _isSettled = true;
    }

    private async Task WaitAsync(
        (string VendorType, string BaseUrl) account,
        RightRequest request,
        CancellationToken cancellation
    )
    {
        var key = RightKey.Of(account.VendorType, account.BaseUrl);
        if (await TryLockAsync(key, request, cancellation))
            return;
        HasWaited = true;
        // Nobody takes this lock but to show that they wait.
        if (!request.Yields)
            await _session.AskAsync<bool>("SELECT pg_try_advisory_lock_shared(@a, @b)", cancellation, Queue, key);
        var start = _clock.GetTimestamp();
        var isSaid = false;
        for (var tries = 1; ; tries++)
        {
            // A holder writes its name just after it took the lock.
            var holder = isSaid ? null : await HolderAsync(account, cancellation);
            if (_clock.GetElapsedTime(start) >= request.Wait)
                throw StillHeld(account, await HolderAsync(account, cancellation));
            if (!isSaid && (holder is not null || tries > 3))
            {
                request.OnWaiting?.Invoke(holder);
                isSaid = true;
            }

            if (!request.Yields)
                await _session.AskAsync<bool>("SELECT pg_notify(@a, '') IS NOT NULL", cancellation, Channel(account));
            // A worker may wait for days.
            await Task.Delay(request.Yields ? 2 * _rules.Poll : _rules.Poll, _clock, cancellation);
            if (await TryLockAsync(key, request, cancellation))
                break;
        }

        if (!request.Yields)
            await _session.AskAsync<bool>("SELECT pg_advisory_unlock_shared(@a, @b)", cancellation, Queue, key);
    }

    private async Task<bool> TryLockAsync(int key, RightRequest request, CancellationToken cancellation)
    {
        if (!await _session.AskAsync<bool>("SELECT pg_try_advisory_lock(@a, @b)", cancellation, Schema, key))
            return false;
        if (!request.Yields || !await IsAwaitedAsync(key, cancellation))
            return true;
        await _session.AskAsync<bool>("SELECT pg_advisory_unlock(@a, @b)", cancellation, Schema, key);
        return false;
    }

    private int Schema => RightKey.Of(_database.Url.Schema);

    private int Queue => RightKey.Of(_database.Url.Schema, "waiting");

    // Numbers are written without a sign, so that the name needs no quotes.
    private string Channel((string VendorType, string BaseUrl) account) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"reconciler_{(uint)Schema}_{(uint)RightKey.Of(account.VendorType, account.BaseUrl)}"
        );

    private Task<bool> IsAwaitedAsync(int key, CancellationToken cancellation) =>
        _session.AskAsync<bool>(
            """
            SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                AND classid = @a::int::oid AND objid = @b::int::oid AND pid <> pg_backend_pid())
            """,
            cancellation,
            Queue,
            key
        );

    private async Task<(long Epoch, Holder Own, Holder? Before)> CountUpAsync(
        (string VendorType, string BaseUrl) account,
        string verb,
        CancellationToken cancellation
    )
    {
        var before = await HolderAsync(account, cancellation);
        var own = new Holder(
            verb,
            Environment.ProcessId,
            Environment.MachineName,
            Environment.UserName,
            _clock.GetUtcNow()
        );
        var epoch = await _session.AskAsync<long>(
            """
            INSERT INTO rights (vendor_type, base_url, epoch, holder) VALUES (@a, @b, 1, @c)
            ON CONFLICT (vendor_type, base_url) DO UPDATE SET epoch = rights.epoch + 1, holder = excluded.holder
            RETURNING epoch
            """,
            cancellation,
            account.VendorType,
            account.BaseUrl,
            RightRows.Text(own)
        );
        return (epoch, own, before);
    }

    // Somebody who gave the right back is no holder.
    private async Task<Holder?> HolderAsync((string VendorType, string BaseUrl) account, CancellationToken cancellation)
    {
        var text = await _session.AskAsync<string>(
            "SELECT coalesce((SELECT holder FROM rights WHERE vendor_type = @a AND base_url = @b), '')",
            cancellation,
            account.VendorType,
            account.BaseUrl
        );
        return text.Length > 0 && RightRows.Parse(text) is { Until: null } holder ? holder : null;
    }

    // The next process need not wait for requests under way, unless those of the holder before this one may be. Where
    // this fails, it waits, and the session ends all the same.
    private void GiveBack()
    {
        try
        {
            foreach (var held in _session.IsLost ? [] : _held.Where(h => _isSettled || h.IsClean))
                _session
                    .AskAsync<long>(
                        """
                        WITH given AS (UPDATE rights SET holder = @d
                            WHERE vendor_type = @a AND base_url = @b AND epoch = @c RETURNING 1)
                        SELECT count(*) FROM given
                        """,
                        CancellationToken.None,
                        held.Account.VendorType,
                        held.Account.BaseUrl,
                        held.Epoch,
                        RightRows.Text(held.Own with { Until = _clock.GetUtcNow() })
                    )
                    .GetAwaiter()
                    .GetResult();
        }
        catch (Exception failure) when (failure is NpgsqlException or InvalidOperationException or IOException)
        {
            // The next holder finds the name, and waits for what may be under way.
        }
    }

    private LedgerException StillHeld((string VendorType, string BaseUrl) account, Holder? holder) =>
        new(
            $"{_database.Url}: {account.VendorType} {account.BaseUrl} is in use by "
                + $"{holder?.ToString() ?? "another process"}; wait until it has ended and run again, or end that "
                + "process: its right ends with it"
        );

    private sealed record HeldAccount(
        (string VendorType, string BaseUrl) Account,
        long Epoch,
        Holder Own,
        bool IsClean
    );
}

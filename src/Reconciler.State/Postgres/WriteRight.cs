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
/// that was answered is younger than <see cref="RightRules.Fresh"/>, which is less than the server waits.
/// </summary>
public sealed class WriteRight : IDisposable
{
    private readonly PostgresDatabase _database;
    private readonly LockSession _session;
    private readonly RightRules _rules;
    private readonly TimeProvider _clock;
    private readonly List<HeldAccount> _held = [];
    private bool _isDisposed;

    private WriteRight(PostgresDatabase database, LockSession session, RightRules rules, TimeProvider clock) =>
        (_database, _session, _rules, _clock) = (database, session, rules, clock);

    /// <summary>Whether a write may begin now.</summary>
    public bool IsFresh => _session.IsFresh;

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

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _session.Stop();
        GiveBack();
        foreach (var held in _held)
            _database.LetGo(held.Account);
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
            _held.Add(new(account, epoch, own));
            _database.Hold(account, new(this, epoch, own));
            isUnclean |= before is not null;
        }

        if (!isUnclean)
            return;
        HasWaited = true;
        request.OnSettling?.Invoke(_rules.Settle);
        await Task.Delay(_rules.Settle, _clock, cancellation);
    }

    private async Task WaitAsync(
        (string VendorType, string BaseUrl) account,
        RightRequest request,
        CancellationToken cancellation
    )
    {
        var (first, second) = (RightKey.Of(_database.Url.Schema), RightKey.Of(account.VendorType, account.BaseUrl));
        var queue = RightKey.Of(_database.Url.Schema, "waiting");
        if (request.Yields && await IsAwaitedAsync(queue, second, cancellation))
            await YieldAsync(queue, second, cancellation);
        var start = _clock.GetTimestamp();
        var isSaid = false;
        for (var tries = 0; ; tries++)
        {
            if (await _session.AskAsync<bool>("SELECT pg_try_advisory_lock(@a, @b)", cancellation, first, second))
            {
                if (tries > 0)
                    await _session.AskAsync<bool>(
                        "SELECT pg_advisory_unlock_shared(@a, @b)",
                        cancellation,
                        queue,
                        second
                    );
                return;
            }

            HasWaited = true;
            var holder = await HolderAsync(account, cancellation);
            if (_clock.GetElapsedTime(start) >= request.Wait)
                throw StillHeld(account, holder);
            // Nobody takes this lock but to show that they wait.
            if (tries == 0)
                await _session.AskAsync<bool>(
                    "SELECT pg_try_advisory_lock_shared(@a, @b)",
                    cancellation,
                    queue,
                    second
                );
            // A holder writes its name just after it took the lock.
            if (!isSaid && (holder is not null || tries > 2))
            {
                request.OnWaiting?.Invoke(holder);
                isSaid = true;
            }

            await Task.Delay(_rules.Poll, _clock, cancellation);
        }
    }

    // A worker that comes back at once would never let an apply in.
    private async Task YieldAsync(int queue, int account, CancellationToken cancellation)
    {
        HasWaited = true;
        var start = _clock.GetTimestamp();
        while (_clock.GetElapsedTime(start) < 8 * _rules.Poll && await IsAwaitedAsync(queue, account, cancellation))
            await Task.Delay(_rules.Poll, _clock, cancellation);
    }

    private Task<bool> IsAwaitedAsync(int queue, int account, CancellationToken cancellation) =>
        _session.AskAsync<bool>(
            """
            SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                AND classid = @a::int::oid AND objid = @b::int::oid AND pid <> pg_backend_pid())
            """,
            cancellation,
            queue,
            account
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

    // The next process need not wait for requests under way. Where this fails, it waits, and the session ends all the
    // same.
    private void GiveBack()
    {
        try
        {
            foreach (var held in _session.IsLost ? [] : _held)
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

    private sealed record HeldAccount((string VendorType, string BaseUrl) Account, long Epoch, Holder Own);
}

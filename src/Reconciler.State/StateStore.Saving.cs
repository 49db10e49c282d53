using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;

namespace Reconciler.State;

/// <summary>Saves ledgers. Saves that wait for one another share a transaction, and so one write to the disk.</summary>
public sealed partial class StateStore
{
    private readonly SaveQueue _saves = new();

    /// <inheritdoc/>
    public Task<StoredLedger> SaveAsync(
        StoredLedger before,
        ProjectLedger? ledger,
        IReadOnlyList<AuditEntry> audit,
        CancellationToken cancellation
    )
    {
        if (!_writes)
            throw new InvalidOperationException($"{_path} was opened to be read");
        // Once stored, it is a ledger, whatever its source was.
        var after = ledger is null or { Source: OwnershipSource.Ledger }
            ? ledger
            : ledger with
            {
                Source = OwnershipSource.Ledger,
            };
        return SaveInTurnAsync(new(before, after, audit), cancellation);
    }

    private async Task<StoredLedger> SaveInTurnAsync(PendingSave save, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        _saves.Add(save);
        try
        {
            await _gate.WaitAsync(cancellation);
        }
        catch (OperationCanceledException) when (_saves.Withdraw(save))
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            // Somebody else is saving it already.
            return await save.Done;
        }

        try
        {
            while (!save.Done.IsCompleted)
                SaveWaiting();
        }
        finally
        {
            _gate.Release();
        }

        return await save.Done;
    }

    private void SaveWaiting()
    {
        List<PendingSave> together = [];
        try
        {
            SaveTogether(() => together = _saves.Take());
        }
        catch (Exception) when (together.Count > 1)
        {
            // One that cannot be saved must not fail the others.
            foreach (var save in together)
                SaveAlone(save);
        }
        catch (Exception failure)
        {
            foreach (var save in together.Count == 0 ? _saves.Take() : together)
                save.Fail(failure);
        }
    }

    private void SaveAlone(PendingSave save)
    {
        try
        {
            SaveTogether(() => [save]);
        }
        catch (Exception failure)
        {
            save.Fail(failure);
        }
    }

    private void SaveTogether(Func<List<PendingSave>> take)
    {
        var done = StateErrors.Guard(
            _path,
            () =>
                InPlace(() =>
                {
                    using var transaction = _connection.BeginTransaction(deferred: false);
                    // Taken only now, since others come while the transaction waits for another program.
                    var saves = take();
                    var saved = saves.ConvertAll(s => (s, Save(s)));
                    transaction.Commit();
                    return saved;
                })
        );
        foreach (var (save, saved) in done)
            End(save, saved);
    }

    // Checked after the save too: what went into a file that was taken away meanwhile does not count as saved.
    private T InPlace<T>(Func<T> save)
    {
        EnsureInPlace();
        var saved = save();
        EnsureInPlace();
        return saved;
    }

    // Null if somebody else saved the project since; nothing was written then.
    private Saved? Save(PendingSave save)
    {
        var (key, after) = (save.Before.Key, save.After);
        var row = LedgerRows.Find(_connection, key);
        if ((row?.Name ?? "") != save.Before.Version)
            return null;
        var stored = row is null ? new(key, null, "") : Known(key, row);
        var isSame = Equals(stored.Ledger, after);
        if (isSame && save.Audit.Count == 0)
            return new(stored, IsWritten: false);
        foreach (var entry in save.Audit)
            AuditRows.Append(_connection, entry);
        if (after is null)
        {
            if (row is not null)
                LedgerRows.Delete(_connection, row);
            return new(new(key, null, ""), IsWritten: true);
        }

        var written =
            isSame && !_toRekey.Contains(key)
                ? row!
                : LedgerRows.Write(_connection, key, row, InRows(stored, row), after);
        return new(new(key, after, written.Name), IsWritten: true);
    }

    // What is kept in memory changes only once the transaction is on disk.
    private void End(PendingSave save, Saved? saved)
    {
        if (saved is null)
        {
            save.Fail(new LedgerConflictException(save.Before.Key));
            return;
        }

        if (saved.IsWritten)
        {
            _toRekey.Remove(save.Before.Key);
            if (saved.Stored.Ledger is null)
                _known.Remove(save.Before.Key);
            else
                _known[save.Before.Key] = saved.Stored;
        }

        save.Succeed(saved.Stored);
    }

    private sealed record Saved(StoredLedger Stored, bool IsWritten);
}

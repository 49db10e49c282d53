using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;

namespace Reconciler.State;

/// <summary>Saves ledgers. Saves that wait for one another share a transaction, and so one write to the disk.</summary>
public sealed partial class StateStore
{
    private readonly SaveQueue _saves = new();

    // Saves that are on disk although the check after their transaction failed, or whose commit was not answered. The
    // same save, made again, finds that it is done.
    private readonly Dictionary<ProjectKey, (PendingSave Save, Saved Saved)> _unchecked = [];

    /// <summary>For tests: called between a transaction and the check after it.</summary>
    internal Action? Committed { get; set; }

    /// <inheritdoc/>
    public Task<StoredLedger> SaveAsync(
        StoredLedger before,
        ProjectLedger? ledger,
        IReadOnlyList<AuditEntry> audit,
        CancellationToken cancellation
    )
    {
        EnsureWrites();
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
            // The saves are taken once, also where they are tried again.
            SaveTogether(() => together.Count > 0 ? together : together = _saves.Take());
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

    // Throws only where nothing was written.
    private void SaveTogether(Func<List<PendingSave>> take)
    {
        var (done, unknown) = Guard(() =>
        {
            Database.EnsureUsable();
            if (Database.TakeRolledBack())
                _unchecked.Clear();
            using var transaction = Connection.Begin(writes: true);
            // Taken only now, since others come while the transaction waits for another program.
            var saves = take();
            Fence(saves.Select(s => s.Before.Key));
            var saved = saves.ConvertAll(s => (Save: s, Saved: Save(s)));
            return (saved, Database.Commit(transaction));
        });
        var failure = unknown ?? CheckCommitted();
        foreach (var (save, saved) in done)
        {
            if (failure is null || saved is null)
                End(save, saved);
            else
                FailCommitted(save, saved, failure);
        }
    }

    // What went into a file that was taken away meanwhile does not count as saved.
    private Exception? CheckCommitted()
    {
        try
        {
            Committed?.Invoke();
            return Guard<Exception?>(() =>
            {
                Database.EnsureUsable();
                return null;
            });
        }
        catch (Exception failure)
        {
            return failure;
        }
    }

    private void FailCommitted(PendingSave save, Saved saved, Exception failure)
    {
        if (saved.IsWritten)
            _unchecked[save.Before.Key] = (save, saved);
        save.Fail(failure);
    }

    // The save before it may have been written, and have failed only in the check afterwards. The same save made again,
    // alone or with more, must not conflict with it, and must not add its entries to the audit trail twice.
    private PendingSave Continued(PendingSave save, string version) =>
        _unchecked.TryGetValue(save.Before.Key, out var earlier)
        && earlier.Saved.Stored.Version == version
        && earlier.Save.Before.Version == save.Before.Version
        && save.Audit.Take(earlier.Save.Audit.Count).SequenceEqual(earlier.Save.Audit)
            ? save with
            {
                Before = earlier.Saved.Stored,
                Audit = [.. save.Audit.Skip(earlier.Save.Audit.Count)],
            }
            : save;

    // The state may have been moved while this process waited for its turn.
    private void Fence(IEnumerable<ProjectKey> projects)
    {
        Database.Fence(projects);
        StateIdentity.RefuseMoved(Connection, Database.Name);
    }

    // Checked after the write too, as for saves.
    private T InPlace<T>(Func<T> save)
    {
        Database.EnsureUsable();
        var saved = save();
        Database.EnsureUsable();
        return saved;
    }

    // Null if somebody else saved the project since; nothing was written then.
    private Saved? Save(PendingSave asked)
    {
        var (key, after) = (asked.Before.Key, asked.After);
        var row = LedgerRows.Find(Connection, key);
        var version = row?.Name ?? "";
        var save = Continued(asked, version);
        if (version != save.Before.Version)
            return null;
        var stored = row is null ? new(key, null, "") : Known(key, row);
        var isSame = Equals(stored.Ledger, after);
        if (isSame && save.Audit.Count == 0)
            return new(stored, IsWritten: false);
        foreach (var entry in save.Audit)
            AuditRows.Append(Connection, entry);
        if (after is null)
        {
            if (row is not null)
                LedgerRows.Delete(Connection, row);
            return new(new(key, null, ""), IsWritten: true);
        }

        var written =
            isSame && !_toRekey.Contains(key)
                ? row!
                : LedgerRows.Write(Connection, key, row, InRows(stored, row), after);
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

        _unchecked.Remove(save.Before.Key);
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

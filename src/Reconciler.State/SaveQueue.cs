using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;

namespace Reconciler.State;

/// <summary>The saves that wait for the database, in the order in which they were asked for.</summary>
internal sealed class SaveQueue
{
    // A transaction stays short, so that another program that waits for the file gets its turn.
    private const int MostTogether = 64;

    private readonly Lock _gate = new();
    private readonly LinkedList<PendingSave> _waiting = [];

    /// <summary>Adds a save.</summary>
    public void Add(PendingSave save)
    {
        lock (_gate)
            _waiting.AddLast(save);
    }

    /// <summary>Takes a save out, unless it was taken to be saved.</summary>
    /// <returns>Whether it was still waiting.</returns>
    public bool Withdraw(PendingSave save)
    {
        lock (_gate)
            return _waiting.Remove(save);
    }

    /// <summary>
    /// Takes the saves that can share a transaction: one for each project, since a second save of a project builds on
    /// the first.
    /// </summary>
    public List<PendingSave> Take()
    {
        var taken = new List<PendingSave>();
        var projects = new HashSet<ProjectKey>();
        lock (_gate)
        {
            while (taken.Count < MostTogether && _waiting.First is { Value: var next } && projects.Add(next.Before.Key))
            {
                taken.Add(next);
                _waiting.RemoveFirst();
            }
        }

        return taken;
    }
}

/// <summary>A save that waits for the database.</summary>
/// <param name="Before">The ledger that was last loaded or saved.</param>
/// <param name="After">The new ledger; null deletes it.</param>
/// <param name="Audit">The entries to append to the audit trail.</param>
internal sealed record PendingSave(StoredLedger Before, ProjectLedger? After, IReadOnlyList<AuditEntry> Audit)
{
    private readonly TaskCompletionSource<StoredLedger> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends once the save is on disk, or has failed.</summary>
    public Task<StoredLedger> Done => _done.Task;

    /// <summary>Ends the save with the ledger that is stored now.</summary>
    public void Succeed(StoredLedger stored) => _done.SetResult(stored);

    /// <summary>Ends the save with an error.</summary>
    public void Fail(Exception failure) => _done.SetException(failure);
}

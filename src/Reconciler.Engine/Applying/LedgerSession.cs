using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;
using Reconciler.Core.Recording;
using Reconciler.Engine.Planning;

namespace Reconciler.Engine.Applying;

/// <summary>
/// Records one project's run in its ledger: what was read, each write before it is sent, and its outcome. Entries that
/// are recorded at the same time are saved together. After a crash, the next run reads the project to resolve the open
/// intents.
/// </summary>
internal sealed class LedgerSession : IDisposable
{
    private readonly ILedgerStore? _store;
    private readonly ProjectPlan _plan;
    private readonly TimeProvider _clock;
    private readonly LedgerUpdate _pass;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _gate = new();
    private readonly HashSet<string> _stays;
    private readonly AuditContext _context;
    private List<AuditNote> _audit = [];
    private StoredLedger? _stored;

    // The ledger that this session saved last. The store may hold more, saved by another process.
    private ProjectLedger? _own;
    private Task? _saving;
    private volatile Exception? _trouble;
    private bool _begun;

    public LedgerSession(
        ILedgerStore? store,
        ProjectPlan plan,
        LoadedLedger memory,
        TimeProvider clock,
        AuditContext context
    )
    {
        (_store, _plan, _clock, _context) = (memory.Stored is null ? null : store, plan, clock, context);
        Memory = memory.Ledger;
        _stored = memory.Stored;
        _own = memory.Stored?.Ledger;
        _pass = new(memory.Ledger, plan, clock.GetUtcNow());
        _stays =
        [
            .. plan
                .Findings.Where(f => f.Kind is FindingKind.Protected or FindingKind.Ignored)
                .Select(f => EmailAddress.KeyOf(f.Person)),
        ];
        foreach (var settled in memory.Settled)
            _audit.Add(new(Audit.Of(settled, plan, clock.GetUtcNow()), Position.None));
        if (plan.Release is { } release)
            _audit.Add(new(Audit.Of(release, plan, clock.GetUtcNow()), Position.None));
    }

    /// <summary>The ledger that the plan was made with.</summary>
    public ProjectLedger Memory { get; }

    /// <summary>
    /// Why no further write may be sent: the ledger cannot be saved, or the right to write is lost; null where writes
    /// may be sent.
    /// </summary>
    public string? Objection =>
        _trouble?.Message ?? _store?.Objection(_plan.Project.Key.VendorType, _plan.Project.Key.BaseUrl);

    /// <summary>
    /// Records that actions are about to be sent. Once this returns, a crash cannot lose the record. Where each save is
    /// expensive, the first call records all actions of the run at once, and later calls do nothing.
    /// </summary>
    /// <exception cref="LedgerConflictException">
    /// Another process saved the ledger after the plan was made, so nothing may be sent.
    /// </exception>
    /// <exception cref="LedgerException">The ledger cannot be written, so the actions must not be sent.</exception>
    public Task IntendAsync(IReadOnlyCollection<PlannedAction> actions)
    {
        if (_store is null || actions.Count == 0 || (_begun && !_store.SavesEachWrite))
            return Task.CompletedTask;
        lock (_gate)
        {
            foreach (var action in _store.SavesEachWrite ? actions : _plan.Applicable)
                _pass.Intend(action);
        }

        return SaveAsync();
    }

    /// <summary>The current time.</summary>
    public DateTimeOffset Now => _clock.GetUtcNow();

    /// <summary>The refusals that are known so far.</summary>
    public LessonBook Learned
    {
        get
        {
            lock (_gate)
                return new(_pass.Value, Now);
        }
    }

    /// <summary>Records a refusal. It is saved together with the next entry.</summary>
    public void Learn(Lesson lesson)
    {
        lock (_gate)
            _pass.Learn(lesson);
    }

    /// <summary>
    /// Records the outcome of an action. It is saved in the background; until then the intent stays open.
    /// </summary>
    public void Note(ActionOutcome outcome)
    {
        if (outcome.Kind is OutcomeKind.Skipped or OutcomeKind.Interrupted)
        {
            lock (_gate)
            {
                _pass.NotDone(outcome.Action, outcome.IsPartlyDone);
                _pass.LeaveOut();
            }

            return;
        }

        lock (_gate)
        {
            if (outcome.IsHeld)
                _pass.LeaveOut();
            if (outcome.Kind == OutcomeKind.Done)
                _pass.Done(outcome.Action, _clock.GetUtcNow(), outcome.IsSeen);
            else if (outcome.UnknownSends > 0)
                _pass.Unknown(outcome.Action, _clock.GetUtcNow(), outcome.UnknownSends);
            else if (!outcome.IsOpen)
                _pass.NotDone(outcome.Action, outcome.IsPartlyDone);
            _audit.Add(new(Audit.Of(outcome, _plan, _clock.GetUtcNow()), Audit.LineOf(outcome.Action, _plan)));
            if (_store is { SavesEachWrite: true })
                _saving ??= Task.Run(SaveSoonAsync);
        }
    }

    /// <summary>Records that a person accepted an invitation before the action that was to revoke it arrived.</summary>
    public void Accepted(PlannedAction action, LiveMember member)
    {
        lock (_gate)
            _pass.Accepted(action, member);
    }

    /// <summary>Ends the run of the project and saves the ledger.</summary>
    /// <exception cref="LedgerException">The ledger cannot be written.</exception>
    public async Task EndAsync()
    {
        Task? saving;
        lock (_gate)
        {
            _pass.Finish();
            saving = _saving;
        }

        if (saving is not null)
            await saving;
        await SaveAsync();
    }

    public void Dispose() => _turn.Dispose();

    // Entries that are recorded while a save is in progress are saved in the next round.
    private async Task SaveSoonAsync()
    {
        while (true)
        {
            try
            {
                await SaveAsync();
            }
            catch (Exception failure) when (failure is LedgerException or LedgerConflictException)
            {
                // EndAsync tries to save once more.
                _trouble = failure;
                return;
            }

            lock (_gate)
            {
                if (_audit.Count > 0)
                    continue;
                _saving = null;
                return;
            }
        }
    }

    // A caller that had to wait usually finds its entries saved by the previous one.
    private async Task SaveAsync()
    {
        if (_store is null)
            return;
        await _turn.WaitAsync();
        try
        {
            var (ledger, audit) = Take();
            if (audit.Count == 0 && Equals(ledger, _own))
                return;
            try
            {
                await WriteAsync(ledger, await _context.CompleteAsync(audit));
                (_own, _begun) = (ledger, true);
            }
            catch
            {
                lock (_gate)
                    _audit.InsertRange(0, audit);
                throw;
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private (ProjectLedger? Ledger, List<AuditNote> Audit) Take()
    {
        lock (_gate)
        {
            var audit = _audit;
            _audit = [];
            var value = _pass.Value;
            // The record of a deleted project is removed together with the last owned person who can be removed.
            var isOver =
                _plan.Project.IsDeleted
                && _plan.IsFree
                && value.Intents.IsEmpty
                && !value.People.Any(p => p.Owned && !_stays.Contains(EmailAddress.KeyOf(p.Email)));
            // An offboarding does not create a record for a project that was never applied.
            isOver |= _plan.Project.OnlyRemovals && Memory.Source == OwnershipSource.None && value.Intents.IsEmpty;
            return (isOver ? null : value, audit);
        }
    }

    // Before the first write, a conflict stops the project, since its plan may be wrong. After it, the outcomes must be
    // kept, so they are merged with what another process saved meanwhile.
    private async Task WriteAsync(ProjectLedger? ledger, IReadOnlyList<AuditEntry> audit)
    {
        try
        {
            _stored = await _store!.SaveAsync(_stored!, Together(ledger), audit, CancellationToken.None);
        }
        catch (LedgerConflictException) when (_begun)
        {
            _stored = await _store!.LoadAsync(_stored!.Key, CancellationToken.None);
            _stored = await _store.SaveAsync(_stored, Together(ledger), audit, CancellationToken.None);
        }
    }

    private ProjectLedger? Together(ProjectLedger? ledger) =>
        ledger is null || Equals(_own, _stored!.Ledger) ? ledger : LedgerMerge.Of(_own, ledger, _stored.Ledger);
}

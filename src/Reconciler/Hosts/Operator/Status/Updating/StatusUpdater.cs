using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Engine;
using Reconciler.Hosts.Operator.Status;
using Reconciler.Hosts.Passes;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Hosts.Operator;

/// <summary>Notes what became of passes in the statuses of their memberships, and lets those go that are over.</summary>
internal sealed class OperatorNotes(OperatorParts parts)
{
    /// <summary>Notes in the status of a membership how its projects stand.</summary>
    /// <returns>Whether the status is written.</returns>
    public async Task<bool> NoteAsync(
        MembershipStatus record,
        IReadOnlyList<(PassItem Item, ProjectReconcile Pass)> passes
    )
    {
        var (isOver, seen) = (false, passes[0].Item.Wish.Resource);
        foreach (var (_, pass) in passes)
            parts.Providers.Passed(pass);
        await record.Turn.WaitAsync();
        try
        {
            var forgotten = passes.SelectMany(p => Remember(p.Item, p.Pass)).ToImmutableArray();
            var trouble = await ForgetAsync(record, forgotten);
            if (trouble is not null)
                passes = [.. passes.Select(p => (p.Item, p.Pass with { Trouble = trouble }))];
            // A newer wish says itself how it stands; what is remembered is saved in any case.
            var composed = passes
                .Where(p => !p.Item.Entry.IsGone)
                .Select(p => Compose(p.Item, p.Pass))
                .OfType<Action<JsonObject, DateTimeOffset>>()
                .ToList();
            if (passes.Any(p => !p.Item.Entry.IsGone))
                composed.AddRange(record.FormerTroubles.Values);
            // Waiting for another pass would change nothing: somebody must move the project, or shorten what it asks for.
            if (record.TooLarge is { } full && passes.Any(p => !p.Item.Entry.IsGone))
                composed.Add(StatusText.Stalled(seen, MembershipResolver.TooManyMembers, full, parts.Settings.Shard));
            if (!await WriteAsync(record, seen, composed, passes.All(p => p.Item.Entry.IsGone)))
                return false;
            if (composed.Count > 0)
                record.Stall = null;
            if (record.TooLarge is { } refused)
                parts.Events.Stalled(record, MembershipResolver.TooManyMembers, refused);
            else
                foreach (var (_, pass) in passes)
                    parts.Events.OfPass(record, seen, pass);
            if (trouble is not null)
                return false;
            isOver =
                (record.Latest.IsBeingDeleted || record.IsGone)
                && !record.Slots.Any(s => s.Ledger?.Applied is not null);
        }
        catch (Exception failed) when (failed is KubernetesException or StatusConflictException)
        {
            OperatorLog.NotWritten(parts.Logger, record.Key.ToString(), failed.Message);
            return false;
        }
        finally
        {
            record.Turn.Release();
        }

        return !isOver || await TryLetGoAsync(record);
    }

    // More than a status can hold is not remembered, and the status says so: whoever only read the log would wait for ever. Open writes that were
    // told before stand there still, and are settled by reading.
    private async Task<bool> WriteAsync(
        MembershipStatus record,
        ClusterResource seen,
        List<Action<JsonObject, DateTimeOffset>> composed,
        bool isGone
    )
    {
        string reason,
            message;
        try
        {
            await parts.Writer.WriteAsync(record, Compose, CancellationToken.None);
            return true;
        }
        catch (LedgerException full)
        {
            (reason, message) = (MembershipResolver.TooManyMembers, full.Message);
        }
        catch (KubernetesException refused) when (refused.Code is 413 or 422 || IsTooLarge(refused.Message))
        {
            // 422 is what definitions of another version than this program's would say.
            (reason, message) = (
                refused.Code == 422 ? MembershipResolver.Invalid : MembershipResolver.TooManyMembers,
                $"the server refuses its status: {refused.Message}"
            );
        }

        OperatorLog.NotWritten(parts.Logger, record.Key.ToString(), message);
        record.Restore();
        // A newer wish says itself how it stands.
        if (isGone)
            return false;
        record.Stall = null;
        await parts.Writer.WriteAsync(
            record,
            StatusText.Stalled(seen, reason, message, parts.Settings.Shard),
            CancellationToken.None,
            keepsLedger: true
        );
        parts.Events.Stalled(record, reason, message);
        return false;

        void Compose(JsonObject status, DateTimeOffset now)
        {
            foreach (var compose in composed)
                compose(status, now);
        }
    }

    // The API server passes on what etcd says, and what its own connection to etcd says.
    private static bool IsTooLarge(string message) =>
        message.Contains("too large", StringComparison.OrdinalIgnoreCase)
        || message.Contains("larger than max", StringComparison.OrdinalIgnoreCase);

    // Removals that limits still count outlive what remembers them in the status of their provider, which is written first. Says why it could not be.
    private async Task<string?> ForgetAsync(MembershipStatus record, ImmutableArray<ProjectLedgerEntry> forgotten)
    {
        try
        {
            if (parts.Book.KeepRemovals(record, forgotten))
                await RememberRemovalsAsync(record);
        }
        catch (KubernetesException failed)
        {
            // Then the membership remembers them still, and stays.
            foreach (var slot in forgotten)
                record.Set(slot);
            OperatorLog.NotWritten(parts.Logger, record.Key.ToString(), failed.Message);
            return $"its removals cannot be noted in the status of their AccessProvider: {failed.Message}";
        }

        foreach (var slot in forgotten.Where(s => s.Ledger?.Applied is not null))
        {
            var orphaned = await parts.Context.CompleteAsync(
                Audit.OfOrphan(new(slot.Project, slot.Ledger, ""), parts.Clock.GetUtcNow())
            );
            parts.Book.Audited(
                record,
                orphaned with
                {
                    Reason =
                        "the membership declares another project now; deletionPolicy: orphan, so everybody keeps their access",
                }
            );
        }

        return null;
    }

    private async Task RememberRemovalsAsync(MembershipStatus record)
    {
        foreach (var document in parts.Catalog.Providers(record.Key.Namespace ?? "default"))
        {
            if (parts.ProviderOf(document) is { } provider)
                await parts.Providers.RememberAsync(document.Resource, provider);
        }
    }

    private async Task<bool> TryLetGoAsync(MembershipStatus record)
    {
        try
        {
            await LetGoAsync(record, "everybody whom it let in is out");
            return true;
        }
        catch (KubernetesException failed)
        {
            OperatorLog.NotWritten(parts.Logger, record.Key.ToString(), failed.Message);
            return false;
        }
    }

    private Action<JsonObject, DateTimeOffset>? Compose(PassItem item, ProjectReconcile pass)
    {
        var (seen, shard) = (item.Wish.Resource, parts.Settings.Shard);
        if (pass.Planned.Project.Suspended)
            return StatusText.Suspended(seen, shard);
        if (pass.Planned.Project.IsDeleted && !seen.IsBeingDeleted)
        {
            item.Wish.Record.FormerTroubles.Remove(pass.Planned.Project.Key);
            if (StatusText.Former(pass, seen) is { } trouble)
                item.Wish.Record.FormerTroubles[pass.Planned.Project.Key] = trouble;
            return null;
        }

        if (item.Wish.Revoked.IsEmpty)
            item.Wish.Record.FormerTroubles.Clear();
        return item.Wish.Stranded is { } stranded
            ? StatusText.Of(pass, seen, shard) + StatusText.Stranded(stranded, seen)
            : StatusText.Of(pass, seen, shard);
    }

    /// <summary>Lets a deleted membership go. Removals that limits still count are noted in the status of their provider before.</summary>
    /// <exception cref="KubernetesException">They could not be noted, or its finalizer not be removed.</exception>
    public async Task LetGoAsync(MembershipStatus record, string what)
    {
        if (parts.Book.KeepRemovals(record))
            await RememberRemovalsAsync(record);
        OperatorLog.Deleted(parts.Logger, record.Key.ToString(), what);
        parts.Events.Happened(record.Latest, "Deleted", "Delete", what);
        // Set before, since the news that it is gone may come before the answer.
        record.IsReleased = true;
        try
        {
            await FinalizeAsync(record, wanted: false, CancellationToken.None);
        }
        catch
        {
            record.IsReleased = false;
            throw;
        }
    }

    /// <summary>A living membership forgets a project that another one has taken over.</summary>
    /// <exception cref="KubernetesException">It could not be written.</exception>
    public async Task ForgetAsync(Wish wish, ProjectKey project)
    {
        var record = wish.Record;
        await record.Turn.WaitAsync();
        try
        {
            if (record.Drop(project) is not { } slot)
                return;
            if (parts.Book.KeepRemovals(record, [slot]))
                await RememberRemovalsAsync(record);
            await parts.Writer.WriteAsync(record, (_, _) => { }, CancellationToken.None);
        }
        catch (Exception failed) when (failed is KubernetesException or StatusConflictException or LedgerException)
        {
            // Then it is still remembered, and forgotten another time.
            record.Restore();
            throw;
        }
        finally
        {
            record.Turn.Release();
        }
    }

    // Gives back what is forgotten now.
    private static ImmutableArray<ProjectLedgerEntry> Remember(PassItem item, ProjectReconcile pass)
    {
        var (record, project) = (item.Wish.Record, pass.Planned.Project);
        var isDone = pass is { Error: null, IsInterrupted: false, Planned.Plan.IsFree: true };
        if (project.IsDeleted)
            return isDone && record.SlotOf(project.Key)?.Ledger is null
                ? Dropped(record, s => s.Project == project.Key)
                : [];
        if (pass.Planned.Plan?.Live.Name is { } name && record.SlotOf(project.Key) is { } slot && slot.Name != name)
            record.Set(slot with { Name = Conditions.Cut(Reports.TerminalText.Escape(name), 253) });
        // What it declared before is forgotten only now that the new project is as declared: had its id been a slip of the pen, everybody would
        // be a stranger once it is put right.
        return isDone && project is { DryRun: false, Suspended: false, DeletionPolicy: DeletionPolicy.Orphan }
            ? Dropped(record, s => s.Project != project.Key)
            : [];
    }

    private static ImmutableArray<ProjectLedgerEntry> Dropped(
        MembershipStatus record,
        Func<ProjectLedgerEntry, bool> which
    ) => [.. record.Slots.Where(which).Select(s => record.Drop(s.Project)).OfType<ProjectLedgerEntry>()];

    /// <summary>Sets or removes the finalizer.</summary>
    /// <exception cref="KubernetesException">It could not be written.</exception>
    public async Task FinalizeAsync(MembershipStatus record, bool wanted, CancellationToken cancellation)
    {
        if (record.Latest.HasFinalizer == wanted)
            return;
        await record.Turn.WaitAsync(cancellation);
        try
        {
            await parts.Writer.SetFinalizerAsync(record, wanted, cancellation);
        }
        finally
        {
            record.Turn.Release();
        }
    }
}

using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Engine;
using Reconciler.Hosts.Operator.Status;
using Reconciler.Hosts.Worker;
using Reconciler.Kubernetes.Client;
using Reconciler.Telemetry;

namespace Reconciler.Hosts.Operator;

/// <summary>One project of a pass, with the resource that asked for it.</summary>
internal sealed record PassItem(Schedule.Entry Entry, Wish Wish);

/// <summary>
/// Runs a pass beside the operator's loop: Secrets are read, finalizers set, then plan and apply as everywhere, then statuses are written.
/// However it ends, the loop is told.
/// </summary>
internal sealed class OperatorPass(OperatorParts parts, MembershipResolver resolver, WorkerNews news)
{
    private const int StatusesAtOnce = 8;
    private readonly PassRunner _runner = new(parts.Book, null, parts.Clock);

    /// <summary>Runs one.</summary>
    /// <param name="account">The account.</param>
    /// <param name="items">Its projects that are due.</param>
    /// <param name="ended">Told what came of it, its id, and how long it took.</param>
    /// <param name="stopping">Stops between actions.</param>
    public Task RunAsync(Account account, IReadOnlyList<PassItem> items, Action<ImmutableArray<ProjectPass>, string, TimeSpan> ended, CancellationToken stopping)
    {
        var passId = Guid.CreateVersion7().ToString("N", CultureInfo.InvariantCulture)[^12..];
        var started = parts.Clock.GetTimestamp();
        return Task.Run(
            async () =>
            {
                ImmutableArray<ProjectPass> passes = [];
                try
                {
                    using var scope = news.PassBegins(passId, items.Count, account);
                    var name = items.Count == 1 ? items[0].Entry.Project.Id : string.Create(CultureInfo.InvariantCulture, $"{items.Count} projects");
                    using var span = ReconcilerTracing.StartPass(items[0].Entry.Project.Provider.Id, account.VendorType, name, passId);
                    passes = await PassAsync(items, stopping);
                    var worst = passes.Select(p => p.Outcome).Where(o => o != PassOutcome.Suspended).DefaultIfEmpty().Max();
                    ReconcilerTracing.End(span, worst, worst == PassOutcome.Failed);
                }
                catch (OperationCanceledException) when (stopping.IsCancellationRequested)
                {
                    // Nothing was written; whoever leads next begins anew.
                }
                catch (Exception failure)
                {
                    // A fault of ours must not end the operator: the projects are tried again after a while.
                    news.PassBroke(failure);
                    passes = [.. items.Select(i => ProjectPass.NotRun(i.Entry.Project, failure.Message))];
                }
                finally
                {
                    ended(passes, passId, parts.Clock.GetElapsedTime(started));
                }
            },
            CancellationToken.None);
    }

    private async Task<ImmutableArray<ProjectPass>> PassAsync(IReadOnlyList<PassItem> items, CancellationToken stopping)
    {
        await RefreshAsync(items, stopping);
        var guarded = await GuardAsync(items, stopping);
        var byKey = guarded.ToDictionary(i => i.Entry.Project.Key);
        var scope = new PassScope(() => (parts.Connections, NoLease.Instance), () => [.. guarded.Where(i => !i.Entry.IsGone).Select(Now)], project => byKey.TryGetValue(project.Key, out var item) && IsStillAsked(item));
        var passes = await _runner.RunAsync(scope, news.Acted, stopping);
        await Parallel.ForEachAsync(passes, new ParallelOptions { MaxDegreeOfParallelism = StatusesAtOnce }, async (pass, _) => await NoteAsync(byKey[pass.Planned.Project.Key], pass));
        return passes;
    }

    // Access that ended since the membership was resolved is to be taken away now.
    private DesiredProject Now(PassItem item)
    {
        if (item.Entry.Project.IsDeleted) return item.Entry.Project;
        return resolver.Resolve(item.Wish.Document, parts.Rules()).Project is { } project && project.Key == item.Entry.Project.Key ? project : item.Entry.Project;
    }

    private async Task RefreshAsync(IReadOnlyList<PassItem> items, CancellationToken stopping)
    {
        foreach (var provider in items.Where(i => !i.Entry.Project.Suspended).Select(i => i.Entry.Project.Provider).DistinctBy(p => p.Id))
        {
            if (await parts.Secrets.RefreshAsync(provider, stopping)) parts.Connections.Release((spec, _) => !ReferenceEquals(spec, provider.Spec));
        }
    }

    // Before anything is granted it is made sure that a deletion will be seen.
    private async Task<ImmutableArray<PassItem>> GuardAsync(IReadOnlyList<PassItem> items, CancellationToken stopping)
    {
        var guarded = new System.Collections.Concurrent.ConcurrentBag<PassItem>();
        await Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = StatusesAtOnce, CancellationToken = stopping }, async (item, cancellation) =>
        {
            try
            {
                var project = item.Entry.Project;
                if (!project.IsDeleted && !project.Suspended && !project.DryRun) await FinalizeAsync(item.Wish.Record, wanted: true, cancellation);
                guarded.Add(item);
            }
            catch (KubernetesException failed)
            {
                OperatorLog.NotWritten(parts.Logger, item.Wish.Record.Key.ToString(), failed.Message);
            }
        });
        return [.. guarded];
    }

    private async Task FinalizeAsync(MembershipRecord record, bool wanted, CancellationToken cancellation)
    {
        if (record.Latest.HasFinalizer == wanted) return;
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

    private static bool IsStillAsked(PassItem item) => item.Entry is { IsGone: false, IsHurried: false };

    private async Task NoteAsync(PassItem item, ProjectPass pass)
    {
        var (record, seen) = (item.Wish.Record, item.Wish.Document.Resource);
        var isOver = false;
        parts.Providers.Passed(pass);
        await record.Turn.WaitAsync();
        try
        {
            Remember(record, pass);
            // A newer wish says itself how it stands; what is remembered is saved in any case.
            Action<System.Text.Json.Nodes.JsonObject, ClusterResource, DateTimeOffset> compose = item.Entry.IsGone ? (_, _, _) => { }
                : pass.Planned.Project.Suspended ? StatusText.Suspended(parts.Settings.Shard) : StatusText.Of(pass, seen, parts.Settings.Shard);
            await parts.Writer.WriteAsync(record, compose, CancellationToken.None);
            parts.Events.OfPass(record, seen, pass);
            isOver = record.Latest.IsBeingDeleted && !record.Slots.Any(s => s.Ledger?.Applied is not null);
        }
        catch (Exception failed) when (failed is KubernetesException or StatusConflictException or LedgerException)
        {
            OperatorLog.NotWritten(parts.Logger, record.Key.ToString(), failed.Message);
        }
        finally
        {
            record.Turn.Release();
        }

        try
        {
            // Where it fails, the loop looks at the deleted membership again.
            if (isOver) await LetGoAsync(record, "everybody whom it let in is out");
        }
        catch (KubernetesException failed)
        {
            OperatorLog.NotWritten(parts.Logger, record.Key.ToString(), failed.Message);
        }
    }

    /// <summary>Lets a deleted membership go.</summary>
    /// <exception cref="KubernetesException">Its finalizer could not be removed.</exception>
    public async Task LetGoAsync(MembershipRecord record, string what)
    {
        OperatorLog.Deleted(parts.Logger, record.Key.ToString(), what);
        parts.Events.Happened(record.Latest, "Deleted", "Delete", what);
        await FinalizeAsync(record, wanted: false, CancellationToken.None);
    }

    private static void Remember(MembershipRecord record, ProjectPass pass)
    {
        var key = pass.Planned.Project.Key;
        if (pass.Planned.Project.IsDeleted && pass is { Error: null, IsInterrupted: false, Remembered.Ledger: null }) record.Drop(key);
        else if (pass.Planned.Plan?.Live.Name is { } name && record.SlotOf(key) is { } slot && slot.Name != name) record.Set(slot with { Name = Conditions.Cut(name, 253) });
    }

    private sealed class NoLease : IDisposable
    {
        public static NoLease Instance { get; } = new();

        public void Dispose()
        {
            // The connections live as long as the operator.
        }
    }
}

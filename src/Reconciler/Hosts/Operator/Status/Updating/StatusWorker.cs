using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Reconciler.Core.Membership;
using Reconciler.Core.Membership.Resolving;
using Reconciler.Core.Ports;
using Reconciler.Engine;
using Reconciler.Hosts.Operator.Status;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Hosts.Operator;

/// <summary>What the operator's loop has done beside passes: statuses of memberships that are stalled and of providers, finalizers of what is over.</summary>
internal sealed class OperatorChores(OperatorParts parts, OperatorNotes notes) : IDisposable
{
    private readonly ConcurrentDictionary<Task, bool> _running = new();
    private readonly SemaphoreSlim _places = new(8, 8);
    private readonly ConcurrentDictionary<ObjectKey, bool> _leaving = new();

    /// <summary>Comes back once everything that was begun has ended.</summary>
    public Task EndAsync() => Task.WhenAll(_running.Keys);

    public void Dispose() => _places.Dispose();

    /// <summary>Says in a status that a deletion waits.</summary>
    public void Wait(Wish wish, string message, Action again) =>
        Say(
            wish,
            "Progressing",
            message,
            StatusText.Waiting(wish.Resource, message, parts.Settings.Shard),
            again,
            () => { }
        );

    /// <summary>Says in a status that nothing can be done.</summary>
    public void Stall(Wish wish, string reason, string message, Action again) =>
        Say(
            wish,
            reason,
            message,
            StatusText.Stalled(wish.Resource, reason, message, parts.Settings.Shard),
            again,
            () =>
            {
                if (wish.Record.LastNews != (reason, message))
                    OperatorLog.Stalled(parts.Logger, wish.Record.Key.ToString(), reason, parts.Text.Clean(message));
                parts.Events.Stalled(wish.Record, reason, message);
            }
        );

    private void Say(
        Wish wish,
        string reason,
        string message,
        Action<JsonObject, DateTimeOffset> compose,
        Action again,
        Action said
    )
    {
        var news = (
            reason,
            message,
            wish.Resource.Metadata.Generation,
            wish.Resource.Annotation(ClusterResource.RequestedAt)
        );
        if (wish.Record.Stall == news)
            return;
        Start(
            wish.Record.Key.ToString(),
            again,
            async () =>
            {
                await wish.Record.Turn.WaitAsync();
                try
                {
                    // Whatever came in between says itself how it stands.
                    if (!ClusterResource.IsSameSpec(wish.Resource, wish.Record.Latest))
                        return;
                    await parts.Writer.WriteAsync(wish.Record, compose, CancellationToken.None, wish.Resource);
                    wish.Record.Stall = news;
                }
                finally
                {
                    wish.Record.Turn.Release();
                }

                said();
            }
        );
    }

    /// <summary>Asks the server how a membership's status stands, where an event told of an older one than is known.</summary>
    public void Check(MembershipStatus record, Action changed) =>
        Start(
            record.Key.ToString(),
            null,
            async () =>
            {
                await record.Turn.WaitAsync();
                try
                {
                    if (!await parts.Writer.CheckAsync(record, CancellationToken.None))
                        return;
                }
                finally
                {
                    record.Turn.Release();
                }

                changed();
            }
        );

    /// <summary>Lets a deleted membership go whose people stay.</summary>
    /// <param name="wish">What it comes to.</param>
    /// <param name="isTakenOver">Whether another membership has taken over a project.</param>
    /// <param name="again">Asks for another look.</param>
    /// <param name="settled">Told once a membership that is gone from the cluster needs nothing more.</param>
    public void LetGo(Wish wish, Func<ProjectKey, bool> isTakenOver, Action again, Action settled)
    {
        if (!(wish.Document.Resource.HasFinalizer || wish.IsGone) || !_leaving.TryAdd(wish.Record.Key, true))
            return;
        Start(
            wish.Record.Key.ToString(),
            again,
            async () =>
            {
                try
                {
                    if (!wish.Record.IsReleased)
                        await LetGoAsync(wish, isTakenOver);
                    wish.Record.IsReleased = true;
                    if (wish.IsGone)
                        settled();
                }
                finally
                {
                    _leaving.TryRemove(wish.Record.Key, out _);
                }
            }
        );
    }

    private async Task LetGoAsync(Wish wish, Func<ProjectKey, bool> isTakenOver)
    {
        var remembered = wish.Record.Slots.Where(s => s.Ledger?.Applied is not null).ToList();
        var orphaned = remembered.Where(s => !isTakenOver(s.Project)).ToList();
        var what =
            orphaned.Count > 0 ? "and everybody whom it let in keeps their access (deletionPolicy: orphan)"
            : remembered.Count > 0 ? "and the ProjectMembership that declares its project now has taken over"
            : "and it had let nobody in";
        await notes.LetGoAsync(wish.Record, what);
        foreach (var slot in orphaned)
            await OrphanedAsync(wish.Record, slot);
    }

    private async Task OrphanedAsync(MembershipStatus record, ProjectLedgerEntry slot) =>
        parts.Book.Audited(
            record,
            await parts.Context.CompleteAsync(
                Audit.OfOrphan(new(slot.Project, slot.Ledger, ""), parts.Clock.GetUtcNow())
            )
        );

    /// <summary>Takes over what the AccessProviders of some namespaces remember of memberships that are gone.</summary>
    public void Recall(IReadOnlyCollection<string> spaces)
    {
        foreach (var document in spaces.SelectMany(parts.Catalog.Providers))
        {
            // One that cannot be read is looked at again once it can.
            if (parts.ProviderOf(document) is { } provider)
                parts.Book.Recall(provider.Vendor.Type, provider.BaseUrl.AbsoluteUri, document.Resource);
        }
    }

    /// <summary>Brings the statuses of the AccessProviders of some namespaces up to date.</summary>
    public void WriteProviders(IReadOnlyCollection<string> spaces, Func<string, ProviderUse> useOf, RunnerRules rules)
    {
        foreach (var document in spaces.SelectMany(parts.Catalog.Providers))
        {
            var use = useOf($"{document.Resource.Namespace}/{document.Resource.Metadata.Name}");
            Start(
                document.Position.Path,
                null,
                () =>
                {
                    var (provider, problem) = MembershipResolver.ResolveProvider(document, rules);
                    return parts.Providers.WriteAsync(
                        document.Resource,
                        provider,
                        problem,
                        use,
                        CancellationToken.None
                    );
                }
            );
        }
    }

    /// <summary>Does something beside the loop, and says in the log what failed.</summary>
    /// <param name="about">What it is about.</param>
    /// <param name="again">Asks for another try; null where none is needed.</param>
    /// <param name="chore">What to do.</param>
    public void Start(string about, Action? again, Func<Task> chore)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var task = Task.Run(async () =>
        {
            await started.Task;
            await _places.WaitAsync();
            try
            {
                await chore();
            }
            catch (Exception failed) when (failed is KubernetesException or StatusConflictException or LedgerException)
            {
                OperatorLog.NotWritten(parts.Logger, about, failed.Message);
                again?.Invoke();
            }
            catch (Exception unforeseen)
            {
                OperatorLog.Unforeseen(parts.Logger, $"{about}: {unforeseen.GetType().Name}: {unforeseen.Message}");
                again?.Invoke();
            }
            finally
            {
                _places.Release();
            }
        });
        _running[task] = true;
        _ = task.ContinueWith(
            t => _running.TryRemove(t, out _),
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default
        );
        started.SetResult();
    }
}

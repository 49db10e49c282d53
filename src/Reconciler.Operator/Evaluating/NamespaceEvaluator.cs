using Microsoft.Extensions.Logging;
using Reconciler.Core.Resolving;
using Reconciler.Kubernetes.Client;
using Reconciler.Operator.Caching;
using Reconciler.Operator.Resources;

namespace Reconciler.Operator.Evaluating;

/// <summary>What an evaluation leaves to be done.</summary>
internal sealed class EvaluationFollowUps
{
    /// <summary>Memberships whose status is being written just now, to be evaluated again.</summary>
    public List<ObjectKey> Busy { get; } = [];

    /// <summary>Memberships of which an older status was observed than is known: the server is to be asked.</summary>
    public List<TrackedMembership> Outdated { get; } = [];

    /// <summary>Memberships that are gone though no operator removed their finalizer.</summary>
    public List<DesiredMembership> Lost { get; } = [];
}

/// <summary>
/// Evaluates the changed memberships of a namespace. What they share is resolved once for all of them.
/// </summary>
/// <param name="cache">The resources.</param>
/// <param name="store">The statuses.</param>
/// <param name="memberships">The evaluations.</param>
/// <param name="evaluator">Evaluates one.</param>
/// <param name="settings">How long a deletion waits.</param>
/// <param name="logger">Where bugs are logged.</param>
internal sealed class NamespaceEvaluator(
    ResourceCache cache,
    StatusStore store,
    DesiredMemberships memberships,
    MembershipEvaluator evaluator,
    OperatorSettings settings,
    ILogger logger
)
{
    /// <summary>Evaluates memberships of a namespace.</summary>
    /// <param name="namespace">The namespace.</param>
    /// <param name="keys">The memberships.</param>
    /// <param name="rules">The rules of the runner.</param>
    /// <param name="followUps">Gets what is left to be done.</param>
    public void Evaluate(
        string @namespace,
        IReadOnlyCollection<ObjectKey> keys,
        RunnerRules rules,
        EvaluationFollowUps followUps
    )
    {
        var resources = cache.In(@namespace);
        var living = keys.Select(cache.Membership)
            .OfType<ClusterDocument>()
            .Where(d => !d.Resource.IsBeingDeleted)
            .ToList();
        var resolved = new Lazy<IReadOnlyDictionary<string, Resolution>>(() =>
            MembershipResolver.Resolve(living, resources, rules)
        );
        foreach (var key in keys)
            Evaluate(key, resources, document => resolved.Value[document.Position.Path], rules, followUps);
        // The AccessProvider that their people are removed through may have changed.
        foreach (var gone in memberships.Gone.Where(g => g.Resource.Namespace == @namespace).ToList())
        {
            var since = ((MembershipState.Deleting)gone.OwnState).RevokesAt - settings.DeletionGrace;
            memberships.SetGone(evaluator.EvaluateGone(gone, resources, rules, since));
        }
    }

    private void Evaluate(
        ObjectKey key,
        NamespaceResources resources,
        Func<ClusterDocument, Resolution> resolve,
        RunnerRules rules,
        EvaluationFollowUps followUps
    )
    {
        var document = cache.Membership(key);
        if (memberships.Find(key) is { } last && last.Tracked.Uid != document?.Resource.Metadata.Uid)
            Disappeared(key, last, resources, rules, followUps);
        if (document is null)
        {
            memberships.Remove(key);
            store.Forget(key);
            return;
        }

        // While its status is being written, nobody knows what the server has.
        var known = store.Find(key);
        if (known is not null && !known.Turn.Wait(0))
        {
            followUps.Busy.Add(key);
            return;
        }

        try
        {
            var tracked = store.Observe(document.Resource);
            memberships.Set(key, evaluator.Evaluate(document, resources, tracked, () => resolve(document), rules));
            if (document.Resource.StatusRevision < tracked.Status.Revision)
                followUps.Outdated.Add(tracked);
        }
        catch (Exception unforeseen)
        {
            // A bug over one resource must not stop the others, nor lose its last evaluation.
            OperatorLog.Unforeseen(logger, $"{document.Position}: {unforeseen.GetType().Name}: {unforeseen.Message}");
        }
        finally
        {
            known?.Turn.Release();
        }
    }

    // It may have been renamed, so its ledger is kept until a successor takes over or its deletion is carried out.
    private void Disappeared(
        ObjectKey key,
        DesiredMembership last,
        NamespaceResources resources,
        RunnerRules rules,
        EvaluationFollowUps followUps
    )
    {
        memberships.Remove(key);
        if (last.IsForeign || !last.Tracked.Status.HasGranted || store.MarkGone(key) is not { } tracked)
            return;
        var gone = evaluator.EvaluateGone(last with { Tracked = tracked }, resources, rules, rules.Now);
        memberships.SetGone(gone);
        if (!tracked.Status.IsReleased)
            followUps.Lost.Add(gone);
    }
}

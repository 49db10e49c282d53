using Reconciler.Core.Membership.Resolving;
using Reconciler.Hosts.Operator.Status;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Hosts.Operator;

/// <summary>Brings wishes up to date with the cluster. What memberships of a namespace share is resolved once for all of them.</summary>
internal sealed class WishResolver(OperatorParts parts, Wishes wishes, OperatorChores chores, FinalizerWatch finalizers)
{
    private readonly WishMaker _maker = new(
        parts.Settings.Selector,
        parts.Settings.Shard,
        parts.Settings.DeletionGrace
    );

    /// <summary>Resolves the memberships of a namespace that were touched.</summary>
    /// <param name="space">The namespace.</param>
    /// <param name="keys">The memberships.</param>
    /// <param name="rules">What the runner decides.</param>
    /// <param name="look">Asks for another look at one; from any thread.</param>
    /// <returns>Those whose status is being written just now: nobody knows yet what the server has.</returns>
    public IReadOnlyList<ObjectKey> Resolve(
        string space,
        IReadOnlyCollection<ObjectKey> keys,
        RunnerRules rules,
        Action<ObjectKey> look
    )
    {
        var around = parts.Catalog.BaseOf(space);
        var documents = keys.Select(parts.Catalog.Membership)
            .OfType<ClusterDocument>()
            .Where(d => !d.Resource.IsBeingDeleted)
            .ToList();
        var resolved = new Lazy<IReadOnlyDictionary<string, Resolution>>(() =>
            MembershipResolver.Resolve(documents, around, rules)
        );
        var busy = new List<ObjectKey>();
        foreach (var key in keys)
        {
            if (!TryResolve(key, around, document => resolved.Value[document.Position.Path], rules, look))
                busy.Add(key);
        }

        // What they are revoked through may be another by now.
        foreach (var gone in wishes.Gone.Where(g => g.Resource.Namespace == space).ToList())
            wishes.Keep(_maker.MakeGone(gone, around, rules, gone.RevokesAt - parts.Settings.DeletionGrace));
        return busy;
    }

    private bool TryResolve(
        ObjectKey key,
        NamespaceBase around,
        Func<ClusterDocument, Resolution> resolve,
        RunnerRules rules,
        Action<ObjectKey> look
    )
    {
        var document = parts.Catalog.Membership(key);
        if (wishes.Find(key) is { } last && last.Record.Uid != document?.Resource.Metadata.Uid)
            Left(key, last, around, rules);
        if (document is null)
        {
            wishes.Set(key, null);
            parts.Book.Forget(key);
            return true;
        }

        var known = parts.Book.Find(key);
        if (known is not null && !known.Turn.Wait(0))
            return false;

        try
        {
            var record = parts.Book.Observe(document.Resource);
            wishes.Set(key, _maker.Make(document, around, record, () => resolve(document), rules));
            if (MembershipStatus.RevisionOf(document.Resource) < record.Revision)
                chores.Check(record, () => look(key));
        }
        catch (Exception unforeseen)
        {
            // One resource that meets a fault of ours must not stop the others, nor lose what it asked for before.
            OperatorLog.Unforeseen(
                parts.Logger,
                $"{document.Position}: {unforeseen.GetType().Name}: {unforeseen.Message}"
            );
        }
        finally
        {
            known?.Turn.Release();
        }

        return true;
    }

    // It may only have been renamed: what it granted is kept in mind until a successor takes over or its deletion is carried out.
    private void Left(ObjectKey key, Wish last, NamespaceBase around, RunnerRules rules)
    {
        wishes.Set(key, null);
        if (last.IsOthers || !last.Record.HasGranted || parts.Book.Leave(key) is not { } record)
            return;
        var gone = _maker.MakeGone(last with { Record = record }, around, rules, rules.Now);
        wishes.Keep(gone);
        if (!record.IsReleased)
            finalizers.Lost(gone);
    }
}

using System.Collections.Immutable;
using Reconciler.Core.Membership;
using Reconciler.Hosts.Operator.Status;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Hosts.Operator;

/// <summary>A membership takes over what another one remembers of the project that it declares.</summary>
/// <param name="From">The membership that is being deleted, is gone, or declares another project now.</param>
/// <param name="To">The membership that declares the project.</param>
/// <param name="Project">The project.</param>
internal sealed record Transfer(Wish From, Wish To, ProjectKey Project);

/// <summary>What all memberships together come to.</summary>
/// <param name="Projects">What is to be scheduled.</param>
/// <param name="Owners">Which membership each project belongs to.</param>
/// <param name="Stuck">Memberships of which nothing can be done, and why.</param>
/// <param name="Over">Deleted memberships that can go.</param>
internal sealed record JudgedWishes(
    ImmutableArray<DesiredProject> Projects,
    ImmutableDictionary<ProjectKey, Wish> Owners,
    ImmutableArray<(Wish Wish, string Reason, string Message)> Stuck,
    ImmutableArray<Wish> Over
)
{
    /// <summary>Records that change hands before the project is looked at again.</summary>
    public ImmutableArray<Transfer> Transfers { get; init; } = [];

    /// <summary>Projects that a living membership declared before and that another one has taken over: it forgets them.</summary>
    public ImmutableArray<(Wish Wish, ProjectKey Project)> TakenOver { get; init; } = [];

    /// <summary>Deleted memberships that wait for a successor, with what their status says; null where nothing need be said.</summary>
    public ImmutableArray<(Wish Wish, string? Message)> Waiting { get; init; } = [];
}

/// <summary>The wishes of all memberships. Used by the operator's loop alone.</summary>
internal sealed class Wishes
{
    private readonly Dictionary<ObjectKey, Wish> _all = [];
    private readonly Dictionary<string, Wish> _gone = new(StringComparer.Ordinal);

    /// <summary>Those of living memberships, then those of memberships that are gone and not settled.</summary>
    public IEnumerable<Wish> All => _all.Values.Concat(_gone.Values);

    /// <summary>Those of memberships that are gone from the cluster and not settled.</summary>
    public IReadOnlyCollection<Wish> Gone => _gone.Values;

    public Wish? Find(ObjectKey key) => _all.GetValueOrDefault(key);

    public void Set(ObjectKey key, Wish? wish)
    {
        if (wish is null)
            _all.Remove(key);
        else
            _all[key] = wish;
    }

    /// <summary>Keeps what a membership that is gone leaves to be settled.</summary>
    public void Keep(Wish gone) => _gone[gone.Record.Uid] = gone;

    /// <summary>A membership that is gone is settled: nothing of it is kept in mind any more.</summary>
    public void Release(Wish gone, StatusStore book)
    {
        _gone.Remove(gone.Record.Uid);
        book.Forget(gone.Record);
    }

    /// <summary>
    /// One project, one owner, in whatever namespaces the memberships are. A living membership that declares the project goes before one that is
    /// being deleted or declares another project now, and takes over its record; of several living ones the one has it that applied it, else the oldest.
    /// </summary>
    /// <param name="now">The time.</param>
    public JudgedWishes Judge(DateTimeOffset now) => new WishJudgement([.. All], now).Result();
}

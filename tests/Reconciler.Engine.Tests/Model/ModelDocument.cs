using System.Collections.Immutable;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;
using Reconciler.Testing.Core;

namespace Reconciler.Engine.Tests.Model;

/// <summary>One entry of a manifest.</summary>
internal sealed record Entry(Naming Naming, string Words)
{
    public DateTimeOffset? ExpiresAt { get; init; }

    public bool Departed { get; init; }

    public override string ToString() =>
        $"{Naming} {Words}{(Departed ? " departed" : "")}{(ExpiresAt is { } end ? $" until {end:MM-dd HH:mm}" : "")}";
}

/// <summary>A manifest of one project, as a history edits it.</summary>
internal sealed class ModelDocument(ModelAccount account, string projectId, string name)
{
    public ModelAccount Account { get; } = account;

    public string ProjectId { get; } = projectId;

    public string Name { get; } = name;

    public SortedDictionary<int, Entry> Entries { get; } = [];

    public PrunePolicy Prune { get; set; } = PrunePolicy.Owned;

    public DeletionPolicy DeletionPolicy { get; set; }

    public InvitationPolicy Invitations { get; set; } = InvitationPolicy.Default;

    public Limits Limits { get; set; } = Limits.None;

    public bool Exists { get; set; } = true;

    public bool Suspended { get; set; }

    public bool DryRun { get; set; }

    public string? Approval { get; set; }

    /// <summary>What the resolver makes of it at a time.</summary>
    public DesiredProject Resolve(DateTimeOffset now)
    {
        var members = new List<DesiredMember>();
        var removals = new List<RequestedRemoval>();
        foreach (var (person, entry) in Entries)
        {
            foreach (var named in Names(person, entry))
            {
                if (entry.Departed)
                    removals.Add(new(named, "departed", Position.None));
                else if (entry.ExpiresAt <= now)
                    removals.Add(new(named, "expired", Position.None));
                else
                    members.Add(new(named, Account.Vendor.Asked(entry.Words), []) { ExpiresAt = entry.ExpiresAt });
            }
        }

        return new(Name, Account.Provider, ProjectId, [.. members.OrderBy(m => m.Person.Key, StringComparer.Ordinal)])
        {
            Removals = [.. removals.OrderBy(r => r.Person.Key, StringComparer.Ordinal)],
            Prune = Prune,
            DeletionPolicy = DeletionPolicy,
            Invitations = Invitations,
            Limits = Limits.And(Account.Limits),
            Suspended = Suspended,
            DryRun = DryRun,
            Approval = Approval,
            Scope = "everything",
        };
    }

    private static ImmutableArray<PersonIdentity> Names(int person, Entry entry) =>
        entry.Naming == Naming.Twice
            ? [Someone.Named(person, Naming.Address), Someone.NamedById(person)]
            : [Someone.Named(person, entry.Naming)];
}

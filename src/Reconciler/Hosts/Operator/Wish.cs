using System.Collections.Immutable;
using System.Text.Json;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Membership.Resolving;
using Reconciler.Hosts.Operator.Status;

namespace Reconciler.Hosts.Operator;

/// <summary>What a membership comes to: projects to be kept as declared, something that is wrong, or nothing more.</summary>
/// <param name="Document">The membership.</param>
/// <param name="Record">Its status.</param>
internal sealed record Wish(ClusterDocument Document, MembershipRecord Record)
{
    /// <summary>The project that it declares; null where it declares none, or something is wrong.</summary>
    public DesiredProject? Project { get; init; }

    /// <summary>What takes away what it granted: it is being deleted, or declared another project before.</summary>
    public ImmutableArray<DesiredProject> Revoked { get; init; } = [];

    /// <summary>Why nothing can be done; null where something can.</summary>
    public (string Reason, string Message)? Stuck { get; init; }

    /// <summary>Whether it is being deleted and nothing is left to do: the finalizer can go.</summary>
    public bool IsOver { get; init; }

    /// <summary>Whether another shard works on it.</summary>
    public bool IsOthers { get; init; }

    /// <summary>The projects that nobody younger may declare while this membership is there.</summary>
    public IEnumerable<ProjectKey> Claims => Project is { } project ? Former.Append(project.Key) : Former;

    private IEnumerable<ProjectKey> Former => Record.Slots.Where(s => s.Ledger is not null).Select(s => s.Project);

    /// <summary>Who was there first; of two of one second the one whose uid comes first, so that everybody decides alike.</summary>
    public (DateTimeOffset, string) Age => (Document.Resource.Metadata.CreationTimestamp ?? DateTimeOffset.MaxValue, Document.Resource.Metadata.Uid ?? "");
}

/// <summary>Turns memberships into wishes. It reads what is known and asks nobody.</summary>
/// <param name="resolver">Resolves one.</param>
/// <param name="selector">Which are this shard's.</param>
internal sealed class WishMaker(MembershipResolver resolver, LabelQuery selector)
{
    /// <summary>What a membership comes to.</summary>
    public Wish Make(ClusterDocument document, MembershipRecord record, RunnerRules rules)
    {
        var resource = document.Resource;
        var wish = new Wish(document, record) { IsOthers = !selector.Matches(resource.Metadata.Labels) };
        if (record.Unreadable is { } broken) return wish with { Stuck = ("Invalid", broken) };
        if (resource.IsBeingDeleted) return Deleted(wish, rules);
        var resolution = resolver.Resolve(document, rules);
        if (resolution.Project is not { } project) return wish with { Stuck = (resolution.Reason, resolution.Message) };
        return wish with { Project = project, Revoked = FormerOf(wish, project.Key, rules) };
    }

    // A document that cannot be read whole is judged by the policy field alone: setting it to orphan must always help.
    private Wish Deleted(Wish wish, RunnerRules rules)
    {
        var resource = wish.Document.Resource;
        if (!resource.HasFinalizer) return wish with { IsOver = true };
        var remembered = wish.Record.Slots.Where(s => s.Ledger?.Applied is not null).ToList();
        if (remembered.Count == 0 || PolicyOf(wish, remembered) == DeletionPolicy.Orphan) return wish with { IsOver = true };
        if (Flag(resource, "suspend") || Flag(resource, "dryRun"))
            return wish with { Stuck = ("CannotRevoke", "it is deleted with deletionPolicy: revoke, and suspended or a dry run: end that, or leave everybody in with deletionPolicy: orphan") };
        var connections = resolver.ConnectionsOf(resource.Namespace, rules);
        var lost = remembered.FirstOrDefault(s => !connections.Any(c => Leads(c, s)));
        if (lost is not null)
            return wish with { Stuck = ("CannotRevoke", $"no AccessProvider of this namespace leads to {lost.Project.BaseUrl} any more: make one again, or leave everybody in with: kubectl patch projectmembership {resource.Metadata.Name} -n {resource.Namespace} --type merge -p '{{\"spec\":{{\"deletionPolicy\":\"orphan\"}}}}'") };
        return wish with { Revoked = [.. remembered.Select(s => Revoke(s, wish, connections.First(c => Leads(c, s)), rules))] };
    }

    private ImmutableArray<DesiredProject> FormerOf(Wish wish, ProjectKey declared, RunnerRules rules)
    {
        var former = wish.Record.Slots.Where(s => s.Project != declared && s.Ledger?.Applied?.DeletionPolicy == DeletionPolicy.Revoke).ToList();
        if (former.Count == 0) return [];
        var connections = resolver.ConnectionsOf(wish.Document.Resource.Namespace, rules);
        return [.. former.SelectMany(s => connections.Where(c => Leads(c, s)).Take(1).Select(c => Revoke(s, wish, c, rules)))];
    }

    private DesiredProject Revoke(LedgerSlot slot, Wish wish, DesiredProvider provider, RunnerRules rules) =>
        DeletedProjects.Revoke(new(slot.Project, slot.Ledger, ""), provider, resolver.UndeclaredLimits(provider.Namespace, rules), rules) with
        {
            Approval = wish.Document.Resource.Annotation(ClusterResource.Approve),
            Declared = wish.Document.Position,
        };

    private static bool Leads(DesiredProvider provider, LedgerSlot slot) => provider.Vendor.Type == slot.Project.VendorType && provider.BaseUrl.AbsoluteUri == slot.Project.BaseUrl;

    private static DeletionPolicy PolicyOf(Wish wish, List<LedgerSlot> remembered) => Word(wish.Document.Resource, "deletionPolicy") switch
    {
        "orphan" => DeletionPolicy.Orphan,
        "revoke" => DeletionPolicy.Revoke,
        // What the provider said for all of them was noted with the last pass.
        _ => remembered[0].Ledger!.Applied!.DeletionPolicy,
    };

    private static string? Word(ClusterResource resource, string field) =>
        resource.Spec is { ValueKind: JsonValueKind.Object } spec && spec.TryGetProperty(field, out var word) && word.ValueKind == JsonValueKind.String ? word.GetString() : null;

    private static bool Flag(ClusterResource resource, string field) =>
        resource.Spec is { ValueKind: JsonValueKind.Object } spec && spec.TryGetProperty(field, out var flag) && flag.ValueKind == JsonValueKind.True;
}

using System.Collections.Immutable;
using System.Text.Json;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Membership.Resolving;
using Reconciler.Hosts.Operator.Status;
using Reconciler.Hosts.Passes;

namespace Reconciler.Hosts.Operator;

/// <summary>What a membership comes to: projects to be kept as declared, something that is wrong, or nothing more.</summary>
/// <param name="Document">The membership.</param>
/// <param name="Around">What it was resolved with.</param>
/// <param name="Record">Its status.</param>
internal sealed record Wish(ClusterDocument Document, NamespaceBase Around, MembershipStatus Record)
{
    /// <summary>The project that it declares; null where it declares none, or something is wrong.</summary>
    public DesiredProject? Project { get; init; }

    /// <summary>What takes away what it granted: it is being deleted, or declared another project before.</summary>
    public ImmutableArray<DesiredProject> Revoked { get; init; } = [];

    /// <summary>A project that it declared before, whose people are to be taken out and that nothing leads to any more; null where there is none.</summary>
    public string? Stranded { get; init; }

    /// <summary>Why nothing can be done; null where something can.</summary>
    public (string Reason, string Message)? Stuck { get; init; }

    /// <summary>Whether it is being deleted and nothing is left to do: the finalizer can go.</summary>
    public bool IsOver { get; init; }

    /// <summary>Whether another shard works on it.</summary>
    public bool IsOthers { get; init; }

    /// <summary>Whether another shard may still be in the middle of a pass over it: it is to be looked at again in a while.</summary>
    public bool IsHandedOver { get; init; }

    /// <summary>Whether the resource is gone from the cluster: it is known from the last snapshot.</summary>
    public bool IsGone => Record.IsGone;

    /// <summary>Whether nothing is declared by it any more.</summary>
    public bool IsLeaving => IsGone || Resource.IsBeingDeleted;

    /// <summary>When its people may be taken out: until then another membership may declare its project and take over.</summary>
    public DateTimeOffset RevokesAt { get; init; }

    public ClusterResource Resource => Document.Resource;

    /// <summary>Whether it asks for what it asked for before, in the same words.</summary>
    public bool IsSameAs(Wish before) =>
        ReferenceEquals(before.Record, Record) && before.Resource.Metadata.Generation == Resource.Metadata.Generation;

    /// <summary>The projects in which it has let people in.</summary>
    public IEnumerable<ProjectKey> Granted =>
        Record.Slots.Where(s => s.Ledger?.Applied is not null).Select(s => s.Project);

    /// <summary>Whether it remembers that it let people into a project.</summary>
    public bool HasRecordOf(ProjectKey key) => Record.SlotOf(key)?.Ledger?.Applied is not null;

    /// <summary>Whether a project is what it asks for now. One that cannot be read keeps what it had.</summary>
    public bool Declares(ProjectKey key) => !IsLeaving && (Project is null || Project.Key == key);

    /// <summary>The projects that nobody else may declare while this membership is there. Of one that cannot be read what it had stays its own.</summary>
    public IEnumerable<ProjectKey> Claims =>
        (Project is null ? Record.Slots.Select(s => s.Project) : [Project.Key])
            .Concat(Revoked.Select(r => r.Key))
            .Concat(ToBeRevoked)
            .Concat(Record.UnreadProject is { } unread ? [unread] : []);

    // From the start, not only once they can be revoked: whoever declared such a project meanwhile would lose its people in the middle.
    private IEnumerable<ProjectKey> ToBeRevoked =>
        Project is { DeletionPolicy: DeletionPolicy.Revoke }
            ? Record.Slots.Where(s => s.Ledger?.Applied is not null).Select(s => s.Project)
            : [];

    /// <summary>
    /// Whose a project is: first who declares it now, then who has applied it, then who was there first; of two of one second the one whose uid
    /// comes first, so that every shard decides alike.
    /// </summary>
    public (bool, bool, DateTimeOffset, string) RankFor(ProjectKey key) =>
        (
            !Declares(key),
            Record.UnreadProject != key && !HasRecordOf(key),
            Resource.CreatedAt ?? DateTimeOffset.MaxValue,
            Resource.Metadata.Uid ?? ""
        );
}

/// <summary>Turns memberships into wishes. It reads what is known and asks nobody.</summary>
/// <param name="selector">Which are this shard's.</param>
/// <param name="shard">The name of this shard.</param>
/// <param name="grace">How long a deletion waits for another membership that declares the project.</param>
internal sealed class WishMaker(LabelQuery selector, string shard, TimeSpan grace)
{
    /// <summary>What a membership comes to.</summary>
    public Wish Make(
        ClusterDocument document,
        NamespaceBase around,
        MembershipStatus record,
        Func<Resolution> resolve,
        RunnerRules rules
    )
    {
        var resource = document.Resource;
        var wish = new Wish(document, around, record) { IsOthers = !selector.Matches(resource.Labels) };
        // Of another shard's too: what it is sending just now must not be taken over.
        if (IsInOtherHands(record, rules.Now))
            wish = wish with { IsOthers = true, IsHandedOver = true };
        if (resource.DeletedAt is { } deleted)
            return Deleted(wish with { RevokesAt = deleted + grace }, rules);
        if (record.Unreadable is { } broken)
            return wish with { Stuck = ("Invalid", broken) };
        var resolution = resolve();
        if (resolution.Project is not { } project)
            return wish with { Stuck = (resolution.Reason, resolution.Message) };
        return Former(wish with { Project = project }, project, rules);
    }

    /// <summary>
    /// What a membership comes to that is gone from the cluster. Somebody who takes the finalizer off while it is being deleted, or an operator that
    /// let it go, has decided already; else its deletion policy is carried out.
    /// </summary>
    /// <param name="last">What it came to last.</param>
    /// <param name="around">What else is in its namespace now.</param>
    /// <param name="rules">What the runner decides.</param>
    /// <param name="since">When it was found gone.</param>
    public Wish MakeGone(Wish last, NamespaceBase around, RunnerRules rules, DateTimeOffset since)
    {
        var gone = new Wish(last.Document, around, last.Record) { RevokesAt = since + grace };
        return last.Resource.IsBeingDeleted || last.Record.IsDeletionSeen || last.Record.IsReleased
            ? gone with
            {
                IsOver = true,
            }
            : Deleted(gone, rules);
    }

    // Another shard's pass has told what it is about to send: to settle that as if the process had died would send it twice.
    private bool IsInOtherHands(MembershipStatus record, DateTimeOffset now) =>
        record.Shard is { } other
        && other != shard
        && record.Slots.Any(s => s.Ledger?.Intents.Any(i => now - i.At < AccountReconciler.LongestReconcile) == true);

    // A document that cannot be read whole is judged by the policy field alone: setting it to orphan must always help.
    private static Wish Deleted(Wish wish, RunnerRules rules)
    {
        var resource = wish.Resource;
        if (!resource.HasFinalizer && !wish.IsGone)
            return wish with { IsOver = true };
        var remembered = wish.Record.Slots.Where(s => s.Ledger?.Applied is not null).ToList();
        if (wish.Record.Unreadable is { } broken)
            return resource.SpecWord("deletionPolicy") == "revoke"
                ? wish with
                {
                    Stuck = ("CannotRevoke", broken),
                }
                : wish with
                {
                    IsOver = true,
                };
        if (remembered.Count == 0 || PolicyOf(wish, remembered) == DeletionPolicy.Orphan)
            return wish with { IsOver = true };
        if (Flag(resource, "suspend") || Flag(resource, "dryRun"))
            return wish with
            {
                Stuck = (
                    "CannotRevoke",
                    "it is deleted with deletionPolicy: revoke, and suspended or a dry run: end that, or leave everybody in with deletionPolicy: orphan"
                ),
            };
        var (revoked, lost) = Revoke(wish, remembered, rules);
        if (lost is not null)
            return wish with
            {
                Stuck = (
                    "CannotRevoke",
                    $"no AccessProvider of this namespace leads to {lost.Project.BaseUrl} any more, or several do and none is the one it names: make one again, or leave everybody in with: kubectl patch projectmembership {resource.Metadata.Name} -n {resource.Namespace} --type merge -p '{{\"spec\":{{\"deletionPolicy\":\"orphan\"}}}}'"
                ),
            };
        return wish with { Revoked = revoked };
    }

    // Only once the project that is declared now was applied: a slip of the pen in an id must not take anybody out elsewhere. What is only
    // looked at, or left alone, takes nobody out either.
    private static Wish Former(Wish wish, DesiredProject project, RunnerRules rules)
    {
        var former = wish.Record.Slots.Where(s => s.Project != project.Key && s.Ledger?.Applied is not null).ToList();
        if (
            former.Count == 0
            || project is not { DeletionPolicy: DeletionPolicy.Revoke, Suspended: false, DryRun: false }
            || wish.Record.SlotOf(project.Key)?.Ledger is not { Applied: not null, TrustedCount: not null }
        )
            return wish;
        var (revoked, lost) = Revoke(wish, former, rules);
        return wish with { Revoked = revoked, Stranded = lost?.Project.ProjectId };
    }

    private static (ImmutableArray<DesiredProject> Revoked, ProjectLedgerEntry? Lost) Revoke(
        Wish wish,
        List<ProjectLedgerEntry> slots,
        RunnerRules rules
    )
    {
        var state = MembershipResolver.WithoutDocuments(wish.Around, rules);
        var revoked = ImmutableArray.CreateBuilder<DesiredProject>();
        ProjectLedgerEntry? lost = null;
        foreach (var slot in slots)
        {
            if (ProviderOf(slot, state.Connections, wish.Resource.SpecWord("provider")) is not { } provider)
            {
                lost = slot;
                continue;
            }

            revoked.Add(
                DeletedProjects.Revoke(new(slot.Project, slot.Ledger, ""), provider, state) with
                {
                    Approval = wish.Resource.Annotation(ClusterResource.Approve),
                    Declared = wish.Document.Position,
                }
            );
        }

        return (revoked.ToImmutable(), lost);
    }

    // Two providers of one account may have different tokens, and leave different people alone: the one that the membership names counts.
    private static DesiredProvider? ProviderOf(
        ProjectLedgerEntry slot,
        ImmutableArray<DesiredProvider> connections,
        string? named
    )
    {
        var leading = connections
            .Where(c => c.Vendor.Type == slot.Project.VendorType && c.BaseUrl.AbsoluteUri == slot.Project.BaseUrl)
            .ToList();
        return leading.FirstOrDefault(c => c.Name == named) ?? (leading.Count == 1 ? leading[0] : null);
    }

    private static DeletionPolicy PolicyOf(Wish wish, List<ProjectLedgerEntry> remembered) =>
        wish.Resource.SpecWord("deletionPolicy") switch
        {
            "orphan" => DeletionPolicy.Orphan,
            "revoke" => DeletionPolicy.Revoke,
            // What the provider said for all of them was noted with the last pass.
            _ => (wish.Record.Current ?? remembered[0]).Ledger?.Applied?.DeletionPolicy ?? DeletionPolicy.Orphan,
        };

    private static bool Flag(ClusterResource resource, string field) =>
        resource.Spec is { ValueKind: JsonValueKind.Object } spec
        && spec.TryGetProperty(field, out var flag)
        && flag.ValueKind == JsonValueKind.True;
}

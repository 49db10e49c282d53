using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reconciler.Core.Membership;
using Reconciler.Kubernetes.Client;
using Reconciler.Operator.Resources;

namespace Reconciler.Operator.Status;

/// <summary>What a status says where nothing can be done, and what it was said about.</summary>
/// <param name="Reason">The reason of the condition.</param>
/// <param name="Message">Its message.</param>
/// <param name="Generation">The generation of the spec.</param>
/// <param name="RequestedAt">The annotation that asks for a reconcile.</param>
internal sealed record StallNotice(string Reason, string Message, long? Generation, string? RequestedAt);

/// <summary>
/// A membership's status as this process knows it: what the server has, and what is still to be written. It is
/// immutable; a function returns the next value. The server's copy counts: where another replica or a restore has
/// written it since, it is taken over.
/// </summary>
internal sealed partial record MembershipStatus
{
    /// <summary>The namespace and name of the resource.</summary>
    public required ObjectKey Key { get; init; }

    /// <summary>The uid of the resource.</summary>
    public required string Uid { get; init; }

    /// <summary>The resource as last seen, without spec and status: thousands are kept.</summary>
    public required ClusterResource Latest { get; init; }

    /// <summary>The version that <see cref="Server"/> is of: a write must start from it.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>The status on the server.</summary>
    public JsonElement? Server { get; init; }

    /// <summary>How often an operator wrote the status.</summary>
    public long Revision { get; init; }

    /// <summary>Why the ledger on the server cannot be read; null where it can.</summary>
    public string? Unreadable { get; init; }

    /// <summary>The project that is declared; null where none is known.</summary>
    public ProjectKey? Declared { get; init; }

    /// <summary>The ledgers: first of the project that is declared, then of those that were declared before.</summary>
    public ImmutableArray<ProjectLedgerEntry> Entries { get; init; } = [];

    /// <summary>
    /// What the status on the server says where nothing can be done; null where it says something else.
    /// </summary>
    public StallNotice? Stall { get; init; }

    /// <summary>
    /// What keeps people in projects that were declared before; it is added to the status of the present one.
    /// </summary>
    public ImmutableDictionary<ProjectKey, Action<JsonObject, DateTimeOffset>> FormerTroubles { get; init; } =
        ImmutableDictionary<ProjectKey, Action<JsonObject, DateTimeOffset>>.Empty;

    /// <summary>The last Event about trouble, so that the same trouble is recorded once.</summary>
    public (string Reason, string Note)? LastEvent { get; init; }

    /// <summary>The annotation that was last reported to release nothing; null where it fits, or is absent.</summary>
    public string? UnfitApproval { get; init; }

    /// <summary>
    /// Why the reconcile under way sends nothing: its outcome would not fit into the status. Null where it fits.
    /// </summary>
    public string? TooLarge { get; init; }

    /// <summary>
    /// Whether the resource is gone from the cluster, so that the ledger lives in this process alone.
    /// </summary>
    public bool IsGone { get; init; }

    /// <summary>Whether the server was asked to delete the resource, also where that was not evaluated yet.</summary>
    public bool IsDeletionSeen { get; init; }

    /// <summary>Whether this process removed the finalizer of a deleted resource: it disappears as expected.</summary>
    public bool IsReleased { get; init; }

    /// <summary>
    /// The resource that each reconcile under way is about: a write must still be asked for by the same spec.
    /// </summary>
    public ImmutableDictionary<ProjectKey, ClusterResource> Planned { get; init; } =
        ImmutableDictionary<ProjectKey, ClusterResource>.Empty;

    /// <summary>Removals of forgotten projects, which the status of their provider counts.</summary>
    public ImmutableHashSet<(ProjectKey Project, RemovalCount Removals)> CountedElsewhere { get; init; } = [];

    /// <summary>Whether people were let in, and nobody has taken over or revoked what was granted.</summary>
    public bool HasGranted => Entries.Any(e => e.HasGranted);

    /// <summary>The ledger of the declared project; null where there is none.</summary>
    public ProjectLedgerEntry? Current => Declared is { } declared ? EntryOf(declared) : null;

    /// <summary>The shard that wrote the status; null where none did.</summary>
    public string? Shard =>
        Server is { ValueKind: JsonValueKind.Object } status && Word(status, "shard") is { Length: > 0 } shard
            ? shard
            : null;

    /// <summary>The project of a status whose ledger cannot be read: it stays this membership's.</summary>
    public ProjectKey? UnreadProject =>
        Unreadable is null
        || Server is not { ValueKind: JsonValueKind.Object } status
        || !status.TryGetProperty("project", out var project)
        || project.ValueKind != JsonValueKind.Object
            ? null
            : new(Word(project, "type"), AccountUrl.Normal(Word(project, "baseUrl")), Word(project, "projectId"));

    /// <summary>The ledger of a project; null where there is none.</summary>
    public ProjectLedgerEntry? EntryOf(ProjectKey project) => Entries.FirstOrDefault(e => e.Project == project);

    /// <summary>The status that the server has of a resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="version">The version that each ledger gets.</param>
    public static MembershipStatus Of(ClusterResource resource, long version) =>
        new MembershipStatus
        {
            Key = resource.Key,
            Uid = resource.Metadata.Uid ?? "",
            Latest = resource,
        }.WithServerStatus(resource, version);

    /// <summary>
    /// With a state of the resource that was observed. A newer status is taken over, and so is any other where the one
    /// that is known cannot be read: somebody who repairs it by hand counts no revisions. An older status is an old
    /// observation.
    /// </summary>
    public MembershipStatus WithObserved(ClusterResource resource, long version)
    {
        var observed = this with { Latest = resource.WithoutSpecAndStatus() };
        var revision = resource.StatusRevision;
        var isOther = resource.Metadata.ResourceVersion != ResourceVersion;
        if (revision > Revision || (Unreadable is not null && isOther))
            return observed.WithServerStatus(resource, version);
        return revision == Revision
            ? observed with
            {
                ResourceVersion = resource.Metadata.ResourceVersion,
                Server = resource.Status,
            }
            : observed;
    }

    /// <summary>With the status that the server has, whatever was known before.</summary>
    public MembershipStatus WithServerStatus(ClusterResource resource, long version) =>
        (WithWritten(resource) with { Stall = null }).WithServerLedgers(version);

    /// <summary>With a status that was written: the server has it now.</summary>
    public MembershipStatus WithWritten(ClusterResource resource) =>
        this with
        {
            Latest = resource.WithoutSpecAndStatus(),
            ResourceVersion = resource.Metadata.ResourceVersion,
            Server = resource.Status,
            Revision = resource.StatusRevision,
        };

    /// <summary>With another copy of the status that is known already, so that one copy is kept in memory.</summary>
    public MembershipStatus WithShared(ClusterResource resource) =>
        resource.Metadata.ResourceVersion == ResourceVersion && resource.Metadata.Uid == Uid
            ? this with
            {
                Server = resource.Status,
            }
            : this;

    /// <summary>Without what could not be written, as if the process had died before; what is declared stays.</summary>
    public MembershipStatus WithoutUnwritten(long version)
    {
        var restored = WithServerLedgers(version);
        return Declared is not { } declared || restored.Unreadable is not null
            ? restored
            : restored.WithEntryFor(declared, version) with
            {
                Declared = declared,
            };
    }

    /// <summary>With a reconcile under way over a project, about a state of the resource.</summary>
    public MembershipStatus WithPlanned(ProjectKey project, ClusterResource resource) =>
        this with
        {
            Planned = Planned.SetItem(project, resource),
            TooLarge = null,
        };

    /// <summary>Without a reconcile under way over a project.</summary>
    public MembershipStatus WithoutPlanned(ProjectKey project) => this with { Planned = Planned.Remove(project) };

    private static string Word(JsonElement of, string name) =>
        of.TryGetProperty(name, out var word) && word.ValueKind == JsonValueKind.String ? word.GetString()! : "";
}

using System.Collections.Immutable;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Manifests.Values;

namespace Reconciler.Core.Membership;

/// <summary>The desired state: what the manifests ask for, with every reference resolved.</summary>
/// <param name="Projects">The projects, ordered by provider, namespace and name.</param>
public sealed record DesiredState(ImmutableArray<DesiredProject> Projects)
{
    /// <summary>Every valid connection, with projects or without, in the order of their ids.</summary>
    public ImmutableArray<DesiredProvider> Connections { get; init; } = [];

    /// <summary>
    /// The limits that a project without a document and labels would have, by the id of its provider.
    /// </summary>
    public ImmutableDictionary<string, Limits> UndeclaredLimits { get; init; } =
        ImmutableDictionary<string, Limits>.Empty;

    /// <summary>
    /// The limits that manifests cannot raise, by the id of the provider, because rules name access in a vendor's
    /// words.
    /// </summary>
    public ImmutableDictionary<string, RunnerLimits> Runners { get; init; } =
        ImmutableDictionary<string, RunnerLimits>.Empty;
}

/// <summary>Identifies a project at its vendor: two documents with the same key declare the same project.</summary>
/// <param name="VendorType">The vendor's type.</param>
/// <param name="BaseUrl">The normalised base URL.</param>
/// <param name="ProjectId">The vendor's id of the project.</param>
public sealed record ProjectKey(string VendorType, string BaseUrl, string ProjectId)
{
    /// <inheritdoc/>
    public override string ToString() => $"{VendorType} {BaseUrl} {ProjectId}";
}

/// <summary>A connection to one account of a vendor, checked.</summary>
/// <param name="Id">Its namespace and name.</param>
/// <param name="Vendor">Its vendor.</param>
/// <param name="BaseUrl">The normalised base URL that requests go to.</param>
/// <param name="Spec">The spec of its manifest.</param>
public sealed record DesiredProvider(string Id, Vendor Vendor, Uri BaseUrl, AccessProviderSpec Spec)
{
    /// <summary>
    /// The keys of the account that Reconciler acts as: the declared address, and every other address and id of the
    /// Person who has it.
    /// </summary>
    public ImmutableHashSet<string> Actor { get; init; } = Spec?.ActingAs is { } actor ? [actor.Key] : [];

    /// <summary>
    /// The other keys of people whom <see cref="AccessProviderSpec.Ignore"/> names by one of their addresses.
    /// </summary>
    public ImmutableHashSet<string> Ignored { get; init; } = [];

    /// <summary>The most requests at one time, unless the manifest states another number.</summary>
    public const int DefaultConcurrency = 8;

    private static readonly TimeSpan DefaultSettling = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LoopbackSettling = TimeSpan.FromSeconds(2);

    /// <summary>The most requests at one time.</summary>
    public int MaxConcurrency => Spec.MaxConcurrency ?? DefaultConcurrency;

    /// <summary>How long the vendor's lists may lag behind what was written.</summary>
    public TimeSpan SettleAfter => Spec.SettleAfter?.Value ?? (BaseUrl.IsLoopback ? LoopbackSettling : DefaultSettling);

    /// <summary>Its namespace.</summary>
    public string Namespace => Id[..Id.IndexOf('/', StringComparison.Ordinal)];

    /// <summary>Its name, without the namespace.</summary>
    public string Name => Id[(Id.IndexOf('/', StringComparison.Ordinal) + 1)..];

    /// <inheritdoc/>
    public bool Equals(DesiredProvider? other) => other is not null && Id == other.Id;

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);
}

/// <summary>One project as the manifests ask for it.</summary>
/// <param name="Id">The document's namespace and name.</param>
/// <param name="Provider">The connection.</param>
/// <param name="ProjectId">The vendor's id of the project.</param>
/// <param name="Members">The declared people, in the order of their keys.</param>
public sealed record DesiredProject(
    string Id,
    DesiredProvider Provider,
    string ProjectId,
    ImmutableArray<DesiredMember> Members
)
{
    /// <summary>No labels, in ordinal order.</summary>
    public static ImmutableSortedDictionary<string, string> NoLabels { get; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Identifies a project at its vendor: two documents with the same key declare the same project.</summary>
    public ProjectKey Key =>
        new(Provider.Vendor.Type, Provider.BaseUrl.AbsoluteUri, Provider.Vendor.NormalProject(ProjectId));

    /// <summary>People whose removal the manifests ask for, because their entry expired or they departed.</summary>
    public ImmutableArray<RequestedRemoval> Removals { get; init; } = [];

    /// <summary>What happens to people who are declared nowhere.</summary>
    public PrunePolicy Prune { get; init; } = PrunePolicy.Owned;

    /// <summary>What deleting the document does.</summary>
    public DeletionPolicy DeletionPolicy { get; init; }

    /// <summary>What to do while an invitation waits.</summary>
    public InvitationPolicy Invitations { get; init; } = InvitationPolicy.Default;

    /// <summary>The limits that judge the plan.</summary>
    public Limits Limits { get; init; } = Limits.BuiltIn;

    /// <summary>
    /// The limits stated by Guardrails of the manifests. An apply stores them, so that a later change cannot loosen
    /// them at once.
    /// </summary>
    public Limits DeclaredLimits { get; init; } = Limits.None;

    /// <summary>The limits that manifests cannot raise; null if they are not compared with earlier ones.</summary>
    public RunnerLimits? Runner { get; init; }

    /// <summary>The labels of the document, by which Guardrails select it.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = NoLabels;

    /// <summary>How often the project is compared by the worker and the operator.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether the project is neither read nor written.</summary>
    public bool Suspended { get; init; }

    /// <summary>Whether the project is planned, but never written.</summary>
    public bool DryRun { get; init; }

    /// <summary>Whether the vendor's Owner role may go to somebody else.</summary>
    public bool AllowOwnerTransfer { get; init; }

    /// <summary>
    /// The digest of the hold that the document's annotation <c>reconciler.dev/approve</c> releases; null if it has
    /// none.
    /// </summary>
    public string? Approval { get; init; }

    /// <summary>The scope of the manifests that were read, as text; null if it is not needed.</summary>
    public string? Scope { get; init; }

    /// <summary>Whether only the removals are applied; the records of everybody else stay as they are.</summary>
    public bool OnlyRemovals { get; init; }

    /// <summary>
    /// Whether the document is gone and its deletion policy asks to take away what Reconciler granted.
    /// </summary>
    public bool IsDeleted { get; init; }

    /// <summary>The place of the document.</summary>
    public Position Declared { get; init; } = Position.None;
}

/// <summary>The identity of a person, independent of the address or id that the vendor knows.</summary>
/// <param name="Key">
/// Equal for all references to the person: the key of the address or login, or <c>id:</c> and the vendor's id.
/// </param>
/// <param name="Email">The declared address; null if only an id or a login is known.</param>
public sealed record PersonIdentity(string Key, EmailAddress? Email)
{
    /// <summary>The keys of the person's other addresses.</summary>
    public ImmutableArray<string> Aliases { get; init; } = [];

    /// <summary>The vendor's id of the person; null if no manifest states it.</summary>
    public string? UserId { get; init; }

    /// <summary>
    /// The declared login; null where the vendor knows people by addresses, or no manifest states one.
    /// </summary>
    public Login? Login { get; init; }

    /// <summary>
    /// What invitations go to: the address, or the login where the vendor knows people by logins; null if only an id
    /// is known.
    /// </summary>
    public string? Account => Login?.Text ?? Email?.Text;

    /// <summary>Returns the key of a person who is known by the vendor's id alone.</summary>
    /// <param name="id">The vendor's id.</param>
    public static string KeyOfId(string id) => $"id:{id}";

    /// <summary>The name of a vendor's entry that cannot be matched to a person; null for identified people.</summary>
    public string? Unclear { get; init; }

    /// <summary>The text to show for the person.</summary>
    public string Label => Account ?? Unclear ?? Key;

    /// <inheritdoc/>
    public bool Equals(PersonIdentity? other) => other is not null && Key == other.Key;

    /// <inheritdoc/>
    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);
}

/// <summary>A person with access in a project.</summary>
/// <param name="Person">The person.</param>
/// <param name="Access">Everything that the person's entries add up to.</param>
/// <param name="Declared">The places of the entries.</param>
public sealed record DesiredMember(PersonIdentity Person, DesiredAccess Access, ImmutableArray<Position> Declared)
{
    /// <summary>When the next of the entries ends; null if none does.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The reason in the entries; null if they state none.</summary>
    public string? Reason { get; init; }
}

/// <summary>A removal that the manifests ask for, whatever prune says.</summary>
/// <param name="Person">The person.</param>
/// <param name="Reason">Why, in words, such as "expired on 2026-12-31".</param>
/// <param name="Declared">The place that states it.</param>
public sealed record RequestedRemoval(PersonIdentity Person, string Reason, Position Declared);

/// <summary>What to do while an invitation waits.</summary>
/// <param name="ResendAfter">How long after the last mail another is sent; null for never.</param>
/// <param name="MaxResends">How many mails are sent after the first.</param>
/// <param name="ExpireAfter">How long after the first mail it is given up; null for never.</param>
/// <param name="ReinviteDeclined">Whether people who declined are invited again.</param>
/// <param name="ReinviteLeft">Whether people who left are invited again.</param>
/// <param name="ResendBy">How a mail is sent again.</param>
/// <param name="Message">A text in the mail.</param>
public sealed record InvitationPolicy(
    TimeSpan? ResendAfter,
    int MaxResends,
    TimeSpan? ExpireAfter,
    bool ReinviteDeclined,
    bool ReinviteLeft,
    ResendBy ResendBy,
    string? Message
)
{
    /// <summary>Whether people whose invitation expired are invited again.</summary>
    public bool ReinviteExpired { get; init; }

    /// <summary>The default: no reminders, and invitations never expire.</summary>
    public static InvitationPolicy Default { get; } = new(null, 3, null, false, false, ResendBy.Vendor, null);
}

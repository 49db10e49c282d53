using System.Collections.Immutable;
using Reconciler.Core.Membership.Describing;

namespace Reconciler.Core.Membership;

/// <summary>
/// What is known of a vendor without calling its API: the data that manifests are checked against and plans are made
/// with.
/// </summary>
/// <param name="Type">Its name in manifests, such as <c>clarifeye</c>.</param>
/// <param name="Name">Its name for people, such as <c>Clarifeye</c>.</param>
/// <param name="Access">Its language of access.</param>
/// <param name="Capabilities">What its API can do.</param>
public sealed record Vendor(string Type, string Name, AccessVocabulary Access, Capabilities Capabilities)
{
    /// <summary>The base URLs that the vendor publishes; empty if every customer has one of their own.</summary>
    public ImmutableArray<string> PublishedUrls { get; init; } = [];

    /// <summary>Whether its ids are UUIDs.</summary>
    public bool UuidIds { get; init; }

    /// <summary>How it knows people by logins; null if it knows them by addresses.</summary>
    public LoginRules? Logins { get; init; }

    /// <summary>The form of its projects' ids.</summary>
    public ProjectIdForm ProjectIds { get; init; } = ProjectIdForm.Plain;

    /// <summary>
    /// How its API is used, if a definition says so; null for a vendor that a provider of its own serves.
    /// </summary>
    public VendorDescription? Description { get; init; }

    /// <summary>The digest of the definition; empty for a vendor that a provider of its own serves.</summary>
    public string DefinitionDigest => Description?.Digest ?? "";

    /// <summary>
    /// The names under which a Person may state a login or id for a connection, the closest first: that of the
    /// connection, of the vendor, and of the site.
    /// </summary>
    /// <param name="connection">The connection's name.</param>
    public IEnumerable<string> PlacesOf(string connection) =>
        Logins?.Site is { } site ? [connection, Type, site] : [connection, Type];

    /// <summary>
    /// Whether another vendor may be this one under another name. It is not where definitions say that the members of a
    /// project stand in different places, as those of a group and of a project of one number at GitLab do.
    /// </summary>
    /// <param name="other">The other vendor; null if nothing is known of it.</param>
    public bool MayBe(Vendor? other) =>
        Description is not { } own
        || other?.Description is not { } described
        || own.Members.List.PathText == described.Members.List.PathText;

    /// <summary>Why a project's id is invalid; null if it is valid.</summary>
    /// <param name="id">The id as a manifest or a person wrote it.</param>
    public string? ProblemOfProject(string id) => ProjectIds.Problem(id, UuidIds);

    /// <summary>Normalises a project's id: the case of a UUID, and of some vendors' names, does not matter.</summary>
    /// <param name="id">The id as a manifest or the vendor wrote it.</param>
    public string NormalProject(string id) =>
        ProjectIds.IgnoresCase ? id.ToLowerInvariant() : VendorId.Normal(id, UuidIds);

    /// <summary>The hosts that the vendor publishes, in lower case.</summary>
    public IEnumerable<string> PublishedHosts => PublishedUrls.Select(u => new Uri(u).Host);
}

/// <summary>How a vendor knows people by logins instead of addresses.</summary>
/// <param name="CaseCounts">Whether two logins that differ in case alone are two people.</param>
/// <param name="FindsAccounts">
/// Whether the vendor finds the account of a login, so that a login that nobody has, or somebody else by now, is known
/// before anybody is invited.
/// </param>
public sealed record LoginRules(bool CaseCounts, bool FindsAccounts)
{
    /// <summary>
    /// The name under which Persons state logins for several vendors of one site; null if there is none.
    /// </summary>
    public string? Site { get; init; }
}

/// <summary>What a vendor's API can do.</summary>
public sealed record Capabilities
{
    /// <summary>The most people in one call that invites; 1 if each needs a call.</summary>
    public int InviteBatch { get; init; } = 1;

    /// <summary>
    /// Whether one invitation may name several projects, if the provider's manifest says
    /// <c>combineInvitations: true</c>.
    /// </summary>
    public bool CombinesInvitations { get; init; }

    /// <summary>Whether the token's own user can list and answer the invitations that came to them.</summary>
    public bool OwnInvitations { get; init; }

    /// <summary>Why projects cannot be listed, as a text for people; null if the API lists them.</summary>
    public string? NoDirectory { get; init; }

    /// <summary>
    /// What stays at the vendor of a person who is in no project any more, and what a human must do about it; null if
    /// nothing is known to stay.
    /// </summary>
    public string? Remains { get; init; }

    /// <summary>Actions that the API has no way for, each with what a human must do instead.</summary>
    public ImmutableDictionary<ActionKind, string> Manual { get; init; } =
        ImmutableDictionary<ActionKind, string>.Empty;

    /// <summary>Notes on kinds of actions, for people to read before they are applied.</summary>
    public ImmutableDictionary<ActionKind, string> Notes { get; init; } = ImmutableDictionary<ActionKind, string>.Empty;

    /// <summary>
    /// What kinds of actions destroy besides access, in words; held unless a Guardrail or the runner allows it.
    /// </summary>
    public ImmutableDictionary<ActionKind, string> Destroys { get; init; } =
        ImmutableDictionary<ActionKind, string>.Empty;

    /// <summary>
    /// Whether replacing an invitation sends a mail; false if the vendor changes the access of the same invitation.
    /// </summary>
    public bool ReplacingMails { get; init; } = true;

    /// <summary>Whether an invitation is replaced by a call of its own, which need not send a mail.</summary>
    public bool ReplacesInPlace { get; init; }

    /// <summary>
    /// Whether a replaced invitation is the same one with other access, which stays with the address that it went to.
    /// </summary>
    public bool ChangesInvitations => ReplacesInPlace || !ReplacingMails;

    /// <summary>Whether a mail can be sent again by revoking the invitation and making a new one.</summary>
    public bool Reinvites => !ChangesInvitations && Can(ActionKind.Replace) && Can(ActionKind.Revoke);

    /// <summary>Whether the API can do an action.</summary>
    /// <param name="kind">The action.</param>
    public bool Can(ActionKind kind) => !Manual.ContainsKey(kind);
}

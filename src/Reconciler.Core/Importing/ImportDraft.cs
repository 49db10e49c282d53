using System.Collections.Immutable;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;

namespace Reconciler.Core.Importing;

/// <summary>A draft of manifests that declare the live state, before they are written as text.</summary>
/// <param name="Provider">The connection that the projects belong to.</param>
/// <param name="Projects">The projects, in a stable order.</param>
public sealed record ImportDraft(DesiredProvider Provider, ImmutableArray<ProjectDraft> Projects)
{
    /// <summary>The proposed teams.</summary>
    public ImmutableArray<TeamDraft> Teams { get; init; } = [];

    /// <summary>The proposed roles.</summary>
    public ImmutableArray<RoleDraft> Roles { get; init; } = [];

    /// <summary>The namespace of all documents: that of the connection.</summary>
    public string Namespace => Provider.Namespace;
}

/// <summary>A project as it was read.</summary>
/// <param name="Place">Its id and the vendor's name of it.</param>
/// <param name="Live">The people in it.</param>
public sealed record ReadProject(NamedPlace Place, LiveProject Live);

/// <summary>A ProjectMembership to be written.</summary>
/// <param name="Name">The document's name.</param>
/// <param name="Place">The project's id and the vendor's name of it.</param>
/// <param name="Entries">Its members, in the order of writing.</param>
public sealed record ProjectDraft(string Name, NamedPlace Place, ImmutableArray<EntryDraft> Entries)
{
    /// <summary>People who cannot be declared, with the reason.</summary>
    public ImmutableArray<PersonLeftOut> LeftOut { get; init; } = [];

    /// <summary>How many people are not managed: machine accounts, and those whom the connection ignores.</summary>
    public int LeftAlone { get; init; }
}

/// <summary>A member of a project to be written.</summary>
/// <param name="Field">The field that names the person or team: email, login, person, userId or team.</param>
/// <param name="Value">The address, login, name or id.</param>
/// <param name="Access">The access, as live, without the day on which it ends.</param>
public sealed record EntryDraft(string Field, string Value, Access Access)
{
    /// <summary>
    /// The vendor's id of the account that has the login; null for other fields, or if it is unknown.
    /// </summary>
    public string? Id { get; init; }

    /// <summary>When the vendor ends the access by itself; null if it does not.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The AccessRole with this access; null if the access is spelled out.</summary>
    public string? Role { get; init; }

    /// <summary>When the person was invited; null if they have accepted.</summary>
    public DateTimeOffset? InvitedAt { get; init; }

    /// <summary>Whether it names a team.</summary>
    public bool IsTeam => Field == "team";
}

/// <summary>A person who is in a project and cannot be declared.</summary>
/// <param name="Person">The address or id, as shown.</param>
/// <param name="Reason">The reason.</param>
public sealed record PersonLeftOut(string Person, string Reason);

/// <summary>A proposed Team.</summary>
/// <param name="Name">The document's name.</param>
/// <param name="Members">Its people, each as a field, a value, and the id that pins a login.</param>
/// <param name="Projects">The names of the documents of the projects that they are in.</param>
public sealed record TeamDraft(
    string Name,
    ImmutableArray<(string Field, string Value, string? Id)> Members,
    ImmutableArray<string> Projects
);

/// <summary>A proposed AccessRole.</summary>
/// <param name="Name">The document's name.</param>
/// <param name="Access">The access that it gives at the connection's vendor.</param>
public sealed record RoleDraft(string Name, Access Access);

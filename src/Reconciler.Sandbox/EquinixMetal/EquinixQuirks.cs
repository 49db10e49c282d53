namespace Reconciler.Sandbox.EquinixMetal;

/// <summary>Switches for what Equinix Metal's documents and clients disagree about. All are off by default.</summary>
public static class EquinixQuirks
{
    /// <summary>Lists have no <c>meta</c>, as in some schemas, so a page that is not full is the last one.</summary>
    public const string NoMeta = "noMeta";

    /// <summary>Pages have at most 100 items, as the document's text says; its parameters say 1000.</summary>
    public const string PagesOf100 = "pagesOf100";

    /// <summary>
    /// PUT of a membership accepts <c>roles</c>, as all other calls do, and refuses the documented <c>role</c>.
    /// </summary>
    public const string RolesSpelling = "rolesSpelling";

    /// <summary>Members and invited people can be invited again; otherwise that is a 422.</summary>
    public const string DuplicateInvitations = "duplicateInvitations";

    /// <summary>The role <c>limited_collaborator</c> is refused, as a client has seen.</summary>
    public const string NoLimitedCollaborator = "noLimitedCollaborator";

    /// <summary>Nested objects are complete unless excluded, instead of being an href unless included.</summary>
    public const string EmbedsByDefault = "embedsByDefault";

    /// <summary>
    /// Lists start with the newest record, so that an insertion between two pages shifts the second page.
    /// </summary>
    public const string NewestFirst = "newestFirst";

    /// <summary>
    /// The list of projects only contains those that the token's user is a member of, as the document says. It does not
    /// say whether an administrator of the organization sees more; by default every project that is not forbidden is
    /// listed.
    /// </summary>
    public const string OnlyOwnProjects = "onlyOwnProjects";

    internal static readonly IReadOnlyList<string> All =
    [
        NoMeta,
        PagesOf100,
        RolesSpelling,
        DuplicateInvitations,
        NoLimitedCollaborator,
        EmbedsByDefault,
        NewestFirst,
        OnlyOwnProjects,
    ];
}

namespace Reconciler.Sandbox.EquinixMetal;

/// <summary>What Equinix Metal's documents and clients disagree about, as switches. All are off by default.</summary>
public static class EquinixQuirks
{
    /// <summary>
    /// Lists come without <c>meta</c>, as some schemas of lists have it: a page that is not full is the last one.
    /// </summary>
    public const string NoMeta = "noMeta";

    /// <summary>No page is longer than 100, as the document's prose says; its parameters say 1000.</summary>
    public const string PagesOf100 = "pagesOf100";

    /// <summary>
    /// PUT of a membership takes <c>roles</c>, as everything else does, and refuses the document's <c>role</c>.
    /// </summary>
    public const string RolesSpelling = "rolesSpelling";

    /// <summary>Whoever is a member or invited already can be invited again; otherwise that is a 422.</summary>
    public const string DuplicateInvitations = "duplicateInvitations";

    /// <summary>The role <c>limited_collaborator</c> is refused, as client code once met it.</summary>
    public const string NoLimitedCollaborator = "noLimitedCollaborator";

    /// <summary>
    /// Nested objects come in full unless they are excluded, instead of as their href unless they are included.
    /// </summary>
    public const string EmbedsByDefault = "embedsByDefault";

    /// <summary>
    /// Lists begin with the newest record, so that an insertion between two pages shifts the second one.
    /// </summary>
    public const string NewestFirst = "newestFirst";

    /// <summary>
    /// The list of projects holds only those that the token's user is a member of, as the document says of it. Whether
    /// one who administers the organization sees more is not documented; by default every project that is not forbidden
    /// is listed.
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

namespace Reconciler.Sandbox.GoRules;

/// <summary>
/// Switches for what GoRules' documents leave open. <see cref="PendingAddable"/> and <see cref="OrganisationWrites"/>
/// are on by default, the others are off.
/// </summary>
public static class GoRulesQuirks
{
    /// <summary>PUT of a member adds groups to the existing ones instead of replacing them.</summary>
    public const string PutMerges = "putMerges";

    /// <summary>
    /// A person invited to the organisation can be added to a project before they accept; otherwise that is a 400.
    /// </summary>
    public const string PendingAddable = "pendingAddable";

    /// <summary>
    /// A personal access token may invite to the organisation; otherwise that is a 403. The document gives the call an
    /// internal security scheme.
    /// </summary>
    public const string OrganisationWrites = "organisationWrites";

    /// <summary>
    /// Inviting a known address refuses the whole call with 400; otherwise nothing is sent to it, and the answer
    /// contains its existing invitation.
    /// </summary>
    public const string KnownRefused = "knownRefused";

    /// <summary>
    /// Lists start with the newest record, so that an insertion between two pages shifts the second page.
    /// </summary>
    public const string NewestFirst = "newestFirst";

    internal static readonly IReadOnlyList<string> All =
    [
        PutMerges,
        PendingAddable,
        OrganisationWrites,
        KnownRefused,
        NewestFirst,
    ];

    internal static readonly IReadOnlyList<string> OnByDefault = [PendingAddable, OrganisationWrites];
}

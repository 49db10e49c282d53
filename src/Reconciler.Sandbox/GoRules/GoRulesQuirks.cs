namespace Reconciler.Sandbox.GoRules;

/// <summary>
/// What GoRules' documents leave open, as switches. <see cref="PendingAddable"/> and <see cref="OrganisationWrites"/>
/// are on by default, the others off.
/// </summary>
public static class GoRulesQuirks
{
    /// <summary>PUT of a member adds the groups to those that are there, instead of replacing them.</summary>
    public const string PutMerges = "putMerges";

    /// <summary>
    /// Somebody invited to the organisation can be put into a project before they accept; otherwise that is a 400.
    /// </summary>
    public const string PendingAddable = "pendingAddable";

    /// <summary>
    /// A personal access token may invite to the organisation; otherwise that is a 403. The document keeps an internal
    /// scheme for it.
    /// </summary>
    public const string OrganisationWrites = "organisationWrites";

    /// <summary>
    /// Inviting an address that the organisation knows refuses all of that call with 400; otherwise it sends nothing,
    /// and the invitation that is there comes back.
    /// </summary>
    public const string KnownRefused = "knownRefused";

    /// <summary>
    /// Lists begin with the newest record, so that an insertion between two pages shifts the second one.
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

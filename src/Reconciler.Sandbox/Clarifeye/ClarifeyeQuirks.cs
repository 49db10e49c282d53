namespace Reconciler.Sandbox.Clarifeye;

/// <summary>What Clarifeye's documents leave open, as switches. All are off by default.</summary>
public static class ClarifeyeQuirks
{
    /// <summary>PATCH adds the permissions to those that are there, instead of replacing them.</summary>
    public const string PatchMerges = "patchMerges";

    /// <summary>
    /// The newer API: records carry <c>profile</c>, and PATCH and invite take it; in a PATCH both fields are optional.
    /// While it is off the field is absent from records and ignored in requests, as Django does with fields it does not
    /// know.
    /// </summary>
    public const string Profiles = "profiles";

    /// <summary>
    /// Lists begin with the newest record, so that an insertion between two pages shifts the second one.
    /// </summary>
    public const string NewestFirst = "newestFirst";

    internal static readonly IReadOnlyList<string> All = [PatchMerges, Profiles, NewestFirst];
}

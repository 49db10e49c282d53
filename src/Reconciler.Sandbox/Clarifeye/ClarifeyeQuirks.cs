namespace Reconciler.Sandbox.Clarifeye;

/// <summary>Switches for what Clarifeye's documents leave open. All are off by default.</summary>
public static class ClarifeyeQuirks
{
    /// <summary>PATCH adds permissions to the existing ones instead of replacing them.</summary>
    public const string PatchMerges = "patchMerges";

    /// <summary>
    /// The newer API: records contain <c>profile</c>, and PATCH and invite accept it; in a PATCH both fields are
    /// optional. While it is off, records do not contain the field and requests ignore it, as Django does with unknown
    /// fields.
    /// </summary>
    public const string Profiles = "profiles";

    /// <summary>
    /// Lists start with the newest record, so that an insertion between two pages shifts the second page.
    /// </summary>
    public const string NewestFirst = "newestFirst";

    internal static readonly IReadOnlyList<string> All = [PatchMerges, Profiles, NewestFirst];
}

namespace Reconciler.Core.Membership;

/// <summary>
/// Where a project is, whatever its vendor is called. One vendor may have two names: a VendorDefinition beside the
/// program's own provider, or one that was renamed. Both lead to the same people, so what is declared under one name
/// must not be revoked under the other.
/// </summary>
/// <param name="BaseUrl">The normalised base URL.</param>
/// <param name="ProjectId">
/// The vendor's id of the project in capitals, since a name of the vendor may say that case does not matter.
/// </param>
public readonly record struct ProjectPlace(string BaseUrl, string ProjectId)
{
    /// <summary>Returns the place of a project.</summary>
    /// <param name="key">The project.</param>
    public static ProjectPlace Of(ProjectKey key) => new(key.BaseUrl, key.ProjectId.ToUpperInvariant());

    /// <summary>Whether two projects are one under two names of its vendor.</summary>
    /// <param name="one">A project.</param>
    /// <param name="other">Another one.</param>
    public static bool IsRenamed(ProjectKey one, ProjectKey other) =>
        one.VendorType != other.VendorType && Of(one) == Of(other);
}

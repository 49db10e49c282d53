using Reconciler.Core.Membership;

namespace Reconciler.Operator.Evaluating;

/// <summary>
/// Where a project is, whatever its vendor is called. One vendor may have two names: a VendorDefinition beside the
/// program's own provider, or one that was renamed. Both lead to the same people, so what is declared under one name
/// must not be revoked under the other.
/// </summary>
/// <param name="BaseUrl">The normalised base URL.</param>
/// <param name="ProjectId">The vendor's id of the project, in capitals: no vendor is known whose ids differ in case
/// alone.</param>
internal readonly record struct ProjectPlace(string BaseUrl, string ProjectId)
{
    /// <summary>The place of a project.</summary>
    public static ProjectPlace Of(ProjectKey key) => new(key.BaseUrl, key.ProjectId.ToUpperInvariant());

    /// <summary>Whether two projects are one under two names of its vendor.</summary>
    public static bool IsRenamed(ProjectKey one, ProjectKey other) =>
        one.VendorType != other.VendorType && Of(one) == Of(other);
}

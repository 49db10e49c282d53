using Reconciler.Core.Membership;

namespace Reconciler.Hosting.Reconciling;

/// <summary>An account of a vendor: what one token reaches, and what limits over a provider are counted for.</summary>
/// <param name="VendorType">The vendor.</param>
/// <param name="BaseUrl">The address of its API.</param>
public sealed record Account(string VendorType, string BaseUrl)
{
    /// <summary>The account as logs name it.</summary>
    public override string ToString() => $"{VendorType} {BaseUrl}";

    /// <summary>The account that a project belongs to.</summary>
    public static Account Of(DesiredProject project) => new(project.Key.VendorType, project.Key.BaseUrl);
}

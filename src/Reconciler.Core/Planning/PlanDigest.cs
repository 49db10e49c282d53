using System.Text;
using Reconciler.Core.Actions;

namespace Reconciler.Core.Planning;

/// <summary>
/// Computes the digest of a plan: SHA-256 over the project, its actions and the live state that each starts from.
/// Reminders are left out: they change nobody's access, and one that falls due must not void an approval.
/// </summary>
public static class PlanDigest
{
    /// <summary>Returns the digest of one project's plan.</summary>
    /// <param name="plan">The plan.</param>
    public static string Of(ProjectPlan plan)
    {
        var text = new StringBuilder();
        ActionDigest.Add(text, plan.Project.Key.VendorType, plan.Project.Key.BaseUrl, plan.Project.ProjectId);
        // The same actions are other requests under another definition of the vendor.
        if (plan.Project.Provider.Vendor.Description is { } description)
            ActionDigest.Add(text, description.Digest);
        foreach (var action in plan.Actions.Where(a => !a.IsReminder))
            ActionDigest.Add(text, action);
        return ActionDigest.Hash(text);
    }

    /// <summary>Returns the digest of a run, over the digests of its projects in any order.</summary>
    /// <param name="plans">The plans.</param>
    public static string Of(IEnumerable<ProjectPlan> plans)
    {
        var text = new StringBuilder();
        foreach (var digest in plans.Select(p => p.Digest).Order(StringComparer.Ordinal))
            ActionDigest.Add(text, digest);
        return ActionDigest.Hash(text);
    }
}

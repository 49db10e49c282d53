using System.Security.Cryptography;
using System.Text;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Planning;

/// <summary>
/// The name of exactly one plan: SHA-256 over the project, its actions and the live state that each starts from. Reminders are left out:
/// they change nobody's access, and one that falls due must not void an approval.
/// </summary>
public static class PlanDigest
{
    private const string Prefix = "sha256:";

    /// <summary>The digest of one project's plan.</summary>
    /// <param name="plan">The plan.</param>
    public static string Of(ProjectPlan plan)
    {
        var text = new StringBuilder();
        Add(text, plan.Project.Key.VendorType, plan.Project.Key.BaseUrl, plan.Project.ProjectId);
        foreach (var action in plan.Actions.Where(a => !a.IsReminder))
            Add(text, action);
        return Hash(text);
    }

    /// <summary>The name of one action of a project: what a saved plan allows. Reminders have none.</summary>
    /// <param name="project">The project.</param>
    /// <param name="action">The action.</param>
    public static string Of(ProjectKey project, PlannedAction action)
    {
        var text = new StringBuilder();
        Add(text, project.VendorType, project.BaseUrl, project.ProjectId);
        Add(text, action);
        return Hash(text);
    }

    /// <summary>The name of a change of somebody's access, whoever it is and whenever it is made.</summary>
    /// <param name="added">What is given.</param>
    /// <param name="removed">What is taken.</param>
    public static string OfChange(Access added, Access removed)
    {
        var text = new StringBuilder();
        Add(text, added);
        Add(text, removed);
        return Hash(text)[Prefix.Length..][..16];
    }

    /// <summary>The digest of a run: over the digests of its projects, whatever their order.</summary>
    /// <param name="plans">The plans.</param>
    public static string Of(IEnumerable<ProjectPlan> plans)
    {
        var text = new StringBuilder();
        foreach (var digest in plans.Select(p => p.Digest).Order(StringComparer.Ordinal))
            Add(text, digest);
        return Hash(text);
    }

    private static void Add(StringBuilder text, PlannedAction action)
    {
        Add(
            text,
            action.Kind.ToString(),
            action.Person.Key,
            action.Email,
            action.Member?.MembershipId ?? "",
            action.Invitation?.Id ?? ""
        );
        Add(text, action.From);
        Add(text, action.Access?.Grants);
        // The same grants take more away where they decide about more fields.
        AddAll(text, (action.Access?.Fields ?? []).Order(StringComparer.Ordinal));
    }

    private static void Add(StringBuilder text, Access? access)
    {
        Add(text, access is null ? "-" : "+");
        AddAll(text, access?.Grants.SelectMany(g => new[] { g.Field, g.Word }) ?? []);
    }

    private static void AddAll(StringBuilder text, IEnumerable<string> parts)
    {
        var all = parts.ToArray();
        text.Append(all.Length).Append(';');
        Add(text, all);
    }

    /// <summary>Adds parts, each with its length before it, so that no two plans share a text.</summary>
    internal static void Add(StringBuilder text, params ReadOnlySpan<string> parts)
    {
        foreach (var part in parts)
            text.Append(part.Length).Append(':').Append(part).Append(';');
    }

    /// <summary>The digest of a text.</summary>
    internal static string Hash(StringBuilder text) =>
        Prefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
}

using System.Security.Cryptography;
using System.Text;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Actions;

/// <summary>Computes the SHA-256 digest of an action, or of a change of access, over all that it does.</summary>
public static class ActionDigest
{
    private const string Prefix = "sha256:";

    /// <summary>
    /// Returns the digest of one action of a project, by which a saved plan allows it. Reminders have none.
    /// </summary>
    /// <param name="project">The project.</param>
    /// <param name="action">The action.</param>
    public static string Of(ProjectKey project, PlannedAction action)
    {
        var text = new StringBuilder();
        Add(text, project.VendorType, project.BaseUrl, project.ProjectId);
        Add(text, action);
        return Hash(text);
    }

    /// <summary>
    /// Returns the digest of one action of a project as its plan makes it. Under another definition of the vendor the
    /// same action is another request, and has another digest.
    /// </summary>
    /// <param name="project">The project.</param>
    /// <param name="action">The action.</param>
    public static string Of(DesiredProject project, PlannedAction action)
    {
        if (project.Provider.Vendor.Description is not { } description)
            return Of(project.Key, action);
        var text = new StringBuilder();
        Add(text, description.Digest, Of(project.Key, action));
        return Hash(text);
    }

    /// <summary>Returns the digest of a change of access, independent of the person and the time.</summary>
    /// <param name="added">What is given.</param>
    /// <param name="removed">What is taken.</param>
    public static string OfChange(Access added, Access removed)
    {
        var text = new StringBuilder();
        Add(text, added);
        Add(text, removed);
        return Hash(text)[Prefix.Length..][..16];
    }

    /// <summary>Adds everything that an action does.</summary>
    internal static void Add(StringBuilder text, PlannedAction action)
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
        // Equal grants over more fields take more away, so the fields are part of the digest.
        AddAll(text, (action.Access?.Fields ?? []).Order(StringComparer.Ordinal));
        // A login that passes to another account is another person.
        if (action.AccountId is { } account)
            Add(text, "account", account);
        // Where something is inherited, a removal may be another request.
        if (action.Member is { HasInherited: true } member)
            Add(text, member.Inherited);
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

    /// <summary>Returns the digest of a text.</summary>
    internal static string Hash(StringBuilder text) =>
        Prefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
}

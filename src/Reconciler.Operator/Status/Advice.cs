using Reconciler.Operator.Resources;

namespace Reconciler.Operator.Status;

/// <summary>The commands that statuses and logs advise. Each works as it is printed, wherever it is pasted.</summary>
internal static class Advice
{
    /// <summary>The label without which a Secret is not read.</summary>
    public const string CredentialLabel = "reconciler.dev/credential";

    /// <summary>Releases a hold.</summary>
    /// <param name="membership">The membership that is held.</param>
    /// <param name="hold">The digest of the hold.</param>
    public static string Approve(ClusterResource membership, string? hold) =>
        $"kubectl annotate {Name(membership)} --overwrite {ClusterResource.Approve}={hold}";

    /// <summary>Removes the annotation that releases holds.</summary>
    /// <param name="membership">The membership.</param>
    public static string DropApproval(ClusterResource membership) =>
        $"kubectl annotate {Name(membership)} {ClusterResource.Approve}-";

    /// <summary>Lets a membership go, or its former project, and everybody keeps their access.</summary>
    /// <param name="membership">The membership.</param>
    public static string Orphan(ClusterResource membership) =>
        $"kubectl patch {Name(membership)} --type merge -p '{{\"spec\":{{\"deletionPolicy\":\"orphan\"}}}}'";

    /// <summary>Marks a Secret as one that may be read.</summary>
    /// <param name="namespace">The Secret's namespace.</param>
    /// <param name="name">Its name.</param>
    public static string Label(string @namespace, string name) =>
        $"kubectl label secret {name} -n {@namespace} --overwrite {CredentialLabel}=true";

    private static string Name(ClusterResource membership) =>
        $"projectmembership {membership.Metadata.Name} -n {membership.Namespace}";
}

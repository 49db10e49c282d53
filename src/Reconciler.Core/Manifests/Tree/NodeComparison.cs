namespace Reconciler.Core.Manifests.Tree;

/// <summary>Compares pieces of text by content, not by place.</summary>
public static class NodeComparison
{
    /// <summary>Whether two pieces have equal content, whatever the order of a mapping's keys.</summary>
    /// <param name="before">One piece; null for none.</param>
    /// <param name="after">The other; null for none.</param>
    public static bool AreSame(Node? before, Node? after) =>
        (before, after) switch
        {
            (null, null) => true,
            (ScalarNode one, ScalarNode other) => one.Text == other.Text && one.Kind == other.Kind,
            (SequenceNode one, SequenceNode other) => one.Items.Count == other.Items.Count
                && one.Items.Zip(other.Items).All(p => AreSame(p.First, p.Second)),
            (MappingNode one, MappingNode other) => one.Entries.Count == other.Entries.Count
                && one.Entries.All(e => other[e.Name] is { } value && AreSame(e.Value, value)),
            _ => false,
        };
}

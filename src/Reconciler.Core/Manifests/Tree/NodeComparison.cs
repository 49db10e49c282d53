namespace Reconciler.Core.Manifests.Tree;

/// <summary>Compares pieces of text by what they say, not by where they stand.</summary>
public static class NodeComparison
{
    /// <summary>Whether two pieces say the same; the order of a mapping's keys does not matter.</summary>
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

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Core.Membership.Describing;

/// <summary>The digest of a definition, by which a changed one is told from the same one.</summary>
internal static class DefinitionDigest
{
    /// <summary>
    /// Returns the digest of name and spec. Comments, quotes, indentation and the order of fields do not change it, and
    /// neither do labels: a definition is the same one from a file and from a cluster, which sorts fields.
    /// </summary>
    /// <param name="definition">The definition.</param>
    public static string Of(VendorDefinition definition)
    {
        var text = new StringBuilder();
        Append(text, new ScalarNode(Position.None, definition.Metadata?.Name ?? "", quoted: true));
        Append(text, definition.Spec.Origin);
        return $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))}";
    }

    // Each text stands behind its length, so that no two definitions give the same bytes.
    private static void Append(StringBuilder text, Node node)
    {
        switch (node)
        {
            case MappingNode mapping:
                text.Append(CultureInfo.InvariantCulture, $"m{mapping.Entries.Count}:");
                foreach (var entry in mapping.Entries.OrderBy(e => e.Name, StringComparer.Ordinal))
                {
                    text.Append(CultureInfo.InvariantCulture, $"{entry.Name.Length}:{entry.Name}");
                    Append(text, entry.Value);
                }

                break;
            case SequenceNode sequence:
                text.Append(CultureInfo.InvariantCulture, $"l{sequence.Items.Count}:");
                foreach (var item in sequence.Items)
                    Append(text, item);
                break;
            case ScalarNode scalar:
                text.Append(CultureInfo.InvariantCulture, $"{scalar.Kind}{scalar.Text.Length}:{scalar.Text}");
                break;
        }
    }
}

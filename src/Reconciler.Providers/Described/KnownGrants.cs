using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Reconciler.Core.Membership;
using Reconciler.Core.Membership.Describing;

namespace Reconciler.Providers.Described;

/// <summary>
/// The grants of a vendor's known words. Most of what a list holds are these few words again and again, so they are made
/// once and recognised in the bytes of an answer.
/// </summary>
/// <param name="vendor">A vendor with a description.</param>
internal sealed class KnownGrants(Vendor vendor)
{
    private readonly ImmutableDictionary<string, (byte[] Received, Grant Grant)[]> _byField =
        vendor.Description!.Fields.Values.ToImmutableDictionary(
            f => f.Name,
            f =>
                (vendor.Access.Field(f.Name)?.Known ?? [])
                    .Select(w => (Encoding.UTF8.GetBytes(ReceivedAs(f, w)), vendor.Access.Grant(f.Name, w)))
                    .ToArray(),
            StringComparer.Ordinal
        );

    /// <summary>Finds the grant of a text; null if it is no known word.</summary>
    /// <param name="field">The field of access.</param>
    /// <param name="value">The JSON value.</param>
    public Grant? Find(string field, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            return null;
        foreach (var (received, grant) in _byField[field])
        {
            if (value.ValueEquals(received))
                return grant;
        }

        return null;
    }

    // The one value that becomes the word; a word that several values become is found by its text.
    private static string ReceivedAs(DescribedField field, string word) =>
        field.Received.FirstOrDefault(r => r.Value == word).Key ?? (field.Received.ContainsKey(word) ? "\0" : word);
}

using System.Collections.Immutable;
using System.Text.Json;
using Reconciler.Core.Describing;
using Reconciler.Core.Membership;

namespace Reconciler.Providers.Described;

/// <summary>What an item says of access.</summary>
/// <param name="Access">What was given directly.</param>
/// <param name="HasInherited">Whether something comes from above.</param>
/// <param name="UnknownIds">Whether an id has no known name.</param>
internal readonly record struct AccessRead(Access Access, bool HasInherited, bool UnknownIds);

/// <summary>Turns what an item holds into words of access.</summary>
/// <param name="vendor">The vendor.</param>
/// <param name="known">The grants of its known words.</param>
/// <param name="names">The names of ids, by their lists.</param>
internal sealed class AccessWordsReader(Vendor vendor, KnownGrants known, IReadOnlyDictionary<string, NameTable> names)
{
    // One list for all items of a reading.
    private readonly List<Grant> _grants = [];

    /// <summary>
    /// Reads the access of an item. Unknown words are kept, so that nobody is shown with less access than they have.
    /// </summary>
    /// <param name="item">The item.</param>
    /// <param name="sources">Where the words are.</param>
    public AccessRead Read(JsonItem item, ImmutableArray<DescribedSource> sources)
    {
        _grants.Clear();
        var seen = default(AccessRead);
        foreach (var source in sources)
        {
            if (!source.At.TryFind(item.Json, out var found))
                continue;
            if (found.ValueKind != JsonValueKind.Array)
            {
                Add(item, found, source, ref seen);
                continue;
            }

            foreach (var part in found.EnumerateArray())
                Add(item, part, source, ref seen);
        }

        return seen with
        {
            Access = Access.Of(_grants),
        };
    }

    private void Add(JsonItem item, JsonElement part, DescribedSource source, ref AccessRead seen)
    {
        if (source.Inherited is { } above && part.ValueKind == JsonValueKind.Object && above.Holds(part))
        {
            seen = seen with { HasInherited = true };
            return;
        }

        if (source is { Word: null, Id: null } && !item.MayQuote && known.Find(source.Field, part) is { } grant)
        {
            _grants.Add(grant);
            return;
        }

        var field = vendor.Description!.Fields[source.Field];
        if (WordOf(item, part, source, field) is not { } word)
            return;
        if (word.IsUnknown)
            seen = seen with { UnknownIds = true };
        if (field.Form != AccessForm.Flag || word.Text == "true")
            _grants.Add(vendor.Access.Grant(source.Field, word.Text));
    }

    /// <summary>The pairs of ids and names that an item itself has, by the lists that they belong to.</summary>
    public static IEnumerable<(string List, string Id, string Name)> Pairs(
        JsonItem item,
        ImmutableArray<DescribedSource> sources,
        VendorDescription description
    )
    {
        foreach (var source in sources)
        {
            if (
                source is not { Id: { } id, Word: { } word }
                || description.Fields[source.Field].Names is not { } list
                || !source.At.TryFind(item.Json, out var found)
            )
                continue;
            foreach (var part in Parts(found))
            {
                var inPart = item.Part(part);
                if (inPart.TextOrNone(id) is { } hasId && inPart.TextOrNone(word) is { } hasName)
                    yield return (list, hasId, hasName);
            }
        }
    }

    private (string Text, bool IsUnknown)? WordOf(
        JsonItem item,
        JsonElement part,
        DescribedSource source,
        DescribedField field
    )
    {
        var inPart = item.Part(part);
        if (source.Word is null && source.Id is { } at)
        {
            if (inPart.TextOrNone(at) is not { Length: > 0 } id)
                return null;
            var name = field.Names is { } list ? names.GetValueOrDefault(list)?.NameOf(id) : null;
            return (name ?? id, name is null);
        }

        var text = inPart.TextOrNone(source.Word ?? JsonPointer.Whole);
        if (text is null && part.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
            throw item.Unreadable($"no word of {source.Field} at {source.At.Text}");
        if (string.IsNullOrEmpty(text))
            return null;
        return (field.Received.GetValueOrDefault(text, text), false);
    }

    private static IEnumerable<JsonElement> Parts(JsonElement found) =>
        found.ValueKind == JsonValueKind.Array ? found.EnumerateArray() : [found];
}

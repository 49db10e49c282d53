using System.Collections.Immutable;
using System.Text.Json;
using Reconciler.Core.Membership;
using Reconciler.Core.Membership.Describing;

namespace Reconciler.Providers.Described;

/// <summary>What an item says of access.</summary>
/// <param name="Access">What was given directly.</param>
/// <param name="Inherited">What comes from above.</param>
/// <param name="UnknownIds">Whether an id has no known name.</param>
internal readonly record struct AccessRead(Access Access, Access Inherited, bool UnknownIds)
{
    /// <summary>The place of a required field that the item does not have; null if it has all of them.</summary>
    public JsonPointer? Missing { get; init; }

    /// <summary>The same access, all of it from above, without its end: a project cannot change that.</summary>
    /// <param name="words">The vendor's language of access.</param>
    public AccessRead FromAbove(AccessVocabulary words) =>
        this with
        {
            Access = Access.None,
            Inherited = words.WithoutEnd(Inherited.With(Access)),
        };
}

/// <summary>Turns what an item holds into words of access.</summary>
/// <param name="vendor">The vendor.</param>
/// <param name="known">The grants of its known words.</param>
/// <param name="names">The names of ids, by their lists.</param>
internal sealed class AccessWordsReader(Vendor vendor, KnownGrants known, IReadOnlyDictionary<string, NameTable> names)
{
    // One list for all items of a reading.
    private readonly List<Grant> _grants = [];
    private readonly List<Grant> _inherited = [];

    /// <summary>
    /// Reads the access of an item. Unknown words are kept: nobody may be shown with less access than they have.
    /// </summary>
    /// <param name="item">The item.</param>
    /// <param name="sources">Where the words are.</param>
    public AccessRead Read(JsonItem item, ImmutableArray<DescribedSource> sources)
    {
        _grants.Clear();
        _inherited.Clear();
        var hasUnknownIds = false;
        JsonPointer? missing = null;
        foreach (var source in sources)
        {
            if (!source.At.TryFind(item.Json, out var found))
            {
                if (IsMissing(source, found))
                    missing ??= source.At;
                continue;
            }

            if (found.ValueKind != JsonValueKind.Array)
            {
                hasUnknownIds |= Add(item, found, source);
                continue;
            }

            foreach (var part in found.EnumerateArray())
                hasUnknownIds |= Add(item, part, source);
        }

        // An end by itself gives nothing, as where somebody has all access from above.
        var direct = Access.Of(_grants);
        return new(vendor.Access.WithoutEnd(direct).IsNone ? Access.None : direct, Access.Of(_inherited), hasUnknownIds)
        {
            Missing = missing,
        };
    }

    // A null stands for no role where somebody has one at most. In the place of a list it is no answer.
    private bool IsMissing(DescribedSource source, JsonElement found) =>
        vendor.Access.Field(source.Field) is { Required: true } field
        && (found.ValueKind != JsonValueKind.Null || field.Form == AccessForm.Words);

    // Returns whether a word is an id without a known name.
    private bool Add(JsonItem item, JsonElement part, DescribedSource source)
    {
        var isObject = part.ValueKind == JsonValueKind.Object;
        var into =
            source.Inherited is { } above && (isObject ? item.Part(part) : item).Holds(above) ? _inherited : _grants;
        if (!item.MayQuote && IsWord(part, source, out var text) && known.Find(source.Field, text) is { } grant)
        {
            into.Add(grant);
            return false;
        }

        var field = vendor.Description!.Fields[source.Field];
        if (WordOf(item, part, source, field) is not { } word)
            return false;
        if (field.Form != AccessForm.Flag || word.Text == "true")
            into.Add(vendor.Access.Grant(source.Field, word.Text));
        return word.IsUnknown;
    }

    // Whether a word is there itself, and not by its id alone.
    private static bool IsWord(JsonElement part, DescribedSource source, out JsonElement word)
    {
        word = part;
        return source.Word is { } at ? at.TryFind(part, out word) : source.Id is null;
    }

    /// <summary>The pairs of ids and names that an item itself has, by the lists that they belong to.</summary>
    public static IEnumerable<(string List, string Id, bool IsNumber, string Name)> Pairs(
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
            foreach (var part in found.ValueKind == JsonValueKind.Array ? [.. found.EnumerateArray()] : new[] { found })
            {
                var inPart = item.Part(part);
                if (inPart.TextOrNone(id) is { } hasId && inPart.TextOrNone(word) is { } hasName)
                    yield return (list, hasId, inPart.IsNumber(id), hasName);
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
        // A null stands for none, as where somebody has no role.
        if (part.ValueKind == JsonValueKind.Null)
            return null;
        var inPart = item.Part(part);
        if (source.Word is null && source.Id is { } at)
        {
            var id = inPart.Text(at);
            var name = field.Names is { } list ? names.GetValueOrDefault(list)?.NameOf(id) : null;
            return (name ?? id, name is null);
        }

        if (source.Word is null && part.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
            throw item.Unreadable($"no word of {source.Field} at {JsonItem.Shown(source.At)}");
        var text = inPart.Text(source.Word ?? JsonPointer.Whole);
        if (text.Length == 0)
            return null;
        if (field.Form == AccessForm.Flag && part.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            throw item.Unreadable($"neither true nor false at {source.At.Text}");
        if (field.Form == AccessForm.End && !AccessEnd.IsDay(text))
            throw item.Unreadable($"no day such as 2026-12-31 at {source.At.Text}");
        return (field.Received.GetValueOrDefault(text, text), false);
    }
}

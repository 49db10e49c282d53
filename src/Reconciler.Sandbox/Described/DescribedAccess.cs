using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Reconciler.Core.Membership;
using Reconciler.Core.Membership.Describing;

namespace Reconciler.Sandbox.Described;

/// <summary>Writes access into answers, and reads it from the bodies of calls, as the definition says.</summary>
internal sealed class DescribedAccess(Vendor vendor, DescribedNameIds names)
{
    private const string Placeholder = "access.";

    /// <summary>Writes access.</summary>
    /// <param name="draft">The answer, or the item of a list.</param>
    /// <param name="sources">Where each field's words are.</param>
    /// <param name="direct">What was given directly.</param>
    /// <param name="inherited">What comes from above.</param>
    public void Write(
        JsonDraft draft,
        ImmutableArray<DescribedSource> sources,
        SandboxAccess direct,
        SandboxAccess inherited
    )
    {
        foreach (var source in sources)
        {
            var (words, above) = (direct[source.Field], inherited[source.Field]);
            var form = Field(source.Field).Form;
            if (form == AccessForm.Flag)
                draft.Set(source.At.Text, JsonValue.Create(words is ["true"] || above is ["true"]));
            else if (form == AccessForm.Words)
                draft.Set(source.At.Text, Parts(source, words, above));
            else
                WriteOne(draft, source, words, above);
            MarkWhole(draft, source, words, above);
        }
    }

    /// <summary>Reads the access that a call gives.</summary>
    /// <param name="values">The values of the call's placeholders.</param>
    /// <param name="before">The access before it; a field that the call leaves out stays.</param>
    /// <exception cref="DescribedRefusal">A value is none that the vendor knows.</exception>
    public SandboxAccess Taken(IReadOnlyDictionary<string, JsonNode?> values, SandboxAccess before)
    {
        foreach (var field in vendor.Access.Fields)
        {
            if (
                !values.TryGetValue(Placeholder + field.Name, out var value)
                && !values.TryGetValue(Placeholder + field.Name + DescribedWordCalls.Each, out value)
            )
                continue;
            IEnumerable<JsonNode?> items = value is JsonArray list ? list : new[] { value };
            string[] words = [.. items.OfType<JsonValue>().Select(v => WordOf(field, JsonDraft.TextOf(v)!))];
            if (value is JsonObject || (field.Form != AccessForm.Words && (value is JsonArray || words.Length > 1)))
                throw new DescribedRefusal(422, $"{field.Name} must be one value");
            if (field.Required && words.Length == 0)
                throw new DescribedRefusal(422, $"{field.Name} is required");
            before = before.With(field.Name, words);
        }

        return vendor.Access.End is { } end && values.TryGetValue(Placeholder + end.Name, out var day)
            ? Ended(before, end.Name, JsonDraft.TextOf(day) ?? "")
            : before;
    }

    private static SandboxAccess Ended(SandboxAccess access, string name, string day) =>
        day.Length == 0 ? access.Without(name)
        : AccessEnd.IsDay(day) ? access.With(name, day)
        : throw new DescribedRefusal(422, $"{name}: '{day}' is no day");

    /// <summary>Reads the one word of a call, with its field.</summary>
    /// <param name="values">The values of the call's placeholders.</param>
    /// <exception cref="DescribedRefusal">It is none that the vendor knows.</exception>
    public (string Field, string Word) Word(IReadOnlyDictionary<string, JsonNode?> values)
    {
        var name = vendor.Description!.Words!.Field;
        var value = values.GetValueOrDefault(Placeholder + name + DescribedWordCalls.Each);
        // An item of a list may have the word.
        var text =
            JsonDraft.TextOf(value is JsonArray { Count: 1 } list ? list[0] : value)
            ?? throw new DescribedRefusal(422, $"{name} must be one word");
        return (name, WordOf(vendor.Access.Field(name)!, text));
    }

    private string WordOf(AccessField field, string text)
    {
        var described = vendor.Description!.Fields[field.Name];
        if (field.Form == AccessForm.Flag)
            return text is "true" or "false" ? text : throw Unknown(field, text);
        if (described.Names is { } list)
            return names.NameOf(list, text) ?? throw Unknown(field, text);
        var sentAs = described.Sent.Where(s => s.Value == text).Select(s => s.Key).Order(StringComparer.Ordinal);
        string[] words = [.. sentAs];
        var word =
            words.Length == 1 ? words[0]
            : words.Length > 1 ? described.Received.GetValueOrDefault(text, words[0])
            : text;
        return field.Open || field.Known.Contains(word) ? word : throw Unknown(field, text);
    }

    private static DescribedRefusal Unknown(AccessField field, string text) =>
        new(422, $"{field.Name}: unknown '{text}'");

    private JsonArray Parts(DescribedSource source, ImmutableArray<string> words, ImmutableArray<string> above)
    {
        var parts = new JsonArray();
        foreach (var (word, isAbove) in words.Select(w => (w, false)).Concat(above.Select(w => (w, true))))
        {
            var part = Part(source, word);
            if (source.Inherited is { } condition && part.Root is JsonObject)
                Mark(part, condition, isAbove);
            parts.Add(part.Root);
        }

        return parts;
    }

    private void WriteOne(
        JsonDraft draft,
        DescribedSource source,
        ImmutableArray<string> words,
        ImmutableArray<string> above
    )
    {
        var word = words.Concat(above).FirstOrDefault();
        var part = word is null ? null : Part(source, word);
        if (part?.Root is JsonObject && source.Inherited is { } condition)
            Mark(part, condition, words.IsEmpty);
        if (part is not null || source.At.Text.Length > 0)
            draft.Set(source.At.Text, part?.Root);
    }

    // Plain words have no place of their own for what says that they come from above.
    private static void MarkWhole(
        JsonDraft draft,
        DescribedSource source,
        ImmutableArray<string> words,
        ImmutableArray<string> above
    )
    {
        if (source is { Inherited: { } condition, Word: null } && source.Id is null or { Text: "" })
            Mark(draft, condition, words.IsEmpty && !above.IsEmpty);
    }

    private static void Mark(JsonDraft draft, JsonCondition condition, bool isAbove)
    {
        if (isAbove)
            draft.Fulfil(condition);
        else
            draft.Break(condition);
    }

    private JsonDraft Part(DescribedSource source, string word)
    {
        var part = new JsonDraft();
        var field = Field(source.Field);
        if (source.Word is { } at)
            part.Set(at.Text, Received(field, word));
        if (source.Id is { } id && field.Names is { } list)
            part.Set(id.Text, JsonDraft.Scalar(names.IdOf(list, word)!));
        if (part.Root is null)
            part.Set("", Received(field, word));
        return part;
    }

    private static JsonNode Received(DescribedField field, string word)
    {
        var received = field.Received.Where(r => r.Value == word).Select(r => r.Key).Order(StringComparer.Ordinal);
        var text = received.FirstOrDefault(word);
        return field.Numbers ? JsonDraft.Scalar(text) : JsonValue.Create(text);
    }

    private DescribedField Field(string name) => vendor.Description!.Fields[name];
}

/// <summary>A request that a described vendor refuses.</summary>
/// <param name="status">The status.</param>
/// <param name="message">The reason.</param>
internal sealed class DescribedRefusal(int status, string message) : Exception(message)
{
    /// <summary>The status.</summary>
    public int Status => status;
}

using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Reconciler.Core.Membership;
using Reconciler.Core.Membership.Describing;

namespace Reconciler.Sandbox.Described;

/// <summary>Reads the values of placeholders from paths and bodies.</summary>
/// <param name="ids">The form of projects' ids.</param>
internal sealed class RequestMatch(ProjectIdForm ids)
{
    private readonly Dictionary<string, JsonNode?> values = new(StringComparer.Ordinal);

    /// <summary>The values, by the placeholders' names.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Values => values;

    /// <summary>How many parts are fixed: of two templates that fit, the more exact one is meant.</summary>
    public int Exactness { get; private set; }

    /// <summary>The text of a value; null if there is none.</summary>
    public string? Text(string name) => JsonDraft.TextOf(values.GetValueOrDefault(name));

    /// <summary>Compares a path.</summary>
    /// <param name="path">The templates of its segments.</param>
    /// <param name="segments">The segments of the request.</param>
    public bool Path(ImmutableArray<TextTemplate> path, IReadOnlyList<string> segments)
    {
        // A project's id may be several segments, which then are the one value.
        var more = segments.Count - path.Length;
        var at = path.IndexOf(path.FirstOrDefault(s => s.Only?.Text == "project")!);
        if (more > 0 && at >= 0 && !ids.IsOneSegment && more >= ids.MinParts - 1 && more < ids.MaxParts)
            segments =
            [
                .. segments.Take(at),
                string.Join('/', segments.Skip(at).Take(more + 1)),
                .. segments.Skip(at + more + 1),
            ];
        return path.Length == segments.Count && path.Zip(segments).All(p => Text(p.First.Parts, 0, p.Second));
    }

    /// <summary>Compares a body.</summary>
    /// <param name="template">The template; null for no body.</param>
    /// <param name="body">The body; null for none, and for JSON's null.</param>
    public bool Body(BodyTemplate? template, JsonNode? body) =>
        template switch
        {
            null => body is null,
            BodyTemplate.Mapping mapping => body is JsonObject members && Mapping(mapping, members),
            BodyTemplate.List list => body is JsonArray items && List(list, items),
            BodyTemplate.Fixed literal => JsonNode.DeepEquals(JsonNode.Parse(literal.Json), body) && Exact(),
            BodyTemplate.Value value => Take(value.Part.Text, body),
            BodyTemplate.Text text => body is JsonValue
                && JsonDraft.TextOf(body) is { } written
                && Text(text.Template.Parts, 0, written),
            _ => false,
        };

    private bool Mapping(BodyTemplate.Mapping mapping, JsonObject members)
    {
        if (members.Any(m => mapping.Fields.All(f => f.Key != m.Key)))
            return false;
        foreach (var (name, template) in mapping.Fields)
        {
            if (members.TryGetPropertyValue(name, out var inner) ? !Body(template, inner) : !IsOptional(template))
                return false;
        }

        return !mapping.Fields.IsEmpty || Exact();
    }

    private bool List(BodyTemplate.List list, JsonArray items)
    {
        var at = 0;
        foreach (var template in list.Items)
        {
            if (template is BodyTemplate.Each each)
                at = Each(each, items, at);
            else if (at < items.Count && Body(template, items[at]))
                at++;
            else if (!IsOptional(template))
                return false;
        }

        return at == items.Count && (!list.Items.IsEmpty || Exact());
    }

    // Takes the words of all items that fit, and returns where they end.
    private int Each(BodyTemplate.Each each, JsonArray items, int at)
    {
        var words = new JsonArray();
        for (; at < items.Count; at++)
        {
            var match = new RequestMatch(ids);
            if (!match.Body(each.Item, items[at]) || !TakeOthers(match, each.Word))
                break;
            words.Add(match.values.GetValueOrDefault(each.Word)?.DeepClone());
        }

        values[each.Word] = words;
        return at;
    }

    // All items have the same values besides the word, such as the id of the person.
    private bool TakeOthers(RequestMatch match, string word) =>
        match.values.Where(v => v.Key != word).All(v => Take(v.Key, v.Value));

    private static bool IsOptional(BodyTemplate template) => template is BodyTemplate.Value { Part.IsOptional: true };

    // A placeholder takes what stands before the next fixed part.
    private bool Text(ImmutableArray<TemplatePart> parts, int at, string text)
    {
        if (at == parts.Length)
            return text.Length == 0;
        var part = parts[at];
        if (!part.IsPlaceholder)
            return text.StartsWith(part.Text, StringComparison.Ordinal)
                && Text(parts, at + 1, text[part.Text.Length..])
                && Exact();
        var next = at + 1 < parts.Length ? parts[at + 1].Text : "";
        var end =
            at + 1 == parts.Length ? text.Length
            : at + 2 == parts.Length ? text.LastIndexOf(next, StringComparison.Ordinal)
            : text.IndexOf(next, StringComparison.Ordinal);
        return end > 0 && Take(part.Text, JsonValue.Create(text[..end])) && Text(parts, at + 1, text[end..]);
    }

    private bool Take(string name, JsonNode? value)
    {
        if (values.TryGetValue(name, out var known))
            return JsonDraft.TextOf(known) == JsonDraft.TextOf(value);
        values[name] = value;
        return true;
    }

    private bool Exact()
    {
        Exactness++;
        return true;
    }
}

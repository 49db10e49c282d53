using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Reconciler.Sandbox.Described;

/// <summary>
/// A JSON value that is put together from the places of its parts: what lies between is made as objects, or as lists
/// where a place has a number.
/// </summary>
internal sealed class JsonDraft
{
    private const int LongestList = 100;

    /// <summary>The value so far; null if nothing was set.</summary>
    public JsonNode? Root { get; private set; }

    /// <summary>Finds what is at a place; null if nothing or JSON's null is there.</summary>
    /// <param name="pointer">The place, as a JSON pointer (RFC 6901).</param>
    public JsonNode? Find(string pointer) =>
        Names(pointer).Aggregate(Root, (at, name) => at is null ? null : Child(at, name));

    /// <summary>Returns the text of a scalar at a place, as conditions compare it; null if none is there.</summary>
    /// <param name="pointer">The place.</param>
    public string? Text(string pointer) => TextOf(Find(pointer));

    /// <summary>Sets the value at a place; an object is merged with one that is there.</summary>
    /// <param name="pointer">The place.</param>
    /// <param name="value">The value; null for JSON's null.</param>
    /// <exception cref="SandboxException">The place is inside of a text or number, or has something inside.</exception>
    public void Set(string pointer, JsonNode? value)
    {
        var names = Names(pointer);
        if (names.Length == 0)
        {
            Root = Merged(Root, value, pointer);
            return;
        }

        var at = Root ??= Container(names[0]);
        for (var i = 0; i < names.Length - 1; i++)
        {
            var inner = Child(at, names[i]);
            if (inner is JsonValue)
                throw Collision(pointer);
            if (inner is null)
                Put(at, names[i], inner = Container(names[i + 1]), pointer);
            at = inner;
        }

        Put(at, names[^1], Merged(Child(at, names[^1]), value, pointer), pointer);
    }

    /// <summary>Takes away what is at a place.</summary>
    /// <param name="pointer">The place.</param>
    public void Remove(string pointer)
    {
        var names = Names(pointer);
        var holder = names.SkipLast(1).Aggregate(Root, (at, name) => at is null ? null : Child(at, name));
        if (names.Length > 0 && holder is JsonObject members)
            members.Remove(names[^1]);
    }

    /// <summary>The JSON of a text: a number where the text is one, as ids of most vendors are.</summary>
    /// <param name="text">The text.</param>
    public static JsonNode Scalar(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        && number.ToString(CultureInfo.InvariantCulture) == text
            ? JsonValue.Create(number)
            : JsonValue.Create(text);

    /// <summary>The JSON of a text as a condition writes it: a flag, a number or a text.</summary>
    /// <param name="text">The text.</param>
    public static JsonNode Compared(string text) =>
        text is "true" or "false" ? JsonValue.Create(text == "true") : Scalar(text);

    /// <summary>The text of a value; null if it is none, a list or an object.</summary>
    /// <param name="value">The value.</param>
    public static string? TextOf(JsonNode? value) =>
        value is not JsonValue scalar ? null
        : scalar.GetValueKind() == JsonValueKind.String ? scalar.GetValue<string>()
        : scalar.ToJsonString();

    private static JsonNode? Merged(JsonNode? old, JsonNode? value, string pointer)
    {
        if (old is null or JsonValue)
            return value;
        if (old is not JsonObject into || value is not JsonObject from)
            return Size(old) == 0 ? value : throw Collision(pointer);
        foreach (var (name, inner) in from.ToList())
        {
            from.Remove(name);
            Put(into, name, Merged(into[name], inner, $"{pointer}/{name}"), pointer);
        }

        return into;
    }

    private static int Size(JsonNode node) => node is JsonArray list ? list.Count : ((JsonObject)node).Count;

    private static SandboxException Collision(string pointer) =>
        new($"no answer has a place for '{pointer}', since another value is there, around it or inside of it");

    private static JsonNode? Child(JsonNode at, string name) =>
        at switch
        {
            JsonObject members => members[name],
            JsonArray list when IndexOf(name) is { } index && index < list.Count => list[index],
            _ => null,
        };

    private static void Put(JsonNode at, string name, JsonNode? value, string pointer)
    {
        if (at is JsonObject members)
        {
            // A value that is there already is the same node, which has its place.
            if (!ReferenceEquals(members[name], value) || value is null)
                members[name] = value;
            return;
        }

        if (at is not JsonArray list || IndexOf(name) is not { } index)
            throw Collision(pointer);
        while (list.Count <= index)
            list.Add((JsonNode?)null);
        if (!ReferenceEquals(list[index], value))
            list[index] = value;
    }

    private static JsonNode Container(string name) => IndexOf(name) is null ? new JsonObject() : new JsonArray();

    private static int? IndexOf(string name) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < LongestList
            ? index
            : null;

    private static string[] Names(string pointer) =>
        pointer.Length == 0
            ? []
            :
            [
                .. pointer[1..]
                    .Split('/')
                    .Select(n =>
                        n.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)
                    ),
            ];
}

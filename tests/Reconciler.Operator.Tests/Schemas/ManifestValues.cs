using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Shapes;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;
using Reconciler.Manifests.Schemas;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Model;

namespace Reconciler.Operator.Tests.Schemas;

/// <summary>
/// Makes manifests that the reader takes, by the shapes that it reads by; with values at the bounds and odd ones
/// wherever the reader allows them.
/// </summary>
internal sealed class ManifestValues(Chance chance)
{
    // No text is empty: the oldest servers, built by a newer compiler, take an empty text for null.
    private static readonly ImmutableArray<string> Odd =
    [
        " ",
        "a",
        "A",
        "0",
        "true",
        "a-b",
        "-a",
        "a_b",
        "a.b",
        "x/y",
        "é",
        "😀",
        "ﬁ",
        "\u00a0",
        "\u2028",
        "\u0085",
        "\u000b",
        "a\nb",
        "a\tb",
        " a ",
        "\u0000",
        "{}",
        "*",
        "ana@example.com",
        " ana@example.com\t",
        "\u00a0ana@example.com\u2003",
        "\u000bana@example.com",
        "Zoë+tag@bücher.example",
        "a@b",
        "a@b@c",
        "😀@example.com",
        "a b@example.com",
        "*@vendor.example",
        "*@*",
        "0s",
        "60m",
        "3600s",
        "1h",
        "1h30m",
        "30s30s",
        "0001d",
        "3650d",
        "9999999999s",
        "14d ",
        "١h",
        "2026-12-31",
        "2026-02-30",
        "2026-12-31T18:00Z",
        "2026-12-31T18:00:00.1234567+14:00",
        "2026-12-31T24:00:00Z",
        "9999-12-30",
        "２026-12-31",
        "https://eu.app.clarifeye.ai/api/v1",
        "http://127.0.0.1:8080",
        "https://exa\u00a0mple",
        "https:// x",
        "RECONCILER_TOKEN",
        "clarifeye",
        "tls.crt",
        "example.com",
        "In",
        "Exists",
        "hold:sha256:0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f",
        "hold:sha256:0c1d",
    ];

    private static readonly ImmutableArray<JsonNode?> Junk =
    [
        " ",
        "junk",
        " x@y ",
        0,
        -1,
        1_000_000,
        true,
        null,
        new JsonObject(),
        new JsonArray(),
        new JsonArray("a"),
        new JsonObject { ["a"] = 1 },
    ];

    /// <summary>A document of a kind.</summary>
    public JsonObject Document(ManifestKind kind)
    {
        var spec = kind.Shape.Fields.Single(f => f.Name == "spec");
        return new()
        {
            ["apiVersion"] = "reconciler.dev/v1alpha1",
            ["kind"] = kind.Name,
            ["metadata"] = new JsonObject { ["name"] = "generated" },
            ["spec"] = Value(spec.Shape, spec),
        };
    }

    /// <summary>
    /// Puts something else where a value of the spec stands; access words stay, since who reads them knows the vendor.
    /// </summary>
    public void Disturb(JsonObject document)
    {
        var nodes = Nodes(document["spec"]!)
            .Where(n => n.Parent is not null && n != document["spec"] && !IsWords(n))
            .ToList();
        if (nodes.Count == 0)
            return;
        var node = chance.Of(nodes);
        var other = chance.Once(50) ? Junk[chance.Below(Junk.Length)]?.DeepClone() : Text();
        if (node.Parent is JsonArray list)
            list[list.IndexOf(node)] = other;
        else if (chance.Once(20))
            node.Parent!.AsObject().Remove(node.GetPropertyName());
        else
            node.Parent!.AsObject()[node.GetPropertyName()] = other;
    }

    private static bool IsWords(JsonNode node) =>
        node.GetPath() is var path
        && (path.Contains("ccess", StringComparison.Ordinal) || path.EndsWith(".type", StringComparison.Ordinal));

    private static IEnumerable<JsonNode> Nodes(JsonNode node) =>
        (
            node switch
            {
                JsonObject mapping => mapping.Select(p => p.Value),
                JsonArray list => list,
                _ => [],
            }
        )
            .OfType<JsonNode>()
            .SelectMany(Nodes)
            .Prepend(node);

    private JsonNode Value(ValueShape shape, FieldShape owner) =>
        shape switch
        {
            FlagShape => chance.Once(50),
            NumberShape number => chance.Of([
                number.Bounds.Min,
                number.Bounds.Max,
                chance.Between(number.Bounds.Min, number.Bounds.Max),
            ]),
            WordShape word => chance.Of([.. word.Words]),
            RecordShape record => Record(record),
            ListShape list => new JsonArray([
                .. Enumerable.Range(0, Size(list.Most)).Select(_ => Value(list.Item, owner)),
            ]),
            MapShape { Value: AccessShape } => ByVendor(ShapeSchemas.IsRule(owner)),
            MapShape map => Map(map, owner),
            AccessShape => Words(chance.Of([.. ProgramVendors.All]).Access, rule: false),
            _ when owner.Name == "type" => chance.Of([.. ProgramVendors.All]).Type,
            // The reader takes any text here, and it is judged when everything is resolved.
            TextShape { Bounds: { IsCheckedLater: true, Pattern: { } pattern } } => Accepted(shape, pattern),
            _ => Accepted(shape, ""),
        };

    private JsonObject Record(RecordShape record)
    {
        var alone = record.ExactlyOne.Select(g => chance.Of(g)).ToHashSet(StringComparer.Ordinal);
        var choices = record.ExactlyOne.Concat(record.AtMostOne).SelectMany(g => g).ToHashSet(StringComparer.Ordinal);
        var fields = record
            .Fields.Where(f => f.IsRequired || alone.Contains(f.Name) || (!choices.Contains(f.Name) && chance.Once(40)))
            .ToList();
        if (fields.Count == 0 && record.NotEmpty)
            fields.Add(chance.Of(record.Fields));
        return new(fields.Select(f => KeyValuePair.Create(f.Name, (JsonNode?)Value(f.Shape, f))));
    }

    private JsonObject Map(MapShape map, FieldShape owner) =>
        new(
            Enumerable
                .Range(0, Size(map.Most))
                .Select(i => chance.Once(50) ? $"k{i}" : chance.Of(Odd))
                .Distinct()
                .Select(k => KeyValuePair.Create(k, (JsonNode?)Value(map.Value, owner)))
        );

    private JsonObject ByVendor(bool rule) =>
        new(
            ProgramVendors
                .All.Where(_ => chance.Once(50))
                .Select(v => KeyValuePair.Create(v.Type, (JsonNode?)Words(v.Access, rule)))
        );

    // Tries random words until the vendor's own reader of words takes them.
    private JsonObject Words(AccessVocabulary access, bool rule)
    {
        while (true)
        {
            var words = new JsonObject(
                access
                    .Fields.Where(_ => chance.Once(70))
                    .Select(f =>
                        KeyValuePair.Create(
                            f.Name,
                            (JsonNode?)(
                                f.Form switch
                                {
                                    AccessForm.Flag => chance.Once(50),
                                    AccessForm.Word => Word(f),
                                    _ => new JsonArray([
                                        .. Enumerable.Range(0, Size(AccessVocabulary.MostWords)).Select(_ => Word(f)),
                                    ]),
                                }
                            )
                        )
                    )
            );
            var (problems, read) = (
                new Problems(),
                new AccessWords(
                    new MappingNode(
                        Position.None,
                        [.. words.Select(w => new MappingEntry(new(Position.None, w.Key, false), Node(w.Value!)))]
                    )
                )
            );
            if (rule)
                access.ReadRule(read, problems);
            else
                access.Read(read, problems);
            if (!problems.HasErrors)
                return words;
        }
    }

    private static Node Node(JsonNode value) =>
        value switch
        {
            JsonArray list => new SequenceNode(Position.None, [.. list.Select(i => Node(i!))]),
            JsonValue flag when flag.TryGetValue<bool>(out var yes) => new ScalarNode(
                Position.None,
                yes ? "true" : "false",
                false
            ),
            _ => new ScalarNode(Position.None, (string)value!, true),
        };

    private JsonValue Word(AccessField field) =>
        JsonValue.Create(
            field.Open && chance.Once(50) ? Text() : chance.Of<string>(field.Known.IsEmpty ? ["Editors"] : field.Known)
        );

    private JsonValue Accepted(ValueShape shape, string pattern)
    {
        while (true)
        {
            var text = Text();
            if (
                Regex.IsMatch(text, pattern, RegexOptions.NonBacktracking)
                && shape.Read(new ScalarNode(Position.None, text, true), new()) is not null
            )
                return JsonValue.Create(text);
        }
    }

    private string Text() =>
        chance.Below(4) switch
        {
            0 => string.Concat(
                Enumerable.Repeat(chance.Of(["a", "😀", "1s"]), chance.Of([31, 32, 63, 64, 128, 250, 500, 512, 1000]))
            ),
            1 => new string(' ', chance.Below(1025 - 15)) + "ana@example.com",
            _ => chance.Of(Odd),
        };

    private int Size(int most) => chance.Once(3) && most <= 1000 ? most : chance.Below(4);
}

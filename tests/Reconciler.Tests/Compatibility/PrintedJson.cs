using System.Text.Json;
using System.Text.Json.Nodes;
using Reconciler.Help;
using Reconciler.Testing.Hosts;

namespace Reconciler.Tests.Compatibility;

/// <summary>JSON documents in the text of a golden case.</summary>
internal static class PrintedJson
{
    /// <summary>The documents, each with the words of the command that printed it, such as <c>state show</c>.</summary>
    public static IEnumerable<(string Command, JsonNode Document)> Of(string text) =>
        text.Split("\n$ ").SelectMany(Documents);

    /// <summary>The fields of a document, each with its type: <c>plan projects[].name: String</c>.</summary>
    public static IEnumerable<string> Fields(JsonNode? node, string path) =>
        node switch
        {
            JsonObject fields => fields.SelectMany(f =>
                Fields(f.Value, $"{path}{(path.Contains(' ', StringComparison.Ordinal) ? "." : " ")}{f.Key}")
            ),
            JsonArray items => items.SelectMany(i => Fields(i, $"{path}[]")),
            // Null says that nothing is there; what there may be, another document says.
            null => [],
            _ => [$"{path}: {KindOf(node)}"],
        };

    private static string KindOf(JsonNode value) =>
        value.GetValueKind() is var kind && kind is JsonValueKind.True or JsonValueKind.False ? "Boolean" : $"{kind}";

    private static IEnumerable<(string Command, JsonNode Document)> Documents(string run)
    {
        var lines = run.TrimStart('$', ' ').Split('\n');
        var words = CommandLines.WordsOf(lines[0]);
        var format = Array.IndexOf(words, "--format");
        if (format < 0 || words[format + 1] != "json")
            return [];
        var first = Array.FindIndex(lines, l => l.StartsWith('{'));
        var last = Array.FindLastIndex(lines, l => l.StartsWith('}'));
        if (first < 0 || last < first)
            return [];
        return [(VerbOf(words), JsonNode.Parse(string.Join('\n', lines[first..(last + 1)]))!)];
    }

    // The words that name a command: state-show, and not the paths and addresses behind it.
    private static string VerbOf(string[] words) =>
        CommandParts
            .PathOf(CommandLines.Root().Parse(words, UsageCheck.Parser).CommandResult.Command)
            .Replace(' ', '-');
}

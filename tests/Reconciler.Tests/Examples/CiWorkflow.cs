using Reconciler.Testing;
using YamlDotNet.RepresentationModel;

namespace Reconciler.Tests.Examples;

/// <summary>A workflow of <c>examples/ci</c>, as its YAML says.</summary>
internal sealed class CiWorkflow
{
    private CiWorkflow(string path)
    {
        Path = path;
        Text = File.ReadAllText(path);
        var stream = new YamlStream();
        using var reader = new StringReader(Text);
        stream.Load(reader);
        Documents = [.. stream.Documents.Select(d => (YamlMappingNode)d.RootNode)];
    }

    public string Path { get; }

    public string Text { get; }

    /// <summary>Its documents; a component of GitLab has one for its inputs before that of its jobs.</summary>
    public IReadOnlyList<YamlMappingNode> Documents { get; }

    public YamlMappingNode Root => Documents[^1];

    /// <summary>A file of the repository.</summary>
    public static CiWorkflow At(string path) => new(Repository.At(path));

    /// <summary>The jobs of a workflow of GitHub.</summary>
    public IReadOnlyDictionary<string, YamlMappingNode> Jobs =>
        Map(Root["jobs"]).ToDictionary(j => j.Key, j => (YamlMappingNode)j.Value, StringComparer.Ordinal);

    /// <summary>Every line of every script, in GitHub's and in GitLab's form.</summary>
    public IEnumerable<string> ScriptLines => Scripts(Root).SelectMany(s => s.Split('\n')).Select(l => l.Trim());

    public static IEnumerable<KeyValuePair<string, YamlNode>> Map(YamlNode node) =>
        ((YamlMappingNode)node).Children.Select(c => KeyValuePair.Create(((YamlScalarNode)c.Key).Value!, c.Value));

    public static IEnumerable<YamlMappingNode> Steps(YamlMappingNode job) =>
        ((YamlSequenceNode)job["steps"]).Children.Cast<YamlMappingNode>();

    public static string? Scalar(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var value) ? (value as YamlScalarNode)?.Value : null;

    /// <summary>A node with everything in it, as text.</summary>
    public static string TextOf(YamlNode node) =>
        node switch
        {
            YamlScalarNode scalar => scalar.Value ?? "",
            YamlSequenceNode list => string.Join('\n', list.Children.Select(TextOf)),
            _ => string.Join('\n', Map(node).Select(c => $"{c.Key}: {TextOf(c.Value)}")),
        };

    private static IEnumerable<string> Scripts(YamlNode node) =>
        node switch
        {
            YamlMappingNode map => Map(map)
                .SelectMany(c => c.Key is "run" or "script" or "before_script" ? [TextOf(c.Value)] : Scripts(c.Value)),
            YamlSequenceNode list => list.Children.SelectMany(Scripts),
            _ => [],
        };
}

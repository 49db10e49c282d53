using k8s.Models;
using Reconciler.Testing;
using YamlDotNet.RepresentationModel;

namespace Reconciler.Operator.Tests.Charts;

/// <summary>The chart of the repository, rendered by helm.</summary>
internal static class Chart
{
    /// <summary>Each folder holds the values of one way to install it, and what comes of them.</summary>
    public static string Cases { get; } = Repository.At("tests/Reconciler.Operator.Tests/Charts/Golden");

    /// <summary>The names of those folders.</summary>
    public static IEnumerable<string> Names =>
        Directory.GetDirectories(Cases).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal);

    /// <summary>The chart's folder.</summary>
    public static string Root { get; } = Repository.At("charts/reconciler");

    /// <summary>The values of a case.</summary>
    public static string Values(string name) => Path.Combine(Cases, name, "values.yaml");

    /// <summary>What helm would send to a cluster.</summary>
    /// <param name="values">A file with values; null for the chart's own.</param>
    /// <param name="kubeVersion">The cluster's version.</param>
    /// <param name="more">More words for helm, such as <c>--set</c>.</param>
    public static Task<ToolResult> TemplateAsync(string? values, string kubeVersion, params IEnumerable<string> more) =>
        KubeTools.HelmAsync([
            "template",
            "access",
            Root,
            "--namespace",
            "ops",
            "--kube-version",
            kubeVersion,
            .. values is null ? Array.Empty<string>() : ["--values", values],
            .. more,
        ]);

    /// <summary>Every object that a case renders.</summary>
    public static async Task<IReadOnlyList<YamlMappingNode>> ObjectsAsync(
        string name,
        string kubeVersion = "1.30.0",
        params IEnumerable<string> more
    ) => Parse((await TemplateAsync(Values(name), kubeVersion, more)).Succeeded());

    /// <summary>The documents of a text.</summary>
    public static IReadOnlyList<YamlMappingNode> Parse(string text)
    {
        var stream = new YamlStream();
        using var reader = new StringReader(text);
        stream.Load(reader);
        return [.. stream.Documents.Select(d => d.RootNode).OfType<YamlMappingNode>()];
    }

    /// <summary>A text of an object, by the keys that lead to it; empty where there is none.</summary>
    public static string Text(YamlNode node, params string[] keys) =>
        At(node, keys) is YamlScalarNode { Value: { } text } ? text : "";

    /// <summary>The items of a list of an object; none where there is no list.</summary>
    public static IEnumerable<YamlNode> Items(YamlNode node, params string[] keys) =>
        At(node, keys) as YamlSequenceNode ?? [];

    /// <summary>A part of an object; null where there is none.</summary>
    public static YamlNode? At(YamlNode? node, params string[] keys)
    {
        foreach (var key in keys)
            node = node is YamlMappingNode map && map.Children.TryGetValue(key, out var child) ? child : null;
        return node;
    }

    /// <summary>
    /// The version that a server would report to helm. A server that was built without a version counts as the oldest
    /// that the chart supports.
    /// </summary>
    public static string VersionOf(VersionInfo server) =>
        server.Major.Length > 0 ? $"{server.Major}.{server.Minor.TrimEnd('+')}.0" : "1.20.0";

    /// <summary>A node as text, whatever the order of its keys.</summary>
    public static string Canonical(YamlNode node) =>
        node switch
        {
            YamlMappingNode map =>
                $"{{{string.Join(", ", map.Children.Select(c => $"{c.Key}: {Canonical(c.Value)}").Order(StringComparer.Ordinal))}}}",
            YamlSequenceNode list => $"[{string.Join(", ", list.Select(Canonical))}]",
            _ => $"'{((YamlScalarNode)node).Value}'",
        };
}

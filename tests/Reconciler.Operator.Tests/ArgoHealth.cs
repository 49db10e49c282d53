using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reconciler.Testing;
using Reconciler.Testing.Sources;
using YamlDotNet.RepresentationModel;

namespace Reconciler.Operator.Tests;

/// <summary>The health checks that <c>examples/kubernetes/argocd</c> gives to Argo CD, run by a real Lua.</summary>
internal static class ArgoHealth
{
    public const string File = "examples/kubernetes/argocd/argocd-cm.yaml";

    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The checks, by the key of the ConfigMap.</summary>
    public static IReadOnlyDictionary<string, string> Checks
    {
        get
        {
            var stream = new YamlStream();
            using var reader = new StringReader(System.IO.File.ReadAllText(Repository.At(File)));
            stream.Load(reader);
            return ((YamlMappingNode)stream.Documents[0].RootNode["data"]).ToDictionary(
                d => d.Key.ToString(),
                d => d.Value.ToString(),
                StringComparer.Ordinal
            );
        }
    }

    /// <summary>Whether there is a Lua to run them with.</summary>
    public static bool IsThere => Program is not null;

    private static string? Program =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Select(f => Path.Combine(f, "lua"))
            .FirstOrDefault(System.IO.File.Exists);

    /// <summary>What Argo CD shows for a resource: its health and the message.</summary>
    public static async Task<(string Status, string Message)> OfAsync(JsonObject resource)
    {
        using var folder = new TemporaryFolder();
        var check = Checks[$"resource.customizations.health.reconciler.dev_{(string)resource["kind"]!}"];
        var script = folder.Write(
            "check.lua",
            $"obj = {Literal(resource)}\nlocal function check()\n{check}\nend\nlocal health = check()\n"
                + "print(health.status)\nprint(health.message)\n"
        );
        using var lua = Process.Start(
            new ProcessStartInfo(Program!, [script])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var said = await Task.WhenAll(
            lua.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken),
            lua.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)
        );
        await lua.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(lua.ExitCode == 0, said[1]);
        var lines = said[0].Split('\n', 2);
        return (lines[0], lines[1].TrimEnd('\n'));
    }

    private static string Literal(JsonNode? node) =>
        node switch
        {
            null => "nil",
            JsonObject mapping =>
                $"{{{string.Join(", ", mapping.Select(f => $"[{Text(f.Key)}] = {Literal(f.Value)}"))}}}",
            JsonArray list => $"{{{string.Join(", ", list.Select(Literal))}}}",
            JsonValue text when text.GetValueKind() == JsonValueKind.String => Text((string)text!),
            _ => node.ToJsonString(),
        };

    // What JSON escapes here (quotes, backslashes, line ends, tabs) Lua reads alike.
    private static string Text(string text) => JsonSerializer.Serialize(text, Readable);
}

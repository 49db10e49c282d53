using Reconciler.Core.Manifests;
using Reconciler.Testing.Hosts;
using Reconciler.Testing.Sources;
using Reconciler.Worker.Settings;
using YamlDotNet.RepresentationModel;

namespace Reconciler.Operator.Tests.Charts;

/// <summary>
/// What the chart renders for the program to read: settings, limits, connections, definitions of kinds.
/// </summary>
public sealed class RenderedSettingsTests
{
    public static TheoryData<string> Workers =>
        [.. Chart.Names.Where(n => n.StartsWith("worker-", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Workers))]
    public async Task The_settings_of_a_worker_are_settings_and_name_what_is_mounted(string name)
    {
        using var folder = new TemporaryFolder();
        var objects = await Chart.ObjectsAsync(name);
        var files = Files(objects);
        foreach (var (file, text) in files)
            await File.WriteAllTextAsync(folder[file], text, TestContext.Current.CancellationToken);
        var problems = new Problems();

        var settings = SettingsReader.Read(
            new(folder["worker.yaml"], new Dictionary<string, string>(StringComparer.Ordinal), []),
            problems
        )!;

        Assert.Empty(problems.Sorted);
        var mounts = Chart
            .Items(
                objects
                    .SelectMany(RenderedPod.Of)
                    .Single(p => p.Owner.StartsWith("Deployment ", StringComparison.Ordinal))
                    .Containers.Single(),
                "volumeMounts"
            )
            .Select(m => Chart.Text(m, "mountPath"))
            .ToList();
        string?[] named =
        [
            settings.Source.Folder?.Path,
            settings.Source.Git?.TokenFile,
            settings.Webhook?.SecretFile,
            settings.Status?.TokenFile,
            settings.State,
            settings.Guardrails,
            settings.Connections,
            settings.Vendors,
        ];
        Assert.All(
            named.OfType<string>(),
            path => Assert.Contains(mounts, m => path == m || path.StartsWith($"{m}/", StringComparison.Ordinal))
        );
        Assert.Equal(settings.Guardrails is not null, files.ContainsKey("guardrails.yaml"));
        Assert.Equal(settings.Connections is not null, files.ContainsKey("connections.yaml"));
    }

    [Theory]
    [InlineData("operator-full")]
    [InlineData("worker-full")]
    public async Task Guardrails_and_connections_from_values_are_valid_manifests(string name)
    {
        using var folder = new TemporaryFolder();
        foreach (var (file, text) in Files(await Chart.ObjectsAsync(name)).Where(f => f.Key != "worker.yaml"))
            await File.WriteAllTextAsync(folder[file], text, TestContext.Current.CancellationToken);
        using var output = new StringWriter { NewLine = "\n" };

        var code = await Cli.RunAsync(
            ["validate", ".", "--allow-host", "acme.gorules.example", "--allow-env", "CLARIFEYE_TOKEN"],
            CommandLines.Environment(output) with
            {
                Folder = folder.Path,
            },
            TestContext.Current.CancellationToken
        );

        Assert.True(code == ExitCode.Done, output.ToString());
        Assert.Contains("Valid: ", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("operator-defaults", "1.24.17", "crds")]
    [InlineData("operator-defaults", "1.25.0", "crds-cel")]
    [InlineData("operator-defaults", "1.31.2-eks-5678", "crds-cel")]
    [InlineData("operator-full", "1.31.0", "crds")]
    [InlineData("operator-shards", "1.20.0", "crds-cel")]
    [InlineData("operator-vendors", "1.24.17", "crds-vendors")]
    [InlineData("operator-vendors", "1.25.0", "crds-vendors-cel")]
    public async Task The_definitions_are_those_of_the_clusters_version_or_as_asked_and_stay_unless_told(
        string name,
        string version,
        string folder
    )
    {
        var rendered = (await Chart.ObjectsAsync(name, version))
            .Where(o => Chart.Text(o, "kind") == "CustomResourceDefinition")
            .ToDictionary(o => Chart.Text(o, "metadata", "name"), StringComparer.Ordinal);

        var files = Directory.GetFiles(Path.Combine(Chart.Root, "files", folder), "*.yaml");
        var kinds = name == "operator-vendors" ? ManifestKind.OfFiles : ManifestKind.All;
        Assert.Equal(kinds.Length, files.Length);
        Assert.Equal(files.Length, rendered.Count);
        Assert.All(
            files.Select(f => Assert.Single(Chart.Parse(File.ReadAllText(f)))),
            file =>
            {
                var one = rendered[Chart.Text(file, "metadata", "name")];
                Assert.Equal(Chart.Canonical(file["spec"]), Chart.Canonical(one["spec"]));
                Assert.Equal("Helm", Chart.Text(one, "metadata", "labels", "app.kubernetes.io/managed-by"));
                Assert.Equal(
                    name == "operator-full" ? "" : "keep",
                    Chart.Text(one, "metadata", "annotations", "helm.sh/resource-policy")
                );
            }
        );
    }

    private static Dictionary<string, string> Files(IEnumerable<YamlMappingNode> objects) =>
        objects
            .Where(o => Chart.Text(o, "kind") == "ConfigMap")
            .SelectMany(o => ((YamlMappingNode)o["data"]).Children)
            .ToDictionary(
                d => ((YamlScalarNode)d.Key).Value!,
                d => ((YamlScalarNode)d.Value).Value!,
                StringComparer.Ordinal
            );
}

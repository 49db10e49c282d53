using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Reconciler.Kubernetes.Client;
using Reconciler.Kubernetes.Configuration;
using Reconciler.Testing.Kubernetes.Servers;
using Reconciler.Testing.Sources;
using YamlDotNet.RepresentationModel;

namespace Reconciler.Operator.Tests.Charts;

/// <summary>
/// The operator's identity as the chart makes it: its ServiceAccount with its roles and bindings on a real API server,
/// and a token that the server gave out. RECONCILER_TEST_WITHOUT_RULE (such as <c>patch events</c>) takes one right
/// away: whatever still works does not need it.
/// </summary>
internal sealed class ChartRole : IDisposable
{
    private const string Without = "RECONCILER_TEST_WITHOUT_RULE";
    private static readonly string[] Identity =
    [
        "ServiceAccount",
        "Role",
        "RoleBinding",
        "ClusterRole",
        "ClusterRoleBinding",
    ];
    private static readonly ResourceType<JsonObject> Reviews = ResourceType.Untyped(
        "authorization.k8s.io",
        "v1",
        "selfsubjectaccessreviews",
        "SelfSubjectAccessReview"
    );
    private static readonly ConcurrentDictionary<string, bool> Applied = new(StringComparer.Ordinal);
    private readonly TemporaryFolder _folder;

    private ChartRole(
        KubeApiServer server,
        TemporaryFolder folder,
        string account,
        string token,
        IReadOnlyList<string> command
    )
    {
        (_folder, ServiceAccount, Token, Arguments) = (folder, account, token, command);
        Connection = server.As(token);
    }

    /// <summary>The connection of the ServiceAccount.</summary>
    public ClusterConnection Connection { get; }

    /// <summary>Its name.</summary>
    public string ServiceAccount { get; }

    /// <summary>Its token.</summary>
    public string Token { get; }

    /// <summary>A kubeconfig file that holds the token.</summary>
    public string KubeConfig => _folder["role/kubeconfig"];

    /// <summary>What the chart starts the operator with, from its verb on.</summary>
    public IReadOnlyList<string> Arguments { get; }

    /// <summary>
    /// Applies the identity that the chart gives an operator in a namespace, and waits until the server goes by it.
    /// </summary>
    /// <param name="server">The API server.</param>
    /// <param name="space">The namespace of the release; it must be there.</param>
    /// <param name="values">Values of the chart, as YAML.</param>
    /// <param name="without">A right that is taken away, such as <c>patch events</c>; null for none.</param>
    public static async Task<ChartRole> ApplyAsync(
        KubeApiServer server,
        string space,
        string values = "{}",
        string? without = null
    )
    {
        using var admin = await server.ClientAsync();
        var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["values.yaml"], values, TestContext.Current.CancellationToken);
        var version = Chart.VersionOf(await admin.GetVersionAsync(TestContext.Current.CancellationToken));
        // Roles of the cluster are named after namespace and release.
        var rendered = (
            await KubeTools.HelmAsync(
                "template",
                "access",
                Chart.Root,
                "--namespace",
                space,
                "--kube-version",
                version,
                "--values",
                folder["values.yaml"]
            )
        ).Succeeded();
        var objects = Chart.Parse(rendered);
        var asAdmin = await server.KubeConfigAsync(folder.Path);
        await ApplyDefinitionsAsync(asAdmin, objects);
        var roles = objects.Where(o => Identity.Contains(Chart.Text(o, "kind"))).ToList();
        TakeAway(roles, Environment.GetEnvironmentVariable(Without));
        TakeAway(roles, without);
        (
            await KubeTools.KubectlAsync(
                TextOf(roles),
                "--kubeconfig",
                asAdmin,
                "apply",
                "--server-side",
                "--filename",
                "-"
            )
        ).Succeeded();
        var account = Chart.Text(roles.Single(o => Chart.Text(o, "kind") == "ServiceAccount"), "metadata", "name");
        var token = await TokenAsync(asAdmin, space, account);
        Directory.CreateDirectory(folder["role"]);
        await server.KubeConfigAsync(folder["role"], token);
        var arguments = objects
            .Where(o => Chart.Text(o, "kind") == "Deployment")
            .SelectMany(RenderedPod.Of)
            .First()
            .Arguments;
        var role = new ChartRole(server, folder, account, token, [.. arguments]);
        await role.EffectiveAsync(roles, space);
        return role;
    }

    /// <summary>Applies the definitions among some objects, and waits until the server knows the kinds.</summary>
    public static async Task ApplyDefinitionsAsync(string kubeConfig, IEnumerable<YamlMappingNode> objects)
    {
        var definitions = objects.Where(o => Chart.Text(o, "kind") == "CustomResourceDefinition").ToList();
        if (definitions.Count == 0)
            return;
        var text = TextOf(definitions);
        // All tests of a server share its definitions, which do not change.
        var applied = $"{await File.ReadAllTextAsync(kubeConfig)}\n{text}";
        if (Applied.ContainsKey(applied))
            return;
        (
            await KubeTools.KubectlAsync(
                text,
                "--kubeconfig",
                kubeConfig,
                "apply",
                "--server-side",
                "--force-conflicts",
                "--filename",
                "-"
            )
        ).Succeeded();
        var names = definitions.Select(d => $"crd/{Chart.Text(d, "metadata", "name")}");
        (
            await KubeTools.KubectlAsync(
                "",
                ["--kubeconfig", kubeConfig, "wait", "--for", "condition=established", "--timeout", "60s", .. names]
            )
        ).Succeeded();
        Applied.TryAdd(applied, true);
    }

    /// <summary>Some objects as one text.</summary>
    public static string TextOf(IEnumerable<YamlMappingNode> objects)
    {
        using var text = new StringWriter { NewLine = "\n" };
        new YamlStream(objects.Select(o => new YamlDocument(o))).Save(text, assignAnchors: false);
        return text.ToString();
    }

    public void Dispose() => _folder.Dispose();

    private static void TakeAway(List<YamlMappingNode> roles, string? right)
    {
        if (string.IsNullOrEmpty(right))
            return;
        var found = roles
            .Where(o => Chart.Text(o, "kind") is "Role" or "ClusterRole")
            .Count(o => RoleRules.Remove(o, right));
        // Most tests run without VendorDefinitions, and those with them show what the right is for.
        if (found == 0 && right.Contains("vendordefinitions", StringComparison.Ordinal))
            return;
        Assert.True(found > 0, $"{Without} names \"{right}\", which no role of the chart has");
    }

    private static async Task<string> TokenAsync(string kubeConfig, string space, string account)
    {
        const string Request = """{"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}""";
        var given = await KubeTools.KubectlAsync(
            Request,
            "--kubeconfig",
            kubeConfig,
            "create",
            "--raw",
            $"/api/v1/namespaces/{space}/serviceaccounts/{account}/token",
            "--filename",
            "-"
        );
        return (string)JsonNode.Parse(given.Succeeded())!["status"]!["token"]!;
    }

    // The server hears of roles and bindings a moment after they are written. One right of each role is asked for.
    private async Task EffectiveAsync(IEnumerable<YamlMappingNode> roles, string space)
    {
        using var client = new ClusterClient(Connection);
        var all = roles.ToList();
        // A role that nobody is bound to, such as that of approvers, gives the operator nothing.
        var bound = all.Where(o => Chart.Text(o, "kind").EndsWith("Binding", StringComparison.Ordinal))
            .Select(o => Chart.Text(o, "roleRef", "name"))
            .ToHashSet(StringComparer.Ordinal);
        foreach (
            var role in all.Where(o => bound.Contains(Chart.Text(o, "metadata", "name")))
                .Where(o =>
                    Chart.Text(o, "kind") is "Role"
                    || (
                        Chart.Text(o, "kind") == "ClusterRole"
                        && Chart.Text(o, "metadata", "labels", "app.kubernetes.io/component").Length > 0
                    )
                )
        )
        {
            if (RoleRules.Of(role) is not [var first, ..])
                continue;
            var where = Chart.Text(role, "metadata", "namespace") is { Length: > 0 } own ? own : space;
            while (!await MayAsync(client, first, where))
                await Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
        }
    }

    private static async Task<bool> MayAsync(ClusterClient client, RoleRule right, string space)
    {
        var parts = right.Resource.Split('/', 2);
        var asked = new JsonObject
        {
            ["namespace"] = space,
            ["verb"] = right.Verb,
            ["group"] = right.Group,
            ["resource"] = parts[0],
            ["subresource"] = parts.ElementAtOrDefault(1) ?? "",
            ["name"] = right.Name ?? "",
        };
        var answer = await client.CreateAsync(
            Reviews,
            null,
            new() { ["spec"] = new JsonObject { ["resourceAttributes"] = asked } },
            TestContext.Current.CancellationToken
        );
        return (bool?)answer["status"]?["allowed"] == true;
    }
}

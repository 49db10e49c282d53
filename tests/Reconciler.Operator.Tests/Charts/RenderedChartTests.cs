using Reconciler.Core.Manifests;
using Reconciler.Testing;
using Reconciler.Testing.Hosts;
using Reconciler.Testing.Sources;
using Reconciler.Worker.Settings;
using YamlDotNet.RepresentationModel;

namespace Reconciler.Operator.Tests.Charts;

/// <summary>What holds of everything that the chart renders, whatever the values.</summary>
public sealed class RenderedChartTests
{
    public static TheoryData<string> Names => [.. Chart.Names];

    public static TheoryData<string> Workers =>
        [.. Chart.Names.Where(n => n.StartsWith("worker-", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_pod_keeps_to_the_restricted_standard_and_can_write_nothing_but_its_volumes(string name)
    {
        var pods = (await Chart.ObjectsAsync(name)).SelectMany(RenderedPod.Of).ToList();

        Assert.True(pods.Count >= 2);
        Assert.All(
            pods,
            pod =>
            {
                Assert.Equal("true", Chart.Text(pod.Spec, "securityContext", "runAsNonRoot"));
                Assert.Equal(
                    ("65532", "65532"),
                    (
                        Chart.Text(pod.Spec, "securityContext", "runAsUser"),
                        Chart.Text(pod.Spec, "securityContext", "runAsGroup")
                    )
                );
                Assert.Equal("RuntimeDefault", Chart.Text(pod.Spec, "securityContext", "seccompProfile", "type"));
                Assert.Equal("false", Chart.Text(pod.Spec, "enableServiceLinks"));
                Assert.All(
                    ((string[])["hostNetwork", "hostPID", "hostIPC"]).Select(k => Chart.At(pod.Spec, k)),
                    Assert.Null
                );
                var container = Assert.Single(pod.Containers);
                Assert.Equal("false", Chart.Text(container, "securityContext", "allowPrivilegeEscalation"));
                Assert.Equal("true", Chart.Text(container, "securityContext", "readOnlyRootFilesystem"));
                Assert.Equal(
                    ["ALL"],
                    Chart
                        .Items(container, "securityContext", "capabilities", "drop")
                        .Select(c => ((YamlScalarNode)c).Value)
                );
                Assert.Null(Chart.At(container, "securityContext", "privileged"));
                Assert.All(
                    Chart.Items(container, "volumeMounts"),
                    m =>
                        Assert.True(
                            Chart.Text(m, "readOnly") == "true"
                                || Chart.Text(m, "mountPath") is "/tmp" or "/var/lib/reconciler",
                            Chart.Text(m, "mountPath")
                        )
                );
                var volumes = Chart.Items(pod.Spec, "volumes").Select(v => Chart.Text(v, "name")).ToList();
                Assert.Equal(volumes.Distinct(StringComparer.Ordinal), volumes);
                Assert.Equal(volumes, Chart.Items(container, "volumeMounts").Select(m => Chart.Text(m, "name")));
            }
        );
    }

    [Fact]
    public async Task The_user_is_the_one_of_the_image()
    {
        var image = await File.ReadAllTextAsync(Repository.At("Dockerfile"), TestContext.Current.CancellationToken);

        Assert.Contains("USER 65532:65532", image, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task No_role_has_a_wildcard_lists_secrets_or_deletes_unless_it_is_for_people(string name)
    {
        foreach (
            var role in (await Chart.ObjectsAsync(name)).Where(o => Chart.Text(o, "kind") is "Role" or "ClusterRole")
        )
        {
            var people =
                Chart.Items(role, "rules").Any()
                && Chart.At(role, "metadata", "labels") is YamlMappingNode labels
                && labels.Children.Keys.Any(k =>
                    ((YamlScalarNode)k).Value!.StartsWith(
                        "rbac.authorization.k8s.io/aggregate-to-",
                        StringComparison.Ordinal
                    )
                );
            people |= Chart.Text(role, "metadata", "name")!.EndsWith("-approver", StringComparison.Ordinal);
            Assert.All(
                RoleRules.Of(role),
                rule =>
                {
                    Assert.DoesNotContain("*", $"{rule.Verb} {rule.Resource} {rule.Group}", StringComparison.Ordinal);
                    Assert.True(rule.Resource != "secrets" || rule.Verb == "get", rule.ToString());
                    Assert.True(
                        people || rule.Verb is "get" or "list" or "watch" or "create" or "patch" or "update",
                        rule.ToString()
                    );
                }
            );
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Only_the_approver_may_write_Approvals_and_nothing_aggregates_or_binds_that_role(string name)
    {
        var objects = (
            await Chart.ObjectsAsync(
                name,
                "1.30.0",
                "--set",
                "rbac.aggregate=" + (name is "operator-namespace" or "operator-one-shard" ? "false" : "true")
            )
        ).ToList();
        var writers = objects
            .Where(o => Chart.Text(o, "kind") is "Role" or "ClusterRole")
            .Where(r =>
                RoleRules
                    .Of(r)
                    .Any(rule =>
                        rule.Resource.StartsWith("approvals", StringComparison.Ordinal)
                        && rule.Verb is not ("get" or "list" or "watch")
                    )
            )
            .ToList();
        Assert.Equal(name.StartsWith("operator-", StringComparison.Ordinal) ? 1 : 0, writers.Count);
        Assert.All(
            writers,
            role =>
            {
                Assert.EndsWith("-approver", Chart.Text(role, "metadata", "name"), StringComparison.Ordinal);
                var labels = (YamlMappingNode)Chart.At(role, "metadata", "labels")!;
                Assert.DoesNotContain(
                    labels.Children.Keys,
                    k => ((YamlScalarNode)k).Value!.Contains("aggregate", StringComparison.Ordinal)
                );
                Assert.DoesNotContain(
                    objects,
                    o => Chart.Text(o, "roleRef", "name") == Chart.Text(role, "metadata", "name")
                );
            }
        );
    }

    [Fact]
    public async Task An_operator_of_one_namespace_has_no_right_beyond_it()
    {
        var objects = await Chart.ObjectsAsync("operator-namespace", "1.30.0", "--set", "operator.leaderElect=true");

        Assert.DoesNotContain(
            objects,
            o => Chart.Text(o, "kind") is "ClusterRole" or "ClusterRoleBinding" or "CustomResourceDefinition"
        );
        Assert.Equal(
            ["ops", "team-a", "team-a"],
            objects
                .Where(o => Chart.Text(o, "kind") == "Role")
                .Select(o => Chart.Text(o, "metadata", "namespace"))
                .Order(StringComparer.Ordinal)
        );
        var beside = RoleRules.Of(
            objects.Single(o => Chart.Text(o, "kind") == "Role" && Chart.Text(o, "metadata", "namespace") == "ops")
        );
        Assert.All(beside, rule => Assert.Equal("leases", rule.Resource));
    }

    [Fact]
    public async Task A_namespaces_role_and_the_clusters_grant_the_same()
    {
        var cluster = (await Chart.ObjectsAsync("operator-defaults")).Single(o =>
            Chart.Text(o, "kind") == "ClusterRole" && !IsApprover(o)
        );
        var space = (await Chart.ObjectsAsync("operator-namespace")).Single(o =>
            Chart.Text(o, "kind") == "Role" && !IsApprover(o)
        );

        Assert.Equal(RoleRules.Of(cluster), RoleRules.Of(space));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Only_the_operator_has_a_right_to_VendorDefinitions_where_it_uses_them_and_writes_their_status_alone(
        string name
    )
    {
        var rights = (await Chart.ObjectsAsync(name))
            .Where(o => Chart.Text(o, "kind") is "Role" or "ClusterRole")
            .SelectMany(r => RoleRules.Of(r), (r, rule) => (Role: Chart.Text(r, "metadata", "name"), Rule: rule))
            .Where(r => r.Rule.Resource.StartsWith("vendordefinitions", StringComparison.Ordinal))
            .ToList();

        Assert.Equal(
            name == "operator-vendors"
                ? ["list vendordefinitions", "patch vendordefinitions/status", "watch vendordefinitions"]
                : [],
            rights.Select(r => r.Rule.ToString()).Order(StringComparer.Ordinal)
        );
        Assert.All(rights, r => Assert.EndsWith("-operator", r.Role, StringComparison.Ordinal));
    }

    private static bool IsApprover(YamlMappingNode role) =>
        Chart.Text(role, "metadata", "name").EndsWith("-approver", StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Workers))]
    public async Task A_worker_has_no_right_and_no_token_in_the_cluster(string name)
    {
        var objects = await Chart.ObjectsAsync(name);

        Assert.DoesNotContain(
            objects,
            o =>
                Chart.Text(o, "kind").Contains("Role", StringComparison.Ordinal)
                || Chart.Text(o, "kind") == "CustomResourceDefinition"
        );
        Assert.All(
            objects.SelectMany(RenderedPod.Of),
            pod => Assert.Equal("false", Chart.Text(pod.Spec, "automountServiceAccountToken"))
        );
    }

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
    [MemberData(nameof(Names))]
    public async Task Every_pod_runs_a_command_that_the_program_takes(string name)
    {
        var commands = (await Chart.ObjectsAsync(name))
            .SelectMany(RenderedPod.Of)
            .Select(p => p.Arguments.ToArray())
            .ToList();

        Assert.Equal([], commands.SelectMany(CommandLines.ErrorsOf));
        Assert.Contains(commands, c => c[0] == "health");
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

    [Fact]
    public async Task Each_shard_is_a_Deployment_with_a_name_a_selector_and_a_lease_of_its_own()
    {
        var objects = await Chart.ObjectsAsync("operator-shards");

        var pods = objects.Where(o => Chart.Text(o, "kind") == "Deployment").SelectMany(RenderedPod.Of).ToList();
        Assert.Equal(
            ["--shard=eu", "--shard=rest", "--shard=us"],
            pods.SelectMany(p => p.Arguments)
                .Where(a => a.StartsWith("--shard", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        );
        Assert.Contains("--watch-label-selector=tier=prod,region notin (eu, us)", pods.SelectMany(p => p.Arguments));
        var leases = objects
            .Where(o => Chart.Text(o, "kind") == "Role")
            .SelectMany(o => Chart.Items(o, "rules"))
            .SelectMany(r => Chart.Items(r, "resourceNames"))
            .Select(n => ((YamlScalarNode)n).Value);
        Assert.Equal(["reconciler-operator-eu", "reconciler-operator-us", "reconciler-operator-rest"], leases);
        var selectors = objects
            .Where(o => Chart.Text(o, "kind") == "Deployment")
            .Select(o => Chart.Text(o, "spec", "selector", "matchLabels", "reconciler.dev/shard"))
            .ToList();
        Assert.Equal(3, selectors.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(
            selectors.Order(StringComparer.Ordinal),
            objects
                .Where(o => Chart.Text(o, "kind") == "PodDisruptionBudget")
                .Select(o => Chart.Text(o, "spec", "selector", "matchLabels", "reconciler.dev/shard"))
                .Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("operator.replicas=2")]
    [InlineData("operator.shards[0].name=default")]
    [InlineData("operator.watchNamespace=team-a,operator.shards[0].name=team-a")]
    [InlineData(
        "operator.shards[0].name=default,operator.shards[0].selector=a=b,operator.shards[1].name=us,operator.shards[1].selector=a!=b"
    )]
    public async Task The_rights_name_the_lease_that_each_operator_asks_for(string values)
    {
        var objects = await Chart.ObjectsAsync("operator-defaults", "1.30.0", "--set", values);

        var asked = objects
            .Where(o => Chart.Text(o, "kind") == "Deployment")
            .SelectMany(RenderedPod.Of)
            .Select(p => p.Arguments.SingleOrDefault(a => a.StartsWith("--shard=", StringComparison.Ordinal)))
            .Select(shard =>
                (shard is null ? new OperatorSettings() : new() { Shard = shard["--shard=".Length..] }).LeaseName
            );
        var leases = objects
            .Where(o => Chart.Text(o, "kind") == "Role")
            .SelectMany(o => Chart.Items(o, "rules"))
            .SelectMany(r => Chart.Items(r, "resourceNames"))
            .Select(n => ((YamlScalarNode)n).Value);
        Assert.Equal(asked.Order(StringComparer.Ordinal), leases.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("operator-full")]
    [InlineData("worker-full")]
    public async Task Helm_test_may_call_whoever_else_may(string name)
    {
        var objects = await Chart.ObjectsAsync(
            name,
            "1.30.0",
            "--set",
            "networkPolicy.ingressFrom[0].podSelector.matchLabels.team=monitoring"
        );

        var test = (
            (YamlMappingNode)objects.Single(o => Chart.Text(o, "kind") == "Pod")["metadata"]["labels"]
        ).Children;
        var rules = Chart
            .Items(objects.Single(o => Chart.Text(o, "kind") == "NetworkPolicy"), "spec", "ingress")
            .ToList();
        Assert.Equal(2, rules.Count);
        Assert.Equal(
            "monitoring",
            Chart.Text(Assert.Single(Chart.Items(rules[0], "from")), "podSelector", "matchLabels", "team")
        );
        Assert.Equal("http", Chart.Text(Assert.Single(Chart.Items(rules[1], "ports")), "port"));
        var allowed = (YamlMappingNode)
            Chart.At(Assert.Single(Chart.Items(rules[1], "from")), "podSelector", "matchLabels")!;
        Assert.Contains(allowed.Children, l => ((YamlScalarNode)l.Key).Value == "app.kubernetes.io/instance");
        Assert.All(allowed.Children, l => Assert.Equal(l.Value, test[l.Key]));
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

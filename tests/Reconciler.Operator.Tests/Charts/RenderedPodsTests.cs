using Reconciler.Testing;
using Reconciler.Testing.Hosts;
using YamlDotNet.RepresentationModel;

namespace Reconciler.Operator.Tests.Charts;

/// <summary>The pods that the chart renders: how they are confined, what they run, and who may call them.</summary>
public sealed class RenderedPodsTests
{
    public static TheoryData<string> Names => [.. Chart.Names];

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
    public async Task Every_pod_runs_a_command_that_the_program_takes(string name)
    {
        var commands = (await Chart.ObjectsAsync(name))
            .SelectMany(RenderedPod.Of)
            .Select(p => p.Arguments.ToArray())
            .ToList();

        Assert.Equal([], commands.SelectMany(CommandLines.ErrorsOf));
        Assert.Contains(commands, c => c[0] == "health");
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
}

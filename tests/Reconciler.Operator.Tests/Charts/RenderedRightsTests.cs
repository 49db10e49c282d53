using YamlDotNet.RepresentationModel;

namespace Reconciler.Operator.Tests.Charts;

/// <summary>Who may do what in the cluster, in everything that the chart renders.</summary>
public sealed class RenderedRightsTests
{
    public static TheoryData<string> Names => [.. Chart.Names];

    public static TheoryData<string> Workers =>
        [.. Chart.Names.Where(n => n.StartsWith("worker-", StringComparison.Ordinal))];

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
    public async Task Only_an_operator_that_uses_VendorDefinitions_reads_them_and_writes_just_their_status(string name)
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
    [InlineData("operator.replicas=2")]
    [InlineData("operator.shards[0].name=default")]
    [InlineData("operator.watchNamespace=team-a,operator.shards[0].name=team-a")]
    [InlineData(
        "operator.shards[0].name=default,operator.shards[0].selector=a=b,"
            + "operator.shards[1].name=us,operator.shards[1].selector=a!=b"
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

    private static bool IsApprover(YamlMappingNode role) =>
        Chart.Text(role, "metadata", "name").EndsWith("-approver", StringComparison.Ordinal);
}

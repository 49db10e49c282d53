namespace Reconciler.Operator.Tests.Charts;

/// <summary>What the chart's schema and the chart itself say to values that cannot be meant.</summary>
public sealed class ChartValuesTests
{
    private const string Worker = "mode=worker,worker.settings.source.folder.path=/manifests";

    [Theory]
    [InlineData("mode=both", "at '/mode': value must be one of 'operator', 'worker'")]
    [InlineData("replicas=3", "additional properties 'replicas' not allowed")]
    [InlineData("operator.replicas=two", "at '/operator/replicas': got string, want integer")]
    [InlineData("operator.leaderElection=false", "at '/operator': additional properties 'leaderElection' not allowed")]
    [InlineData("operator.watchNamespace=Team_A", "at '/operator/watchNamespace': 'Team_A' does not match pattern")]
    [InlineData("operator.shards[0].selector=a=b", "at '/operator/shards/0': missing property 'name'")]
    [InlineData(
        "operator.shards[0].name=eu,operator.shards[0].selector=",
        "at '/operator/shards/0/selector': minLength: got 0, want 1"
    )]
    [InlineData("crds.cel=maybe", "at '/crds/cel': value must be one of 'auto', true, false")]
    [InlineData("terminationGracePeriodSeconds=30", "at '/terminationGracePeriodSeconds': minimum: got 30, want 40")]
    [InlineData("maxRemovals=-1", "at '/maxRemovals': minimum: got -1, want 0")]
    [InlineData("maxRemovals=few", "at '/maxRemovals': 'few' does not match pattern")]
    [InlineData("log.level=trace", "at '/log/level': value must be one of 'debug', 'info', 'warning'")]
    [InlineData("image.digest=latest", "at '/image/digest': 'latest' does not match pattern")]
    [InlineData(
        "allowHosts[0]=https://acme.example",
        "at '/allowHosts/0': 'https://acme.example' does not match pattern"
    )]
    [InlineData(
        "guardrails[0].name=all,guardrails[0].spec.minAdmin=1",
        "at '/guardrails/0/spec': additional properties 'minAdmin' not allowed"
    )]
    [InlineData(
        "worker.settings.state=/tmp/state.db",
        "at '/worker/settings': additional properties 'state' not allowed"
    )]
    [InlineData("worker.settings.source.git.branche=main", "additional properties 'branche' not allowed")]
    [InlineData("worker.secrets[0].name=Bad_Name", "at '/worker/secrets/0/name': 'Bad_Name' does not match pattern")]
    [InlineData(
        "podDisruptionBudget.maxUnavailable=0",
        "at '/podDisruptionBudget/maxUnavailable': minimum: got 0, want 1"
    )]
    [InlineData("mode=worker", "worker.settings.source is missing")]
    [InlineData($"{Worker},worker.webhook.enabled=true", "worker.webhook.secretName is missing")]
    [InlineData($"{Worker},worker.status.enabled=true", "worker.status.secretName is missing")]
    [InlineData("operator.leaderElect=false", "two pods would work against each other")]
    [InlineData("operator.watchNamespace=team-a,rbac.aggregate=true", "rbac.aggregate makes ClusterRoles")]
    [InlineData(
        "operator.watchNamespace=team-a,operator.vendorDefinitions=true",
        "VendorDefinitions are in no namespace"
    )]
    [InlineData("operator.overrideVendors[0]=clarifeye", "operator.vendorDefinitions is false")]
    [InlineData("operator.vendorDefinitions=on", "at '/operator/vendorDefinitions': got string, want boolean")]
    [InlineData(
        "operator.shards[0].name=eu,operator.shards[0].selector=a=b,operator.shards[1].name=eu,operator.shards[1].selector=a=c",
        "operator.shards has eu twice"
    )]
    [InlineData(
        "operator.shards[0].name=eu,operator.shards[0].selector=a=b,operator.shards[1].name=us",
        "us has no selector and is not the only one"
    )]
    [InlineData("serviceAccount.create=false", "serviceAccount.name is empty")]
    public async Task Values_that_cannot_be_meant_are_refused_and_named(string values, string said)
    {
        var refused = await Chart.TemplateAsync(null, "1.30.0", "--set", values);

        Assert.NotEqual(0, refused.Code);
        Assert.Contains(said, refused.Error, StringComparison.Ordinal);
        Assert.Empty(refused.Output);
    }

    [Theory]
    [InlineData("maxRemovals=0", "--max-removals=0")]
    [InlineData("maxRemovals=25", "--max-removals=25")]
    [InlineData("maxRemovals=none", "--max-removals=none")]
    [InlineData("maxRemovals=null", null)]
    [InlineData("maxRemovals=", null)]
    public async Task A_limit_reaches_the_operator_as_it_was_given(string values, string? argument)
    {
        var rendered = Chart.Parse((await Chart.TemplateAsync(null, "1.30.0", "--set", values)).Succeeded());

        var arguments = rendered
            .Where(o => Chart.Text(o, "kind") == "Deployment")
            .SelectMany(RenderedPod.Of)
            .SelectMany(p => p.Arguments);
        Assert.Equal(
            argument,
            arguments.SingleOrDefault(a => a.StartsWith("--max-removals", StringComparison.Ordinal))
        );
    }
}

using Reconciler.Operator.Tests.Schemas;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing.Kubernetes.Servers;
using static Reconciler.Operator.Tests.Vendors.DescribedVendor;

namespace Reconciler.Operator.Tests.Vendors;

/// <summary>An operator that is to read VendorDefinitions of a cluster that has none, or does not let it.</summary>
public sealed class VendorStartTests(KubeApiServer server)
{
    [Theory]
    [InlineData("vendorDefinitions: true}, crds: {enabled: false", "404")]
    [InlineData("vendorDefinitions: false}, crds: {enabled: false", "forbidden")]
    public async Task Without_the_kind_or_the_right_it_says_what_is_missing_and_is_not_ready(string values, string says)
    {
        using var definitions = await CrdCluster.ClientAsync(server);
        await using var scene = await OperatorScene.SetAsync(
            server,
            new SandboxSeed { Token = OperatorScene.Token },
            values: values
        );
        var host = scene.Start(With);

        await scene.UntilLoggedAsync(
            "VendorDefinitions cannot be followed: ",
            says,
            "(reconciler show crds --vendor-definitions)"
        );
        using var http = new HttpClient();
        await scene.UntilAsync(async () =>
        {
            using var answer = await http.GetAsync(
                new Uri($"{host.Url}/readyz"),
                TestContext.Current.CancellationToken
            );
            var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            return body.TrimEnd() == "not ready\n- vendordefinitions cannot be followed";
        });
        Assert.DoesNotContain(scene.Logs, l => l.Contains("leads:", StringComparison.Ordinal));
    }
}

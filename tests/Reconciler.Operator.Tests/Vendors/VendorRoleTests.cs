using System.Text.Json.Nodes;
using Reconciler.Kubernetes.Client;
using Reconciler.Operator.Tests.Charts;
using Reconciler.Testing.Kubernetes.Servers;
using Reconciler.Testing.Sources;

namespace Reconciler.Operator.Tests.Vendors;

/// <summary>Who has which right to VendorDefinitions, asked of a real API server.</summary>
public sealed class VendorRoleTests(DescribedApiServer described)
{
    private static readonly ResourceType<JsonObject> Definitions = ResourceType.Untyped(
        "reconciler.dev",
        "v1alpha1",
        "vendordefinitions",
        "VendorDefinition"
    );

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_operator_lists_definitions_and_writes_none()
    {
        using var admin = await described.Server.ClientAsync();
        var space = await KubeApiServer.NamespaceAsync(admin);
        using var role = await ChartRole.ApplyAsync(described.Server, space, "operator: {vendorDefinitions: true}");
        using var client = new ClusterClient(role.Connection);

        await client.ListAsync(Definitions, Selection.Everything, Cancellation);
        foreach (
            var write in (Func<Task>[])
                [
                    () => client.CreateAsync(Definitions, null, [], Cancellation),
                    () => client.MergePatchAsync(Definitions, new(null, "acme"), [], null, Cancellation),
                    () => client.DeleteAsync(Definitions, new(null, "acme"), null, Cancellation),
                ]
        )
            Assert.True((await Assert.ThrowsAsync<KubernetesException>(write)).IsForbidden);
        Assert.Contains("--vendor-definitions", role.Arguments);
    }

    [Fact]
    public async Task Without_the_switch_the_operator_may_not_even_list_them()
    {
        using var admin = await described.Server.ClientAsync();
        var space = await KubeApiServer.NamespaceAsync(admin);
        // The definitions of the other tests stay: this server has one set of them.
        using var role = await ChartRole.ApplyAsync(described.Server, space, "crds: {enabled: false}");
        using var client = new ClusterClient(role.Connection);

        var refused = await Assert.ThrowsAsync<KubernetesException>(() =>
            client.ListAsync(Definitions, Selection.Everything, Cancellation)
        );

        Assert.True(refused.IsForbidden, refused.ToString());
        Assert.DoesNotContain("--vendor-definitions", role.Arguments);
    }

    [Theory]
    [InlineData("view")]
    [InlineData("edit")]
    [InlineData("admin")]
    [InlineData("approver")]
    public async Task People_who_may_apply_memberships_anywhere_have_no_right_to_definitions(string who)
    {
        using var admin = await described.Server.ClientAsync();
        var space = await KubeApiServer.NamespaceAsync(admin);
        using var role = await ChartRole.ApplyAsync(
            described.Server,
            space,
            "{operator: {vendorDefinitions: true}, rbac: {aggregate: true}}"
        );
        using var folder = new TemporaryFolder();
        var config = await described.Server.KubeConfigAsync(folder.Path);
        var user = $"{who}-{space}";
        // Even where they have their role in the whole cluster.
        var made = await KubeTools.KubectlAsync(
            "",
            "--kubeconfig",
            config,
            "create",
            "clusterrolebinding",
            user,
            $"--clusterrole={space}:access-reconciler-{who}",
            $"--user={user}"
        );
        made.Succeeded();

        await UntilAsync(() => MayAsync(config, user, "list", "projectmemberships"));
        foreach (var verb in (string[])["get", "list", "create", "update", "patch", "delete"])
            Assert.False(await MayAsync(config, user, verb, "vendordefinitions"), verb);
        Assert.False(await MayAsync(config, user, "patch", "vendordefinitions/status"));
    }

    private static async Task<bool> MayAsync(string config, string user, string verb, string resource)
    {
        var parts = resource.Split('/');
        var asked = await KubeTools.KubectlAsync(
            "",
            [
                "--kubeconfig",
                config,
                "auth",
                "can-i",
                verb,
                $"{parts[0]}.reconciler.dev",
                "--all-namespaces",
                $"--as={user}",
                .. parts.Skip(1).Select(s => $"--subresource={s}"),
            ]
        );
        return asked.Output.Trim() == "yes";
    }

    private static async Task UntilAsync(Func<Task<bool>> wished)
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            if (await wished())
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(50), Cancellation);
        }

        Assert.Fail("the server did not hear of the binding");
    }
}

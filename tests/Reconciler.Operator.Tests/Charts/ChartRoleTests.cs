using System.Text.Json.Nodes;
using Reconciler.Kubernetes.Client;
using Reconciler.Kubernetes.Leasing;
using Reconciler.Testing.Kubernetes.Servers;

namespace Reconciler.Operator.Tests.Charts;

/// <summary>
/// What an operator may do under the chart's role, and what not, asked of a real API server with a real token.
/// </summary>
public sealed class ChartRoleTests(KubeApiServer server)
{
    private static readonly ResourceType<JsonObject> Memberships = ResourceType.Untyped(
        "reconciler.dev",
        "v1alpha1",
        "projectmemberships",
        "ProjectMembership"
    );
    private static readonly ResourceType<JsonObject> Guardrails = ResourceType.Untyped(
        "reconciler.dev",
        "v1alpha1",
        "guardrails",
        "Guardrail"
    );
    private static readonly ResourceType<JsonObject> Approvals = ResourceType.Untyped(
        "reconciler.dev",
        "v1alpha1",
        "approvals",
        "Approval"
    );
    private static readonly ResourceType<JsonObject> Secrets = ResourceType.Untyped("", "v1", "secrets", "Secret");
    private static readonly ResourceType<JsonObject> Leases = ResourceType.Untyped(
        "coordination.k8s.io",
        "v1",
        "leases",
        "Lease"
    );

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_operator_writes_statuses_and_finalizers_and_holds_its_lease()
    {
        using var admin = await server.ClientAsync();
        var space = await KubeApiServer.NamespaceAsync(admin);
        using var role = await ChartRole.ApplyAsync(server, space);
        await admin.CreateAsync(Memberships, space, Membership("fraud"), Cancellation);
        using var client = new ClusterClient(role.Connection);

        var patched = await client.MergePatchStatusAsync(
            Memberships,
            new(space, "fraud"),
            new() { ["status"] = new JsonObject { ["summary"] = "as declared" } },
            null,
            Cancellation
        );
        await client.MergePatchAsync(
            Memberships,
            new(space, "fraud"),
            new() { ["metadata"] = new JsonObject { ["finalizers"] = new JsonArray("reconciler.dev/finalizer") } },
            null,
            Cancellation
        );
        var lease = await client.CreateAsync(
            Leases,
            space,
            new() { ["metadata"] = new JsonObject { ["name"] = "reconciler-operator" } },
            Cancellation
        );
        await client.ReplaceAsync(Leases, new(space, "reconciler-operator"), lease, Cancellation);

        Assert.Equal("as declared", (string?)patched["status"]!["summary"]);
        // Other tests keep memberships in other namespaces of the same server.
        Assert.Single(
            (await client.ListAsync(Memberships, Selection.Everything, Cancellation)).Items,
            i => i.Key.Namespace == space
        );
    }

    [Fact]
    public async Task The_operator_gets_a_secret_and_lists_none()
    {
        using var admin = await server.ClientAsync();
        var space = await KubeApiServer.NamespaceAsync(admin);
        using var role = await ChartRole.ApplyAsync(server, space);
        await admin.CreateAsync(
            Secrets,
            space,
            new()
            {
                ["metadata"] = new JsonObject { ["name"] = "token" },
                ["stringData"] = new JsonObject { ["token"] = "t" },
            },
            Cancellation
        );
        using var client = new ClusterClient(role.Connection);

        Assert.NotNull(await client.GetAsync(Secrets, new(space, "token"), Cancellation));
        await RefusedAsync(() => client.ListAsync(Secrets, new() { Namespace = space }, Cancellation));
        await RefusedAsync(() => client.MergePatchAsync(Secrets, new(space, "token"), [], null, Cancellation));
    }

    [Fact]
    public async Task The_operator_deletes_nothing_and_writes_no_spec_of_others()
    {
        using var admin = await server.ClientAsync();
        var space = await KubeApiServer.NamespaceAsync(admin);
        using var role = await ChartRole.ApplyAsync(server, space);
        await admin.CreateAsync(Memberships, space, Membership("fraud"), Cancellation);
        using var client = new ClusterClient(role.Connection);

        await RefusedAsync(() => client.DeleteAsync(Memberships, new(space, "fraud"), null, Cancellation));
        await RefusedAsync(() => client.DeleteAsync(Secrets, new(space, "token"), null, Cancellation));
        await RefusedAsync(() => client.DeleteAsync(Leases, new(space, "reconciler-operator"), null, Cancellation));
        await RefusedAsync(() => client.CreateAsync(Memberships, space, Membership("another"), Cancellation));
        await RefusedAsync(() => client.MergePatchAsync(Guardrails, new(space, "everywhere"), [], null, Cancellation));
    }

    [Fact]
    public async Task The_operator_reads_Approvals_and_writes_none()
    {
        using var admin = await server.ClientAsync();
        var space = await KubeApiServer.NamespaceAsync(admin);
        using var role = await ChartRole.ApplyAsync(server, space);
        using var client = new ClusterClient(role.Connection);

        Assert.Empty((await client.ListAsync(Approvals, new() { Namespace = space }, Cancellation)).Items);
        await RefusedAsync(() =>
            client.CreateAsync(
                Approvals,
                space,
                new() { ["metadata"] = new JsonObject { ["name"] = "own" } },
                Cancellation
            )
        );
        await RefusedAsync(() => client.DeleteAsync(Approvals, new(space, "own"), null, Cancellation));
    }

    [Fact]
    public async Task The_operator_touches_no_lease_but_its_own()
    {
        using var admin = await server.ClientAsync();
        var (space, other) = (await KubeApiServer.NamespaceAsync(admin), await KubeApiServer.NamespaceAsync(admin));
        using var role = await ChartRole.ApplyAsync(server, space);
        using var client = new ClusterClient(role.Connection);

        await RefusedAsync(() => client.GetAsync(Leases, new(other, "reconciler-operator"), Cancellation));
        await RefusedAsync(() =>
            client.CreateAsync(
                Leases,
                other,
                new() { ["metadata"] = new JsonObject { ["name"] = "reconciler-operator" } },
                Cancellation
            )
        );
        await RefusedAsync(() => client.GetAsync(Leases, new(space, "kube-scheduler"), Cancellation));
    }

    [Fact]
    public async Task An_operator_of_one_namespace_sees_no_other()
    {
        using var admin = await server.ClientAsync();
        var (space, watched) = (await KubeApiServer.NamespaceAsync(admin), await KubeApiServer.NamespaceAsync(admin));
        using var role = await ChartRole.ApplyAsync(server, space, $"operator: {{watchNamespace: {watched}}}");
        using var client = new ClusterClient(role.Connection);

        Assert.Empty((await client.ListAsync(Memberships, new() { Namespace = watched }, Cancellation)).Items);
        Assert.True(
            (
                await Assert.ThrowsAsync<KubernetesException>(() =>
                    client.GetAsync(Secrets, new(watched, "none"), Cancellation)
                )
            ).IsNotFound
        );
        await RefusedAsync(() => client.ListAsync(Memberships, Selection.Everything, Cancellation));
        await RefusedAsync(() => client.ListAsync(Memberships, new() { Namespace = space }, Cancellation));
        await RefusedAsync(() => client.GetAsync(Secrets, new(space, "none"), Cancellation));
        Assert.Contains($"--watch-namespace={watched}", role.Arguments);
    }

    [Fact]
    public async Task A_leader_is_elected_under_the_role_of_a_shard()
    {
        using var admin = await server.ClientAsync();
        var space = await KubeApiServer.NamespaceAsync(admin);
        using var role = await ChartRole.ApplyAsync(
            server,
            space,
            "operator: {shards: [{name: eu, selector: region=eu}]}"
        );
        using var client = new ClusterClient(role.Connection);
        var elector = new LeaderElector(
            client,
            new() { Lease = new(space, "reconciler-operator-eu"), Identity = "one" }
        );
        var led = false;

        await elector.RunAsync(_ => Task.FromResult(led = elector.IsLeader), Cancellation);

        Assert.True(led);
    }

    private static async Task RefusedAsync(Func<Task> call)
    {
        var refused = await Assert.ThrowsAsync<KubernetesException>(call);
        Assert.True(refused.IsForbidden, refused.ToString());
    }

    private static JsonObject Membership(string name) =>
        new()
        {
            ["apiVersion"] = Memberships.ApiVersion,
            ["kind"] = Memberships.Kind,
            ["metadata"] = new JsonObject { ["name"] = name },
            ["spec"] = new JsonObject
            {
                ["provider"] = "clarifeye-eu",
                ["projectId"] = "3c90c3cc-0d44-4b50-8888-8dd25736052a",
            },
        };
}

using System.Text.Json.Nodes;
using Reconciler.Testing;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Kubernetes.Servers;
using static Reconciler.Operator.Tests.OperatorScene;

namespace Reconciler.Operator.Tests;

/// <summary>The life of a membership in a cluster, from kubectl apply to its end, at each vendor.</summary>
public sealed class OperatorLifeTests(KubeApiServer server)
{
    private static readonly VendorRow Clarifeye = VendorRows.Of("clarifeye");

    [Theory]
    [MemberData(nameof(VendorRows.BuiltIn), MemberType = typeof(VendorRows))]
    public async Task A_membership_is_applied_changed_and_revoked(string type)
    {
        var vendor = VendorRows.Of(type);
        await using var scene = await SetAsync(
            server,
            vendor,
            new Reconciler.Sandbox.Seeds.SeedMember("carl@example.com", vendor.SeedLesser)
        );
        scene.Start();

        await scene.ApplyAsync(
            OperatorScene.Membership(vendor, "  deletionPolicy: revoke", "ana@example.com", "carl@example.com")
        );
        var applied = await scene.UntilAsync(r =>
            IsConverged(r)
            && scene.Sandbox.Connection(vendor.Connection).MailsTo("ana@example.com") + scene.People(vendor).Count > 2
        );
        Assert.Equal("reconciler.dev/finalizer", (string?)applied["metadata"]!["finalizers"]![0]);
        Assert.Null(Condition(applied, "Reconciling"));
        Assert.Null(Condition(applied, "Stalled"));
        Assert.Contains(scene.People(vendor), p => p.StartsWith("ana@example.com", StringComparison.Ordinal));

        var invited = scene.People(vendor).Contains("ana@example.com (invited)");
        if (invited)
            scene.Sandbox.Connection(vendor.Connection).Accept(vendor.ProjectId, "ana@example.com");
        await scene.ApplyAsync(
            OperatorScene.Membership(
                vendor,
                "  deletionPolicy: revoke",
                $"email: ana@example.com, access: {vendor.Greater}"
            )
        );
        await scene.UntilAsync(r => IsConverged(r) && (long?)r["status"]!["declared"] == 2);
        Assert.DoesNotContain("carl@example.com", scene.People(vendor));

        await scene.KubectlAsync("delete", "pm", "fraud", "--wait=false");
        await scene.GoneAsync();
        Assert.DoesNotContain(scene.People(vendor), p => p.StartsWith("ana@example.com", StringComparison.Ordinal));
        Assert.Contains(Bot, scene.People(vendor));
        await Eventually.Async(() =>
            scene.EventsAsync().GetAwaiter().GetResult().Exists(e => e.Reason is "Removed" or "Revoked")
        );
    }

    [Fact]
    public async Task Deleting_with_the_policy_orphan_leaves_everybody_in_and_needs_neither_provider_nor_secret()
    {
        await using var scene = await SetAsync(server, Clarifeye);
        scene.Start();
        await scene.ApplyAsync(OperatorScene.Membership(Clarifeye, "", "ana@example.com"));
        await scene.UntilAsync(IsConverged);

        await scene.KubectlAsync("delete", "ap/vendor", "secret/vendor");
        await scene.KubectlAsync("delete", "pm", "fraud", "--wait=false");
        await scene.GoneAsync();

        Assert.Contains("ana@example.com (invited)", scene.People(Clarifeye));
    }

    [Fact]
    public async Task An_operator_that_leads_and_follows_every_kind_says_that_it_is_ready()
    {
        await using var scene = await SetAsync(server, VendorRows.Of("clarifeye"));
        var host = scene.Start();
        using var http = new HttpClient();

        await scene.UntilAsync(async () =>
            host.Url.Length > 0
            && await http.GetStringAsync(new Uri($"{host.Url}/readyz"), TestContext.Current.CancellationToken)
                == "ready\nleads\n"
        );
    }
}

using System.Text.Json.Nodes;
using Reconciler.Hosting.Reconciling;
using Reconciler.Sandbox.Faults;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Kubernetes.Servers;
using static Reconciler.Operator.Tests.OperatorScene;

namespace Reconciler.Operator.Tests;

/// <summary>Secrets that change, vendors that are away, operators that are stopped, statuses that get lost.</summary>
public sealed class OperatorTroubleTests(KubeApiServer server)
{
    private static readonly VendorRow Vendor = VendorRows.Of("confident-ai");

    [Fact]
    public async Task A_token_that_is_rotated_is_read_anew_and_one_without_the_label_is_not_read()
    {
        await using var scene = await SetAsync(server, Vendor);
        scene.Start();
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, ""));
        await scene.UntilAsync(IsConverged);

        scene.Sandbox.Connection(Vendor.Connection).Rotate("a-newer-t0ken");
        await scene.ApplyAsync(
            OperatorScene.Secret("a-newer-t0ken"),
            OperatorScene.Membership(Vendor, "", "ana@example.com")
        );
        await scene.UntilAsync(r =>
            IsConverged(r) && scene.Sandbox.Connection(Vendor.Connection).MailsTo("ana@example.com") == 1
        );

        await scene.KubectlAsync("label", "secret", "vendor", "reconciler.dev/credential-");
        await scene.KubectlAsync("annotate", "pm", "fraud", "reconciler.dev/requestedAt=again");
        var refused = await scene.UntilAsync(r => Is(r, "False", "SecretNotFound"));
        Assert.Contains(
            "lacks the label reconciler.dev/credential",
            Condition(refused, "Stalled")!.Value.Message,
            StringComparison.Ordinal
        );
        await scene.UntilAsync("AccessProvider", "vendor", r => Is(r, "False", "SecretNotFound"));
        Assert.DoesNotContain(
            "a-newer-t0ken",
            string.Join('\n', scene.Logs)
                + refused.ToJsonString()
                + await scene.KubectlAsync("get", "events", "-o", "json"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_vendor_that_is_away_is_asked_again_until_it_is_back()
    {
        await using var scene = await SetAsync(server, Vendor);
        scene.Sandbox.Inject(Fault.Answer(503) with { Times = null });
        scene.Start();
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, "", "ana@example.com"));
        var failed = await scene.UntilAsync(r => Is(r, "False", "Unreachable"));
        Assert.NotNull(Condition(failed, "Reconciling"));
        Assert.Null(Condition(failed, "Stalled"));
        await scene.UntilAsync(
            "AccessProvider",
            "vendor",
            r => Is(r, "False", "Unreachable") && (bool?)r["status"]!["reachable"] == false
        );

        scene.Sandbox.ClearFaults();
        await scene.KubectlAsync("annotate", "pm", "fraud", "reconciler.dev/requestedAt=back");
        await scene.UntilAsync(IsConverged);
        var provider = await scene.UntilAsync("AccessProvider", "vendor", r => Is(r, "True", "Reachable"));
        Assert.Equal(1, (int?)provider["status"]!["memberships"]);
    }

    [Fact]
    public async Task A_pass_that_hangs_is_told_and_refuses_nothing()
    {
        await using var scene = await SetAsync(server, Vendor);
        scene.Sandbox.Inject(Fault.Latency(TimeSpan.FromSeconds(20)));
        var clock = new AheadClock();
        var host = scene.Start(clock: clock);
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, "", "ana@example.com"));
        await scene.UntilAsync(() => Task.FromResult(host.Status.Projects.Any(p => p.IsRunning)));

        clock.By = ReconcileLimits.LongestReconcile;

        using var http = new HttpClient();
        Assert.Equal(
            "ready\nleads\n1 reconcile runs for more than 30 minutes\n",
            await http.GetStringAsync(new Uri($"{host.Url}/readyz"), TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task The_same_refusal_told_again_is_one_event_that_counts()
    {
        await using var scene = await SetAsync(server, Vendor);
        scene.Sandbox.Inject(Fault.Answer(400) with { Times = null, Method = "POST", Path = Vendor.InvitePath });
        scene.Start();
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, "", "ana@example.com"));
        await scene.UntilAsync(r => Is(r, "False", "Refused"));

        await scene.KubectlAsync("annotate", "pm", "fraud", "reconciler.dev/requestedAt=again");
        await scene.UntilAsync(r => (string?)r["status"]?["lastHandledRequestedAt"] == "again");

        await scene.UntilEventAsync(e => (string?)e["reason"] == "InviteFailed" && (int?)e["series"]?["count"] >= 2);
    }

    [Fact]
    public async Task Nothing_is_sent_twice_when_an_operator_is_started_again()
    {
        await using var scene = await SetAsync(server, Vendor);
        scene.Start();
        await scene.ApplyAsync(
            OperatorScene.Membership(Vendor, "  invitations: {resendAfter: 1h}", "ana@example.com", "ben@example.com")
        );
        var before = await scene.UntilAsync(IsConverged);
        await scene.StopAsync();

        scene.Start();
        await scene.KubectlAsync("annotate", "pm", "fraud", "reconciler.dev/requestedAt=restarted");
        var after = await scene.UntilAsync(r => (string?)r["status"]!["lastHandledRequestedAt"] == "restarted");

        Assert.Equal(1, scene.Sandbox.Connection(Vendor.Connection).MailsTo("ana@example.com"));
        // Only the note that a list has shown these people may be new after the restart; the rest of the inventory must
        // be the same.
        foreach (
            var person in new[] { before, after }.SelectMany(r => (JsonArray)r["status"]!["ledger"]!["inventory"]!)
        )
            ((JsonObject)person!).Remove("sighting");
        Assert.True(
            JsonNode.DeepEquals(before["status"]!["ledger"]!["inventory"], after["status"]!["ledger"]!["inventory"])
        );
        Assert.Equal(3, ((JsonArray)after["status"]!["ledger"]!["inventory"]!).Count);
    }

    [Fact]
    public async Task A_status_that_got_lost_is_made_anew_and_nobody_is_mailed_again()
    {
        await using var scene = await SetAsync(server, Vendor, new SeedMember("carl@example.com", Vendor.SeedLesser));
        scene.Start();
        await scene.ApplyAsync(
            OperatorScene.Membership(Vendor, "  invitations: {resendAfter: 1h}", "ana@example.com", "carl@example.com")
        );
        await scene.UntilAsync(IsConverged);
        await scene.StopAsync();
        await scene.KubectlAsync("patch", "pm", "fraud", "--type=merge", "-p", """{"metadata":{"finalizers":null}}""");
        await scene.KubectlAsync("delete", "pm", "fraud");

        await scene.ApplyAsync(
            OperatorScene.Membership(Vendor, "  invitations: {resendAfter: 1h}", "ana@example.com", "carl@example.com")
        );
        scene.Start();
        var adopted = await scene.UntilAsync(IsConverged);

        Assert.Equal(1, scene.Sandbox.Connection(Vendor.Connection).MailsTo("ana@example.com"));
        Assert.All((JsonArray)adopted["status"]!["ledger"]!["inventory"]!, p => Assert.True((bool?)p!["owned"]));
    }

    [Fact]
    public async Task A_membership_to_be_revoked_whose_provider_is_gone_is_stuck_until_the_policy_lets_it_go()
    {
        await using var scene = await SetAsync(server, Vendor);
        scene.Start();
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, "  deletionPolicy: revoke", "ana@example.com"));
        await scene.UntilAsync(IsConverged);

        await scene.KubectlAsync("delete", "ap", "vendor");
        await scene.KubectlAsync("delete", "pm", "fraud", "--wait=false");
        var stuck = await scene.UntilAsync(r => Condition(r, "Stalled") is { Reason: "CannotRevoke" });
        Assert.Contains(
            "\"deletionPolicy\":\"orphan\"",
            Condition(stuck, "Ready")!.Value.Message,
            StringComparison.Ordinal
        );

        await scene.KubectlAsync(
            "patch",
            "pm",
            "fraud",
            "--type=merge",
            "-p",
            """{"spec":{"deletionPolicy":"orphan"}}"""
        );
        await scene.GoneAsync();
        Assert.Contains(scene.People(Vendor), p => p.StartsWith("ana@example.com", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_deletion_waits_for_a_provider_that_comes_back_and_is_judged_by_the_limits_of_before()
    {
        string[] people = ["ana@example.com", "ben@example.com", "carl@example.com"];
        await using var scene = await SetAsync(
            server,
            Vendor,
            people.Select(p => new SeedMember(p, Vendor.SeedLesser))
        );
        scene.Start();
        await scene.ApplyAsync(
            Guardrail("maxRemovals: {count: 1}"),
            OperatorScene.Membership(Vendor, "  deletionPolicy: revoke", people)
        );
        await scene.UntilAsync(IsConverged);

        await scene.KubectlAsync("delete", "guardrail", "everywhere");
        await scene.KubectlAsync("delete", "pm", "fraud", "--wait=false");
        var held = await scene.UntilAsync(r => Condition(r, "Stalled") is { Reason: "Held" });
        Assert.Equal(4, scene.People(Vendor).Count);

        await scene.KubectlAsync(
            "annotate",
            "pm",
            "fraud",
            $"reconciler.dev/approve={(string)held["status"]!["plan"]!["hold"]!}"
        );
        await scene.GoneAsync();
        Assert.Equal([Bot], scene.People(Vendor));
    }

    /// <summary>A wall clock that can be put forward; time passes as it does.</summary>
    private sealed class AheadClock : TimeProvider
    {
        public TimeSpan By { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + By;
    }
}

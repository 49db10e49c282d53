using System.Text.Json.Nodes;
using Reconciler.Sandbox.Faults;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Kubernetes.Servers;
using static Reconciler.Operator.Tests.OperatorScene;

namespace Reconciler.Operator.Tests;

/// <summary>What Flux and Argo CD make of each state in which the operator leaves its resources.</summary>
public sealed class OperatorHealthTests(KubeApiServer server)
{
    private static readonly string Limit = Guardrail("maxRemovals: {count: 0}");

    private static readonly VendorRow Vendor = VendorRows.Of("confident-ai");
    private readonly List<(string State, JsonObject Resource, string KStatus, string Argo)> _seen = [];

    [Fact]
    public async Task Every_state_is_judged_right_by_kstatus_and_by_the_health_checks_for_Argo_CD()
    {
        await using var scene = await SetAsync(server, Vendor, new SeedMember("carl@example.com", Vendor.SeedLesser));
        await NewAsync(scene);
        await WellAsync(scene);
        await WrongAsync(scene);
        await EndingAsync(scene);

        Assert.All(_seen, s => Assert.Equal((s.State, s.KStatus), (s.State, KStatus.Of(s.Resource))));
        Assert.SkipUnless(ArgoHealth.IsThere, "Install lua to run the health checks for Argo CD.");
        foreach (var (state, resource, _, expected) in _seen)
        {
            var (status, message) = await ArgoHealth.OfAsync(resource);
            Assert.Equal((state, expected), (state, status));
            if (expected is "Healthy" or "Degraded" && Condition(resource, "Ready") is { } ready)
                Assert.Equal(ready.Message, message);
        }
    }

    [Fact]
    public async Task What_the_operator_refuses_about_a_provider_fails_and_one_that_nobody_uses_is_well()
    {
        await using var scene = await SetAsync(
            server,
            new SandboxSeed
            {
                Token = Token,
                Projects =
                [
                    Vendor.Prepare(
                        new(Vendor.ProjectId, Vendor.Connection) { Members = [new(Bot, Vendor.SeedGreater)] }
                    ),
                ],
            }
        );
        scene.Start();
        await scene.ApplyAsync(scene.Provider(Vendor));
        Assert.Equal(
            KStatus.Current,
            KStatus.Of(await scene.UntilAsync("AccessProvider", "vendor", r => Is(r, "True", "NotUsed")))
        );

        await scene.ApplyAsync(OperatorScene.Membership(Vendor, ""));
        Assert.Equal(
            KStatus.Failed,
            KStatus.Of(await scene.UntilAsync("AccessProvider", "vendor", r => Is(r, "False", "SecretNotFound")))
        );
        await scene.ApplyAsync(
            scene
                .Provider(Vendor)
                .Replace(
                    scene.Sandbox.BaseUrl(Vendor.Connection),
                    "https://elsewhere.example",
                    StringComparison.Ordinal
                )
        );
        Assert.Equal(
            KStatus.Failed,
            KStatus.Of(await scene.UntilAsync("AccessProvider", "vendor", r => Is(r, "False", "Invalid")))
        );
    }

    private async Task NewAsync(OperatorScene scene)
    {
        scene.Sandbox.Inject(Fault.Answer(503) with { Times = null });
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, "", "ana@example.com"));
        See(
            "nobody has looked yet",
            (await scene.FindAsync("ProjectMembership", "fraud"))!,
            KStatus.InProgress,
            "Progressing"
        );
        See(
            "nobody has looked at the provider yet",
            (await scene.FindAsync("AccessProvider", "vendor"))!,
            KStatus.InProgress,
            "Progressing"
        );

        scene.Start();
        See(
            "the vendor is down",
            await scene.UntilAsync(r => Is(r, "False", "Unreachable")),
            KStatus.InProgress,
            "Progressing"
        );
        See(
            "the provider is down",
            await scene.UntilAsync("AccessProvider", "vendor", r => Is(r, "False", "Unreachable")),
            KStatus.InProgress,
            "Progressing"
        );
        scene.Sandbox.ClearFaults();
        await scene.KubectlAsync("annotate", "pm", "fraud", "reconciler.dev/requestedAt=back");
    }

    private async Task WellAsync(OperatorScene scene)
    {
        See("somebody has not answered yet", await scene.UntilAsync(IsConverged), KStatus.Current, "Healthy");
        See(
            "the vendor answers",
            await scene.UntilAsync("AccessProvider", "vendor", r => Is(r, "True", "Reachable")),
            KStatus.Current,
            "Healthy"
        );
        await scene.ApplyAsync(
            OperatorScene.Membership(Vendor, "  dryRun: true", "ana@example.com", "carl@example.com", "eve@example.com")
        );
        See("a dry run has changes", await scene.UntilAsync(r => Is(r, "True", "DryRun")), KStatus.Current, "Healthy");
        await scene.ApplyAsync(
            OperatorScene.Membership(
                Vendor,
                "  suspend: true",
                "ana@example.com",
                "carl@example.com",
                "eve@example.com"
            )
        );
        See(
            "suspended",
            await scene.UntilAsync(r => (string?)r["status"]!["summary"] == "suspended"),
            KStatus.Current,
            "Suspended"
        );
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, "", "ana@example.com", "carl@example.com"));
        See(
            "everybody is as declared",
            await scene.UntilAsync(r => IsConverged(r) && (int?)r["status"]!["declared"] == 3),
            KStatus.Current,
            "Healthy"
        );
    }

    private async Task WrongAsync(OperatorScene scene)
    {
        await scene.ApplyAsync(Limit);
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, "", "ana@example.com"));
        See("held", await scene.UntilAsync(r => Is(r, "False", "Held")), KStatus.Failed, "Degraded");
        await scene.ApplyAsync(
            OperatorScene.Membership(Vendor, "  interval: 1s", "ana@example.com", "carl@example.com")
        );
        See("invalid", await scene.UntilAsync(r => Is(r, "False", "Invalid")), KStatus.Failed, "Degraded");
        await scene.ApplyAsync(
            OperatorScene.Membership(Vendor, "", "ana@example.com", "carl@example.com", "team: nobody, role: nobody")
        );
        See(
            "a reference leads nowhere",
            await scene.UntilAsync(r => Is(r, "False", "ReferenceNotFound")),
            KStatus.Failed,
            "Degraded"
        );
        await scene.ApplyAsync(
            OperatorScene.Membership(
                Vendor,
                "  deletionPolicy: revoke\n  interval: 10m",
                "ana@example.com",
                "carl@example.com"
            )
        );
        See("mended", await scene.UntilAsync(IsConverged), KStatus.Current, "Healthy");
    }

    private async Task EndingAsync(OperatorScene scene)
    {
        await scene.KubectlAsync("delete", "pm", "fraud", "--wait=false");
        See(
            "a deletion that is held",
            await scene.UntilAsync(r => Condition(r, "Stalled") is { Reason: "Held" }),
            KStatus.Terminating,
            "Degraded"
        );
        await scene.StopAsync();
        await scene.ApplyAsync(
            OperatorScene.Membership("other", Vendor, "another", "", "ana@example.com"),
            scene.Provider(Vendor, "  requestsPerSecond: 5")
        );
        See(
            "a change that nobody has seen yet",
            (await scene.FindAsync("AccessProvider", "vendor"))!,
            KStatus.InProgress,
            "Progressing"
        );
        await scene.KubectlAsync("patch", "pm", "fraud", "--type=merge", "-p", """{"metadata":{"finalizers":null}}""");
    }

    private void See(string state, JsonObject resource, string kstatus, string argo) =>
        _seen.Add((state, resource, kstatus, argo));
}

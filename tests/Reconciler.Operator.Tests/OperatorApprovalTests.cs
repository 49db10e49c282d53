using System.Text.Json.Nodes;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Kubernetes.Servers;
using static Reconciler.Operator.Tests.OperatorScene;

namespace Reconciler.Operator.Tests;

/// <summary>
/// Approvals are resources of their own: who may create one in a namespace may release what is held there.
/// </summary>
public sealed class OperatorApprovalTests(KubeApiServer server)
{
    private static readonly VendorRow Vendor = VendorRows.Of("clarifeye");
    private static readonly string Other = $"hold:sha256:{new string('0', 64)}";
    private static readonly string[] People = ["ana@example.com", "ben@example.com", "carl@example.com"];

    [Fact]
    public async Task An_Approval_releases_limits_of_the_runner_that_the_annotation_does_not()
    {
        await using var scene = await SetAsync(
            server,
            Vendor,
            People.Select(p => new SeedMember(p, Vendor.SeedLesser))
        );
        scene.Start(s => s with { MaxRemovals = 1 });
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, "", People));
        await scene.UntilAsync(IsConverged);
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, ""));
        var held = await scene.UntilAsync(r => Is(r, "False", "Held"));
        var hold = (string)held["status"]!["plan"]!["hold"]!;
        Assert.Contains($"an Approval of {hold}", Condition(held, "Ready")!.Value.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("kubectl annotate", Condition(held, "Ready")!.Value.Message, StringComparison.Ordinal);

        // An Approval of another hold is mentioned in the condition and releases nothing, and neither does an
        // annotation.
        await scene.ApplyAsync(Approval("other", Other));
        await scene.KubectlAsync(
            "annotate",
            "pm",
            "fraud",
            $"reconciler.dev/approve={hold}",
            "reconciler.dev/requestedAt=1"
        );
        await scene.UntilAsync(r =>
            Is(r, "False", "Held")
            && Condition(r, "Ready")!.Value.Message.Contains("names another hold", StringComparison.Ordinal)
            && (string?)r["status"]!["lastHandledRequestedAt"] == "1"
        );
        Assert.Equal(4, scene.People(Vendor).Count);
        await scene.UntilEventAsync(e => IsOf(e, "other") && (string?)e["reason"] == "FitsNothing");

        await scene.ApplyAsync(Approval("leavers", hold));
        await scene.UntilAsync(r => IsConverged(r) && scene.People(Vendor).Count == 1);
        await scene.UntilEventAsync(e => IsOf(e, "leavers") && (string?)e["reason"] == "Releases");
        await scene.UntilEventAsync(e =>
            (string?)e["regarding"]!["name"] == "fraud" && (string?)e["reason"] == "Released"
        );
        Assert.Contains(
            scene.Logs,
            l =>
                l.Contains("approve", StringComparison.Ordinal)
                && l.Contains("/leavers: they left", StringComparison.Ordinal)
        );
    }

    private static bool IsOf(JsonObject happened, string name) =>
        (string?)happened["regarding"]!["kind"] == "Approval" && (string?)happened["regarding"]!["name"] == name;

    private static string Approval(string name, string hold) =>
        $$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: Approval
            metadata: {name: {{name}}}
            spec: {hold: "{{hold}}", reason: they left}
            """;
}

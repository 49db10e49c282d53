using System.Text.Json.Nodes;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Kubernetes.Servers;
using static Reconciler.Operator.Tests.OperatorScene;

namespace Reconciler.Operator.Tests;

/// <summary>
/// What the operator remembers in statuses, also of projects and memberships that are gone, and what happens when it
/// gets lost.
/// </summary>
public sealed class OperatorMemoryTests(KubeApiServer server)
{
    private static readonly VendorRow Vendor = VendorRows.Of("confident-ai");

    [Fact]
    public async Task Removals_of_memberships_that_are_gone_count_against_the_limit_of_the_provider()
    {
        var vendor = VendorRows.Of("clarifeye");
        string[] ids =
        [
            .. Enumerable.Range(0, 3).Select(i => new Guid(i + 1, 7, 7, [7, 7, 7, 7, 7, 7, 7, 7]).ToString()),
        ];
        await using var scene = await SetAsync(
            server,
            new SandboxSeed
            {
                Token = Token,
                Projects =
                [
                    .. ids.Select(
                        (id, i) =>
                            new SeedProject(id, vendor.Connection)
                            {
                                Members =
                                [
                                    new(Bot, vendor.SeedGreater),
                                    new($"a{i}@example.com", vendor.SeedLesser),
                                    new($"b{i}@example.com", vendor.SeedLesser),
                                ],
                            }
                    ),
                ],
            }
        );
        await scene.ApplyAsync(
            OperatorScene.Secret(Token),
            scene.Provider(vendor),
            Guardrail("maxRemovalsPerProvider: {count: 4}")
        );
        var first = scene.Start();
        await scene.UntilAsync("AccessProvider", "vendor", r => r["status"]?["conditions"] is not null);
        // The second operator only waits for the lease, so what it read at its start is out of date when it takes over.
        scene.Start();
        await scene.UntilAsync(() =>
            Task.FromResult(scene.Logs.Count(l => l.Contains("waits for the lease", StringComparison.Ordinal)) == 2)
        );
        await scene.ApplyAsync(
            ids.Select(
                (id, i) =>
                    OperatorScene.Membership(
                        $"m{i}",
                        vendor,
                        id,
                        "  deletionPolicy: revoke",
                        $"a{i}@example.com",
                        $"b{i}@example.com"
                    )
            )
        );
        foreach (var i in Enumerable.Range(0, 3))
            await scene.UntilAsync(IsConverged, $"m{i}");

        await scene.KubectlAsync("delete", "pm", "m0", "--wait=false");
        await scene.GoneAsync("m0");
        await scene.KubectlAsync("delete", "pm", "m1", "--wait=false");
        await scene.GoneAsync("m1");
        await scene.StopAsync(first);
        await scene.KubectlAsync("delete", "pm", "m2", "--wait=false");
        var held = await scene.UntilAsync(r => Condition(r, "Stalled") is { Reason: "Held" }, "m2");

        Assert.Contains("4 were made already", Condition(held, "Ready")!.Value.Message, StringComparison.Ordinal);
        Assert.Contains(scene.Sandbox.Connection(vendor.Connection).Members(ids[2]), m => m.Email == "a2@example.com");
        await scene.UntilAsync(
            "AccessProvider",
            "vendor",
            r => r["status"]?["removals"]?["default"] is JsonArray noted && noted.Sum(n => (int)n!["count"]!) == 4
        );
    }

    [Fact]
    public async Task A_slip_of_the_pen_in_a_project_id_takes_nobody_out_and_forgets_nobody()
    {
        await using var scene = await SetAsync(server, Vendor);
        scene.Start();
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, "  deletionPolicy: revoke", "ana@example.com"));
        await scene.UntilAsync(IsConverged);

        await scene.ApplyAsync(
            OperatorScene.Membership("fraud", Vendor, "no-such-project", "  deletionPolicy: revoke", "ana@example.com")
        );
        var slipped = await scene.UntilAsync(r => Is(r, "False", "ProjectNotFound"));
        Assert.StartsWith(
            "spec.projectId: Confident AI has no project ",
            Condition(slipped, "Stalled")!.Value.Message,
            StringComparison.Ordinal
        );
        Assert.Single((JsonArray)slipped["status"]!["former"]!);
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, "  deletionPolicy: revoke", "ana@example.com"));
        var back = await scene.UntilAsync(IsConverged);

        Assert.Null(back["status"]!["former"]);
        Assert.Equal(1, scene.Sandbox.Connection(Vendor.Connection).MailsTo("ana@example.com"));
        Assert.Contains("ana@example.com (invited)", scene.People(Vendor));
    }

    [Theory]
    [InlineData("revoke")]
    [InlineData("orphan")]
    public async Task The_people_of_a_project_that_was_declared_before_go_by_the_policy_once_the_new_one_is_as_declared(
        string policy
    )
    {
        var (before, after) = ("project-before", "project-after");
        await using var scene = await SetAsync(
            server,
            new SandboxSeed
            {
                Token = Token,
                Projects =
                [
                    new(before, Vendor.Connection) { Members = [new(Bot, Vendor.SeedGreater)] },
                    new(after, Vendor.Connection) { Members = [new(Bot, Vendor.SeedGreater)] },
                ],
            }
        );
        await scene.ApplyAsync(OperatorScene.Secret(Token), scene.Provider(Vendor));
        scene.Start();
        await scene.ApplyAsync(
            OperatorScene.Membership("fraud", Vendor, before, $"  deletionPolicy: {policy}", "ana@example.com")
        );
        await scene.UntilAsync(IsConverged);

        await scene.ApplyAsync(
            OperatorScene.Membership(
                "fraud",
                Vendor,
                after,
                $"  deletionPolicy: {policy}\n  dryRun: true",
                "ana@example.com"
            )
        );
        await scene.UntilAsync(r => Is(r, "True", "DryRun"));
        Assert.Contains(
            scene.Sandbox.Connection(Vendor.Connection).Invitations(before),
            i => i is { Email: "ana@example.com", Status: "PENDING" or "pending" }
        );

        await scene.ApplyAsync(
            OperatorScene.Membership("fraud", Vendor, after, $"  deletionPolicy: {policy}", "ana@example.com")
        );
        await scene.UntilAsync(r =>
            IsConverged(r) && r["status"]!["former"] is null && (string?)r["status"]!["project"]!["projectId"] == after
        );

        var isThere = scene
            .Sandbox.Connection(Vendor.Connection)
            .Invitations(before)
            .Any(i => i.Email == "ana@example.com" && i.Status.Equals("pending", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(policy == "orphan", isThere);
    }

    [Fact]
    public async Task A_status_that_is_wiped_by_hand_is_written_again_and_nobody_is_mailed_again()
    {
        await using var scene = await SetAsync(server, Vendor);
        scene.Start();
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, "  invitations: {resendAfter: 1h}", "ana@example.com"));
        await scene.UntilAsync(IsConverged);

        await scene.KubectlAsync(
            "patch",
            "pm",
            "fraud",
            "--subresource=status",
            "--type=merge",
            "-p",
            """{"status":null}"""
        );
        var healed = await scene.UntilAsync(r => IsConverged(r) && r["status"]!["ledger"] is not null);

        Assert.Equal(1, scene.Sandbox.Connection(Vendor.Connection).MailsTo("ana@example.com"));
        Assert.Contains(
            (JsonArray)healed["status"]!["ledger"]!["inventory"]!,
            p => (string?)p!["email"] == "ana@example.com"
        );
    }
}

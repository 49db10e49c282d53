using System.Text.RegularExpressions;
using Reconciler.Sandbox.Faults;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Kubernetes.Servers;
using static Reconciler.Operator.Tests.OperatorScene;

namespace Reconciler.Operator.Tests;

/// <summary>Every command that the operator advises works as it is printed, pasted into a shell.</summary>
public sealed partial class OperatorAdviceTests(KubeApiServer server)
{
    private static readonly VendorRow Vendor = VendorRows.Of("confident-ai");

    [Fact]
    public void Commands_are_written_in_one_place_whose_every_command_is_run_here() =>
        Assert.Equal(
            ["Advice.cs: annotate", "Advice.cs: annotate", "Advice.cs: patch", "Advice.cs: label"],
            Directory
                .EnumerateFiles(Repository.At("src/Reconciler.Operator"), "*.cs", SearchOption.AllDirectories)
                .Where(f => !f.Contains("/obj/", StringComparison.Ordinal))
                .SelectMany(f => Command().Matches(File.ReadAllText(f)), (f, m) => (File: f, m))
                .Select(c => $"{Path.GetFileName(c.File)}: {c.m.Groups["verb"].Value}")
        );

    [Fact]
    public async Task A_Secret_with_another_value_of_the_label_gets_the_right_one()
    {
        await using var scene = await SetAsync(server, Vendor);
        await scene.KubectlAsync("label", "secret", "vendor", "--overwrite", "reconciler.dev/credential=yes");
        scene.Start();
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, ""));
        var unread = await scene.UntilAsync(r => Is(r, "False", "SecretNotFound"));
        await scene.UntilAsync("AccessProvider", "vendor", r => Is(r, "False", "SecretNotFound"));

        await scene.RunAdviceAsync(Condition(unread, "Stalled")!.Value.Message);
        await scene.KubectlAsync("annotate", "pm", "fraud", "reconciler.dev/requestedAt=1");
        await scene.UntilAsync(IsConverged);
    }

    [Fact]
    public async Task A_hold_is_released_also_where_an_older_release_is_still_there()
    {
        await using var scene = await SetAsync(server, Vendor, new SeedMember("carl@example.com", Vendor.SeedLesser));
        scene.Start();
        await scene.ApplyAsync(Guardrail("maxRemovals: {count: 0}"), OperatorScene.Membership(Vendor, "  prune: all"));
        await scene.KubectlAsync(
            "annotate",
            "pm",
            "fraud",
            "--overwrite",
            $"reconciler.dev/approve=hold:sha256:{new string('0', 64)}"
        );
        var held = await scene.UntilAsync(r =>
            Is(r, "False", "Held")
            && Condition(r, "Ready")!.Value.Message.Contains("names another hold", StringComparison.Ordinal)
        );

        await scene.RunAdviceAsync(Condition(held, "Stalled")!.Value.Message);
        await scene.UntilAsync(r => IsConverged(r) && scene.People(Vendor).Count == 1);
    }

    [Theory]
    [InlineData("  deletionPolicy: revoke", false)]
    [InlineData("  deletionPolicy: revoke\n  suspend: true", true)]
    public async Task A_deletion_that_is_stuck_is_let_go(string more, bool isSuspended)
    {
        await using var scene = await SetAsync(server, Vendor);
        scene.Start();
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, "  deletionPolicy: revoke", "ana@example.com"));
        await scene.UntilAsync(IsConverged);
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, more, "ana@example.com"));
        if (!isSuspended)
            await scene.KubectlAsync("delete", "ap", "vendor");
        await scene.KubectlAsync("delete", "pm", "fraud", "--wait=false");
        var stuck = await scene.UntilAsync(r => Condition(r, "Stalled") is { Reason: "CannotRevoke" });

        await scene.RunAdviceAsync(Condition(stuck, "Stalled")!.Value.Message);
        await scene.GoneAsync();
        Assert.Equal(["ana@example.com (invited)", Bot], scene.People(Vendor));
    }

    [Fact]
    public async Task A_deletion_whose_project_the_vendor_has_deleted_is_let_go()
    {
        await using var scene = await SetAsync(server, Vendor);
        scene.Start();
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, "  deletionPolicy: revoke", "ana@example.com"));
        await scene.UntilAsync(IsConverged);
        scene.Sandbox.Inject(Fault.Answer(404) with { Times = null });
        await scene.KubectlAsync("delete", "pm", "fraud", "--wait=false");
        var stuck = await scene.UntilAsync(r => Condition(r, "Stalled") is { Reason: "CannotRevoke" });
        await scene.UntilEventAsync(e => (string?)e["reason"] == "CannotRevoke");

        await scene.RunAdviceAsync(Condition(stuck, "Stalled")!.Value.Message);
        await scene.GoneAsync();
        Assert.DoesNotContain(scene.Logs, l => l.Contains("state abandon", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_former_project_that_nothing_leads_to_is_let_go()
    {
        var other = VendorRows.Of("gorules");
        await using var scene = await SetAsync(
            server,
            new SandboxSeed
            {
                Token = Token,
                Projects =
                [
                    .. new[] { Vendor, other }.Select(v =>
                        v.Prepare(new(v.ProjectId, v.Connection) { Members = [new(Bot, v.SeedGreater)] })
                    ),
                ],
            }
        );
        await scene.ApplyAsync(OperatorScene.Secret(Token), scene.Provider(Vendor));
        scene.Start();
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, "  deletionPolicy: revoke", "ana@example.com"));
        await scene.UntilAsync(IsConverged);
        await scene.ApplyAsync(
            scene.Provider(other),
            OperatorScene.Membership("fraud", other, other.ProjectId, "  deletionPolicy: revoke", "ana@example.com")
        );
        var stuck = await scene.UntilAsync(r => Is(r, "False", "CannotRevoke"));

        await scene.RunAdviceAsync(Condition(stuck, "Stalled")!.Value.Message);
        await scene.UntilAsync(IsConverged);
    }

    [GeneratedRegex(
        "\"[^\"\\n]*kubectl (?<verb>annotate|patch|label|get|delete|create|apply)",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Command();
}

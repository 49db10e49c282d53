using System.Text.Json.Nodes;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Kubernetes.Servers;
using static Reconciler.Operator.Tests.OperatorScene;

namespace Reconciler.Operator.Tests;

/// <summary>What people see who know nothing but kubectl.</summary>
public sealed class OperatorKubectlTests(KubeApiServer server)
{
    private static readonly VendorRow Vendor = VendorRows.Of("clarifeye");

    [Fact]
    public async Task Kubectl_get_shows_in_a_line_how_a_membership_stands()
    {
        await using var scene = await SetAsync(
            server,
            Vendor,
            new SeedMember("carl@example.com", Vendor.SeedLesser),
            new SeedMember("stranger@example.com", Vendor.SeedLesser)
        );
        scene.Start();
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, "", "ana@example.com", "carl@example.com"));

        Assert.Equal(
            "projectmembership.reconciler.dev/fraud condition met\n",
            await scene.KubectlAsync("wait", "--for=condition=Ready", "pm/fraud", "--timeout=90s")
        );
        Assert.Equal(
            ["NAME|PROVIDER|READY|PLAN|AGE", "fraud|vendor|True|2 of 3 as declared, 1 invited, 1 undeclared|…"],
            await RowsAsync(scene, "pm")
        );
        Assert.Equal(
            "fraud|vendor|True|2 of 3 as declared, 1 invited, 1 undeclared|…|Converged",
            (await RowsAsync(scene, "pm", "-o", "wide"))[1][
                ..^($"|{Vendor.ProjectId}|2 of 3 as declared, 1 invited, 1 undeclared".Length)
            ]
        );
        await scene.UntilAsync("AccessProvider", "vendor", r => Is(r, "True", "Reachable"));
        Assert.Equal(["NAME|TYPE|READY|MEMBERSHIPS|AGE", "vendor|clarifeye|True|1|…"], await RowsAsync(scene, "ap"));
        Assert.Equal(
            ["accessprovider.reconciler.dev/vendor", "projectmembership.reconciler.dev/fraud"],
            (await scene.KubectlAsync("get", "reconciler", "-o", "name"))
                .Trim()
                .Split('\n')
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Kubectl_describe_tells_who_waits_and_what_was_done()
    {
        await using var scene = await SetAsync(server, Vendor);
        scene.Start();
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, "", "ana@example.com"));
        await scene.UntilAsync(IsConverged);
        await Eventually.Async(() => scene.EventsAsync().GetAwaiter().GetResult().Count > 0);

        var said = await scene.KubectlAsync("describe", "pm", "fraud");

        Assert.Matches(
            @"(?s)People:\s+Message: +invited; not accepted yet\s+Person: +ana@example\.com\s+State: +Waiting",
            said
        );
        Assert.Matches(@"Summary: +1 of 2 as declared, 1 invited", said);
        Assert.Matches(
            @"Normal +Invited +\S+ +reconciler\.dev/operator +invited ana@example\.com with CAN_VIEW_DATA \(declared and absent\)",
            said
        );
    }

    [Fact]
    public async Task A_membership_that_waits_for_a_human_says_so_in_its_line_and_what_to_do_in_its_message()
    {
        await using var scene = await SetAsync(server, Vendor, new SeedMember("carl@example.com", Vendor.SeedLesser));
        scene.Start();
        await scene.ApplyAsync(Guardrail("maxRemovals: {count: 0}"), OperatorScene.Membership(Vendor, "  prune: all"));

        await scene.KubectlAsync("wait", "--for=condition=Stalled", "pm/fraud", "--timeout=90s");
        Assert.Equal("fraud|vendor|False|1 of 1 as declared, held: 1 to remove|…", (await RowsAsync(scene, "pm"))[1]);
        var message = await scene.KubectlAsync(
            "get",
            "pm",
            "fraud",
            "-o",
            "jsonpath={.status.conditions[?(@.type==\"Stalled\")].message}"
        );
        var command = message[(message.IndexOf("kubectl ", StringComparison.Ordinal) + "kubectl ".Length)..];
        await scene.KubectlAsync(command.Split(' '));
        await scene.UntilAsync(r => IsConverged(r) && scene.People(Vendor).Count == 1);

        Assert.Equal("fraud|vendor|True|1 of 1 as declared, 1 removed|…", (await RowsAsync(scene, "pm"))[1]);
        await Eventually.Async(() => scene.EventsAsync().GetAwaiter().GetResult().Exists(e => e.Reason == "Removed"));
        Assert.Matches(
            @"Normal +Removed +projectmembership/fraud +removed carl@example\.com − CAN_VIEW_DATA",
            await scene.KubectlAsync("get", "events")
        );
    }

    [Fact]
    public async Task Too_many_invitations_wait_for_the_command_that_the_status_names_and_removals_are_made()
    {
        await using var scene = await SetAsync(server, Vendor, new SeedMember("carl@example.com", Vendor.SeedLesser));
        scene.Start();
        await scene.ApplyAsync(
            Guardrail("maxInvitations: {count: 1}"),
            OperatorScene.Membership(Vendor, "  prune: all", "ana@example.com", "eve@example.com")
        );

        await scene.KubectlAsync("wait", "--for=condition=Stalled", "pm/fraud", "--timeout=90s");
        Assert.Equal(
            "fraud|vendor|False|1 of 3 as declared, 1 removed, held: 2 to invite|…",
            (await RowsAsync(scene, "pm"))[1]
        );
        Assert.Equal([Bot], scene.People(Vendor));
        Assert.Equal(
            ["NAME|REMOVALS|PERCENT|INVITATIONS|ADMINS|AGE", "everywhere|||1||…"],
            await RowsAsync(scene, "gr")
        );
        var stalled = await scene.UntilAsync(r => Is(r, "False", "Held"));
        var message = Condition(stalled, "Stalled")!.Value.Message;
        Assert.StartsWith(
            "2 invitations; the Guardrail everywhere allows 1 a project",
            message,
            StringComparison.Ordinal
        );
        await scene.RunAdviceAsync(message);
        await scene.UntilAsync(IsConverged);

        Assert.Equal(["ana@example.com (invited)", Bot, "eve@example.com (invited)"], scene.People(Vendor));
    }

    [Fact]
    public async Task What_is_wrong_with_a_membership_stands_in_its_line_and_it_still_counts_for_its_provider()
    {
        await using var scene = await SetAsync(server, Vendor);
        scene.Start();
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, "", "team: platform, role: analyst"));
        await scene.UntilAsync(r => Is(r, "False", "ReferenceNotFound"));
        Assert.StartsWith(
            "fraud|vendor|False|spec.members[1].role: no AccessRole is named \"analyst\"",
            (await RowsAsync(scene, "pm"))[1],
            StringComparison.Ordinal
        );

        await scene.ApplyAsync(OperatorScene.Membership(Vendor, "  memberz: []"));
        await scene.UntilAsync(r => Is(r, "False", "Invalid"));
        Assert.StartsWith(
            "fraud|vendor|False|spec.memberz: unknown field",
            (await RowsAsync(scene, "pm"))[1],
            StringComparison.Ordinal
        );
        await scene.UntilAsync("AccessProvider", "vendor", r => (int?)r["status"]?["memberships"] == 1);
        // Nobody asks the vendor for a membership that is stalled, so nothing is wrong with the provider.
        await scene.UntilAsync(
            "AccessProvider",
            "vendor",
            r => Condition(r, "Ready") is { Status: "True", Reason: "NotUsed" }
        );
        Assert.Equal("vendor|clarifeye|True|1|…", (await RowsAsync(scene, "ap"))[1]);
    }

    /// <summary>
    /// The rows of <c>kubectl get</c>, their columns apart by two blanks and more; ages are another run's.
    /// </summary>
    private static async Task<List<string>> RowsAsync(OperatorScene scene, params IEnumerable<string> words)
    {
        var lines = (await scene.KubectlAsync(["get", .. words])).TrimEnd('\n').Split('\n');
        var (starts, rows) = (StartsOf(lines[0]), new List<string>());
        foreach (var line in lines)
        {
            var cells = starts
                .Select(
                    (start, i) =>
                        line[
                            Math.Min(start, line.Length)..Math.Min(
                                i + 1 < starts.Count ? starts[i + 1] : line.Length,
                                line.Length
                            )
                        ]
                            .Trim()
                )
                .ToList();
            if (rows.Count > 0)
                cells[StartsOf(lines[0]).FindIndex(s => lines[0][s..].StartsWith("AGE", StringComparison.Ordinal))] =
                    "…";
            rows.Add(string.Join('|', cells));
        }

        return rows;
    }

    private static List<int> StartsOf(string header) =>
        [
            .. Enumerable
                .Range(0, header.Length)
                .Where(i => header[i] != ' ' && (i == 0 || (i > 1 && header[i - 1] == ' ' && header[i - 2] == ' '))),
        ];
}

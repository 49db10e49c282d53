using System.Text.Json.Nodes;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Kubernetes.Servers;
using static Reconciler.Operator.Tests.OperatorScene;

namespace Reconciler.Operator.Tests;

/// <summary>What people ask for with kubectl, and what they are told where it cannot be had.</summary>
public sealed class OperatorOwnershipTests(KubeApiServer server)
{
    private static readonly VendorRow Vendor = VendorRows.Of("clarifeye");

    [Fact]
    public async Task A_change_of_a_team_and_of_a_role_reaches_the_memberships_that_use_them()
    {
        await using var scene = await SetAsync(server, Vendor, new SeedMember("ana@example.com", Vendor.SeedLesser));
        scene.Start();
        await scene.ApplyAsync(
            Team("ana@example.com"),
            Role("[CAN_VIEW_DATA]"),
            OperatorScene.Membership(Vendor, "", "team: platform, role: analyst")
        );
        await scene.UntilAsync(IsConverged);

        await scene.ApplyAsync(Team("ana@example.com", "eve@example.com"), Role("[CAN_VIEW_DATA, CAN_RUN_TASKS]"));
        var changed = await scene.UntilAsync(r =>
            IsConverged(r) && scene.People(Vendor).Contains("eve@example.com (invited)")
        );

        Assert.Equal(
            ["Waiting"],
            from person in (JsonArray)changed["status"]!["people"]!
            where (string?)person!["person"] == "eve@example.com"
            select (string?)person["state"]
        );
        await Eventually.Async(() =>
            scene
                .Sandbox.Connection(Vendor.Connection)
                .Members(Vendor.ProjectId)
                .Single(m => m.Email == "ana@example.com")
                .Access.ToString()!
                .Contains("CAN_RUN_TASKS", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task An_edit_that_asks_for_the_same_in_other_words_is_seen_at_once()
    {
        await using var scene = await SetAsync(server, Vendor);
        scene.Start();
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, "  interval: 24h", "ana@example.com"));
        var before = await scene.UntilAsync(IsConverged);

        await scene.ApplyAsync(
            OperatorScene.Membership(Vendor, "  interval: 24h\n  suspend: false\n  prune: owned", "ana@example.com")
        );
        var after = await scene.UntilAsync(r =>
            IsConverged(r) && (long)r["metadata"]!["generation"]! > (long)before["metadata"]!["generation"]!
        );

        Assert.Equal((long)before["metadata"]!["generation"]! + 1, (long)after["status"]!["observedGeneration"]!);
    }

    [Fact]
    public async Task A_dry_run_shows_its_plan_and_writes_nothing()
    {
        await using var scene = await SetAsync(server, Vendor);
        scene.Start();

        await scene.ApplyAsync(OperatorScene.Membership(Vendor, "  dryRun: true", "ana@example.com"));
        var planned = await scene.UntilAsync(r => Is(r, "True", "DryRun"));

        Assert.Equal(1, (int?)planned["status"]!["plan"]!["invite"]);
        Assert.StartsWith("sha256:", (string?)planned["status"]!["plan"]!["digest"], StringComparison.Ordinal);
        Assert.Contains(
            "ana@example.com",
            (string?)planned["status"]!["plan"]!["actions"]![0],
            StringComparison.Ordinal
        );
        Assert.Equal(0, scene.Sandbox.NonGetCount);
        Assert.Null(planned["metadata"]!["finalizers"]);

        await scene.ApplyAsync(OperatorScene.Membership(Vendor, "  dryRun: false", "ana@example.com"));
        await scene.UntilAsync(IsConverged);
        Assert.Contains("ana@example.com (invited)", scene.People(Vendor));
    }

    [Fact]
    public async Task A_suspended_membership_stays_as_it_was()
    {
        await using var scene = await SetAsync(server, Vendor);
        scene.Start();
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, ""));
        await scene.UntilAsync(IsConverged);
        scene.Sandbox.ForgetRequests();

        await scene.ApplyAsync(OperatorScene.Membership(Vendor, "  suspend: true", "ana@example.com"));
        var suspended = await scene.UntilAsync(r =>
            (string?)r["status"]?["summary"] == "suspended"
            && (long?)r["status"]!["observedGeneration"] == (long?)r["metadata"]!["generation"]
        );
        Assert.Equal("True", Condition(suspended, "Ready")!.Value.Status);
        Assert.Empty(scene.Sandbox.Requests);

        await scene.ApplyAsync(OperatorScene.Membership(Vendor, "  suspend: false", "ana@example.com"));
        await scene.UntilAsync(r => IsConverged(r) && scene.People(Vendor).Contains("ana@example.com (invited)"));
    }

    [Fact]
    public async Task A_held_plan_waits_for_the_annotation_that_names_it()
    {
        string[] people = ["ana@example.com", "ben@example.com", "carl@example.com"];
        await using var scene = await SetAsync(
            server,
            Vendor,
            people.Select(p => new SeedMember(p, Vendor.SeedLesser))
        );
        scene.Start();
        await scene.ApplyAsync(Guardrail("maxRemovals: {count: 1}"), OperatorScene.Membership(Vendor, "", people));
        await scene.UntilAsync(IsConverged);

        await scene.ApplyAsync(OperatorScene.Membership(Vendor, ""));
        var held = await scene.UntilAsync(r => Is(r, "False", "Held"));
        Assert.NotNull(Condition(held, "Stalled"));
        Assert.Equal(3, (int?)held["status"]!["plan"]!["remove"]);
        Assert.NotEmpty((JsonArray)held["status"]!["plan"]!["held"]!);
        Assert.Equal(4, scene.People(Vendor).Count);

        await scene.KubectlAsync(
            "annotate",
            "pm",
            "fraud",
            $"reconciler.dev/approve={(string)held["status"]!["plan"]!["hold"]!}"
        );
        await scene.UntilAsync(r => IsConverged(r) && scene.People(Vendor).Count == 1);
        await Eventually.Async(() =>
            scene.EventsAsync().GetAwaiter().GetResult() is var events
            && events.Exists(e => e.Reason == "Held")
            && events.Count(e => e.Reason == "Removed") == 3
        );
    }

    [Fact]
    public async Task The_annotation_requestedAt_asks_for_a_pass_now()
    {
        await using var scene = await SetAsync(server, Vendor, new SeedMember("ana@example.com", Vendor.SeedLesser));
        scene.Start();
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, "  interval: 24h", "ana@example.com"));
        await scene.UntilAsync(IsConverged);
        scene.Sandbox.Connection(Vendor.Connection).AddMember(Vendor.ProjectId, "drift@example.com", Vendor.SeedLesser);

        await scene.KubectlAsync("annotate", "pm", "fraud", "reconciler.dev/requestedAt=now-1");
        var looked = await scene.UntilAsync(r =>
            (string?)r["status"]?["lastHandledRequestedAt"] == "now-1"
            && ((string?)r["status"]!["summary"])!.Contains("1 unmanaged", StringComparison.Ordinal)
        );

        Assert.True(IsConverged(looked));
    }

    [Fact]
    public async Task What_is_wrong_stalls_itself_and_says_what_to_do()
    {
        await using var scene = await SetAsync(server, Vendor);
        scene.Start();
        await scene.ApplyAsync(
            OperatorScene.Membership("good", Vendor, Vendor.ProjectId, "", "ana@example.com"),
            OperatorScene.Membership(
                "missing",
                Vendor,
                "9e2a1f5c-9b5d-4c6b-8f0e-1d2c3b4a5f6e",
                "",
                "team: nobody, role: analyst"
            ),
            Team("team: platform")
        );
        await scene.UntilAsync(IsConverged, "good");

        var missing = await scene.UntilAsync(r => Is(r, "False", "ReferenceNotFound"), "missing");
        var said = Condition(missing, "Stalled")!.Value.Message;
        Assert.Contains("spec.members[1].team: no Team is named \"nobody\"", said, StringComparison.Ordinal);
        Assert.Contains("spec.members[1].role: no AccessRole is named \"analyst\"", said, StringComparison.Ordinal);

        // A team that contains itself stalls who uses it; whoever does not goes on.
        await scene.ApplyAsync(
            OperatorScene.Membership(
                "missing",
                Vendor,
                "9e2a1f5c-9b5d-4c6b-8f0e-1d2c3b4a5f6e",
                "",
                $"team: platform, access: {Vendor.Lesser}"
            )
        );
        var cycle = await scene.UntilAsync(r => Is(r, "False", "Invalid"), "missing");
        Assert.Contains(
            "the team contains itself",
            Condition(cycle, "Stalled")!.Value.Message,
            StringComparison.Ordinal
        );
        Assert.True(IsConverged((await scene.FindAsync("ProjectMembership", "good"))!));
    }

    [Fact]
    public async Task The_younger_of_two_memberships_of_one_project_is_told_and_does_nothing()
    {
        await using var scene = await SetAsync(server, Vendor);
        scene.Start();
        await scene.ApplyAsync(OperatorScene.Membership("first", Vendor, Vendor.ProjectId, "", "ana@example.com"));
        await scene.UntilAsync(IsConverged, "first");

        await scene.ApplyAsync(
            OperatorScene.Membership(
                "second",
                Vendor,
                Vendor.ProjectId.ToUpperInvariant(),
                "  prune: all",
                "eve@example.com"
            )
        );
        var taken = await scene.UntilAsync(r => Is(r, "False", "ProjectTaken"), "second");
        Assert.StartsWith(
            "ProjectMembership first declares the project ",
            Condition(taken, "Ready")!.Value.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(["ana@example.com (invited)", Bot], scene.People(Vendor));

        await scene.KubectlAsync("delete", "pm", "first", "--wait=false");
        await scene.UntilAsync(IsConverged, "second");
        Assert.Equal([Bot, "eve@example.com (invited)"], scene.People(Vendor));
    }

    [Fact]
    public async Task More_people_than_a_status_can_remember_are_refused()
    {
        await using var scene = await SetAsync(server, Vendor);
        scene.Start();
        var teams = Enumerable
            .Range(0, 6)
            .Select(t =>
                Team($"crowd-{t}", Enumerable.Range(0, t < 5 ? 1000 : 1).Select(i => $"p{t}x{i}@example.com"))
            );
        await scene.ApplyAsync([
            .. teams,
            OperatorScene.Membership(
                Vendor,
                "",
                Enumerable.Range(0, 6).Select(t => $"team: crowd-{t}, access: {Vendor.Lesser}")
            ),
        ]);

        var refused = await scene.UntilAsync(r => Is(r, "False", "TooManyMembers"));

        Assert.NotNull(Condition(refused, "Stalled"));
        Assert.Equal([Bot], scene.People(Vendor));
    }

    [Fact]
    public async Task Emoji_in_names_reasons_and_messages_come_through()
    {
        var vendor = VendorRows.Of("equinix-metal");
        await using var scene = await SetAsync(server, vendor);
        scene.Start();
        await scene.ApplyAsync(
            OperatorScene.Membership(
                vendor,
                "  invitations: {message: \"Willkommen 🎉\"}",
                $"email: ana@example.com, access: {vendor.Lesser}, reason: \"für 🚀\""
            )
        );
        await scene.UntilAsync(IsConverged);

        await scene.KubectlAsync("annotate", "pm", "fraud", "reconciler.dev/requestedAt=jetzt 🕵️‍♀️");
        await scene.UntilAsync(r => (string?)r["status"]!["lastHandledRequestedAt"] == "jetzt 🕵️‍♀️");
        Assert.Contains(
            scene.Sandbox.Requests,
            r => r.Method == "POST" && (string?)JsonNode.Parse(r.Body)!["message"] == "Willkommen 🎉"
        );
    }

    private static string Team(params IEnumerable<string> members) => Team("platform", members);

    private static string Team(string name, IEnumerable<string> members) =>
        $$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: Team
            metadata: {name: {{name}}}
            spec: {members: [{{string.Join(
                ", ",
                members.Select(m => m.Contains(':', StringComparison.Ordinal) ? "{" + m + "}" : "{email: " + m + "}")
            )}}] }
            """;

    private static string Role(string permissions) =>
        $$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessRole
            metadata: {name: analyst}
            spec: {access: {clarifeye: {permissions: {{permissions}} } } }
            """;
}

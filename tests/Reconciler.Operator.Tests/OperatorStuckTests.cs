using System.Text.Json.Nodes;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Kubernetes.Servers;
using static Reconciler.Operator.Tests.OperatorScene;

namespace Reconciler.Operator.Tests;

/// <summary>What must not go on, says so, and goes on once somebody mends it.</summary>
public sealed class OperatorStuckTests(KubeApiServer server)
{
    private static readonly VendorRow Vendor = VendorRows.Of("clarifeye");

    [Fact]
    public async Task A_guardrail_that_cannot_be_read_stalls_its_namespace_until_it_is_mended()
    {
        await using var scene = await SetAsync(server, Vendor);
        scene.Start();
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, "", "ana@example.com"));
        await scene.UntilAsync(IsConverged);

        await scene.ApplyAsync(Guardrail("maxRemoval: {count: 1}"));
        var stalled = await scene.UntilAsync(r => Is(r, "False", "Invalid"));
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, "", "eve@example.com"));
        await scene.UntilAsync(r => Is(r, "False", "Invalid"));
        Assert.Contains("Guardrail", Condition(stalled, "Ready")!.Value.Message, StringComparison.Ordinal);
        Assert.Contains("maxRemoval", Condition(stalled, "Ready")!.Value.Message, StringComparison.Ordinal);
        Assert.Equal(["ana@example.com (invited)", Bot], scene.People(Vendor));

        await scene.ApplyAsync(Guardrail("maxRemovals: {count: 1}"));
        await scene.UntilAsync(IsConverged);
        Assert.Equal([Bot, "eve@example.com (invited)"], scene.People(Vendor));
    }

    [Fact]
    public async Task Where_the_finalizer_cannot_be_set_nothing_is_granted_and_the_status_says_so()
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
            },
            without: "patch projectmemberships"
        );
        await scene.ApplyAsync(OperatorScene.Secret(Token), scene.Provider(Vendor));
        scene.Start();
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, "", "ana@example.com"));

        var refused = await scene.UntilAsync(r => Is(r, "False", "Failed"));

        Assert.Contains(
            "its finalizer cannot be set, so nothing is done",
            Condition(refused, "Ready")!.Value.Message,
            StringComparison.Ordinal
        );
        Assert.Equal([Bot], scene.People(Vendor));
        await scene.UntilEventAsync(e =>
            (string?)e["reason"] == "Failed" && ((string?)e["note"])!.Contains("finalizer", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task What_cannot_be_noted_in_the_status_of_the_provider_is_not_forgotten_and_counts_once()
    {
        string[] projects = ["3c90c3cc-0d44-4b50-8888-8dd257360501", "3c90c3cc-0d44-4b50-8888-8dd257360502"];
        await using var scene = await SetAsync(
            server,
            new SandboxSeed
            {
                Token = Token,
                Projects =
                [
                    .. projects.Select(p =>
                        Vendor.Prepare(new(p, Vendor.Connection) { Members = [new(Bot, Vendor.SeedGreater)] })
                    ),
                ],
            },
            without: "patch accessproviders/status"
        );
        await scene.ApplyAsync(OperatorScene.Secret(Token), scene.Provider(Vendor));
        scene.Start();
        await scene.ApplyAsync(
            OperatorScene.Membership("kept", Vendor, projects[0], "", "ana@example.com", "ben@example.com"),
            OperatorScene.Membership("revoked", Vendor, projects[1], "  deletionPolicy: revoke", "eve@example.com")
        );
        foreach (var name in (string[])["kept", "revoked"])
            await scene.UntilAsync(IsConverged, name);
        await scene.ApplyAsync(OperatorScene.Membership("kept", Vendor, projects[0], "", "ana@example.com"));
        await scene.UntilAsync(r => IsConverged(r) && (int?)r["status"]!["declared"] == 2, "kept");

        await scene.KubectlAsync("delete", "pm", "kept", "revoked", "--wait=false");
        var stuck = await scene.UntilAsync(r => Condition(r, "Ready") is { Reason: "Failed" }, "revoked");
        Assert.Contains(
            "its removals cannot be noted in the status of their AccessProvider",
            Condition(stuck, "Ready")!.Value.Message,
            StringComparison.Ordinal
        );
        // The membership that keeps its people has removed Ben, which cannot be noted either, so it is tried again and
        // stays.
        await scene.UntilAsync(() =>
            Task.FromResult(
                scene.Logs.Count(l =>
                    l.Contains("/kept", StringComparison.Ordinal) && l.Contains("forbidden", StringComparison.Ordinal)
                ) > 2
            )
        );
        Assert.NotNull(await scene.FindAsync("ProjectMembership", "kept"));
        Assert.NotNull(await scene.FindAsync("ProjectMembership", "revoked"));

        await scene.KubectlAsync(
            "create",
            "role",
            "late",
            "--verb=patch",
            "--resource=accessproviders.reconciler.dev/status"
        );
        await scene.KubectlAsync(
            "create",
            "rolebinding",
            "late",
            "--role=late",
            $"--serviceaccount={scene.Space}:{scene.Role.ServiceAccount}"
        );
        await scene.GoneAsync("kept");
        await scene.GoneAsync("revoked");
        var removals = (await scene.FindAsync("AccessProvider", "vendor"))!["status"]!["removals"]![
            "default"
        ]!.AsArray();
        Assert.Equal(2, removals.Sum(r => (int)r!["count"]!));
    }

    [Fact]
    public async Task A_person_who_departs_is_taken_out()
    {
        await using var scene = await SetAsync(server, Vendor);
        scene.Start();
        await scene.ApplyAsync(
            Person("departed: false"),
            OperatorScene.Membership(Vendor, "", $"person: ana, access: {Vendor.Lesser}", "eve@example.com")
        );
        await scene.UntilAsync(IsConverged);

        await scene.ApplyAsync(Person("departed: true"));
        await scene.UntilAsync(r =>
            IsConverged(r) && scene.People(Vendor).SequenceEqual([Bot, "eve@example.com (invited)"])
        );
    }

    [Fact]
    public async Task A_ledger_that_cannot_be_read_stays_as_it_is_and_nothing_is_done()
    {
        await using var scene = await SetAsync(server, Vendor);
        scene.Start();
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, "", "ana@example.com"));
        await scene.UntilAsync(IsConverged);

        await scene.KubectlAsync(
            "patch",
            "pm",
            "fraud",
            "--subresource=status",
            "--type=merge",
            "-p",
            """{"status":{"ledger":{"revision":99,"source":"Elsewhere"}}}"""
        );
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, "", "eve@example.com"));
        var stuck = await scene.UntilAsync(r => Is(r, "False", "Invalid"));

        Assert.Contains("cannot be read", Condition(stuck, "Ready")!.Value.Message, StringComparison.Ordinal);
        Assert.Equal("Elsewhere", (string?)stuck["status"]!["ledger"]!["source"]);
        Assert.Contains(
            (JsonArray)stuck["status"]!["ledger"]!["inventory"]!,
            p => (string?)p!["email"] == "ana@example.com"
        );
        Assert.Equal(["ana@example.com (invited)", Bot], scene.People(Vendor));
        await scene.KubectlAsync(
            "patch",
            "pm",
            "fraud",
            "--subresource=status",
            "--type=merge",
            "-p",
            """{"status":{"ledger":{"source":"Ledger"}}}"""
        );
        await scene.UntilAsync(IsConverged);
        Assert.Equal([Bot, "eve@example.com (invited)"], scene.People(Vendor));
    }

    [Fact]
    public async Task A_suspended_membership_that_is_deleted_to_be_revoked_waits_until_it_may()
    {
        await using var scene = await SetAsync(server, Vendor);
        scene.Start();
        await scene.ApplyAsync(OperatorScene.Membership(Vendor, "  deletionPolicy: revoke", "ana@example.com"));
        await scene.UntilAsync(IsConverged);

        await scene.ApplyAsync(
            OperatorScene.Membership(Vendor, "  deletionPolicy: revoke\n  suspend: true", "ana@example.com")
        );
        await scene.KubectlAsync("delete", "pm", "fraud", "--wait=false");
        await scene.UntilAsync(r => Is(r, "False", "CannotRevoke"));
        Assert.Equal(["ana@example.com (invited)", Bot], scene.People(Vendor));

        await scene.KubectlAsync("patch", "pm", "fraud", "--type=merge", "-p", """{"spec":{"suspend":false}}""");
        await scene.GoneAsync();
        Assert.Equal([Bot], scene.People(Vendor));
    }

    [Fact]
    public async Task More_people_than_a_status_can_remember_stall_it_and_what_it_remembers_stays()
    {
        // All are members already, so that nobody is mailed; those who are declared no more are too many to be removed
        // at once, and stay remembered.
        string[] before = [.. Enumerable.Range(0, 2_600).Select(i => $"p{i}@example.com")],
            after = [.. Enumerable.Range(0, 2_600).Select(i => $"q{i}@example.com")];
        await using var scene = await SetAsync(
            server,
            Vendor,
            before.Concat(after).Select(e => new SeedMember(e, Vendor.SeedLesser))
        );
        scene.Start();
        await scene.ApplyAsync([.. Teams(before), Crowd()]);
        await scene.UntilAsync(IsConverged);

        await scene.ApplyAsync(Teams(after));
        var refused = await scene.UntilAsync(r => Is(r, "False", "TooManyMembers"));

        Assert.NotNull(Condition(refused, "Stalled"));
        Assert.Contains("use the worker", Condition(refused, "Ready")!.Value.Message, StringComparison.Ordinal);
        Assert.Equal(before.Length + 1, refused["status"]!["ledger"]!["inventory"]!.AsArray().Count);
        Assert.Equal(before.Length + after.Length + 1, scene.People(Vendor).Count);
        await scene.ApplyAsync(Teams(before));
        await scene.UntilAsync(IsConverged);
    }

    [Fact]
    public async Task A_status_that_the_server_refuses_stalls_it_and_nobody_is_mailed_twice()
    {
        // The specification alone all but fills what etcd takes in one piece.
        string[] people = [.. Enumerable.Range(0, 970).Select(i => $"p{i}@example.com")];
        await using var scene = await SetAsync(server, Vendor);
        scene.Start();
        await scene.KubectlAsync("create", "--filename", await FileAsync(new string('€', 490)));
        var refused = await scene.UntilAsync(r => Is(r, "False", "TooManyMembers"));

        Assert.Contains("it would need", Condition(refused, "Stalled")!.Value.Message, StringComparison.Ordinal);
        await scene.KubectlAsync("replace", "--filename", await FileAsync("short"));
        await scene.UntilAsync(IsConverged);
        Assert.All(people, p => Assert.Equal(1, scene.Sandbox.Connection(Vendor.Connection).MailsTo(p)));

        async Task<string> FileAsync(string reason)
        {
            var file = Path.Combine(scene.Folder, "large.yaml");
            await File.WriteAllTextAsync(
                file,
                OperatorScene.Membership(
                    Vendor,
                    "",
                    people.Select(p => $"email: {p}, access: {Vendor.Lesser}, reason: {reason}")
                ),
                TestContext.Current.CancellationToken
            );
            return file;
        }
    }

    private static string Crowd() =>
        OperatorScene.Membership(
            Vendor,
            "",
            Enumerable.Range(0, 3).Select(t => $"team: crowd-{t}, access: {Vendor.Lesser}")
        );

    private static IEnumerable<string> Teams(string[] people) =>
        people
            .Chunk(1_000)
            .Select(
                (some, t) =>
                    $$"""
                        apiVersion: reconciler.dev/v1alpha1
                        kind: Team
                        metadata: {name: crowd-{{t}}}
                        spec: {members: [{{string.Join(", ", some.Select(p => $$"""{email: {{p}}}"""))}}] }
                        """
            );

    private static string Person(string more) =>
        $$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: Person
            metadata: {name: ana}
            spec: {email: ana@example.com, {{more}}}
            """;
}

using Reconciler.Sandbox;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Kubernetes.Servers;
using static Reconciler.Operator.Tests.OperatorScene;

namespace Reconciler.Operator.Tests;

/// <summary>
/// Memberships that are renamed, moved or replaced while their people stay declared: nobody is removed or mailed again.
/// </summary>
public sealed class OperatorRenameTests(KubeApiServer server)
{
    private const string Revoke = "  prune: owned\n  deletionPolicy: revoke";
    private static readonly VendorRow Vendor = VendorRows.Of("clarifeye");

    [Theory]
    [InlineData(true, "revoke")]
    [InlineData(false, "revoke")]
    [InlineData(true, "orphan")]
    [InlineData(false, "orphan")]
    public async Task Renamed_in_the_cluster_nobody_is_removed_or_mailed_again(bool newOneFirst, string policy)
    {
        await using var scene = await SetAsync(server, Vendor, new SeedMember("bob@example.com", Vendor.SeedLesser));
        scene.Start(s => s with { DeletionGrace = TimeSpan.FromMinutes(1) });
        var spec = $"  prune: owned\n  deletionPolicy: {policy}";
        await scene.ApplyAsync(
            Membership("fraud", Vendor, Vendor.ProjectId, spec, "ana@example.com", "bob@example.com")
        );
        await scene.UntilAsync(IsConverged);
        var renamed = Membership(
            "fraud-detection",
            Vendor,
            Vendor.ProjectId,
            spec,
            "ana@example.com",
            "bob@example.com"
        );

        if (newOneFirst)
        {
            await scene.ApplyAsync(renamed);
            await scene.UntilAsync(r => Is(r, "False", "ProjectTaken"), "fraud-detection");
        }

        await scene.KubectlAsync("delete", "pm", "fraud", "--wait=false");
        if (!newOneFirst)
            await scene.ApplyAsync(renamed);
        await scene.GoneAsync();
        var after = await scene.UntilAsync(IsConverged, "fraud-detection");

        Assert.Equal(["ana@example.com (invited)", "bob@example.com", Bot], scene.People(Vendor));
        Assert.Equal(1, scene.Sandbox.Connection(Vendor.Connection).MailsTo("ana@example.com"));
        Assert.Contains(
            ((System.Text.Json.Nodes.JsonArray)after["status"]!["ledger"]!["inventory"]!).Select(p => p!),
            p => (string?)p["email"] == "ana@example.com" && (bool)p["owned"]!
        );
        Assert.Contains(await scene.EventsAsync("fraud-detection"), e => e.Reason == "TookOver");
    }

    [Fact]
    public async Task A_successor_removes_those_it_does_not_declare_since_it_took_over_who_is_owned()
    {
        await using var scene = await SetAsync(server, Vendor);
        scene.Start(s => s with { DeletionGrace = TimeSpan.FromMinutes(1) });
        await scene.ApplyAsync(
            Membership("fraud", Vendor, Vendor.ProjectId, Revoke, "ana@example.com", "eva@example.com")
        );
        await scene.UntilAsync(IsConverged);

        await scene.KubectlAsync("delete", "pm", "fraud", "--wait=false");
        await scene.ApplyAsync(Membership("fraud-detection", Vendor, Vendor.ProjectId, Revoke, "ana@example.com"));
        await scene.GoneAsync();
        await scene.UntilAsync(IsConverged, "fraud-detection");

        Assert.Equal(["ana@example.com (invited)", Bot], scene.People(Vendor));
        Assert.Equal(1, scene.Sandbox.Connection(Vendor.Connection).MailsTo("ana@example.com"));
    }

    [Fact]
    public async Task What_happens_at_a_deletion_is_said_by_the_successor()
    {
        await using var scene = await SetAsync(server, Vendor);
        scene.Start(s => s with { DeletionGrace = TimeSpan.FromMinutes(1) });
        await scene.ApplyAsync(Membership("fraud", Vendor, Vendor.ProjectId, Revoke, "ana@example.com"));
        await scene.UntilAsync(IsConverged);
        await scene.KubectlAsync("delete", "pm", "fraud", "--wait=false");
        await scene.ApplyAsync(
            Membership("next", Vendor, Vendor.ProjectId, "  prune: owned\n  deletionPolicy: orphan", "ana@example.com")
        );
        await scene.GoneAsync();
        await scene.UntilAsync(IsConverged, "next");

        await scene.KubectlAsync("delete", "pm", "next", "--wait=false");
        await scene.GoneAsync("next");

        Assert.Equal(["ana@example.com (invited)", Bot], scene.People(Vendor));
    }

    [Fact]
    public async Task A_deletion_waits_for_a_successor_and_is_carried_out_where_none_comes()
    {
        await using var scene = await SetAsync(server, Vendor);
        scene.Start(s => s with { DeletionGrace = TimeSpan.FromSeconds(8) });
        await scene.ApplyAsync(Membership("fraud", Vendor, Vendor.ProjectId, Revoke, "ana@example.com"));
        await scene.UntilAsync(IsConverged);

        await scene.KubectlAsync("delete", "pm", "fraud", "--wait=false");
        await scene.UntilAsync(r =>
            Condition(r, "Ready") is { } ready
            && ready.Message.Contains("unless another ProjectMembership declares the project", StringComparison.Ordinal)
        );
        Assert.Contains("ana@example.com (invited)", scene.People(Vendor));
        await scene.GoneAsync();

        Assert.Equal([Bot], scene.People(Vendor));
    }

    [Fact]
    public async Task A_successor_that_cannot_be_read_keeps_everybody_in_until_it_is_mended()
    {
        await using var scene = await SetAsync(server, Vendor);
        scene.Start();
        await scene.ApplyAsync(Membership("fraud", Vendor, Vendor.ProjectId, Revoke, "ana@example.com"));
        await scene.UntilAsync(IsConverged);
        await scene.ApplyAsync(
            Membership("next", Vendor, Vendor.ProjectId, Revoke, "email: ana@example.com, role: nobody-made-it")
        );
        await scene.UntilAsync(r => Condition(r, "Stalled") is not null, "next");

        await scene.KubectlAsync("delete", "pm", "fraud", "--wait=false");
        var waits = await scene.UntilAsync(r => Is(r, "False", "CannotRevoke"));
        Assert.Contains(
            "ProjectMembership next declares its project too",
            Condition(waits, "Ready")!.Value.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("ana@example.com (invited)", scene.People(Vendor));
        await scene.ApplyAsync(Membership("next", Vendor, Vendor.ProjectId, Revoke, "ana@example.com"));
        await scene.GoneAsync();
        await scene.UntilAsync(IsConverged, "next");

        Assert.Equal(1, scene.Sandbox.Connection(Vendor.Connection).MailsTo("ana@example.com"));
    }

    [Fact]
    public async Task Two_memberships_that_swap_their_projects_swap_what_is_remembered()
    {
        string[] ids =
        [
            .. Enumerable.Range(0, 2).Select(i => new Guid(i + 1, 7, 7, [7, 7, 7, 7, 7, 7, 7, 7]).ToString()),
        ];
        await using var scene = await SetAsync(
            server,
            new SandboxSeed
            {
                Token = Token,
                Projects =
                [
                    .. ids.Select(id => new SeedProject(id, Vendor.Connection)
                    {
                        Members = [new(Bot, Vendor.SeedGreater)],
                    }),
                ],
            }
        );
        await scene.ApplyAsync(OperatorScene.Secret(Token), scene.Provider(Vendor));
        scene.Start();
        await scene.ApplyAsync(
            Membership("a", Vendor, ids[0], Revoke, "ana@example.com"),
            Membership("b", Vendor, ids[1], Revoke, "bob@example.com")
        );
        await scene.UntilAsync(IsConverged, "a");
        await scene.UntilAsync(IsConverged, "b");

        await scene.ApplyAsync(
            Membership("a", Vendor, ids[1], Revoke, "bob@example.com"),
            Membership("b", Vendor, ids[0], Revoke, "ana@example.com")
        );
        await scene.UntilAsync(IsConverged, "a");
        await scene.UntilAsync(IsConverged, "b");

        var vendor = scene.Sandbox.Connection(Vendor.Connection);
        Assert.Equal([1, 1], [vendor.MailsTo("ana@example.com"), vendor.MailsTo("bob@example.com")]);
        Assert.Equal(
            ["ana@example.com"],
            vendor
                .Invitations(ids[0])
                .Where(i => i.Status.Equals("pending", StringComparison.OrdinalIgnoreCase))
                .Select(i => i.Email)
        );
    }

    [Fact]
    public async Task Finalizer_taken_off_by_kubectl_replace_is_put_back_and_told()
    {
        await using var scene = await SetAsync(server, Vendor);
        var host = scene.Start();
        var manifest = Membership("fraud", Vendor, Vendor.ProjectId, Revoke, "ana@example.com");
        await scene.ApplyAsync(manifest);
        await scene.UntilAsync(IsConverged);

        await scene.ReplaceAsync(manifest);
        await scene.UntilAsync(r => r["metadata"]!["finalizers"] is System.Text.Json.Nodes.JsonArray { Count: 1 });
        await scene.UntilEventAsync(e => (string?)e["reason"] == "FinalizerRestored");
        using var http = new HttpClient();
        Assert.Contains(
            "reconciler_finalizers_lost_total 1",
            await http.GetStringAsync(new Uri($"{host.Url}/metrics"), TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
        await scene.KubectlAsync("delete", "pm", "fraud", "--wait=false");
        await scene.GoneAsync();

        Assert.Equal([Bot], scene.People(Vendor));
    }

    [Fact]
    public async Task Gone_without_its_finalizer_a_membership_is_revoked_from_memory_and_told()
    {
        await using var scene = await SetAsync(server, Vendor);
        scene.Start(s => s with { DeletionGrace = TimeSpan.FromSeconds(2) });
        await scene.ApplyAsync(Membership("fraud", Vendor, Vendor.ProjectId, Revoke, "ana@example.com"));
        await scene.UntilAsync(IsConverged);

        await scene.VanishAsync("fraud");
        await scene.UntilEventAsync(e =>
            (string?)e["reason"] == "FinalizerMissing"
            && ((string)e["note"]!).Contains("deletionPolicy: revoke is carried out", StringComparison.Ordinal)
        );
        await scene.UntilAsync(() => Task.FromResult(scene.People(Vendor).SequenceEqual([Bot])));
    }

    [Fact]
    public async Task The_finalizer_taken_off_a_membership_that_is_being_deleted_lets_everybody_stay_and_is_told()
    {
        await using var scene = await SetAsync(server, Vendor);
        scene.Start(s => s with { DeletionGrace = TimeSpan.FromMinutes(10) });
        await scene.ApplyAsync(Membership("fraud", Vendor, Vendor.ProjectId, Revoke, "ana@example.com"));
        await scene.UntilAsync(IsConverged);
        await scene.KubectlAsync("delete", "pm", "fraud", "--wait=false");
        await scene.UntilAsync(r => r["metadata"]!["deletionTimestamp"] is not null);

        await scene.KubectlAsync(
            "patch",
            "pm",
            "fraud",
            "--type=merge",
            "--patch",
            "{\"metadata\":{\"finalizers\":null}}"
        );
        await scene.UntilEventAsync(e =>
            (string?)e["reason"] == "FinalizerMissing"
            && ((string)e["note"]!).Contains("removed by hand", StringComparison.Ordinal)
        );

        Assert.Equal(["ana@example.com (invited)", Bot], scene.People(Vendor));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public async Task RequestedAt_emptied_asks_for_nothing_and_the_status_is_written_as_ever(string emptied)
    {
        await using var scene = await SetAsync(server, Vendor);
        scene.Start();
        await scene.ApplyAsync(Membership("fraud", Vendor, Vendor.ProjectId, Revoke, "ana@example.com"));
        await scene.UntilAsync(IsConverged);
        await scene.KubectlAsync("annotate", "pm", "fraud", "reconciler.dev/requestedAt=x");
        await scene.UntilAsync(r => (string?)r["status"]!["lastHandledRequestedAt"] == "x" && IsConverged(r));

        await scene.KubectlAsync(
            "annotate",
            "--overwrite",
            "pm",
            "fraud",
            $"reconciler.dev/requestedAt={emptied}",
            $"reconciler.dev/approve={emptied}"
        );
        await scene.ApplyAsync(
            Membership("fraud", Vendor, Vendor.ProjectId, Revoke, "ana@example.com", "eva@example.com")
        );
        await scene.UntilAsync(r => IsConverged(r) && (long)r["metadata"]!["generation"]! == 2);

        Assert.Contains("eva@example.com (invited)", scene.People(Vendor));
    }
}

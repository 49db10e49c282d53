using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Reconciler.Core.Ports;
using Reconciler.Hosting.Reconciling;
using Reconciler.Kubernetes.Client;
using Reconciler.Operator.Providers;
using Reconciler.Operator.Resources;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Core;
using Reconciler.Testing.Kubernetes.Servers;
using static Reconciler.Operator.Tests.OperatorScene;

namespace Reconciler.Operator.Tests;

/// <summary>Operators side by side: by label, and over several namespaces of one account.</summary>
public sealed class OperatorShardTests(KubeApiServer server)
{
    private static readonly VendorRow Vendor = VendorRows.Of("clarifeye");
    private static readonly string[] Ids =
    [
        .. Enumerable.Range(1, 3).Select(i => new Guid(i, 7, 7, [7, 7, 7, 7, 7, 7, 7, 7]).ToString()),
    ];

    [Fact]
    public async Task Each_shard_works_on_its_own_and_takes_over_what_is_handed_to_it()
    {
        await using var scene = await SetAsync(server, Seed());
        await scene.ApplyAsync(OperatorScene.Secret(Token), scene.Provider(Vendor));
        await scene.ApplyAsync(
            Ids.Select(
                (id, i) =>
                    OperatorScene.Membership($"m{i}", Vendor, id, "  deletionPolicy: revoke", $"a{i}@example.com")
            )
        );
        await scene.KubectlAsync("label", "pm", "m0", "team=a");
        await scene.KubectlAsync("label", "pm", "m1", "team=b");

        scene.Start(Shard("a"));
        scene.Start(Shard("b"));
        Assert.Equal("a", ShardOf(await scene.UntilAsync(IsConverged, "m0")));
        Assert.Equal("b", ShardOf(await scene.UntilAsync(IsConverged, "m1")));

        // The membership is edited and moved to the other shard at once: the new shard applies the edit, and nobody
        // gets a second mail.
        await scene.ApplyAsync(
            OperatorScene.Membership(
                "m0",
                Vendor,
                Ids[0],
                "  deletionPolicy: revoke",
                "a0@example.com",
                "b0@example.com"
            )
        );
        await scene.KubectlAsync("label", "pm", "m0", "team=b", "--overwrite");
        await scene.KubectlAsync("label", "pm", "m1", "team=a", "--overwrite");
        await scene.UntilAsync(r => IsConverged(r) && ShardOf(r) == "b" && (long?)r["status"]!["declared"] == 3, "m0");
        await scene.UntilAsync(r => IsConverged(r) && ShardOf(r) == "a", "m1");

        foreach (var person in new[] { "a0", "b0", "a1" })
            Assert.Equal(1, scene.Sandbox.Connection(Vendor.Connection).MailsTo($"{person}@example.com"));
        Assert.Equal(-1, (long?)(await scene.FindAsync("ProjectMembership", "m2"))!["status"]!["observedGeneration"]);
        Assert.DoesNotContain(scene.Sandbox.Requests, r => r.Target.Contains(Ids[2], StringComparison.Ordinal));

        await scene.ApplyAsync(Guardrail("maxRemovalsPerProvider: {count: 3, window: 1h}"));
        await scene.KubectlAsync("delete", "pm", "m0", "m1", "--wait=false");
        await scene.GoneAsync("m0");
        await scene.GoneAsync("m1");
        // Each shard writes its own count of removals and leaves the count of the other alone.
        var provider = await scene.UntilAsync(
            "AccessProvider",
            "vendor",
            r => r["status"]?["removals"] is JsonObject { Count: 2 }
        );
        Assert.Equal(1, provider["status"]!["removals"]!["a"]!.AsArray().Sum(r => (int)r!["count"]!));
        Assert.Equal(2, provider["status"]!["removals"]!["b"]!.AsArray().Sum(r => (int)r!["count"]!));

        // The limit of a provider covers the removals of both shards.
        await scene.KubectlAsync("label", "pm", "m2", "team=a");
        await scene.UntilAsync(IsConverged, "m2");
        await scene.KubectlAsync("delete", "pm", "m2", "--wait=false");
        var held = await scene.UntilAsync(r => Condition(r, "Stalled") is { Reason: "Held" }, "m2");
        Assert.Contains("3 were made already", Condition(held, "Ready")!.Value.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_over_the_account_counts_every_namespace_and_holds_only_its_own()
    {
        await using var scene = await SetAsync(server, Seed(), watched: null);
        await using var other = await scene.BesideAsync(server);
        foreach (var one in new[] { scene, other })
            await one.ApplyAsync(OperatorScene.Secret(Token), one.Provider(Vendor));
        await scene.ApplyAsync(Guardrail("maxRemovalsPerProvider: {count: 2, window: 1h}"));
        string[] three = ["a@example.com", "b@example.com", "c@example.com"];
        await scene.ApplyAsync(OperatorScene.Membership("here", Vendor, Ids[0], "", "d@example.com"));
        await other.ApplyAsync(OperatorScene.Membership("there", Vendor, Ids[1], "", three));
        scene.Start(s => s with { WatchNamespace = null });
        await scene.UntilAsync(IsConverged, "here");
        await other.UntilAsync(IsConverged, "there");

        await other.ApplyAsync(OperatorScene.Membership("there", Vendor, Ids[1], ""));
        await other.UntilAsync(IsConverged, "there");
        Assert.DoesNotContain(
            scene.Sandbox.Connection(Vendor.Connection).Invitations(Ids[1]),
            i => three.Contains(i.Email) && i.Status == "pending"
        );
        await scene.ApplyAsync(OperatorScene.Membership("here", Vendor, Ids[0], ""));
        var held = await scene.UntilAsync(r => Is(r, "False", "Held"), "here");

        Assert.Contains("3 were made already", Condition(held, "Ready")!.Value.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_another_shard_saw_later_of_a_provider_stays()
    {
        await using var scene = await SetAsync(server, Vendor);
        var (clock, project) = (new FakeClock(), new World().Desired);
        using var client = await server.ClientAsync(new() { Types = ClusterJson.Default });
        using var a = Statuses("a");
        using var b = Statuses("b");

        a.ReconcileEnded(Pass(new(ProviderFault.Unavailable, "no answer")));
        Assert.Equal("Unreachable", await WrittenAsync(a));
        clock.Advance(TimeSpan.FromMinutes(1));
        b.ReconcileEnded(Pass(null));
        Assert.Equal("Reachable", await WrittenAsync(b));
        clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal("Reachable", await WrittenAsync(a));
        // A shard that has only just started has seen nothing of the provider, so what another shard saw stays.
        using var c = Statuses("c");
        a.ReconcileEnded(Pass(new(ProviderFault.Unavailable, "no answer")));
        Assert.Equal("Unreachable", await WrittenAsync(a));
        Assert.Equal("Unreachable", await WrittenAsync(c));

        ProviderStatuses Statuses(string shard)
        {
            var settings = new OperatorSettings { Shard = shard };
            var trail = new OperatorAudit(NullLogger.Instance, new(masksAddresses: false));
            return new(client, new(new(client, clock), trail, settings), settings, clock);
        }

        ProjectReconcile Pass(ProviderException? failure) => new(new(project, null, failure), null, null);

        async Task<string> WrittenAsync(ProviderStatuses shard)
        {
            var resource = await client.GetAsync(
                ClusterResource.Types["AccessProvider"],
                new(scene.Space, "vendor"),
                TestContext.Current.CancellationToken
            );
            await shard.WriteAsync(
                resource,
                project.Provider,
                null,
                new(2, IsAsked: true, IsOthers: true),
                TestContext.Current.CancellationToken
            );
            return Condition((await scene.FindAsync("AccessProvider", "vendor"))!, "Ready")!.Value.Reason;
        }
    }

    private static SandboxSeed Seed() =>
        new()
        {
            Token = Token,
            Projects =
            [
                .. Ids.Select(id =>
                    Vendor.Prepare(new(id, Vendor.Connection) { Members = [new(Bot, Vendor.SeedGreater)] })
                ),
            ],
        };

    private static Func<OperatorSettings, OperatorSettings> Shard(string name) =>
        s => s with { Shard = name, Selector = LabelQuery.Parse($"team={name}"), ElectLeader = false };

    private static string? ShardOf(JsonObject resource) => (string?)resource["status"]?["shard"];
}

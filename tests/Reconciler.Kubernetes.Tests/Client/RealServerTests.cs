using System.Text.Json.Nodes;
using Reconciler.Kubernetes.Client;
using Reconciler.Kubernetes.Configuration;
using Reconciler.Testing.Kubernetes.Servers;

namespace Reconciler.Kubernetes.Tests.Client;

/// <summary>Every verb against a real kube-apiserver.</summary>
public sealed class RealServerTests(KubeApiServer server)
{
    private const string Emoji = "Zoë 😀 👩‍🚀 \u2028 \"quoted\" \\ud83d";
    private static readonly ResourceType<JsonObject> ConfigMaps = ResourceType.Untyped(
        "",
        "v1",
        "configmaps",
        "ConfigMap"
    );
    private static readonly ResourceType<JsonObject> Namespaces = ResourceType.Untyped(
        "",
        "v1",
        "namespaces",
        "Namespace"
    );

    // The server keeps no watch cache of this kind, so that what etcd has compacted is gone at once.
    private static readonly ResourceType<JsonObject> Endpoints = ResourceType.Untyped(
        "",
        "v1",
        "endpoints",
        "Endpoints"
    );

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Emoji_survive_create_replace_patch_and_apply()
    {
        using var client = await server.ClientAsync();
        var key = new ObjectKey(await KubeApiServer.NamespaceAsync(client), "emoji");
        var made = await client.CreateAsync(ConfigMaps, key.Namespace, Map(key, Emoji), Cancellation);
        Assert.Equal(Emoji, Text(made));
        made["data"]!["text"] = Emoji + 2;
        Assert.Equal(Emoji + 2, Text(await client.ReplaceAsync(ConfigMaps, key, made, Cancellation)));
        Assert.Equal(
            Emoji + 3,
            Text(
                await client.MergePatchAsync(
                    ConfigMaps,
                    key,
                    new() { ["data"] = new JsonObject { ["text"] = Emoji + 3 } },
                    null,
                    Cancellation
                )
            )
        );
        var applied = await client.ApplyAsync(
            ConfigMaps,
            key,
            Map(key, Emoji + 4),
            "other 😀",
            force: true,
            Cancellation
        );
        Assert.Equal(Emoji + 4, Text(applied));
        Assert.Equal(Emoji + 4, Text(await client.GetAsync(ConfigMaps, key, Cancellation)));
    }

    [Fact]
    public async Task An_apply_of_fields_of_another_manager_is_a_conflict_unless_forced()
    {
        using var client = await server.ClientAsync();
        var key = new ObjectKey(await KubeApiServer.NamespaceAsync(client), "owned");
        await client.ApplyAsync(ConfigMaps, key, Map(key, "one"), "first", force: false, Cancellation);
        var failed = await Assert.ThrowsAsync<KubernetesException>(() =>
            client.ApplyAsync(ConfigMaps, key, Map(key, "two"), "second", force: false, Cancellation)
        );
        Assert.True(failed.IsConflict);
        await client.ApplyAsync(ConfigMaps, key, Map(key, "two"), "second", force: true, Cancellation);
    }

    [Fact]
    public async Task A_stale_version_is_a_conflict_a_second_create_is_not_one()
    {
        using var client = await server.ClientAsync();
        var key = new ObjectKey(await KubeApiServer.NamespaceAsync(client), "one");
        var read = await client.CreateAsync(ConfigMaps, key.Namespace, Map(key, "1"), Cancellation);
        await client.MergePatchAsync(
            ConfigMaps,
            key,
            new() { ["data"] = new JsonObject { ["text"] = "2" } },
            null,
            Cancellation
        );
        var stale = await Assert.ThrowsAsync<KubernetesException>(() =>
            client.ReplaceAsync(ConfigMaps, key, read, Cancellation)
        );
        Assert.Equal((true, false), (stale.IsConflict, stale.IsAlreadyExists));
        var twice = await Assert.ThrowsAsync<KubernetesException>(() =>
            client.CreateAsync(ConfigMaps, key.Namespace, Map(key, "1"), Cancellation)
        );
        Assert.Equal((false, true), (twice.IsConflict, twice.IsAlreadyExists));
    }

    [Fact]
    public async Task A_deletion_holds_to_the_uid_and_what_is_gone_is_not_found()
    {
        using var client = await server.ClientAsync();
        var key = new ObjectKey(await KubeApiServer.NamespaceAsync(client), "one");
        var made = await client.CreateAsync(ConfigMaps, key.Namespace, Map(key, "1"), Cancellation);
        var wrong = await Assert.ThrowsAsync<KubernetesException>(() =>
            client.DeleteAsync(
                ConfigMaps,
                key,
                new() { Preconditions = new() { Uid = Guid.NewGuid().ToString() } },
                Cancellation
            )
        );
        Assert.True(wrong.IsConflict);
        await client.DeleteAsync(
            ConfigMaps,
            key,
            new()
            {
                Preconditions = new() { Uid = (string)made["metadata"]!["uid"]! },
                PropagationPolicy = "Background",
            },
            Cancellation
        );
        Assert.True(
            (
                await Assert.ThrowsAsync<KubernetesException>(() => client.GetAsync(ConfigMaps, key, Cancellation))
            ).IsNotFound
        );
    }

    [Fact]
    public async Task A_dry_run_writes_nothing_and_status_is_a_part_of_its_own()
    {
        using var client = await server.ClientAsync();
        var space = await KubeApiServer.NamespaceAsync(client);
        await client.CreateDryAsync(ConfigMaps, space, Map(new(space, "dry"), "1"), Cancellation);
        Assert.Empty(
            (
                await client.ListAsync(
                    ConfigMaps,
                    new() { Namespace = space, Fields = "metadata.name=dry" },
                    Cancellation
                )
            ).Items
        );
        var condition = new JsonObject { ["type"] = "Tested", ["status"] = "True" };
        var patch = new JsonObject { ["status"] = new JsonObject { ["conditions"] = new JsonArray(condition) } };
        Assert.Null(
            (await client.MergePatchAsync(Namespaces, new(null, space), patch, null, Cancellation))["status"]![
                "conditions"
            ]
        );
        var patched = await client.MergePatchStatusAsync(Namespaces, new(null, space), patch, null, Cancellation);
        Assert.Equal("Tested", (string)patched["status"]!["conditions"]![0]!["type"]!);
    }

    [Fact]
    public async Task A_list_comes_in_pages_and_by_selectors()
    {
        using var client = await server.ClientAsync();
        var space = await KubeApiServer.NamespaceAsync(client);
        for (var i = 0; i < 7; i++)
        {
            var map = Map(new(space, $"m{i}"), $"{i}");
            map["metadata"]!["labels"] = new JsonObject { ["odd"] = i % 2 == 1 ? "yes" : "no" };
            await client.CreateAsync(ConfigMaps, space, map, Cancellation);
        }

        var selection = new Selection { Namespace = space, Labels = "odd in (yes,no)" };
        var first = await client.ListPageAsync(ConfigMaps, selection, 3, null, Cancellation);
        Assert.Equal(["m0", "m1", "m2"], first.Items.Select(item => item.Key.Name));
        var second = await client.ListPageAsync(ConfigMaps, selection, 3, first.Continue, Cancellation);
        Assert.Equal(first.ResourceVersion, second.ResourceVersion);
        Assert.Null((await client.ListPageAsync(ConfigMaps, selection, 3, second.Continue, Cancellation)).Continue);
        Assert.Equal(7, (await client.ListAsync(ConfigMaps, selection, Cancellation)).Items.Length);
        Assert.Equal(
            ["m1", "m3", "m5"],
            (await client.ListAsync(ConfigMaps, selection with { Labels = "odd=yes" }, Cancellation)).Items.Select(
                item => item.Key.Name
            )
        );
    }

    [Fact]
    public async Task A_watch_tells_what_happens()
    {
        using var client = await server.ClientAsync();
        var space = await KubeApiServer.NamespaceAsync(client);
        var selection = new Selection { Namespace = space, Fields = "metadata.name=w" };
        var from = (await client.ListAsync(ConfigMaps, selection, Cancellation)).ResourceVersion;
        var key = new ObjectKey(space, "w");
        await client.CreateAsync(ConfigMaps, space, Map(key, "😀"), Cancellation);
        await client.MergePatchAsync(
            ConfigMaps,
            key,
            new() { ["data"] = new JsonObject { ["text"] = "2" } },
            null,
            Cancellation
        );
        await client.DeleteAsync(ConfigMaps, key, null, Cancellation);
        var seen = new List<(WatchEventType, string?)>();
        await foreach (
            var one in client.WatchAsync(ConfigMaps, selection, from, TimeSpan.FromSeconds(60), null, Cancellation)
        )
        {
            seen.Add((one.Type, Text(one.Item.Value!)));
            if (one.Type == WatchEventType.Deleted)
                break;
        }

        Assert.Equal(
            [(WatchEventType.Added, "😀"), (WatchEventType.Modified, "2"), (WatchEventType.Deleted, "2")],
            seen
        );
    }

    [Fact]
    public async Task A_version_that_the_server_has_compacted_is_gone_for_watches_and_further_pages()
    {
        using var client = await server.ClientAsync();
        var space = await KubeApiServer.NamespaceAsync(client);
        for (var i = 0; i < 4; i++)
            await client.CreateAsync(
                Endpoints,
                space,
                new() { ["metadata"] = new JsonObject { ["name"] = $"e{i}" } },
                Cancellation
            );
        var selection = new Selection { Namespace = space };
        var page = await client.ListPageAsync(Endpoints, selection, 2, null, Cancellation);
        // Two changes: the server still knows the one that follows the version directly.
        await client.DeleteAsync(Endpoints, new(space, "e3"), null, Cancellation);
        await client.DeleteAsync(Endpoints, new(space, "e2"), null, Cancellation);
        await server.CompactAsync();
        var late = await Assert.ThrowsAsync<KubernetesException>(() =>
            client.ListPageAsync(Endpoints, selection, 2, page.Continue, Cancellation)
        );
        Assert.Equal((true, 410), (late.IsGone, late.Code));
        var gone = await Assert.ThrowsAsync<KubernetesException>(async () =>
        {
            await foreach (
                var _ in client.WatchAsync(
                    Endpoints,
                    selection,
                    page.ResourceVersion,
                    TimeSpan.FromSeconds(60),
                    null,
                    Cancellation
                )
            ) { }
        });
        Assert.True(gone.IsGone);
    }

    [Fact]
    public async Task Who_may_not_is_told_so_and_who_is_unknown_too()
    {
        using var admin = await server.ClientAsync();
        using var nobody = new ClusterClient(server.As("nobody-token"));
        Assert.True(
            (
                await Assert.ThrowsAsync<KubernetesException>(() =>
                    nobody.ListAsync(ConfigMaps, Selection.Everything, Cancellation)
                )
            ).IsForbidden
        );
        using var unknown = new ClusterClient(server.As("made-up-token"));
        var failed = await Assert.ThrowsAsync<KubernetesException>(() =>
            unknown.ListAsync(ConfigMaps, Selection.Everything, Cancellation)
        );
        Assert.Equal((401, "Unauthorized"), (failed.Code, failed.Reason));
        Assert.DoesNotContain("made-up-token", failed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_certificate_is_somebody()
    {
        using var admin = await server.ClientAsync();
        using var certificate = server.Authority.Client("ana", "system:masters");
        var credential = new Credential
        {
            Certificates = Pem.ClientCertificates(
                certificate.ExportCertificatePem(),
                TestCertificates.KeyPem(certificate)
            ),
        };
        using var ana = new ClusterClient(server.Admin with { Credentials = new FixedCredential(credential) });
        Assert.NotEmpty((await ana.ListAsync(Namespaces, Selection.Everything, Cancellation)).Items);
        Assert.StartsWith("v", (await ana.GetVersionAsync(Cancellation)).GitVersion, StringComparison.Ordinal);
    }

    private static JsonObject Map(ObjectKey key, string text) =>
        new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject { ["name"] = key.Name, ["namespace"] = key.Namespace },
            ["data"] = new JsonObject { ["text"] = text },
        };

    private static string? Text(JsonObject map) => (string?)map["data"]?["text"];
}

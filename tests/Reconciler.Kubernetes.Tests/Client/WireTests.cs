using System.Text.Json.Nodes;
using k8s.Models;
using Microsoft.AspNetCore.Http;
using Reconciler.Kubernetes.Client;
using Reconciler.Testing.Kubernetes.Servers;

namespace Reconciler.Kubernetes.Tests.Client;

/// <summary>Answers that no well-behaved server gives, or that one bad object makes.</summary>
public sealed class WireTests : IAsyncDisposable
{
    private const int Levels = 5_000;
    private static readonly ResourceType<JsonObject> Things = ResourceType.Untyped(
        "example.com",
        "v1",
        "things",
        "Thing"
    );
    private static readonly string Deep =
        $$$"""{"metadata":{"name":"deep","managedFields":[{"fieldsV1":{{{Nested()}}}}]},"spec":{{{Nested()}}}}""";
    private TestServer? _server;
    private ClusterClient? _client;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_object_as_deep_as_a_server_takes_does_not_hide_the_others_of_a_list()
    {
        var client = await AnswersAsync(
            200,
            $$$"""{"metadata":{"resourceVersion":"1"},"items":[{{{Deep}}},{"metadata":{"name":"flat"}}]}"""
        );
        var list = await client.ListAsync(Things, Selection.Everything, Cancellation);
        Assert.Equal(["deep", "flat"], list.Items.Select(item => item.Key.Name));
        Assert.NotNull(list.Items[1].Value);
    }

    [Fact]
    public async Task Nor_the_others_of_a_watch()
    {
        var client = await AnswersAsync(
            200,
            $$$"""{"type":"ADDED","object":{{{Deep}}}}"""
                + "\n"
                + """{"type":"ADDED","object":{"metadata":{"name":"flat"}}}"""
                + "\n"
        );
        var names = new List<string>();
        await foreach (
            var one in client.WatchAsync(Things, Selection.Everything, "1", TimeSpan.FromMinutes(1), null, Cancellation)
        )
            names.Add(one.Item.Key.Name);
        Assert.Equal(["deep", "flat"], names);
    }

    [Theory]
    [InlineData("""{"metadata":{"resourceVersion":"1"}}""")]
    [InlineData("""{"kind":"Status","metadata":{"resourceVersion":"1"},"status":"Success"}""")]
    public async Task An_answer_without_items_is_no_empty_list(string answer)
    {
        var client = await AnswersAsync(200, answer);
        var failed = await Assert.ThrowsAsync<KubernetesException>(() =>
            client.ListAsync(Things, Selection.Everything, Cancellation)
        );
        Assert.Equal("Unreadable", failed.Reason);
    }

    [Fact]
    public async Task An_object_whose_metadata_has_an_odd_form_is_told_by_its_name_and_hides_no_other()
    {
        const string Odd = """{"metadata":{"name":"odd","uid":"u","resourceVersion":"7","managedFields":"text"}}""";
        var client = await AnswersAsync(
            200,
            $$$"""{"metadata":{"resourceVersion":"9"},"items":[{{{Odd}}},{"metadata":{"name":"flat"}}]}"""
        );
        var leases = new ResourceType<V1Lease>("coordination.k8s.io", "v1", "leases", "Lease");
        var list = await client.ListAsync(leases, Selection.Everything, Cancellation);
        Assert.Equal(["odd", "flat"], list.Items.Select(item => item.Key.Name));
        var (metadata, value, problem) = list.Items[0];
        Assert.Equal(("u", "7", null), (metadata.Uid, metadata.ResourceVersion, value));
        Assert.Contains("managedFields", problem, StringComparison.Ordinal);
        Assert.NotNull(list.Items[1].Value);
    }

    [Fact]
    public async Task A_list_whose_items_are_null_is_empty()
    {
        var client = await AnswersAsync(200, """{"metadata":{"resourceVersion":"1"},"items":null}""");
        Assert.Empty((await client.ListAsync(Things, Selection.Everything, Cancellation)).Items);
    }

    [Fact]
    public async Task A_status_without_a_code_of_its_own_has_that_of_the_answer()
    {
        var client = await AnswersAsync(403, """{"kind":"Status","reason":"Forbidden","message":"no","code":0}""");
        var failed = await Assert.ThrowsAsync<KubernetesException>(() =>
            client.ListAsync(Things, Selection.Everything, Cancellation)
        );
        Assert.Equal((403, true, false), (failed.Code, failed.IsForbidden, failed.IsUnanswered));
    }

    [Fact]
    public async Task Nor_is_an_error_in_a_watch_one_that_nobody_answered()
    {
        var client = await AnswersAsync(
            200,
            """{"type":"ERROR","object":{"kind":"Status","message":"odd","code":0}}""" + "\n"
        );
        var watch = client
            .WatchAsync(Things, Selection.Everything, "1", TimeSpan.FromMinutes(1), null, Cancellation)
            .GetAsyncEnumerator(Cancellation);
        var failed = await Assert.ThrowsAsync<KubernetesException>(() => watch.MoveNextAsync().AsTask());
        Assert.Equal(500, failed.Code);
        await watch.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private static string Nested() =>
        string.Concat(Enumerable.Repeat("{\"f\":", Levels)) + "1" + new string('}', Levels);

    private async Task<ClusterClient> AnswersAsync(int code, string body)
    {
        _server = await TestServer.StartAsync(context =>
        {
            context.Response.StatusCode = code;
            return context.Response.WriteAsync(body);
        });
        return _client = new(new() { Server = _server.Address });
    }
}

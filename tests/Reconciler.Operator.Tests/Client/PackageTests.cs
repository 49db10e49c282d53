using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Microsoft.AspNetCore.Http;
using Reconciler.Kubernetes.Client;
using Reconciler.Kubernetes.Configuration;
using Reconciler.Operator.Resources;
using Reconciler.Testing;
using Reconciler.Testing.Kubernetes.Servers;
using KubernetesException = Reconciler.Kubernetes.Client.KubernetesException;

namespace Reconciler.Operator.Tests.Client;

/// <summary>
/// What KubernetesClient must not decide here, and why: each test of the package alone shows a fault of it. Where one
/// of those fails, the package has changed, and what was written because of the fault can go.
/// </summary>
public sealed class PackageTests : IDisposable
{
    private const string Token = "s3cret-t0ken";
    private const string Content = "what-nobody-may-read";
    private static readonly ResourceType<JsonObject> Things = ResourceType.Untyped(
        "example.com",
        "v1",
        "things",
        "Thing"
    );

    private readonly TestCertificates _authority = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_certificate_of_the_clusters_authority_for_another_name_is_refused_and_nothing_is_sent()
    {
        await using var server = new Recorder(_authority.Server("elsewhere.example"));
        using var client = new ClusterClient(
            new()
            {
                Server = server.Address,
                Authorities = Authorities.FromPem(_authority.AuthorityPem),
                Credentials = new FixedCredential(Credential.Bearer(Token)),
            }
        );
        var failed = await Assert.ThrowsAsync<KubernetesException>(() => client.GetVersionAsync(Cancellation));
        Assert.Equal("Unreachable", failed.Reason);
        Assert.Contains("AuthenticationException", failed.ToString(), StringComparison.Ordinal);
        Assert.Equal("", await server.ReceivedAsync());
    }

    [Fact]
    public async Task The_package_alone_sends_the_token_there()
    {
        await using var server = new Recorder(_authority.Server("elsewhere.example"));
        using var package = new k8s.Kubernetes(
            new()
            {
                Host = server.Address.AbsoluteUri,
                SslCaCerts = [X509Certificate2.CreateFromPem(_authority.AuthorityPem)],
                AccessToken = Token,
            }
        );
        await Assert.ThrowsAnyAsync<Exception>(() => package.Version.GetCodeAsync(Cancellation));
        Assert.Contains($"Authorization: Bearer {Token}", await server.ReceivedAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "")]
    [InlineData(403, """{"kind":"Status","reason":"Forbidden","message":"no","code":403}""")]
    [InlineData(403, """{"kind":"Status","reason":"Forbidden","message":"not with s3cret-t0ken","code":403}""")]
    [InlineData(502, "<html>You asked: Authorization: Bearer s3cret-t0ken</html>")]
    [InlineData(307, "")]
    [InlineData(200, "")]
    [InlineData(200, "null")]
    [InlineData(200, "{\"metadata\":5,\"items\":7}")]
    [InlineData(200, "s3cret")]
    public async Task No_text_of_an_exception_holds_the_token_or_what_was_sent(int code, string answer)
    {
        await using var server = await TestServer.StartAsync(context =>
        {
            context.Response.StatusCode = code;
            if (code == 307)
                context.Response.Headers.Location = "/elsewhere";
            return context.Response.WriteAsync(answer);
        });
        await AllFailSilentlyAsync(server.Address);
    }

    [Fact]
    public async Task Nor_where_no_answer_comes()
    {
        await using var cut = await TestServer.StartAsync(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        await AllFailSilentlyAsync(cut.Address);
        using var gone = new TcpListener(IPAddress.Loopback, 0);
        gone.Start();
        var port = ((IPEndPoint)gone.LocalEndpoint).Port;
        gone.Stop();
        await AllFailSilentlyAsync(new($"http://127.0.0.1:{port}"));
    }

    [Fact]
    public async Task A_token_that_is_no_header_is_not_shown_either()
    {
        await using var server = await TestServer.StartAsync(_ => Task.CompletedTask);
        using var client = Client(server.Address, $"{Token}\nX: y");
        IsSilent(await Assert.ThrowsAsync<KubernetesException>(() => client.GetVersionAsync(Cancellation)));
    }

    [Fact]
    public async Task The_package_alone_keeps_the_token_and_the_body_in_its_exception()
    {
        await using var server = await TestServer.StartAsync(context =>
        {
            context.Response.StatusCode = 403;
            return context.Response.WriteAsync(Content);
        });
        using var package = new k8s.Kubernetes(new() { Host = server.Address.AbsoluteUri, AccessToken = Token });
        var failed = await Assert.ThrowsAsync<HttpOperationException>(() => package.Version.GetCodeAsync(Cancellation));
        Assert.Equal($"Bearer {Token}", Assert.Single(failed.Request.Headers["Authorization"]));
        Assert.Contains(Content, failed.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("../secrets/b")]
    [InlineData("%2e%2e/b")]
    public async Task A_name_that_leads_elsewhere_is_asked_for_by_nobody(string name)
    {
        var asked = 0;
        await using var server = await TestServer.StartAsync(context => context.Response.WriteAsync($"{asked++}"));
        using var client = new ClusterClient(new() { Server = server.Address });
        var patch = new JsonObject();
        await Assert.ThrowsAsync<ArgumentException>(() => client.GetAsync(Things, new("a", name), Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => client.GetAsync(Things, new(name, "b"), Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() =>
            client.ReplaceAsync(Things, new("a", name), patch, Cancellation)
        );
        await Assert.ThrowsAsync<ArgumentException>(() =>
            client.MergePatchStatusAsync(Things, new("a", name), patch, null, Cancellation)
        );
        Assert.Equal(0, asked);
    }

    [Fact]
    public async Task The_package_alone_asks_for_another_object_by_such_a_name()
    {
        var path = "";
        await using var server = await TestServer.StartAsync(context =>
        {
            path = context.Request.Path.Value!;
            return context.Response.WriteAsync("{}");
        });
        using var package = new k8s.Kubernetes(new() { Host = server.Address.AbsoluteUri });
        await package.CoreV1.ReadNamespacedConfigMapAsync("../secrets/b", "a", cancellationToken: Cancellation);
        Assert.Equal("/api/v1/namespaces/a/secrets/b", path);
    }

    [Fact]
    public async Task A_name_with_a_question_mark_stays_a_name()
    {
        var path = "";
        await using var server = await TestServer.StartAsync(context =>
        {
            path = context.Request.Path.Value!;
            return context.Response.WriteAsync("{}");
        });
        using var client = new ClusterClient(new() { Server = server.Address });
        await client.GetAsync(Things, new("a", "b?watch=true"), Cancellation);
        Assert.Equal("/apis/example.com/v1/namespaces/a/things/b?watch=true", path);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(500)]
    public async Task An_answer_that_never_ends_is_given_up_in_time(int code)
    {
        await using var server = await TestServer.StartAsync(async context =>
        {
            context.Response.StatusCode = code;
            await context.Response.WriteAsync("{");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        var clock = new FakeClock();
        using var client = new ClusterClient(new() { Server = server.Address }, new() { Clock = clock });
        var asked = Assert.ThrowsAsync<KubernetesException>(() => client.GetAsync(Things, new("a", "b"), Cancellation));
        await clock.SomebodyWaits(TimeSpan.FromSeconds(30));
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("Timeout", (await asked).Reason);
    }

    [Fact]
    public void Every_type_that_is_sent_or_read_goes_through_a_generated_serializer()
    {
        var options = ClientJson.Prepare(new(), ClusterJson.Default);
        Assert.All(options.TypeInfoResolverChain, resolver => Assert.IsAssignableFrom<JsonSerializerContext>(resolver));
        Type[] types =
        [
            typeof(V1Lease),
            typeof(V1Secret),
            typeof(Eventsv1Event),
            typeof(V1ObjectMeta),
            typeof(V1Status),
            typeof(V1Patch),
            typeof(VersionInfo),
            typeof(JsonObject),
            typeof(JsonElement),
            typeof(ClusterResource),
        ];
        Assert.All(
            types,
            type => Assert.IsAssignableFrom<JsonSerializerContext>(options.GetTypeInfo(type).OriginatingResolver)
        );
        Assert.Throws<NotSupportedException>(() => options.GetTypeInfo(typeof(Unknown)));
    }

    [Fact]
    public async Task A_type_that_nobody_generated_code_for_is_a_failure_and_no_reflection()
    {
        await using var server = await TestServer.StartAsync(context => context.Response.WriteAsync("{}"));
        using var client = new ClusterClient(new() { Server = server.Address });
        var unknown = new ResourceType<Unknown>("example.com", "v1", "things", "Thing");
        var asked = client.GetAsync(unknown, new("a", "b"), Cancellation);
        var failed = await Assert.ThrowsAsync<KubernetesException>(() => asked);
        Assert.Equal("Unreadable", failed.Reason);
    }

    [Theory]
    [InlineData(0, "2026-03-02T09:00:00.000000Z")]
    [InlineData(1_234_567, "2026-03-02T09:00:00.123456Z")]
    public void The_times_of_a_lease_have_microseconds_on_a_whole_second_too(long ticks, string expected)
    {
        var at = new DateTime(2026, 3, 2, 9, 0, 0, DateTimeKind.Utc).AddTicks(ticks);
        var type = ClientJson.Of<V1Lease>(ClientJson.Prepare(new(), null));
        var json = JsonSerializer.Serialize(
            new()
            {
                Spec = new() { AcquireTime = at, RenewTime = at },
            },
            type
        );
        var spec = JsonNode.Parse(json)!["spec"]!;
        Assert.Equal((expected, expected), ((string)spec["acquireTime"]!, (string)spec["renewTime"]!));
        var read = JsonSerializer.Deserialize(json, type)!.Spec.AcquireTime!.Value;
        Assert.Equal((at.AddTicks(-(ticks % 10)), DateTimeKind.Utc), (read, read.Kind));
    }

    public void Dispose() => _authority.Dispose();

    private static ClusterClient Client(Uri server, string token) =>
        new(new() { Server = server, Credentials = new FixedCredential(Credential.Bearer(token)) });

    private static async Task AllFailSilentlyAsync(Uri server)
    {
        using var client = Client(server, Token);
        var key = new ObjectKey("a", "b");
        var secret = new JsonObject { ["data"] = Content };
        Func<Task>[] calls =
        [
            () => client.GetAsync(Things, key, Cancellation),
            () => client.CreateAsync(Things, "a", (JsonObject)secret.DeepClone(), Cancellation),
            () => client.ReplaceAsync(Things, key, (JsonObject)secret.DeepClone(), Cancellation),
            () => client.MergePatchAsync(Things, key, (JsonObject)secret.DeepClone(), null, Cancellation),
            () => client.MergePatchStatusAsync(Things, key, (JsonObject)secret.DeepClone(), null, Cancellation),
            () => client.ListAsync(Things, Selection.Everything, Cancellation),
            () => client.GetAsync(new ResourceType<V1Secret>("", "v1", "secrets", "Secret"), key, Cancellation),
        ];
        foreach (var call in calls)
        {
            // A call may succeed: where the kind is plain JSON, any object is a valid answer.
            if (await Record.ExceptionAsync(call) is { } failed)
                IsSilent(Assert.IsType<KubernetesException>(failed));
        }

        var watch = client.WatchAsync(Things, Selection.Everything, "1", TimeSpan.FromMinutes(1), null, Cancellation);
        await using var events = watch.GetAsyncEnumerator(Cancellation);
        if (await Record.ExceptionAsync(() => events.MoveNextAsync().AsTask()) is { } broken)
            IsSilent(Assert.IsType<KubernetesException>(broken));
    }

    private static void IsSilent(Exception failed)
    {
        Assert.DoesNotContain(Token, failed.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Content, failed.ToString(), StringComparison.Ordinal);
        for (var one = failed; one is not null; one = one.InnerException)
            Assert.IsNotType<HttpOperationException>(one);
    }

    private sealed record Unknown;

    /// <summary>A TLS server that keeps all that it is sent after the handshake, and answers nothing.</summary>
    private sealed class Recorder : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly MemoryStream _received = new();
        private readonly X509Certificate2 _certificate;
        private readonly Task _serving;

        public Recorder(X509Certificate2 certificate)
        {
            _certificate = certificate;
            _listener.Start();
            Address = new($"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
            _serving = ServeAsync();
        }

        public Uri Address { get; }

        /// <summary>What came over the first connection, until its end or the first request.</summary>
        public async Task<string> ReceivedAsync()
        {
            await _serving.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
            return Encoding.UTF8.GetString(_received.ToArray());
        }

        public async ValueTask DisposeAsync()
        {
            _listener.Dispose();
            await _serving.ContinueWith(_ => { }, TaskScheduler.Default);
            _certificate.Dispose();
        }

        private async Task ServeAsync()
        {
            using var client = await _listener.AcceptTcpClientAsync(Cancellation);
            await using var stream = new SslStream(client.GetStream());
            try
            {
                await stream.AuthenticateAsServerAsync(_certificate);
                var buffer = new byte[4096];
                var read = await stream.ReadAsync(buffer, Cancellation);
                _received.Write(buffer, 0, read);
            }
            catch (Exception refused) when (refused is IOException or AuthenticationException)
            {
                // The client closed the connection when it saw the certificate.
            }
        }
    }
}

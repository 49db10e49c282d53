using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Reconciler.Kubernetes.Client;
using Reconciler.Kubernetes.Configuration;
using Reconciler.Kubernetes.Tests.Servers;
using Reconciler.Testing;
using Reconciler.Testing.Kubernetes.Servers;

namespace Reconciler.Kubernetes.Tests.Client;

/// <summary>Connections, trust, credentials and failures over real HTTP.</summary>
public sealed class TransportTests : IDisposable
{
    private readonly TestCertificates _authority = new();

    [Fact]
    public async Task A_server_that_the_authority_signed_is_spoken_to_in_HTTP_2()
    {
        await using var server = await TestServer.StartAsync(
            context => Version(context, context.Request.Protocol),
            _authority.Server("127.0.0.1")
        );
        Assert.Equal(
            "HTTP/2",
            await AskAsync(
                new() { Server = server.Address, Authorities = Authorities.FromPem(_authority.AuthorityPem) }
            )
        );
    }

    [Fact]
    public async Task A_server_that_somebody_else_signed_is_refused()
    {
        using var other = new TestCertificates("test authority");
        await using var server = await TestServer.StartAsync(
            context => Version(context, ""),
            other.Server("127.0.0.1")
        );
        await IsRefusedAsync(
            new() { Server = server.Address, Authorities = Authorities.FromPem(_authority.AuthorityPem) }
        );
        await IsRefusedAsync(new() { Server = server.Address });
        Assert.Equal("", await AskAsync(new() { Server = server.Address, SkipTlsVerify = true }));
    }

    [Fact]
    public async Task A_wrong_name_is_refused_whoever_signed()
    {
        await using var server = await TestServer.StartAsync(
            context => Version(context, ""),
            _authority.Server("elsewhere.example")
        );
        await IsRefusedAsync(
            new() { Server = server.Address, Authorities = Authorities.FromPem(_authority.AuthorityPem) }
        );
    }

    [Fact]
    public void A_clients_certificate_is_no_servers()
    {
        var trusted = Authorities.FromPem(_authority.AuthorityPem);
        using var server = _authority.Server("x");
        using var client = _authority.Client("x");
        Assert.True(trusted.Trust(server, null, SslPolicyErrors.RemoteCertificateChainErrors));
        Assert.False(trusted.Trust(client, null, SslPolicyErrors.RemoteCertificateChainErrors));
        Assert.False(trusted.Trust(server, null, SslPolicyErrors.RemoteCertificateNameMismatch));
        Assert.False(trusted.Trust(null, null, SslPolicyErrors.RemoteCertificateNotAvailable));
    }

    [Fact]
    public void An_authority_in_a_file_is_read_again_every_minute_and_kept_while_it_is_missing()
    {
        using var other = new TestCertificates("another");
        using var server = other.Server("x");
        var file = Path.GetTempFileName();
        File.WriteAllText(file, _authority.AuthorityPem);
        var clock = new FakeClock();
        var trusted = Authorities.FromFile(file, clock);
        File.WriteAllText(file, other.AuthorityPem);
        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.False(trusted.Trust(server, null, SslPolicyErrors.None));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(trusted.Trust(server, null, SslPolicyErrors.None));
        File.Delete(file);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(trusted.Trust(server, null, SslPolicyErrors.None));
    }

    [Fact]
    public async Task Tls_server_name_is_the_name_that_is_asked_for_and_checked_and_no_Host_header()
    {
        await using var server = await TestServer.StartAsync(
            context => Version(context, $"{context.Request.Protocol} {context.Request.Host.Host}"),
            _authority.Server("inner.example")
        );
        var connection = new ClusterConnection
        {
            Server = server.Address,
            Authorities = Authorities.FromPem(_authority.AuthorityPem),
            TlsServerName = "inner.example",
        };
        Assert.Equal("HTTP/2 127.0.0.1", await AskAsync(connection));
        await IsRefusedAsync(connection with { TlsServerName = "other.example" });
    }

    [Theory]
    [InlineData(null)]
    [InlineData("inner.example")]
    public async Task A_proxy_is_asked_for_a_tunnel_with_its_password(string? tlsServerName)
    {
        await using var server = await TestServer.StartAsync(
            context => Version(context, "through"),
            _authority.Server("127.0.0.1", "inner.example")
        );
        using var proxy = new TunnelProxy();
        var connection = new ClusterConnection
        {
            Server = server.Address,
            Authorities = Authorities.FromPem(_authority.AuthorityPem),
            TlsServerName = tlsServerName,
            Proxy = new($"http://ana:p%40ss@127.0.0.1:{proxy.Port}"),
        };
        Assert.Equal("through", await AskAsync(connection));
        Assert.Contains($"CONNECT 127.0.0.1:{server.Address.Port} HTTP/1.1", proxy.Seen, StringComparison.Ordinal);
        Assert.Contains(
            $"Proxy-Authorization: Basic {Convert.ToBase64String("ana:p@ss"u8)}",
            proxy.Seen,
            StringComparison.OrdinalIgnoreCase
        );
    }

    [Fact]
    public async Task The_clients_certificate_is_shown_and_another_one_opens_another_connection()
    {
        await using var server = await TestServer.StartAsync(
            async context =>
                await Version(context, (await context.Connection.GetClientCertificateAsync())?.Subject ?? "nobody"),
            _authority.Server("127.0.0.1"),
            asksForCertificate: true
        );
        var source = new Switch(Shown("ana"), Shown("bob"));
        using var client = new ClusterClient(
            new()
            {
                Server = server.Address,
                Authorities = Authorities.FromPem(_authority.AuthorityPem),
                Credentials = source,
            }
        );
        Assert.Contains(
            "CN=ana",
            (await client.GetVersionAsync(TestContext.Current.CancellationToken)).GitVersion,
            StringComparison.Ordinal
        );
        source.Refuse(new());
        Assert.Contains(
            "CN=bob",
            (await client.GetVersionAsync(TestContext.Current.CancellationToken)).GitVersion,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_401_asks_for_another_credential_and_repeats_once()
    {
        var seen = new List<string>();
        await using var server = await TestServer.StartAsync(context =>
        {
            seen.Add(context.Request.Headers.Authorization!);
            context.Response.StatusCode = seen.Count == 1 ? 401 : 200;
            return Version(context, "in");
        });
        Assert.Equal(
            "in",
            await AskAsync(
                new()
                {
                    Server = server.Address,
                    Credentials = new Switch(Credential.Bearer("old"), Credential.Bearer("new")),
                }
            )
        );
        Assert.Equal(["Bearer old", "Bearer new"], seen);
    }

    [Fact]
    public async Task A_second_401_is_an_answer_and_a_fixed_token_is_sent_once()
    {
        var count = 0;
        await using var server = await TestServer.StartAsync(context =>
        {
            count++;
            context.Response.StatusCode = 401;
            return Task.CompletedTask;
        });
        Assert.Equal(
            401,
            (
                await FailsAsync(
                    new()
                    {
                        Server = server.Address,
                        Credentials = new Switch(Credential.Bearer("a"), Credential.Bearer("b")),
                    }
                )
            ).Code
        );
        Assert.Equal(2, count);
        Assert.Equal(
            401,
            (
                await FailsAsync(
                    new() { Server = server.Address, Credentials = new FixedCredential(Credential.Bearer("a")) }
                )
            ).Code
        );
        Assert.Equal(3, count);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_so_a_token_goes_nowhere_else()
    {
        var stolen = 0;
        await using var thief = await TestServer.StartAsync(context => Version(context, $"{stolen++}"));
        await using var server = await TestServer.StartAsync(context =>
        {
            context.Response.Redirect(thief.Address.AbsoluteUri + "version", permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        });
        Assert.Equal(307, (await FailsAsync(new() { Server = server.Address })).Code);
        Assert.Equal(0, stolen);
    }

    [Fact]
    public async Task A_Status_becomes_its_reason_and_a_page_of_a_proxy_the_code()
    {
        await using var server = await TestServer.StartAsync(async context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "7";
            if (context.Request.Headers.UserAgent == "status")
                await context.Response.WriteAsync(MemoryApiServer.Failure(429, "TooManyRequests").Body.ToJsonString());
            else
                await context.Response.WriteAsync("<html>\nslow down</html>");
        });
        var status = await FailsAsync(new() { Server = server.Address }, new() { UserAgent = "status" });
        Assert.Equal(
            (429, "TooManyRequests", TimeSpan.FromSeconds(7), "GET version: TooManyRequests it is"),
            (status.Code, status.Reason, status.RetryAfter, status.Message)
        );
        var page = await FailsAsync(new() { Server = server.Address });
        Assert.True(page.IsTooManyRequests);
        Assert.Contains("<html> slow down</html>", page.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_answer_is_told_apart_from_every_answer()
    {
        using var gone = new TcpListener(IPAddress.Loopback, 0);
        gone.Start();
        var port = ((IPEndPoint)gone.LocalEndpoint).Port;
        gone.Stop();
        var refused = await FailsAsync(new() { Server = new($"http://127.0.0.1:{port}") });
        Assert.Equal((0, "Unreachable", true), (refused.Code, refused.Reason, refused.IsUnanswered));
        await using var silent = await TestServer.StartAsync(context =>
            Task.Delay(Timeout.Infinite, context.RequestAborted)
        );
        var clock = new FakeClock();
        var asked = FailsAsync(
            new() { Server = silent.Address },
            new() { Clock = clock, RequestTimeout = TimeSpan.FromSeconds(30) }
        );
        await clock.SomebodyWaits(TimeSpan.FromSeconds(30));
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("Timeout", (await asked).Reason);
    }

    [Fact]
    public async Task Who_cancels_gets_a_cancellation()
    {
        await using var silent = await TestServer.StartAsync(context =>
            Task.Delay(Timeout.Infinite, context.RequestAborted)
        );
        using var client = new ClusterClient(new() { Server = silent.Address });
        using var cancelled = new CancellationTokenSource();
        var asked = client.GetVersionAsync(cancelled.Token);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }

    [Fact]
    public async Task Requests_go_below_the_servers_path()
    {
        var path = "";
        await using var server = await TestServer.StartAsync(context => Version(context, path = context.Request.Path));
        Assert.Equal("/k8s/c-1/version/", await AskAsync(new() { Server = new(server.Address, "k8s/c-1") }));
    }

    public void Dispose() => _authority.Dispose();

    private Credential Shown(string user)
    {
        using var certificate = _authority.Client(user);
        return new()
        {
            Certificates = Pem.ClientCertificates(
                certificate.ExportCertificatePem(),
                TestCertificates.KeyPem(certificate)
            ),
        };
    }

    private static Task Version(HttpContext context, string text) =>
        context.Response.WriteAsync($$"""{"major":"1","minor":"20","gitVersion":"{{text}}"}""");

    private static async Task<string> AskAsync(ClusterConnection connection)
    {
        using var client = new ClusterClient(connection);
        return (await client.GetVersionAsync(TestContext.Current.CancellationToken)).GitVersion;
    }

    private static async Task<KubernetesException> FailsAsync(
        ClusterConnection connection,
        ClientOptions? options = null
    )
    {
        using var client = new ClusterClient(connection, options);
        return await Assert.ThrowsAsync<KubernetesException>(() =>
            client.GetVersionAsync(TestContext.Current.CancellationToken)
        );
    }

    private static async Task IsRefusedAsync(ClusterConnection connection)
    {
        var failed = await FailsAsync(connection);
        Assert.Contains("AuthenticationException", failed.ToString(), StringComparison.Ordinal);
        Assert.True(failed.IsUnanswered);
    }

    /// <summary>One credential until it is refused, then the other.</summary>
    private sealed class Switch(Credential first, Credential second) : ICredentialSource
    {
        private Credential _current = first;

        public ValueTask<Credential> GetAsync(CancellationToken cancellation) => ValueTask.FromResult(_current);

        public bool Refuse(Credential refused)
        {
            _current = second;
            return true;
        }
    }
}

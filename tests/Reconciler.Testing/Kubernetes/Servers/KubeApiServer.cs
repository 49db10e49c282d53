using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Reconciler.Kubernetes.Client;
using Reconciler.Kubernetes.Configuration;

namespace Reconciler.Testing.Kubernetes.Servers;

/// <summary>
/// A real kube-apiserver with its etcd, on free ports of loopback, started by the first test that asks for it and
/// shared by all; each test takes a namespace of its own. The programs lie in the folder that <c>KUBEBUILDER_ASSETS</c>
/// names.
/// </summary>
public sealed class KubeApiServer : IAsyncDisposable
{
    private const string AdminToken = "admin-token";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);
    private static readonly ResourceType<JsonObject> Namespaces = ResourceType.Untyped(
        "",
        "v1",
        "namespaces",
        "Namespace"
    );
    private readonly Lock _gate = new();
    private readonly List<Process> _processes = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("kube-apiserver-").FullName;
    private readonly TestCertificates _authority = new();
    private Task? _starting;
    private Uri _address = new("https://127.0.0.1");
    private Uri _etcd = new("http://127.0.0.1");

    public KubeApiServer() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Stop();

    /// <summary>Who may do everything.</summary>
    public ClusterConnection Admin => As(AdminToken);

    public TestCertificates Authority => _authority;

    /// <summary>Starts the server, or skips the test where there is none.</summary>
    public async Task<ClusterClient> ClientAsync(ClientOptions? options = null)
    {
        if (Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS") is not { Length: > 0 } assets)
        {
            Assert.Skip("Set KUBEBUILDER_ASSETS to a folder with kube-apiserver and etcd to run this test.");
            throw new InvalidOperationException();
        }

        Task starting;
        lock (_gate)
            starting = _starting ??= StartAsync(assets);
        await starting.WaitAsync(TestContext.Current.CancellationToken);
        return new(Admin, options);
    }

    /// <summary>The connection of somebody with this token.</summary>
    public ClusterConnection As(string token) =>
        new()
        {
            Server = _address,
            Authorities = Authorities.FromPem(_authority.AuthorityPem),
            Credentials = new FixedCredential(Credential.Bearer(token)),
        };

    /// <summary>A kubeconfig file for somebody with this token, or for the one who may do everything.</summary>
    public async Task<string> KubeConfigAsync(string folder, string token = AdminToken)
    {
        var file = Path.Combine(folder, "kubeconfig");
        await File.WriteAllTextAsync(
            file,
            $$"""
            current-context: it
            clusters: [{name: c, cluster: {server: "{{_address}}", certificate-authority-data:
            """
                + $$"""
             {{Convert.ToBase64String(
                System.Text.Encoding.UTF8.GetBytes(_authority.AuthorityPem)
            )}} } }]
            users: [{name: u, user: {token: {{token}} } }]
            contexts: [{name: it, context: {cluster: c, user: u} }]
            """
        );
        return file;
    }

    /// <summary>A new namespace.</summary>
    public static async Task<string> NamespaceAsync(ClusterClient client)
    {
        var name = $"t-{Guid.NewGuid():N}";
        await client.CreateAsync(
            Namespaces,
            null,
            new() { ["metadata"] = new JsonObject { ["name"] = name } },
            TestContext.Current.CancellationToken
        );
        return name;
    }

    /// <summary>Forgets every version but the last.</summary>
    public async Task CompactAsync()
    {
        using var http = new HttpClient { BaseAddress = _etcd };
        using var found = await http.PostAsync(
            new Uri("v3/kv/range", UriKind.Relative),
            new StringContent("""{"key":"YQ=="}"""),
            TestContext.Current.CancellationToken
        );
        var revision = (string)
            JsonNode.Parse(await found.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["header"]![
                "revision"
            ]!;
        using var done = await http.PostAsync(
            new Uri("v3/kv/compaction", UriKind.Relative),
            new StringContent($$"""{"revision":"{{revision}}"}"""),
            TestContext.Current.CancellationToken
        );
        done.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        if (_starting is { } starting)
            await starting.ContinueWith(_ => { }, TaskScheduler.Default);
        Stop();
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task StartAsync(string assets)
    {
        var (etcd, peer, port) = (FreePort(), FreePort(), FreePort());
        (_address, _etcd) = (new($"https://127.0.0.1:{port}/"), new($"http://127.0.0.1:{etcd}/"));
        using var key = RSA.Create(2048);
        using var server = _authority.Server("127.0.0.1", "kubernetes.default");
        File.WriteAllText(At("sa.key"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(At("ca.crt"), _authority.AuthorityPem);
        File.WriteAllText(At("server.crt"), server.ExportCertificatePem());
        File.WriteAllText(At("server.key"), TestCertificates.KeyPem(server));
        File.WriteAllText(
            At("tokens.csv"),
            $"{AdminToken},admin,1,\"system:masters\"\nnobody-token,nobody,2,\nlister-token,lister,3,\n"
        );
        Run(
            assets,
            "etcd",
            $"--data-dir={At("etcd")}",
            $"--listen-client-urls=http://127.0.0.1:{etcd}",
            $"--advertise-client-urls=http://127.0.0.1:{etcd}",
            $"--listen-peer-urls=http://127.0.0.1:{peer}",
            $"--initial-advertise-peer-urls=http://127.0.0.1:{peer}",
            $"--initial-cluster=default=http://127.0.0.1:{peer}"
        );
        Run(
            assets,
            "kube-apiserver",
            $"--etcd-servers=http://127.0.0.1:{etcd}",
            "--bind-address=127.0.0.1",
            $"--secure-port={port}",
            $"--cert-dir={At("certs")}",
            $"--tls-cert-file={At("server.crt")}",
            $"--tls-private-key-file={At("server.key")}",
            $"--client-ca-file={At("ca.crt")}",
            $"--token-auth-file={At("tokens.csv")}",
            "--authorization-mode=RBAC",
            "--service-cluster-ip-range=10.0.0.0/24",
            "--service-account-issuer=https://kubernetes.default",
            $"--service-account-key-file={At("sa.key")}",
            $"--service-account-signing-key-file={At("sa.key")}",
            "--disable-admission-plugins=ServiceAccount",
            "--allow-privileged=true",
            "--watch-cache-sizes=endpoints#0"
        );
        await ReadyAsync();
    }

    private async Task ReadyAsync()
    {
        using var client = new ClusterClient(Admin);
        var start = TimeProvider.System.GetTimestamp();
        var ready = ResourceType.Untyped("", "v1", "namespaces", "Namespace");
        while (true)
        {
            try
            {
                // The roles are made after the server answers; the default namespace comes last of all.
                await client.GetAsync(ready, new(null, "default"), CancellationToken.None);
                return;
            }
            catch (KubernetesException)
                when (TimeProvider.System.GetElapsedTime(start) < Deadline
                    && _processes.TrueForAll(one => !one.HasExited)
                )
            {
                await Task.Delay(100);
            }
            catch (KubernetesException failed)
            {
                var logs = Directory
                    .GetFiles(_folder, "*.log")
                    .Select(file =>
                        $"{Path.GetFileName(file)}:\n{string.Join('\n', File.ReadLines(file).TakeLast(15))}"
                    );
                throw new InvalidOperationException(
                    $"the API server did not start: {failed.Message}\n{string.Join('\n', logs)}",
                    failed
                );
            }
        }
    }

    private void Run(string assets, string program, params string[] arguments)
    {
        // A shell only for its redirection: a pipe that nobody reads would fill up.
        var start = new ProcessStartInfo(
            "/bin/sh",
            [
                "-c",
                "log=$1; shift; exec \"$@\" >\"$log\" 2>&1",
                "sh",
                At($"{program}.log"),
                Path.Combine(assets, program),
                .. arguments,
            ]
        )
        {
            WorkingDirectory = _folder,
        };
        start.Environment["ETCD_UNSUPPORTED_ARCH"] = "arm64";
        lock (_gate)
            _processes.Add(Process.Start(start)!);
    }

    private void Stop()
    {
        lock (_gate)
        {
            foreach (var process in _processes)
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit(TimeSpan.FromSeconds(10));
                process.Dispose();
            }

            _processes.Clear();
        }
    }

    private string At(string name) => Path.Combine(_folder, name);
}

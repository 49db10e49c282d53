using Reconciler.Kubernetes.Configuration;
using Reconciler.Testing;
using Reconciler.Testing.Kubernetes.Servers;

namespace Reconciler.Kubernetes.Tests.Configuration;

public sealed class KubeConfigTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    [Fact]
    public async Task Of_several_files_the_first_wins_per_name_and_missing_ones_are_passed_over()
    {
        var first = Write(
            "a/config",
            """
            current-context: here
            contexts:
            - {name: here, context: {cluster: one, user: me, namespace: team}}
            users:
            - {name: me, user: {token: first}}
            """
        );
        var second = Write(
            "b/config",
            """
            current-context: there
            clusters:
            - {name: one, cluster: {server: "https://one.example:6443/prefix", tls-server-name: inner.example,
            """
                + """
                 proxy-url: "socks5://proxy.example:1080"}}
                contexts:
                - {name: here, context: {cluster: other, user: me}}
                - {name: there, context: {cluster: one}}
                users:
                - {name: me, user: {token: second, username: someone}}
                """
        );
        KubeConfigOptions options = new() { Files = [Path.Combine(_folder, "absent"), first, second] };
        var here = KubeConfig.Load(options);
        Assert.Equal(
            ("https://one.example:6443/prefix", "team", "inner.example", "socks5://proxy.example:1080/"),
            ($"{here.Server}", here.Namespace, here.TlsServerName, $"{here.Proxy}")
        );
        Assert.Equal("Bearer first", await AuthorizationAsync(here));
        var there = KubeConfig.Load(options with { Context = "there" });
        Assert.Equal("default", there.Namespace);
        Assert.Null(await AuthorizationAsync(there));
    }

    [Fact]
    public void KUBECONFIG_is_a_list_and_the_home_folder_stands_in_for_it()
    {
        Assert.Equal(
            ["/a", "/b"],
            KubeConfig.DefaultFiles(name =>
                name == "KUBECONFIG" ? $"/a{Path.PathSeparator}{Path.PathSeparator}/b{Path.PathSeparator}/a" : null
            )
        );
        Assert.Equal(["/home/ana/.kube/config"], KubeConfig.DefaultFiles(name => name == "HOME" ? "/home/ana" : null));
    }

    [Fact]
    public async Task Paths_start_from_their_own_file_and_a_token_file_beats_a_token()
    {
        Write("one/token", "from the file\n");
        using var authority = new TestCertificates();
        Write("one/ca.crt", authority.AuthorityPem);
        var file = Write("one/config", Config("certificate-authority: ca.crt", "tokenFile: token, token: inline"));
        var connection = KubeConfig.Load(new() { Files = [file] });
        Assert.NotNull(connection.Authorities);
        Assert.Equal("Bearer from the file", await AuthorizationAsync(connection));
    }

    [Fact]
    public async Task Data_beats_files()
    {
        using var authority = new TestCertificates();
        using var client = authority.Client("ana");
        var data =
            "client-certificate: absent.crt, client-key: absent.key, "
            + $"client-certificate-data: {Base64(client.ExportCertificatePem())}, "
            + $"client-key-data: {Base64(TestCertificates.KeyPem(client))}";
        var file = Write(
            "config",
            Config(
                $"certificate-authority: absent.crt, certificate-authority-data: {Base64(authority.AuthorityPem)}",
                data
            )
        );
        var credential = await KubeConfig
            .Load(new() { Files = [file] })
            .Credentials.GetAsync(TestContext.Current.CancellationToken);
        Assert.Equal(client.Thumbprint, credential.Certificates![0].Thumbprint);
        Assert.True(credential.Certificates[0].HasPrivateKey);
    }

    [Fact]
    public async Task Certificate_files_are_read_again_every_minute_and_kept_while_one_is_missing()
    {
        using var authority = new TestCertificates();
        using var before = authority.Client("ana");
        using var after = authority.Client("ana");
        Write("c.crt", before.ExportCertificatePem());
        Write("c.key", TestCertificates.KeyPem(before));
        var clock = new FakeClock();
        var source = KubeConfig
            .Load(
                new()
                {
                    Files = [Write("config", Config("", "client-certificate: c.crt, client-key: c.key, token: too"))],
                    Clock = clock,
                }
            )
            .Credentials;
        var first = await source.GetAsync(TestContext.Current.CancellationToken);
        Assert.Equal(("Bearer too", before.Thumbprint), (first.Authorization, first.Certificates![0].Thumbprint));
        File.Delete(Path.Combine(_folder, "c.key"));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Same(first, await source.GetAsync(TestContext.Current.CancellationToken));
        Write("c.crt", after.ExportCertificatePem());
        Write("c.key", TestCertificates.KeyPem(after));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(
            after.Thumbprint,
            (await source.GetAsync(TestContext.Current.CancellationToken)).Certificates![0].Thumbprint
        );
    }

    [Theory]
    [InlineData("", "token: a, username: b", "only one can be meant")]
    [InlineData("", "as: root", "not supported")]
    [InlineData("", "auth-provider: {name: gcp}", "not supported")]
    [InlineData("", "client-certificate-data: QUJD", "without the other")]
    [InlineData("", "client-certificate-data: QUJD, client-key-data: QUJD", "holds no certificate")]
    [InlineData("", "client-certificate-data: '#', client-key-data: QUJD", "client-certificate-data is not base64")]
    [InlineData("certificate-authority-data: QUJD", "", "holds no certificate")]
    [InlineData("insecure-skip-tls-verify: true, certificate-authority: x", "", "only one can be meant")]
    [InlineData("proxy-url: 'ftp://user:secret@x'", "", "proxy-url is no address")]
    [InlineData(
        "",
        "exec: {command: x, apiVersion: client.authentication.k8s.io/v1alpha1}",
        "v1alpha1; expected client.authentication.k8s.io/v1 or"
    )]
    [InlineData("", "exec: {apiVersion: client.authentication.k8s.io/v1}", "names no command")]
    [InlineData(
        "",
        "exec: {command: x, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Always}",
        "nobody to answer"
    )]
    public void What_is_wrong_is_refused_and_no_secret_repeated(string cluster, string user, string expected)
    {
        var wrong = Assert.Throws<ConfigurationException>(() =>
            KubeConfig.Load(new() { Files = [Write("config", Config(cluster, user))] })
        );
        Assert.Contains(expected, wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[1, 2]", "is no mapping")]
    [InlineData("a: *b", "aliases are not read")]
    [InlineData("token: 'open", "is not YAML")]
    [InlineData("a: 1\na: 2", "\"a\" stands twice")]
    [InlineData("a: \"b\\0c\"", "line 1: a text holds a NUL character")]
    [InlineData("current-context: x", "has no context \"x\"")]
    [InlineData("", "has no current-context")]
    public void Text_that_is_no_kubeconfig_is_refused(string text, string expected) =>
        Assert.Contains(
            expected,
            Assert
                .Throws<ConfigurationException>(() => KubeConfig.Load(new() { Files = [Write("config", text)] }))
                .Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Of_two_values_of_a_programs_variable_the_last_is_meant()
    {
        const string User =
            "exec: {command: x, apiVersion: client.authentication.k8s.io/v1, "
            + "env: [{name: A, value: b}, {name: A, value: c}]}";
        Assert.NotNull(KubeConfig.Load(new() { Files = [Write("config", Config("", User))] }).Credentials);
    }

    [Fact]
    public void Nesting_that_would_end_the_process_is_refused() =>
        Assert.Contains(
            "nested deeper",
            Assert
                .Throws<ConfigurationException>(() =>
                    KubeConfig.Load(new() { Files = [Write("config", new string('[', 10_000))] })
                )
                .Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Programs_of_other_peoples_files_are_not_run_unless_allowed()
    {
        var file = Write(
            "config",
            Config("", "exec: {command: ./program, apiVersion: client.authentication.k8s.io/v1}")
        );
        Assert.Contains(
            "not allowed",
            Assert
                .Throws<ConfigurationException>(() => KubeConfig.Load(new() { Files = [file], AllowExec = false }))
                .Message,
            StringComparison.Ordinal
        );
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Config(string cluster, string user) =>
        """
            current-context: it
            clusters: [{name: c, cluster: {server:
            """
        + $$"""
             "https://c.example"{{(
                cluster.Length > 0 ? ", " : ""
            )}}{{cluster}} } }]
            users: [{name: u, user: { {{user}} } }]
            contexts: [{name: it, context: {cluster: c, user: u} }]
            """;

    private static string Base64(string text) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text));

    private static async Task<string?> AuthorizationAsync(ClusterConnection connection) =>
        (await connection.Credentials.GetAsync(TestContext.Current.CancellationToken)).Authorization;

    private string Write(string name, string text)
    {
        var file = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }
}

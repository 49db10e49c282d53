using System.Net;
using Reconciler.Proxies;
using Reconciler.Testing.Hosts;
using Reconciler.Testing.Providers.Http;
using Reconciler.Testing.Sources;

namespace Reconciler.Tests.Proxies;

/// <summary>Which proxy the variables name for which address, and that the program uses it.</summary>
public sealed class EnvironmentProxyTests
{
    private static readonly Uri Https = new("https://vendor.example/api");
    private static readonly Uri Http = new("http://vendor.example/api");

    [Theory]
    [InlineData("HTTPS_PROXY=http://p:3128", "http://p:3128/", null)]
    [InlineData("https_proxy=p:3128", "http://p:3128/", null)]
    [InlineData("HTTPS_PROXY=https://p", "https://p/", null)]
    [InlineData("HTTPS_PROXY=socks5h://p:1080", "socks5://p:1080/", null)]
    [InlineData("HTTPS_PROXY=socks5h://p", "socks5://p:1080/", null)]
    [InlineData("ALL_PROXY=socks5://p", "socks5://p:1080/", "socks5://p:1080/")]
    [InlineData("HTTP_PROXY=http://p:3128", null, "http://p:3128/")]
    [InlineData("HTTP_PROXY=http://p:3128 REQUEST_METHOD=GET", null, null)]
    [InlineData("ALL_PROXY=http://p:3128 HTTPS_PROXY=http://q", "http://q/", "http://p:3128/")]
    [InlineData("HTTPS_PROXY=http://p https_proxy=http://q", "http://p/", null)]
    [InlineData("HTTPS_PROXY=http://p NO_PROXY=.example", null, null)]
    [InlineData("HTTPS_PROXY=http://p no_proxy=*.example", null, null)]
    [InlineData("HTTPS_PROXY=http://p NO_PROXY=other.example", "http://p/", null)]
    public void Each_scheme_has_its_proxy(string variables, string? forHttps, string? forHttp)
    {
        var proxy = Of(variables);
        Assert.Equal((forHttps, forHttp), (proxy.GetProxy(Https)?.AbsoluteUri, proxy.GetProxy(Http)?.AbsoluteUri));
        Assert.Equal(forHttps is null, proxy.IsBypassed(Https));
    }

    [Fact]
    public void The_password_is_given_to_the_proxy_alone_and_is_no_part_of_its_address()
    {
        var proxy = Of("HTTPS_PROXY=http://ana:p%40ss@p:3128");
        Assert.Equal("http://p:3128/", proxy.GetProxy(Https)!.AbsoluteUri);
        var login = proxy.Credentials!.GetCredential(proxy.GetProxy(Https)!, "Basic")!;
        Assert.Equal(("ana", "p@ss"), (login.UserName, login.Password));
        Assert.Null(proxy.Credentials.GetCredential(Https, "Basic"));
    }

    [Theory]
    [InlineData("HTTPS_PROXY=ftp://ana:s3cret@p")]
    [InlineData("https_proxy=http://")]
    [InlineData("ALL_PROXY=http://ana:s3cret@p:99999")]
    public void A_variable_that_is_no_address_is_an_error_that_does_not_show_it(string variables)
    {
        var wrong = Assert.Throws<ProxyVariableException>(() => Of(variables));
        Assert.StartsWith($"the variable {variables.Split('=')[0]} is not", wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_program_refuses_to_start_where_requests_would_go_past_the_proxy()
    {
        using var folder = new TemporaryFolder();
        var (code, said) = await RunAsync(folder, ("HTTPS_PROXY", "ftp://p"), "validate", ".");
        Assert.Equal(ExitCode.Usage, code);
        Assert.StartsWith(
            "error: the variable HTTPS_PROXY is not the address of a proxy;",
            said,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_program_reads_a_vendor_through_the_proxy_of_its_environment()
    {
        using var folder = new TemporaryFolder();
        using var proxy = new RefusingProxy("nobody.invalid", (int)HttpStatusCode.Forbidden);
        folder.Write(
            "m.yaml",
            """
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessProvider
            metadata: {name: acme}
            spec:
              type: gorules
              baseUrl: https://gorules.invalid
              credentials: {token: {env: RECONCILER_ACME_TOKEN}}
              actingAs: ana@example.com
            ---
            apiVersion: reconciler.dev/v1alpha1
            kind: ProjectMembership
            metadata: {name: rules}
            spec:
              provider: acme
              projectId: 3c90c3cc-0d44-4b50-8888-8dd25736052a
              members: [{email: ana@example.com, access: {owner: true}}]
            """
        );
        var (_, said) = await RunAsync(
            folder,
            ("HTTPS_PROXY", proxy.Shown.Replace("//", "//ana:s3cret@", StringComparison.Ordinal)),
            "plan",
            "--allow-host",
            "gorules.invalid",
            "m.yaml"
        );
        Assert.Contains(
            $"the proxy {proxy.Shown} answered 403 when asked to connect to gorules.invalid",
            said,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("s3cret", said, StringComparison.Ordinal);
    }

    private static Task<(int Code, string Said)> RunAsync(
        TemporaryFolder folder,
        (string Name, string Value) variable,
        params string[] words
    ) =>
        TestedProgram.RunAsync(
            folder.Path,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [variable.Name] = variable.Value,
                ["RECONCILER_ACME_TOKEN"] = "t0ken-of-acme-0123456789",
            },
            words,
            TestContext.Current.CancellationToken
        );

    private static EnvironmentProxy Of(string variables)
    {
        var all = variables.Split(' ').Select(v => v.Split('=', 2)).ToDictionary(v => v[0], v => v[1]);
        return EnvironmentProxy.Of(name => all.GetValueOrDefault(name));
    }
}

using Reconciler.Kubernetes.Configuration;
using Reconciler.Testing;
using Reconciler.Testing.Kubernetes.Servers;

namespace Reconciler.Kubernetes.Tests.Configuration;

public sealed class InClusterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly FakeClock _clock = new();
    private readonly TestCertificates _authority = new();

    public InClusterTests()
    {
        Write("token", "one");
        Write("namespace", "team-a");
        Write("ca.crt", _authority.AuthorityPem);
    }

    [Theory]
    [InlineData("10.0.0.1", "443", "https://10.0.0.1/")]
    [InlineData("kubernetes.default", "6443", "https://kubernetes.default:6443/")]
    [InlineData("fd00:10:96::1", "443", "https://[fd00:10:96::1]/")]
    [InlineData("[fd00:10:96::1]", "6443", "https://[fd00:10:96::1]:6443/")]
    public void The_address_is_made_of_two_variables_and_IPv6_gets_its_brackets(
        string host,
        string port,
        string expected
    )
    {
        var connection = Load(host, port);
        Assert.Equal((expected, "team-a"), (connection.Server.AbsoluteUri, connection.Namespace));
    }

    [Fact]
    public async Task The_token_is_read_again_after_a_minute_and_not_before()
    {
        var credentials = Load().Credentials;
        var first = await GetAsync(credentials);
        Write("token", "two");
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Same(first, await GetAsync(credentials));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("Bearer two", (await GetAsync(credentials)).Authorization);
    }

    [Fact]
    public async Task A_401_drops_the_token_at_once()
    {
        var credentials = Load().Credentials;
        var first = await GetAsync(credentials);
        Write("token", "two");
        Assert.True(credentials.Refuse(first));
        var second = await GetAsync(credentials);
        Assert.Equal("Bearer two", second.Authorization);
        Write("token", "three");
        credentials.Refuse(first);
        Assert.Same(second, await GetAsync(credentials));
    }

    [Fact]
    public async Task A_token_that_is_missing_for_a_moment_keeps_the_one_before()
    {
        var credentials = Load().Credentials;
        var first = await GetAsync(credentials);
        File.Delete(Path.Combine(_folder, "token"));
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Same(first, await GetAsync(credentials));
    }

    [Fact]
    public void Outside_of_a_pod_that_is_said()
    {
        Assert.Contains(
            "this is no pod",
            Assert.Throws<ConfigurationException>(() => InCluster.Load(_ => null, _folder, _clock)).Message,
            StringComparison.Ordinal
        );
        File.Delete(Path.Combine(_folder, "token"));
        Assert.Contains(
            "no service account token",
            Assert.Throws<ConfigurationException>(() => Load()).Message,
            StringComparison.Ordinal
        );
    }

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<Credential> GetAsync(ICredentialSource source) =>
        await source.GetAsync(TestContext.Current.CancellationToken);

    private ClusterConnection Load(string host = "10.0.0.1", string port = "443") =>
        InCluster.Load(
            name =>
                name == "KUBERNETES_SERVICE_HOST" ? host
                : name == "KUBERNETES_SERVICE_PORT" ? port
                : null,
            _folder,
            _clock
        );

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);
}

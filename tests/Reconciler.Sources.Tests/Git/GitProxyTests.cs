using Reconciler.Testing.Providers.Http;

namespace Reconciler.Sources.Tests.Git;

/// <summary>Git goes through the proxy of the process, and what is said of one that refuses.</summary>
public sealed class GitProxyTests : IDisposable
{
    private const string Host = "git-behind-proxy.invalid";

    private readonly GitBench _bench = new();

    public GitProxyTests() => _bench.Settings = _bench.Settings with { Url = $"https://{Host}/people.git" };

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(403, "ask who runs it, or name the host in NO_PROXY where no proxy is needed")]
    [InlineData(407, "it wants a user and a password in HTTPS_PROXY")]
    [InlineData(502, "ask who runs it, or name the host in NO_PROXY where no proxy is needed")]
    public async Task A_proxy_that_refuses_is_named_with_its_status_and_without_its_password(int status, string advice)
    {
        using var proxy = new RefusingProxy(Host, status);

        var said = await _bench.FailAsync();

        Assert.StartsWith(
            $"https://{Host}/people cannot be reached: the proxy {proxy.Shown} answered {status} when asked to "
                + $"connect to {Host}; {advice}",
            said,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("w0rd", said, StringComparison.Ordinal);
        Assert.Contains($"CONNECT {Host}:443", proxy.Asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_that_is_not_there_is_named()
    {
        using var proxy = new RefusingProxy(Host, 403);
        proxy.Stop();

        Assert.StartsWith(
            $"https://{Host}/people cannot be reached through the proxy {proxy.Shown}",
            await _bench.FailAsync(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Without_a_proxy_for_its_host_git_uses_none_whatever_its_variables_say()
    {
        using var proxy = new RefusingProxy("another.invalid", 403);

        Assert.Contains("its host's name is not known", await _bench.FailAsync(), StringComparison.Ordinal);
        Assert.Equal("", proxy.Asked);
    }
}

namespace Reconciler.Sources.Tests.Git;

/// <summary>Over SSH, with OpenSSH's own server.</summary>
public sealed class GitSshTests : IAsyncLifetime
{
    private readonly GitBench _bench = new();
    private SshServer? _server;

    public async ValueTask InitializeAsync()
    {
        _bench.Repository.Commit("first", ("a.yaml", "one"));
        _server = await SshServer.StartAsync();
        _bench.Settings = _bench.Settings with
        {
            Url = _server.Url(_bench.Repository.Path),
            SshKeyFile = _server.Key,
            KnownHostsFile = _server.KnownHosts,
        };
    }

    public ValueTask DisposeAsync()
    {
        _server?.Dispose();
        _bench.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_key_is_used_and_the_host_is_verified()
    {
        Assert.Equal("one", GitBench.Text(await _bench.FetchAsync(), "a.yaml"));
        _bench.Repository.Rewrite("forced", ("a.yaml", "two"));
        Assert.Equal("two", GitBench.Text(await _bench.FetchAsync(), "a.yaml"));
    }

    [Fact]
    public async Task A_key_that_is_not_let_in_is_an_error()
    {
        _bench.Settings = _bench.Settings with { SshKeyFile = _server!.OtherKey };

        Assert.Contains($"refuses the key of {_server.OtherKey}", await _bench.FailAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_host_that_is_not_known_or_has_another_key_is_not_spoken_to(bool another)
    {
        var hosts = another ? _server!.OtherHosts() : _bench.Write("none", "");
        _bench.Settings = _bench.Settings with { KnownHostsFile = hosts };

        Assert.Contains(
            $"has a host key that {hosts} does not list",
            await _bench.FailAsync(),
            StringComparison.Ordinal
        );
        if (!another)
            Assert.Equal("", await File.ReadAllTextAsync(hosts, GitBench.Cancellation));
    }

    [Fact]
    public async Task A_key_that_others_may_read_is_an_error_that_says_so()
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_server!.Key, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        Assert.Contains("its mode must be 0600", await _bench.FailAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_file_that_is_missing_is_an_error()
    {
        _bench.Settings = _bench.Settings with { SshKeyFile = "/nowhere/key" };

        Assert.Equal("the SSH key file /nowhere/key does not exist", await _bench.FailAsync());
    }
}

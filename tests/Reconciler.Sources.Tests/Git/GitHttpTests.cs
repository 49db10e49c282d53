using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Reconciler.Manifests;
using Reconciler.Sources.Git;
using Reconciler.Testing;
using Reconciler.Testing.Sources.Git;

namespace Reconciler.Sources.Tests.Git;

/// <summary>Over HTTP, with git's own server: where the token goes, where it does not, and what ends a fetch.</summary>
public sealed class GitHttpTests : IAsyncLifetime
{
    private const string Token = "glpat-Secret_0123456789";

    private readonly GitBench _bench = new();
    private GitServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _bench.Repository.Commit("first", ("a.yaml", "one"));
        _server = await GitServer.StartAsync(_bench.Repository);
        _bench.Settings = _bench.Settings with { Url = _server.Url };
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _bench.Dispose();
    }

    [Fact]
    public async Task A_public_repository_needs_no_credentials_and_gets_none()
    {
        Assert.Equal("one", GitBench.Text(await _bench.FetchAsync(), "a.yaml"));

        Assert.All(_server.Requests, r => Assert.Equal("", r.Authorization));
        Assert.Equal(_server.Url[..^4], _bench.Source.Origin);
    }

    [Theory]
    [InlineData("git", Token + "\n")]
    [InlineData("oauth2", "  with spaces: and a colon  ")]
    public async Task The_token_of_the_file_is_sent_with_every_request(string user, string content)
    {
        UseToken(content, user);

        Assert.Equal("one", GitBench.Text(await _bench.FetchAsync(), "a.yaml"));

        Assert.All(_server.Requests, r => Assert.StartsWith("Basic ", r.Authorization, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_that_was_renewed_counts_at_the_next_fetch()
    {
        UseToken(Token);
        await _bench.FetchAsync();
        _bench.Repository.Commit("second", ("a.yaml", "two"));
        _server.Credentials = "git:another";
        var refused = await _bench.FailAsync();
        Assert.Contains($"refuses the token of {_bench.At("token")}", refused, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, refused, StringComparison.Ordinal);

        _bench.Write("token", "another");

        Assert.Equal("two", GitBench.Text(await _bench.FetchAsync(), "a.yaml"));
    }

    [Fact]
    public async Task Without_a_token_the_error_says_that_one_is_wanted()
    {
        _server.Credentials = $"git:{Token}";

        Assert.StartsWith(
            $"{_bench.Source.Origin} wants credentials; give a token file",
            await _bench.FailAsync(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(null, "does not exist")]
    [InlineData(" \n", "is empty")]
    [InlineData("one\ntwo", "holds more than one line")]
    public async Task A_token_file_that_cannot_be_right_is_an_error_and_nothing_is_sent(string? content, string says)
    {
        UseToken(content ?? "");
        if (content is null)
            File.Delete(_bench.At("token"));

        Assert.Contains(says, await _bench.FailAsync(), StringComparison.Ordinal);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_and_the_token_goes_nowhere_else()
    {
        UseToken(Token);
        await using var elsewhere = await GitServer.StartAsync(_bench.Repository);
        _server.RedirectTo = elsewhere.Site;

        Assert.Contains(
            "answers with a redirect, which is not followed",
            await _bench.FailAsync(),
            StringComparison.Ordinal
        );
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task A_repository_that_the_server_does_not_know_is_an_error()
    {
        _bench.Settings = _bench.Settings with { Url = $"{_server.Site}/other.git" };

        Assert.Contains(
            "/other is not there, or these credentials may not see it",
            await _bench.FailAsync(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_server_that_is_down_is_an_error_and_comes_back()
    {
        await _bench.FetchAsync();
        var port = new Uri(_server.Site).Port;
        await _server.DisposeAsync();

        Assert.Contains("cannot be reached", await _bench.FailAsync(), StringComparison.Ordinal);
        Assert.Equal(port, new Uri(_bench.Settings.Url).Port);
    }

    [Fact]
    public async Task A_forced_push_a_deleted_branch_and_a_moved_tag_arrive_over_HTTP_too()
    {
        await _bench.FetchAsync();
        var commit = _bench.Repository.Rewrite("anew", ("z.yaml", "other"));
        Assert.Equal(commit, (await _bench.FetchAsync()).Id);
        _bench.Repository.Delete("refs/heads/main");
        Assert.Contains(
            "is empty, or its default branch does not exist",
            await _bench.FailAsync(),
            StringComparison.Ordinal
        );
        _bench.Repository.Point("refs/heads/main", commit);
        Assert.Equal(commit, (await _bench.FetchAsync()).Id);
    }

    [Fact]
    public async Task The_token_is_in_no_argument_and_in_no_file_and_a_cancelled_fetch_leaves_no_process()
    {
        UseToken(Token);
        var before = await _bench.FetchAsync();
        _bench.Repository.Commit("second", ("a.yaml", "two"));
        _server.Gate = Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, GitBench.Cancellation);
        _server.Requests.Clear();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(GitBench.Cancellation);
        var fetch = _bench.Source.FetchAsync(cancel.Token);
        await Eventually.Async(() => !_server.Requests.IsEmpty);

        var running = Running();
        Assert.NotEmpty(running);
        Assert.All(running, words => Assert.DoesNotContain(Token, words, StringComparison.Ordinal));
        Assert.All(running, words => Assert.DoesNotContain(Basic("git"), words, StringComparison.Ordinal));
        Assert.All(
            Directory
                .EnumerateFiles(_bench.Folder, "*", SearchOption.AllDirectories)
                .Where(f => Path.GetFileName(f) != "lock"),
            f => Assert.DoesNotContain(Token, File.ReadAllText(f), StringComparison.Ordinal)
        );

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetch);
        await Eventually.Async(() => Running().Count == 0);
        Assert.Equal("one", GitBench.Text(before, "a.yaml"));
        _server.Gate = null;
        Assert.Equal("two", GitBench.Text(await _bench.FetchAsync(), "a.yaml"));
    }

    [Fact]
    public async Task A_fetch_that_takes_too_long_is_ended_and_says_so()
    {
        var clock = new FakeClock();
        using var source = new GitSource(_bench.Settings, clock);
        _server.Gate = Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, GitBench.Cancellation);
        var fetch = source.FetchAsync(GitBench.Cancellation);
        await Eventually.Async(() => !_server.Requests.IsEmpty);

        clock.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(
            $"{source.Origin} was not fetched within 60 s",
            (await Assert.ThrowsAsync<SourceException>(() => fetch)).Message
        );
        await Eventually.Async(() => Running().Count == 0);
    }

    [Fact]
    public async Task A_push_that_would_fill_the_disk_is_stopped_while_it_comes()
    {
        var clock = new FakeClock();
        using var source = new GitSource(_bench.Settings with { MaxCopyBytes = 1024 * 1024 }, clock);
        var revision = await source.FetchAsync(GitBench.Cancellation);
        _bench.Repository.Commit(
            "huge",
            new GitChange("huge.bin", "100644", RandomNumberGenerator.GetBytes(4 * 1024 * 1024))
        );
        _server.HalfGate = Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, GitBench.Cancellation);
        var fetch = source.FetchAsync(GitBench.Cancellation);
        var copy = Path.Combine(_bench.Folder, "repository.git");
        await Eventually.Async(() =>
            fetch.IsCompleted
            || new DirectoryInfo(copy).EnumerateFiles("tmp_pack_*", SearchOption.AllDirectories).Sum(f => f.Length)
                > 1024 * 1024
        );
        Assert.False(fetch.IsCompleted);
        await clock.SomebodyWaits(TimeSpan.FromSeconds(1));

        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(
            $"{source.Origin} is larger than 1 MiB in one commit, and would fill the disk",
            (await Assert.ThrowsAsync<SourceException>(() => fetch)).Message
        );
        Assert.False(Directory.Exists(copy));
        Assert.Equal("one", GitBench.Text(revision, "a.yaml"));
    }

    [Fact]
    public async Task A_commit_that_is_too_large_as_a_whole_is_refused_and_its_copy_is_removed()
    {
        _bench.Settings = _bench.Settings with { MaxCopyBytes = 1024 * 1024 };
        _bench.Repository.Commit(
            "huge",
            new GitChange("huge.bin", "100644", RandomNumberGenerator.GetBytes(2 * 1024 * 1024))
        );

        Assert.Contains("is larger than 1 MiB in one commit", await _bench.FailAsync(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_bench.Folder, "repository.git")));
    }

    [Fact]
    public async Task Certificates_are_checked_against_the_given_authorities()
    {
        using var certificate = SelfSigned();
        await using var server = await GitServer.StartAsync(_bench.Repository, certificate);
        _bench.Settings = _bench.Settings with
        {
            Url = server.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal),
        };
        Assert.Contains("has a certificate that is not trusted", await _bench.FailAsync(), StringComparison.Ordinal);
        Assert.Empty(server.Requests);

        _bench.Settings = _bench.Settings with { CaFile = _bench.Write("ca.pem", certificate.ExportCertificatePem()) };
        _bench.Restart();

        Assert.Equal("one", GitBench.Text(await _bench.FetchAsync(), "a.yaml"));
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1),
            DateTimeOffset.UtcNow.AddDays(1)
        );
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }

    private static string Basic(string user) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{Token}"));

    private void UseToken(string content, string user = "git")
    {
        _server.Credentials = $"{user}:{content.Trim()}";
        _bench.Settings = _bench.Settings with { TokenFile = _bench.Write("token", content), UserName = user };
    }

    // The arguments of every process that has to do with this server.
    private List<string> Running()
    {
        var found = new List<string>();
        foreach (
            var process in Directory
                .EnumerateDirectories("/proc")
                .Where(d => int.TryParse(Path.GetFileName(d), NumberStyles.None, CultureInfo.InvariantCulture, out _))
        )
        {
            try
            {
                var words = File.ReadAllText(Path.Combine(process, "cmdline"));
                if (words.Contains(_server.Url, StringComparison.Ordinal))
                    found.Add(words);
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // It ended meanwhile.
            }
        }

        return found;
    }
}

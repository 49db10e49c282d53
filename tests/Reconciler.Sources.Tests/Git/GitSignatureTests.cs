using System.Diagnostics;
using Reconciler.Testing.Sources;
using Reconciler.Testing.Sources.Git;

namespace Reconciler.Sources.Tests.Git;

/// <summary>Signed commits and tags, with the real ssh-keygen and gpg.</summary>
public sealed class GitSignatureTests : IDisposable
{
    private readonly GitBench _bench = new();
    private readonly string _key;

    public GitSignatureTests()
    {
        _key = _bench.At("ana");
        SshServer.Keygen(_key);
        _bench.Settings = _bench.Settings with
        {
            VerifyKeys = _bench.Write(
                "signers",
                $"ana@example.com namespaces=\"git\" {File.ReadAllText(_key + ".pub")}"
            ),
        };
    }

    private GitRepository Repository => _bench.Repository;

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_commit_that_a_given_key_signed_is_let_through()
    {
        var commit = SignedBy(_key, ("a.yaml", "one"));

        var revision = await _bench.FetchAsync();
        Assert.Equal((commit, "ana@example.com"), (revision.Id, revision.Signer));
    }

    [Fact]
    public async Task A_public_key_without_a_name_will_do_and_a_folder_of_keys_too()
    {
        var commit = SignedBy(_key, ("a.yaml", "one"));
        _bench.Write("keys/README", "# nothing here\n");
        _bench.Write("keys/ana.pub", await File.ReadAllTextAsync(_key + ".pub", GitBench.Cancellation));
        _bench.Settings = _bench.Settings with { VerifyKeys = _bench.At("keys") };

        Assert.Equal(commit, (await _bench.FetchAsync()).Id);
    }

    [Fact]
    public async Task A_commit_that_is_not_signed_is_refused_and_the_last_files_stay()
    {
        SignedBy(_key, ("a.yaml", "one"));
        var revision = await _bench.FetchAsync();
        var commit = Repository.Commit("unsigned", ("a.yaml", "two"));

        Assert.Equal(
            $"commit {commit[..12]} of {_bench.Source.Origin} is not signed; the keys are those of {_bench.At("signers")}",
            await _bench.FailAsync()
        );
        Assert.Equal("one", GitBench.Text(revision, "a.yaml"));

        SignedBy(_key, ("a.yaml", "three"));
        Assert.Equal("three", GitBench.Text(await _bench.FetchAsync(), "a.yaml"));
    }

    [Fact]
    public async Task A_commit_that_another_key_signed_is_refused()
    {
        SshServer.Keygen(_bench.At("mallory"));
        SignedBy(_bench.At("mallory"), ("a.yaml", "one"));

        Assert.Contains(
            "is signed with a key that is not among the given ones",
            await _bench.FailAsync(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_commit_that_was_changed_after_it_was_signed_is_refused()
    {
        var signed = SignedBy(_key, ("a.yaml", "one"));
        var forged = Repository
            .Git("cat-file", "commit", signed)
            .Replace("\nsigned", "\nforged", StringComparison.Ordinal);
        Repository.Point(
            "refs/heads/main",
            Repository
                .Git(["hash-object", "-t", "commit", "-w", "--stdin"], System.Text.Encoding.UTF8.GetBytes(forged))
                .Trim()
        );

        Assert.Contains("has a signature that is not good", await _bench.FailAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_was_taken_out_counts_no_more_also_for_the_same_commit()
    {
        SignedBy(_key, ("a.yaml", "one"));
        await _bench.FetchAsync();
        SshServer.Keygen(_bench.At("new"));
        _bench.Write("signers", await File.ReadAllTextAsync(_bench.At("new.pub"), GitBench.Cancellation));

        Assert.Contains(
            "is signed with a key that is not among the given ones",
            await _bench.FailAsync(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("# nobody\n", "holds no key to verify commits with")]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----\n", "holds a private key")]
    [InlineData(null, "cannot be read")]
    public async Task Without_a_key_nothing_is_let_through(string? keys, string says)
    {
        SignedBy(_key, ("a.yaml", "one"));
        if (keys is null)
            File.Delete(_bench.At("signers"));
        else
            _bench.Write("signers", keys);

        Assert.Contains(says, await _bench.FailAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signed_tag_vouches_for_its_commit_and_an_unsigned_one_does_not()
    {
        var commit = Repository.Commit("unsigned", ("a.yaml", "one"));
        _bench.Settings = _bench.Settings with { Tag = "stable" };
        Repository.Git("tag", "-a", "-m", "stable", "stable", commit);
        Assert.Contains("is not signed", await _bench.FailAsync(), StringComparison.Ordinal);

        SignTag("stable", commit);

        Assert.Equal(commit, (await _bench.FetchAsync()).Id);
    }

    [Fact]
    public async Task A_signed_tag_of_another_name_does_not_vouch()
    {
        var commit = Repository.Commit("unsigned", ("a.yaml", "one"));
        SignTag("staging", commit);
        Repository.Point("refs/tags/prod", Repository.Find("refs/tags/staging")!);
        _bench.Settings = _bench.Settings with { Tag = "prod" };

        Assert.Contains("is not signed", await _bench.FailAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unsigned_tag_of_a_signed_commit_will_do()
    {
        var commit = SignedBy(_key, ("a.yaml", "one"));
        Repository.Git("tag", "stable", commit);
        _bench.Settings = _bench.Settings with { Tag = "stable" };

        Assert.Equal(commit, (await _bench.FetchAsync()).Id);
    }

    [Fact]
    public async Task PGP_signatures_count_where_the_PGP_key_is_given_and_only_there()
    {
        if (!File.Exists("/usr/bin/gpg"))
            Assert.Skip("There is no gpg here: install gnupg (apt-get install gnupg) to run this test.");
        using var home = new TemporaryFolder();
        var environment = new Dictionary<string, string> { ["GNUPGHOME"] = home.Path };
        Gpg(
            environment,
            "--batch",
            "--passphrase",
            "",
            "--quick-generate-key",
            "Ana <ana@example.com>",
            "ed25519",
            "sign",
            "never"
        );
        var commit = Repository.SignedCommit(["user.signingkey=ana@example.com"], environment, ("a.yaml", "one"));
        Assert.Contains(
            "is signed with a key that is not among the given ones",
            await _bench.FailAsync(),
            StringComparison.Ordinal
        );

        _bench.Write("keys/ana.asc", Gpg(environment, "--armor", "--export"));
        _bench.Write("keys/bob.pub", await File.ReadAllTextAsync(_key + ".pub", GitBench.Cancellation));
        _bench.Settings = _bench.Settings with { VerifyKeys = _bench.At("keys") };
        _bench.Restart();

        Assert.Equal(commit, (await _bench.FetchAsync()).Id);
        var other = SignedBy(_key, ("a.yaml", "two"));
        Assert.Equal(other, (await _bench.FetchAsync()).Id);
        Gpg(environment, "--batch", "--yes", "--output", _bench.At("keys/ana.asc"), "--export");
        Repository.Point("refs/heads/main", commit);
        Assert.Equal(commit, (await _bench.FetchAsync()).Id);
        File.Delete(_bench.At("keys/ana.asc"));
        Assert.Contains(
            "is signed with a key that is not among the given ones",
            await _bench.FailAsync(),
            StringComparison.Ordinal
        );
        using var stop = Process.Start(new ProcessStartInfo("gpgconf", ["--homedir", home.Path, "--kill", "all"]))!;
        await stop.WaitForExitAsync(GitBench.Cancellation);
    }

    private static string Gpg(Dictionary<string, string> environment, params string[] words)
    {
        var start = new ProcessStartInfo("gpg", words)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var gpg = Process.Start(start)!;
        var errors = gpg.StandardError.ReadToEndAsync();
        var output = gpg.StandardOutput.ReadToEnd();
        gpg.WaitForExit();
        Assert.True(gpg.ExitCode == 0, errors.Result);
        return output;
    }

    private string SignedBy(string key, params GitChange[] changes) =>
        Repository.SignedCommit(
            ["gpg.format=ssh", $"user.signingkey={key}"],
            new Dictionary<string, string>(),
            changes
        );

    private void SignTag(string name, string commit) =>
        Repository.Git(
            "-c",
            "gpg.format=ssh",
            "-c",
            $"user.signingkey={_key}",
            "tag",
            "--force",
            "-s",
            "-m",
            name,
            name,
            commit
        );
}

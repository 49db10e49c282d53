using Reconciler.Manifests;
using Reconciler.Sources.Git;

namespace Reconciler.Sources.Tests.Git;

/// <summary>Which settings are let through. Git itself takes far more.</summary>
public sealed class GitAddressTests
{
    [Theory]
    [InlineData("https://Git.Example/Acme/People.git", "https://git.example/Acme/People", "https")]
    [InlineData("https://git.example:443/acme/people/", "https://git.example/acme/people", "https")]
    [InlineData("https://git.example:8443/acme/people.git/", "https://git.example:8443/acme/people", "https")]
    [InlineData("http://127.0.0.1:8080/people", "http://127.0.0.1:8080/people", "http")]
    [InlineData("http://[::1]:8080/people", "http://[::1]:8080/people", "http")]
    [InlineData("ssh://git@Git.Example/acme/people.git", "ssh://git.example/acme/people", "ssh")]
    [InlineData("ssh://git@git.example:22/acme/people.git", "ssh://git.example/acme/people", "ssh")]
    [InlineData("ssh://git@git.example:2222/acme/people.git", "ssh://git.example:2222/acme/people", "ssh")]
    [InlineData("git@Git.Example:acme/people.git", "ssh://git.example/acme/people", "ssh")]
    [InlineData("git.example:acme/people", "ssh://git.example/acme/people", "ssh")]
    [InlineData("file:///srv/git/people.git", "file:///srv/git/people", "file")]
    public void An_address_has_one_form_without_user_port_and_ending(string url, string normal, string scheme)
    {
        var address = GitAddress.Parse(url);
        Assert.Equal((normal, scheme), (address.Normal, address.Scheme));
    }

    [Theory]
    [InlineData("ext::sh -c touch% /tmp/x", "white space")]
    [InlineData("ext::sh", "addresses that begin with ext:: are refused")]
    [InlineData("fd::17", "addresses that begin with fd:: are refused")]
    [InlineData("git://git.example/people", "addresses that begin with git:// are refused")]
    [InlineData("ftp://git.example/people", "addresses that begin with ftp:// are refused")]
    [InlineData("https::https://git.example/people", "addresses that begin with https:: are refused")]
    [InlineData("http://git.example/people", "is not encrypted")]
    [InlineData("https://ana:secret@git.example/people", "use a token file")]
    [InlineData("https://secret@git.example/people", "use a token file")]
    [InlineData("ssh://git:secret@git.example/people", "use a key file")]
    [InlineData("ssh://-oProxyCommand=touch@git.example/people", "begins with a dash")]
    [InlineData("-oProxyCommand:people", "begins with a dash")]
    [InlineData("git@-oProxyCommand:people", "begins with a dash")]
    [InlineData("https://git.example/", "has no path")]
    [InlineData("https://git.example/people?x=1", "a query or a fragment")]
    [InlineData("file://host/people", "addresses that begin with file:// are refused")]
    [InlineData("/srv/people", "cannot be read")]
    [InlineData("--upload-pack=touch", "cannot be read")]
    [InlineData("-oProxyCommand=touch:people", "cannot be read")]
    [InlineData("C:\\people", "cannot be read")]
    [InlineData("", "cannot be read")]
    public void Other_addresses_are_refused_and_no_secret_is_repeated(string url, string says)
    {
        var refused = Assert.Throws<SourceException>(() => GitAddress.Parse(url));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("main")]
    [InlineData("release/v1.2")]
    [InlineData("ana/fix-#12@home")]
    public void A_branch_may_be_called_what_git_calls_branches(string name) =>
        Assert.Equal($"refs/heads/{name}", GitRef.Of(name, null).Name);

    [Theory]
    [InlineData("-main")]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a..b")]
    [InlineData("a:b")]
    [InlineData("*")]
    [InlineData("a//b")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a.lock")]
    [InlineData(".a")]
    [InlineData("a/.b")]
    [InlineData("a@{1}")]
    [InlineData("@")]
    [InlineData("a\n")]
    [InlineData("refs/heads/main")]
    public void Other_names_are_refused(string name)
    {
        Assert.Throws<SourceException>(() => GitRef.Of(name, null));
        Assert.Throws<SourceException>(() => GitRef.Of(null, name));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/../..")]
    [InlineData("/etc")]
    [InlineData(".git")]
    [InlineData("a/.Git/hooks")]
    [InlineData("a\nb")]
    public void A_path_out_of_the_repository_is_refused(string path) =>
        Assert.Contains(
            "does not lie inside the repository",
            Refused(new("https://git.example/people", "/tmp/x") { Path = path }),
            StringComparison.Ordinal
        );

    [Fact]
    public void Settings_that_do_not_go_together_are_refused()
    {
        var (https, ssh) = (
            new GitSettings("https://git.example/people", "/tmp/x"),
            new GitSettings("git@git.example:people", "/tmp/x")
        );
        Assert.Contains(
            "expected one of them",
            Refused(https with { Branch = "main", Tag = "v1" }),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "give a token file for https",
            Refused(https with { SshKeyFile = "key" }),
            StringComparison.Ordinal
        );
        Assert.Contains("needs a key file and a known_hosts file", Refused(ssh), StringComparison.Ordinal);
        Assert.Contains(
            "needs a key file and a known_hosts file",
            Refused(ssh with { SshKeyFile = "key" }),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "give a key file for ssh",
            Refused(ssh with { TokenFile = "token", SshKeyFile = "key", KnownHostsFile = "hosts" }),
            StringComparison.Ordinal
        );
        Assert.Contains("holds a colon", Refused(https with { UserName = "a:b" }), StringComparison.Ordinal);
        Assert.Contains(
            "none of https",
            Refused(ssh with { CaFile = "ca.pem", SshKeyFile = "key", KnownHostsFile = "hosts" }),
            StringComparison.Ordinal
        );
    }

    private static string Refused(GitSettings settings) =>
        Assert.Throws<SourceException>(() => new GitSource(settings, TimeProvider.System)).Message;
}

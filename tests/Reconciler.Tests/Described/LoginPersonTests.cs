namespace Reconciler.Tests.Described;

/// <summary>Commands about one person who is known by a login: explained, offboarded and erased.</summary>
public sealed class LoginPersonTests : LoginTests
{
    [Fact]
    public async Task Somebody_without_an_address_is_explained_and_offboarded_by_the_login_at_its_place()
    {
        await StartAsync("github-repository", "acme/site", Repository, "knownUsers: [mona]");
        string[] bot = ["{login: bot, access: {role: admin}}"];
        Declare("owned", [.. bot, "{login: mona, access: {role: read}}"]);
        await RunAsync(ExitCode.Done, "apply", "--yes");
        Server.Connection(Vendor).Accept(ProjectId, "mona");

        Assert.Contains(
            "  a member of project",
            await AboutAsync(ExitCode.Held, "offboard", "github:Mona"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "access      member: read",
            await AboutAsync(ExitCode.Done, "explain", "github:mona"),
            StringComparison.Ordinal
        );
        Declare("owned", bot);
        await AboutAsync(ExitCode.Held, "offboard", "github:mona", "--yes");
        Assert.Contains("mona: role: read", Members());
        await AboutAsync(ExitCode.Done, "offboard", "github:mona", "--yes", "--max-removals", "none");

        Assert.DoesNotContain("mona: role: read", Members());
        Assert.Contains(
            "The history shows that mona was removed",
            await AboutAsync(ExitCode.Done, "offboard", "github:mona", "--dry-run"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "\"gitlab\" is no connection, vendor or site whose people have logins; expected one of github, "
                + "github-repository",
            await AboutAsync(ExitCode.Problems, "offboard", "gitlab:mona"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Similar: bot.",
            await AboutAsync(ExitCode.Failed, "explain", "github:bott"),
            StringComparison.Ordinal
        );
        await PlayAsync(ExitCode.Done, "state", "adopt", "project", "hubot", "--yes");
        Assert.Contains(
            "\"hubot@x.example\" is no login",
            await PlayAsync(ExitCode.Failed, "state", "adopt", "project", "hubot@x.example", "--yes"),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("github")]
    [InlineData("github-repository")]
    [InlineData("127.0.0.1")]
    public async Task Somebody_without_an_address_is_erased_by_the_login_at_its_place(string place)
    {
        await StartAsync("github-repository", "acme/site", Repository, "knownUsers: [mona]");
        string[] bot = ["{login: bot, access: {role: admin}}"];
        Declare("owned", [.. bot, "{login: mona, access: {role: read}}"]);
        await RunAsync(ExitCode.Done, "apply", "--yes");

        Assert.Contains(
            "github:mona is still remembered in a project; forget them there first with: "
                + "reconciler state abandon PROJECT mona",
            await PlayAsync(ExitCode.Failed, "state", "erase", "github:mona", "--yes"),
            StringComparison.Ordinal
        );
        Declare("owned", bot);
        await RunAsync(ExitCode.Done, "apply", "--yes", "--max-removals", "none");
        Assert.Contains(
            "\"gitlab\" is no vendor, site or host whose people have logins; "
                + "expected one of 127.0.0.1, github, github-repository",
            await PlayAsync(ExitCode.Failed, "state", "erase", "gitlab:mona", "--yes"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "--reason names the person",
            await PlayAsync(ExitCode.Failed, "state", "erase", "github:mona", "--yes", "--reason", "for Mona"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Erased from 2 entries of github-repository at http://127.0.0.1:",
            await PlayAsync(ExitCode.Done, "state", "erase", $"{place}:Mona", "--yes", "--reason", "request 12"),
            StringComparison.Ordinal
        );

        Assert.DoesNotContain("mona", await PlayAsync(ExitCode.Done, "state", "history"), StringComparison.Ordinal);
        await PlayAsync(ExitCode.Done, "state", "verify");
    }

    // The word for the person stands before the folder.
    private Task<string> AboutAsync(int code, string verb, string person, params string[] more) =>
        PlayAsync(
            code,
            [
                verb,
                person,
                "people",
                "--vendors",
                "vendors",
                "--base-url",
                $"{Vendor}={Server.BaseUrl(Vendor)}",
                .. more,
            ]
        );
}

namespace Reconciler.Tests.Described;

/// <summary>Imports from vendors whose people are known by logins leave nothing to do.</summary>
public sealed class LoginImportTests : LoginTests
{
    [Fact]
    public async Task An_import_keeps_the_day_on_which_access_ends()
    {
        await StartAsync(
            "gitlab-project",
            "acme/web",
            "[{login: bot, access: {level: owner}}, {login: ana, access: {level: guest, ends: 2027-01-02}}]"
        );
        Connect(Vendor);

        Assert.Matches(
            "login: ana, id: \"[0-9]+\", access: {level: guest}, expiresAt: 2027-01-01T10:00:00Z}",
            await ImportAsync()
        );
        await NothingToDoAsync();
    }

    [Fact]
    public async Task An_import_leaves_out_whose_access_is_as_good_as_over()
    {
        await StartAsync(
            "gitlab-project",
            "acme/web",
            "[{login: bot, access: {level: owner}}, {login: ana, access: {level: guest, ends: 2026-11-22}}]"
        );
        Connect(Vendor);

        Assert.Contains(
            "# not declared: ana has access until 2026-11-22, when the vendor ends it",
            await ImportAsync(),
            StringComparison.Ordinal
        );
        await NothingToDoAsync();
    }

    [Fact]
    public async Task An_import_pins_each_login_and_leaves_nothing_to_do()
    {
        await StartAsync("github-repository", "acme/site", Repository);
        Connect(Vendor);

        Assert.Matches("login: ana, id: \"[0-9]+\"", await ImportAsync());
        await NothingToDoAsync();
    }

    [Theory]
    [InlineData("github-repository", "acme/site", "acme/docs", "role: admin")]
    [InlineData("github-organization", "acme", "umbrella", "role: admin")]
    [InlineData("gitlab-project", "acme/web/site", "acme/docs", "level: owner")]
    [InlineData("gitlab-group", "acme/web", "umbrella", "level: owner")]
    public async Task An_import_of_allProjectIds_leaves_out_what_is_declared(
        string vendor,
        string project,
        string another,
        string access
    )
    {
        var members = $"[{{login: bot, access: {{{access}}}}}]";
        await StartAsync(
            vendor,
            project,
            members,
            projects: $"- {{id: {another}, provider: {vendor}, members: {members}}}"
        );
        Declare("owned", $"{{login: bot, access: {{{access}}}}}");

        await RunAsync(ExitCode.Done, "import", "--provider", vendor, "--all");

        var said = await RunAsync(ExitCode.Done, "plan", "--detailed-exitcode");
        Assert.Contains("2 projects", said, StringComparison.Ordinal);
    }

    // Puts what is imported beside the connection, and returns it.
    private async Task<string> ImportAsync()
    {
        Directory.CreateDirectory(Folder["imported"]);
        await RunAsync(ExitCode.Done, "import", "--provider", Vendor, "--project", ProjectId, "--out", "imported");
        var files = Directory.GetFiles(Folder["imported"], "*.yaml", SearchOption.AllDirectories);
        foreach (var file in files)
            File.Copy(file, Folder[$"people/{Path.GetFileName(file)}"]);
        return string.Concat(files.Select(File.ReadAllText));
    }
}

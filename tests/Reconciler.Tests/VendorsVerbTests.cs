using System.Text.Json.Nodes;
using Reconciler.Testing.Documentation;
using Reconciler.Testing.Hosts;
using Reconciler.Tests.Documentation;

namespace Reconciler.Tests;

/// <summary>
/// <c>vendors</c> with the definition of the page that describes one, against the API that the page has invented.
/// </summary>
public sealed class VendorsVerbTests : IDisposable
{
    private const string Page = "docs/vendors/describe-your-vendor.md";
    private const string Secret = "boards-token-0123456789";
    private const string Boards = "vendors/boards.yaml";

    private readonly DocumentFolder _folder = new();
    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal)
    {
        ["RECONCILER_TOKEN"] = Secret,
        ["BOARDS"] = Secret,
    };

    public VendorsVerbTests()
    {
        foreach (var block in MarkdownPage.Of(Page).Blocks.Where(DocumentFolder.IsNamed))
            _folder.Write(block);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Against_reads_a_project_with_GET_alone_and_prints_whom_it_finds()
    {
        await using var server = await BoardsServer.StartAsync(Secret);

        var (code, text) = await RunAsync("vendors", "check", Boards, "--against", server.Url, "--project", "b-1");

        Assert.True(code == ExitCode.Done, text);
        Assert.Equal(
            ["GET /v1/me", "GET /v1/boards/b-1/invitations", "GET /v1/boards/b-1/members"],
            server.Requests.Select(r => r.Request)
        );
        Assert.All(server.Requests, r => Assert.Equal($"Bearer {Secret}", r.Authorization));
        Assert.Equal(
            $"""
            Valid: 1 definition.

            b-1 at {server.Url}/: read with 3 GET, nothing was written
            3 members, 2 with administrative access; 1 invitation

            member               id   name        access  notes
            ana@example.com      m-1  Ana         owner
            bot@example.com      m-2  Reconciler  owner   the token's user
            mallory@example.com  m-3  Mallory     viewer

            invitation         id   state    created               access
            carol@example.com  i-1  pending  2026-11-20 09:00 UTC  editor

            """,
            text
        );
    }

    [Fact]
    public async Task Each_request_is_shown_with_vv_and_the_token_never()
    {
        await using var server = await BoardsServer.StartAsync(Secret);

        var (code, text) = await RunAsync(
            "vendors",
            "check",
            Boards,
            "--against",
            server.Url,
            "--project",
            "b-1",
            "--token-env",
            "BOARDS",
            "-vv"
        );

        Assert.True(code == ExitCode.Done, text);
        Assert.Contains("/v1/boards/b-1/members → 200", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("another-token-0123456789", true, "GET /me answered 401")]
    [InlineData(Secret, false, "expected the token of an administrator")]
    public async Task A_wrong_or_weak_token_shows_nobody(string accepted, bool isAdmin, string told)
    {
        await using var server = await BoardsServer.StartAsync(accepted, isAdmin);

        var (code, text) = await RunAsync("vendors", "check", Boards, "--against", server.Url, "--project", "b-1");

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains(told, text, StringComparison.Ordinal);
        Assert.DoesNotContain("ana@example.com", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
        Assert.All(server.Requests, r => Assert.Equal("GET /v1/me", r.Request));
    }

    [Theory]
    [InlineData("http://boards.example/v1", "expected https")]
    [InlineData("https://user:hidden-part@boards.example/v1", "without user, query and fragment")]
    [InlineData("https://boards.example/v1?key=hidden-part", "without user, query and fragment")]
    [InlineData("https://boards.example/v1#hidden-part", "without user, query and fragment")]
    [InlineData("ftp://boards.example/v1", "expected one that begins with https://")]
    [InlineData("boards.example", "expected one that begins with https://")]
    [InlineData("https://boards.example/a%2Fb", "encodes a delimiter")]
    public async Task A_URL_that_a_token_must_not_go_to_is_a_wrong_command_line(string url, string told)
    {
        var (code, text) = await RunAsync("vendors", "check", Boards, "--against", url, "--project", "b-1");

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(told, text, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden-part", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sk-live-0123456789", ExitCode.Usage, "expected the name of an environment variable")]
    [InlineData("UNSET_TOKEN", ExitCode.Failed, "is not set")]
    [InlineData("reconciler_worker_state", ExitCode.Failed, "a setting of this program")]
    public async Task A_name_without_a_token_is_refused_and_not_shown(string name, int code, string told)
    {
        await using var server = await BoardsServer.StartAsync();

        var (actual, text) = await RunAsync(
            "vendors",
            "check",
            Boards,
            "--against",
            server.Url,
            "--project",
            "b-1",
            "--token-env",
            name
        );

        Assert.Equal(code, actual);
        Assert.Contains(told, text, StringComparison.Ordinal);
        Assert.DoesNotContain(name, text, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Two_definitions_are_checked_together_and_not_tried()
    {
        await using var server = await BoardsServer.StartAsync();
        var two = (await File.ReadAllTextAsync(Path.Combine(_folder.Path, Boards), Cancellation)).Replace(
            "{name: boards}",
            "{name: tables}",
            StringComparison.Ordinal
        );
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "vendors", "tables.yaml"), two, Cancellation);

        var (code, text) = await RunAsync("vendors", "check", "vendors");
        Assert.True(code == ExitCode.Done, text);
        Assert.Contains("boards: Boards (vendors/boards.yaml:2:1)", text, StringComparison.Ordinal);
        Assert.Contains("tables: Boards (vendors/tables.yaml:2:1)", text, StringComparison.Ordinal);

        (code, text) = await RunAsync("vendors", "check", "vendors", "--against", server.Url, "--project", "b-1");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("expected a file with one", text, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Members_without_any_address_are_a_wrong_definition()
    {
        await using var server = await BoardsServer.StartAsync(Secret);
        await RewriteAsync("    email: /email\n    name: /name", "    email: /mail\n    name: /name");

        var (code, text) = await RunAsync("vendors", "check", Boards, "--against", server.Url, "--project", "b-1");

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("no member has an address", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_inherited_is_named_beside_the_access()
    {
        await using var server = await BoardsServer.StartAsync(Secret);
        await RewriteAsync("&role {role: {at: /role}}", "{role: {at: /role, inherited: {at: /name, is: [Mallory]}}}");
        await RewriteAsync("access: *role", "access: {role: {at: /role}}");
        await RewriteAsync(
            "  manual:\n",
            "    removeDirect: {method: POST, path: \"/m/{member.id}\", effect: idempotent}\n  manual:\n"
        );

        var (code, text) = await RunAsync("vendors", "check", Boards, "--against", server.Url, "--project", "b-1");

        Assert.True(code == ExitCode.Done, text);
        Assert.Matches("mallory@example.com .* none +inherited: viewer", text);
    }

    [Fact]
    public async Task The_pages_definition_plans_applies_and_leaves_nothing_to_do()
    {
        await using var server = await BoardsServer.StartAsync(Secret);
        string[] rest = ["access", "--vendors", "vendors", "--base-url", $"boards={server.Url}"];

        var (code, text) = await RunAsync(["plan", .. rest, "--detailed-exitcode"]);
        Assert.True(code == ExitCode.Changes, text);
        Assert.Contains("+ invite  bob@example.com  [editor]", text, StringComparison.Ordinal);
        Assert.All(server.Requests, r => Assert.StartsWith("GET ", r.Request, StringComparison.Ordinal));

        (code, text) = await RunAsync(["apply", .. rest, "--yes"]);
        Assert.True(code == ExitCode.Done, text);
        Assert.Contains(
            server.Invitations,
            i => i["email"]!.GetValue<string>() == "bob@example.com" && i["role"]!.GetValue<string>() == "editor"
        );

        (code, text) = await RunAsync(["plan", .. rest, "--detailed-exitcode"]);
        Assert.True(code == ExitCode.Done, text);
    }

    [Fact]
    public async Task A_member_is_changed_and_removed_and_an_invitation_revoked_as_the_page_says()
    {
        await using var server = await BoardsServer.StartAsync(Secret);
        var manifest = Path.Combine(_folder.Path, "access", "roadmap.yaml");
        var declared = await File.ReadAllTextAsync(manifest, Cancellation);
        await File.WriteAllTextAsync(
            manifest,
            declared
                .Replace("  projectId: b-1", "  projectId: b-1\n  prune: all", StringComparison.Ordinal)
                .Replace(
                    "ana@example.com, access: {role: owner}",
                    "ana@example.com, access: {role: viewer}",
                    StringComparison.Ordinal
                ),
            Cancellation
        );

        var (code, text) = await RunAsync(
            "apply",
            "access",
            "--vendors",
            "vendors",
            "--base-url",
            $"boards={server.Url}",
            "--max-removals",
            "none",
            "--yes"
        );

        Assert.True(code == ExitCode.Done, text);
        Assert.Equal(
            ["ana@example.com viewer", "bot@example.com owner"],
            server.Members.Select(m => $"{Text(m, "email")} {Text(m, "role")}")
        );
        Assert.DoesNotContain(server.Invitations, i => Text(i, "email") == "carol@example.com");
    }

    [Theory]
    [InlineData(
        "gitlab-project",
        "ends: the day on which the vendor ends access by itself, from expiresAt; access ends when it begins in the "
            + "zone +14:00"
    )]
    [InlineData(
        "sentry",
        "update: PUT /organizations/{project}/members/{member.id}/; idempotent; sends back what GET "
            + "/organizations/{project}/members/{member.id}/ has at /teamRoles; the answer proves it"
    )]
    public async Task What_a_vendor_ends_and_what_a_call_sends_back_is_shown(string vendor, string line)
    {
        var (code, text) = await RunAsync("vendors", "show", vendor);

        Assert.True(code == ExitCode.Done, text);
        Assert.Contains(line, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_schema_of_manifests_has_the_words_of_described_vendors_where_they_are_named()
    {
        var (code, text) = await RunAsync("show", "schema", "--vendors", "vendors");
        Assert.True(code == ExitCode.Done, text);
        var definitions = JsonNode.Parse(text)!["definitions"]!;
        Assert.Equal(
            """["viewer","editor","owner"]""",
            definitions["boards"]!["properties"]!["role"]!["enum"]!.ToJsonString()
        );
        Assert.Contains(
            "boards",
            definitions["AccessProvider"]!["properties"]!["spec"]!["properties"]!["type"]!["enum"]!
                .AsArray()
                .Select(n => n!.GetValue<string>())
        );

        (code, text) = await RunAsync("show", "schema");
        Assert.Equal(ExitCode.Done, code);
        Assert.DoesNotContain("boards", text, StringComparison.Ordinal);

        (code, text) = await RunAsync("show", "schema", "--vendors", "access");
        Assert.Equal(ExitCode.Problems, code);
        Assert.Contains("documents of the kind VendorDefinition only", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "vendors show ",
        "clarifeye confident-ai datadog equinix-metal github-organization github-repository gitlab-group "
            + "gitlab-project gorules grafana redmine sentry"
    )]
    [InlineData("vendors show --vendors vendors bo", "boards")]
    [InlineData("vendors show --vendors nowhere c", "clarifeye confident-ai gitlab-project")]
    [InlineData("vendors ", "check show")]
    public async Task A_shell_is_offered_names_of_vendors(string line, string expected)
    {
        var (_, text) = await RunAsync($"[suggest:{line.Length}]", line);

        Assert.Equal(
            expected,
            string.Join(
                ' ',
                text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Where(w => char.IsAsciiLetter(w[0]))
                    .Order(StringComparer.Ordinal)
            )
        );
    }

    private static string Text(JsonObject item, string field) => item[field]!.GetValue<string>();

    private async Task RewriteAsync(string from, string to)
    {
        var file = Path.Combine(_folder.Path, Boards);
        var text = await File.ReadAllTextAsync(file, Cancellation);
        Assert.Contains(from, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, text.Replace(from, to, StringComparison.Ordinal), Cancellation);
    }

    private async Task<(int Code, string Text)> RunAsync(params string[] words)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var environment = CommandLines.Environment(output) with
        {
            Folder = _folder.Path,
            Variable = name => _variables.GetValueOrDefault(name),
        };
        var code = await Cli.RunAsync(words, environment, Cancellation);
        return (code, output.ToString());
    }
}

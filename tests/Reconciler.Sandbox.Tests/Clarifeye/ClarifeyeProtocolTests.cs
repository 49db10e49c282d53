using System.Net.Http.Headers;
using Reconciler.Sandbox.Clarifeye;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing;
using Reconciler.Testing.OpenApi;
using static Reconciler.Sandbox.Tests.Clarifeye.ClarifeyeSandbox;

namespace Reconciler.Sandbox.Tests.Clarifeye;

public sealed class ClarifeyeProtocolTests
{
    [Theory]
    [InlineData("Bearer", "secret", 200)]
    [InlineData("Token", "secret", 200)]
    [InlineData("Bearer", "wrong", 401)]
    [InlineData("Basic", "secret", 401)]
    [InlineData(null, null, 401)]
    public async Task A_token_is_needed_in_one_of_two_schemes(string? scheme, string? token, int expected)
    {
        await using var sandbox = await StartAsync();
        sandbox.Http.DefaultRequestHeaders.Authorization = scheme is null
            ? null
            : new AuthenticationHeaderValue(scheme, token);
        Assert.Equal(expected, (await sandbox.GetAsync("users/")).Status);
    }

    [Fact]
    public async Task Without_a_token_in_the_seed_any_token_will_do_but_one_is_needed()
    {
        await using var sandbox = await StartAsync(Seed with { Token = null });
        Assert.Equal(200, (await sandbox.GetAsync("users/")).Status);
        sandbox.Http.DefaultRequestHeaders.Authorization = null;
        Assert.Equal(401, (await sandbox.GetAsync("users/")).Status);
    }

    [Theory]
    [InlineData("GET", $"../{ForbiddenProject}/users/", 403)]
    [InlineData("POST", $"../{ForbiddenProject}/invites/invite/", 403)]
    [InlineData("GET", "../99999999-0d44-4b50-8888-8dd25736052a/users/", 404)]
    [InlineData("POST", "../99999999-0d44-4b50-8888-8dd25736052a/invites/invite/", 404)]
    [InlineData("GET", "../not-a-uuid/users/", 404)]
    [InlineData("GET", "documents/", 404)]
    [InlineData("PUT", "users/", 405)]
    public async Task What_is_not_there_or_not_allowed_is_said_by_the_status(string method, string path, int expected)
    {
        await using var sandbox = await StartAsync();
        Assert.Equal(expected, (await sandbox.SendAsync(new HttpMethod(method), path)).Status);
    }

    [Fact]
    public async Task A_body_must_be_declared_as_json()
    {
        await using var sandbox = await StartAsync();
        using var form = new StringContent("email=dora@example.com");
        using var response = await sandbox.Http.PostAsync(
            new Uri("invites/invite/", UriKind.Relative),
            form,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(415, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_missing_slash_redirects_a_read_and_breaks_a_write()
    {
        await using var sandbox = await StartAsync();
        using var read = await sandbox.RawAsync(HttpMethod.Get, "users?limit=1");
        Assert.Equal(301, (int)read.StatusCode);
        Assert.EndsWith($"/projects/{Project}/users/?limit=1", $"{read.Headers.Location}", StringComparison.Ordinal);
        using var write = await sandbox.RawAsync(HttpMethod.Post, "invites/invite", ClarifeyeSamples.InviteRequest);
        Assert.Equal((500, "text/html"), ((int)write.StatusCode, write.Content.Headers.ContentType?.MediaType));
        Assert.Single(sandbox.Connection.Invitations(Project));
    }

    [Theory]
    [InlineData("users/", 100, "?limit=100&offset=100", null)]
    [InlineData("users/?limit=1000", 250, null, null)]
    [InlineData("users/?limit=5000", 250, null, null)]
    [InlineData("users/?limit=0", 100, "?limit=100&offset=100", null)]
    [InlineData("users/?limit=x&offset=y", 100, "?limit=100&offset=100", null)]
    [InlineData("users/?offset=100", 100, "?limit=100&offset=200", "?limit=100")]
    [InlineData("users/?offset=200&limit=100", 50, null, "?limit=100&offset=100")]
    [InlineData("users/?offset=900", 0, null, "?limit=100&offset=800")]
    [InlineData("users/?search=p1&limit=10&offset=10", 10, "?limit=10&offset=20&search=p1", "?limit=10&search=p1")]
    public async Task Pages_are_linked_with_absolute_addresses(string path, int length, string? next, string? previous)
    {
        await using var sandbox = await StartAsync(Crowd(250));
        var (_, page) = await sandbox.GetAsync(path);
        Assert.Equal(length, page["results"]!.AsArray().Count);
        var list = $"{sandbox.Server.BaseUrl(Name)}/projects/{Project}/users/";
        Assert.Equal(
            (next is null ? null : list + next, previous is null ? null : list + previous),
            ((string?)page["next"], (string?)page["previous"])
        );
        Assert.Equal(path.Contains("search", StringComparison.Ordinal) ? 100 : 250, (int?)page["count"]);
    }

    [Fact]
    public async Task Invitations_are_filtered_by_status_and_address()
    {
        await using var sandbox = await StartAsync();
        await sandbox.InviteAsync("ken@example.com");
        await sandbox.InviteAsync("kendra@example.com");
        Assert.Equal(
            ["carol@example.com", "ken@example.com", "kendra@example.com"],
            await InvitedAsync(sandbox, "invites/")
        );
        Assert.Equal(
            ["carol@example.com", "kendra@example.com"],
            await InvitedAsync(sandbox, "invites/?status=pending")
        );
        Assert.Equal(["kendra@example.com"], await InvitedAsync(sandbox, "invites/?status=pending&search=KEN"));
        Assert.Equal(400, (await sandbox.GetAsync("invites/?status=lost")).Status);
    }

    [Fact]
    public async Task A_removal_between_two_pages_shifts_the_second_one()
    {
        await using var sandbox = await StartAsync(Crowd(4));
        var first = await ListedAsync(sandbox, "users/?limit=2");
        sandbox.Connection.RemoveMember(Project, "p000@example.com");
        Assert.Equal(
            ["p000@example.com", "p001@example.com", "p003@example.com"],
            first.Concat(await ListedAsync(sandbox, "users/?limit=2&offset=2"))
        );
    }

    [Fact]
    public async Task With_the_newest_first_an_insertion_between_two_pages_repeats_somebody()
    {
        await using var sandbox = await StartAsync(Crowd(3));
        sandbox.Connection.Set(ClarifeyeQuirks.NewestFirst, on: true);
        var first = await ListedAsync(sandbox, "users/?limit=2");
        sandbox.Connection.AddMember(Project, "new@example.com", SandboxAccess.None);
        var second = await ListedAsync(sandbox, "users/?limit=2&offset=2");
        Assert.Equal(
            ["p002@example.com", "p001@example.com", "p001@example.com", "p000@example.com"],
            first.Concat(second)
        );
    }

    [Fact]
    public async Task Every_answer_is_as_the_vendors_document_says()
    {
        var document = OpenApiDocument.Load(SharedFiles.Path("apis", "openapi", "clarifeye.yaml"));
        OpenApiObserver? observer = null;
        await using var sandbox = await StartAsync(handler: server =>
            observer = new(document, server.BaseUrl(Name), VendorSandbox.Plain())
        );
        await sandbox.GetAsync("users/?search=a&limit=1&offset=0");
        await sandbox.GetAsync("users/?limit=1");
        await sandbox.InviteAsync("dora@example.com", "CAN_VIEW_DATA");
        await sandbox.InviteAsync("ken@example.com", "CAN_RUN_TASKS");
        await sandbox.InviteAsync("ken@example.com", "CAN_RUN_TASKS");
        await sandbox.GetAsync("invites/?status=pending");
        await sandbox.GetAsync("invites/");
        await sandbox.PatchAsync("ken@example.com", "CAN_VIEW_DATA", "CAN_PERFORM_ADMIN_ACTIONS");
        await sandbox.PatchAsync("ken@example.com", "CAN_FLY");
        await sandbox.SendAsync(HttpMethod.Patch, $"users/{Guid.Empty}/", ClarifeyeSamples.PatchRequest);
        await sandbox.RemoveAsync("ken@example.com");
        await sandbox.RemoveAsync("ken@example.com");
        await sandbox.CancelAsync("dora@example.com");
        await sandbox.CancelAsync("dora@example.com");
        await sandbox.GetAsync($"../{ForbiddenProject}/users/");
        await sandbox.GetAsync($"../{Guid.Empty}/users/");
        sandbox.Http.DefaultRequestHeaders.Authorization = null;
        await sandbox.GetAsync("users/");
        Assert.Empty(observer!.Problems);
        Assert.Equal(17, observer.Checked.Count);
        Assert.Equal(6, observer.Checked.Select(call => string.Join(' ', call.Split(' ')[..2])).Distinct().Count());
    }

    private static SandboxSeed Crowd(int size) =>
        Seed with
        {
            Projects =
            [
                new(Project, Name)
                {
                    Members =
                    [
                        .. Enumerable
                            .Range(0, size)
                            .Select(i => new SeedMember($"p{i:000}@example.com", SandboxAccess.None)),
                    ],
                },
            ],
        };

    private static async Task<List<string>> ListedAsync(ClarifeyeSandbox sandbox, string path) =>
        [
            .. (await sandbox.GetAsync(path)).Body["results"]!
                .AsArray()
                .Select(record => (string)record!["user"]!["email"]!),
        ];

    private static async Task<List<string>> InvitedAsync(ClarifeyeSandbox sandbox, string path) =>
        [.. (await sandbox.GetAsync(path)).Body["results"]!.AsArray().Select(record => (string)record!["email"]!)];
}

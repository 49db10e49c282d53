using System.Text.Json.Nodes;
using Reconciler.Sandbox.Clarifeye;
using static Reconciler.Sandbox.Tests.Clarifeye.ClarifeyeSandbox;

namespace Reconciler.Sandbox.Tests.Clarifeye;

public sealed class ClarifeyeUserTests
{
    private const string RunTasks = "CAN_RUN_TASKS";
    private const string ViewData = "CAN_VIEW_DATA";

    [Fact]
    public async Task The_documented_patch_is_answered_in_the_documented_shape()
    {
        await using var sandbox = await StartAsync();
        var (status, body) = await sandbox.SendAsync(
            HttpMethod.Patch,
            $"users/{sandbox.IdOf("ana@example.com")}/",
            ClarifeyeSamples.PatchRequest
        );
        Assert.Equal(200, status);
        Assert.Equal(Shape.Of(JsonNode.Parse(ClarifeyeSamples.PatchAnswer)), Shape.Of(body));
    }

    [Theory]
    [InlineData(false, new[] { RunTasks })]
    [InlineData(true, new[] { ViewData, RunTasks })]
    public async Task A_patch_replaces_or_merges_as_the_switch_says(bool merges, string[] after)
    {
        await using var sandbox = await StartAsync(
            Seed with
            {
                Quirks = new Dictionary<string, bool> { [ClarifeyeQuirks.PatchMerges] = merges },
            }
        );
        var (_, body) = await sandbox.PatchAsync("ana@example.com", RunTasks);
        Assert.Equal(after, body["permissions"]!.AsArray().Select(permission => (string)permission!));
        Assert.Equal(after, sandbox.Permissions("ana@example.com"));
    }

    [Fact]
    public async Task A_patch_may_leave_nothing()
    {
        await using var sandbox = await StartAsync();
        Assert.Equal(200, (await sandbox.PatchAsync("ana@example.com")).Status);
        Assert.Empty(sandbox.Permissions("ana@example.com"));
    }

    [Fact]
    public async Task A_patch_is_refused_for_unknown_records_and_permissions()
    {
        await using var sandbox = await StartAsync();
        Assert.Equal(
            404,
            (await sandbox.SendAsync(HttpMethod.Patch, $"users/{Guid.Empty}/", """{"permissions":[]}""")).Status
        );
        Assert.Equal((400, "{permissions:[string]}"), Told(await sandbox.PatchAsync("ana@example.com", "CAN_FLY")));
        Assert.Equal(
            (400, "{permissions:[string]}"),
            Told(await sandbox.SendAsync(HttpMethod.Patch, $"users/{sandbox.IdOf("ana@example.com")}/", "{}"))
        );
        Assert.Equal(
            (400, "{error:string}"),
            Told(await sandbox.SendAsync(HttpMethod.Patch, $"users/{sandbox.IdOf("ana@example.com")}/", "{"))
        );
        Assert.Equal([ViewData], sandbox.Permissions("ana@example.com"));
    }

    [Fact]
    public async Task A_profile_is_ignored_and_absent_until_the_newer_api_is_switched_on()
    {
        await using var sandbox = await StartAsync();
        var path = $"users/{sandbox.IdOf("ana@example.com")}/";
        var (_, older) = await sandbox.SendAsync(HttpMethod.Patch, path, """{"permissions":[],"profile":"no such"}""");
        Assert.False(older.AsObject().ContainsKey("profile"));

        sandbox.Connection.Set(ClarifeyeQuirks.Profiles, on: true);
        Assert.Equal(400, (await sandbox.SendAsync(HttpMethod.Patch, path, """{"profile":"no such"}""")).Status);
        Assert.Equal(
            "user",
            (string?)(await sandbox.SendAsync(HttpMethod.Patch, path, """{"profile":"user"}""")).Body["profile"]
        );
        Assert.Equal(
            "user",
            (string?)
                (await sandbox.SendAsync(HttpMethod.Patch, path, """{"permissions":["CAN_RUN_TASKS"]}""")).Body[
                    "profile"
                ]
        );
        var (_, page) = await sandbox.GetAsync("users/");
        Assert.Equal(["user", "contributor"], page["results"]!.AsArray().Select(record => (string)record!["profile"]!));
    }

    [Fact]
    public async Task Removing_by_e_mail_takes_no_notice_of_case()
    {
        await using var sandbox = await StartAsync();
        Assert.Equal(204, (await sandbox.RemoveAsync("BOB@example.com")).Status);
        Assert.Equal(["ana@example.com"], sandbox.Emails());
        Assert.Equal((400, "{error:string}"), Told(await sandbox.RemoveAsync("bob@example.com")));
    }

    [Theory]
    [InlineData(null, "Bot@example.com")]
    [InlineData("ana@example.com", "ana@example.com")]
    public async Task Nobody_can_remove_themselves(string? actingAs, string email)
    {
        await using var sandbox = await StartAsync(Seed with { ActingAs = actingAs ?? Seed.ActingAs });
        var (status, body) = await sandbox.RemoveAsync(email);
        Assert.Equal(400, status);
        Assert.Contains("yourself", (string?)body["error"], StringComparison.Ordinal);
        Assert.Contains("ana@example.com", sandbox.Emails());
    }

    [Fact]
    public async Task Addresses_are_listed_as_written_and_found_by_any_part_of_them()
    {
        await using var sandbox = await StartAsync();
        var (_, page) = await sandbox.GetAsync("users/?search=bOB%40");
        Assert.Equal(1, (int?)page["count"]);
        Assert.Equal("Bob@Example.com", (string?)page["results"]![0]!["user"]!["email"]);
    }

    [Fact]
    public async Task Somebody_added_by_hand_is_a_member_beside_a_left_over_invitation()
    {
        await using var sandbox = await StartAsync();
        sandbox.Connection.AddMember(Project, "carol@example.com", SandboxAccess.Permissions(ViewData));
        Assert.Equal("pending", Assert.Single(sandbox.Connection.Invitations(Project)).Status);
        Assert.Equal(0, sandbox.Connection.MailsTo("carol@example.com"));
        Assert.Throws<SandboxException>(() =>
            sandbox.Connection.AddMember(Project, "CAROL@example.com", SandboxAccess.None)
        );
    }

    [Fact]
    public async Task Ids_are_the_same_in_every_run()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        Assert.Equal(
            first.Connection.Members(Project).Select(member => member.Id),
            second.Connection.Members(Project).Select(member => member.Id)
        );
    }

    private static (int Status, string Shape) Told((int Status, JsonNode Body) answer) =>
        (answer.Status, Shape.Of(answer.Body));
}

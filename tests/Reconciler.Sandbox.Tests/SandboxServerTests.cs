using Reconciler.Sandbox.Tests.Clarifeye;
using static Reconciler.Sandbox.Tests.Clarifeye.ClarifeyeSandbox;

namespace Reconciler.Sandbox.Tests;

public sealed class SandboxServerTests
{
    [Fact]
    public async Task Connections_share_a_server_and_no_state()
    {
        await using var sandbox = await StartAsync(
            Seed with
            {
                Connections =
                [
                    new(Name),
                    new("us")
                    {
                        Type = "clarifeye",
                        Token = "other",
                        KnownUsers = ["lee@example.com"],
                    },
                ],
                Projects = [new(Project, Name), new(Project, "us")],
            }
        );
        await sandbox.InviteAsync("lee@example.com");
        Assert.Equal("pending", Assert.Single(sandbox.Connection.Invitations(Project)).Status);
        Assert.Empty(sandbox.Server.Connection("us").Invitations(Project));
        Assert.Equal($"{sandbox.Server.Url}/us/api/v1", sandbox.Server.BaseUrl("us"));
        Assert.Equal(401, (await sandbox.GetAsync($"{sandbox.Server.BaseUrl("us")}/projects/{Project}/users/")).Status);
        Assert.Equal(
            404,
            (await sandbox.GetAsync($"{sandbox.Server.Url}/nobody/api/v1/projects/{Project}/users/")).Status
        );
        Assert.Throws<SandboxException>(() => sandbox.Server.Connection("nobody"));
    }

    [Fact]
    public async Task Requests_are_logged_and_counted()
    {
        await using var sandbox = await StartAsync();
        await sandbox.GetAsync("users/?search=a%20b");
        await sandbox.SendAsync(HttpMethod.Post, "invites/invite/", ClarifeyeSamples.InviteRequest);
        var expected = new[]
        {
            new SandboxRequest(
                VendorSandbox.Start,
                Name,
                "GET",
                $"/{Name}/api/v1/projects/{Project}/users/?search=a%20b",
                200,
                ""
            ),
            new SandboxRequest(
                VendorSandbox.Start,
                Name,
                "POST",
                $"/{Name}/api/v1/projects/{Project}/invites/invite/",
                201,
                ClarifeyeSamples.InviteRequest
            ),
        };
        Assert.Equal(expected, sandbox.Server.Requests);
        Assert.Equal(
            (1, 1, 1),
            (sandbox.Server.Count("GET"), sandbox.Server.Count("post"), sandbox.Server.NonGetCount)
        );
        sandbox.Server.ForgetRequests();
        Assert.Empty(sandbox.Server.Requests);
        Assert.Equal(0, sandbox.Server.NonGetCount);
    }

    [Fact]
    public async Task The_log_is_bounded_and_the_counters_are_exact()
    {
        await using var server = await SandboxServer.StartAsync(
            new() { Seed = Seed, KeptRequests = 2 },
            TestContext.Current.CancellationToken
        );
        using var http = new HttpClient();
        for (var i = 0; i < 5; i++)
            using (await http.GetAsync(new Uri($"{server.BaseUrl(Name)}/{i}"), TestContext.Current.CancellationToken))
                Assert.Equal(i + 1, server.Count("GET"));
        Assert.Equal(["/3", "/4"], server.Requests.Select(request => request.Target[^2..]));
    }

    [Fact]
    public async Task Many_invitations_at_once_are_all_kept()
    {
        await using var sandbox = await StartAsync();
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 400).Select(i => sandbox.InviteAsync($"p{i % 200}@example.com"))
        );
        Assert.Equal(
            (200, 200),
            (answers.Count(answer => answer.Status == 201), answers.Count(answer => answer.Status == 400))
        );
        Assert.Equal(
            201,
            sandbox.Connection.Invitations(Project).Select(invitation => invitation.Id).Distinct().Count()
        );
        Assert.Equal(400, sandbox.Server.NonGetCount);
    }

    [Fact]
    public async Task People_with_a_terminal_accept_decline_and_look()
    {
        await using var sandbox = await StartAsync();
        var project = $"{sandbox.Server.Url}/_sandbox/{Name}/projects/{Project}";
        await sandbox.InviteAsync("dora@example.com", "CAN_VIEW_DATA");
        Assert.Equal(
            204,
            (await sandbox.SendAsync(HttpMethod.Post, $"{project}/accept?email=dora%40example.com")).Status
        );
        Assert.Equal(
            204,
            (await sandbox.SendAsync(HttpMethod.Post, $"{project}/decline?email=carol@example.com")).Status
        );
        Assert.Equal(
            404,
            (await sandbox.SendAsync(HttpMethod.Post, $"{project}/decline?email=carol@example.com")).Status
        );
        Assert.Equal(400, (await sandbox.SendAsync(HttpMethod.Post, $"{project}/accept")).Status);
        var (_, state) = await sandbox.GetAsync(project);
        Assert.Equal(
            ["ana@example.com", "Bob@Example.com", "dora@example.com"],
            state["members"]!.AsArray().Select(member => (string)member!["email"]!)
        );
        Assert.Equal(
            ["cancelled", "accepted"],
            state["invitations"]!.AsArray().Select(invitation => (string)invitation!["status"]!)
        );
        Assert.Equal("CAN_VIEW_DATA", (string?)state["members"]![2]!["access"]!["permissions"]![0]);
        var (_, all) = await sandbox.GetAsync($"{sandbox.Server.Url}/_sandbox");
        Assert.Equal(sandbox.Server.BaseUrl(Name), (string?)all["connections"]![0]!["baseUrl"]);
        var (_, requests) = await sandbox.GetAsync($"{sandbox.Server.Url}/_sandbox/requests");
        Assert.Equal($$$"""{"{{{Name}}}":{"POST":1}}""", requests.ToJsonString());
        Assert.Equal(404, (await sandbox.GetAsync($"{sandbox.Server.Url}/_sandbox/nothing")).Status);
    }

    [Fact]
    public async Task People_with_a_terminal_inject_faults()
    {
        await using var sandbox = await StartAsync();
        var faults = $"{sandbox.Server.Url}/_sandbox/faults";
        Assert.Equal(
            204,
            (
                await sandbox.SendAsync(
                    HttpMethod.Post,
                    faults,
                    """{"kind":"answer","status":429,"retryAfter":"3","method":"GET","times":null}"""
                )
            ).Status
        );
        Assert.Equal(429, (await sandbox.GetAsync("users/")).Status);
        Assert.Contains("\"hits\":1", (await sandbox.GetAsync(faults)).Body.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(204, (await sandbox.SendAsync(HttpMethod.Delete, faults)).Status);
        Assert.Equal(200, (await sandbox.GetAsync("users/")).Status);
        foreach (
            var wrong in (string[])
                [
                    "{",
                    "{}",
                    """{"kind":"flood"}""",
                    """{"kind":"answer","color":"red"}""",
                    """{"kind":"answer","status":99}""",
                ]
        )
            Assert.Equal(400, (await sandbox.SendAsync(HttpMethod.Post, faults, wrong)).Status);
    }

    [Fact]
    public async Task A_server_can_start_on_a_given_port_and_again_after_it_stopped()
    {
        int port;
        await using (
            var first = await SandboxServer.StartAsync(new() { Seed = Seed }, TestContext.Current.CancellationToken)
        )
            port = new Uri(first.Url).Port;
        await using var second = await SandboxServer.StartAsync(
            new() { Seed = Seed, Port = port },
            TestContext.Current.CancellationToken
        );
        Assert.Equal($"http://127.0.0.1:{port}", second.Url);
        await Assert.ThrowsAsync<IOException>(() =>
            SandboxServer.StartAsync(new() { Seed = Seed, Port = port }, TestContext.Current.CancellationToken)
        );
    }
}

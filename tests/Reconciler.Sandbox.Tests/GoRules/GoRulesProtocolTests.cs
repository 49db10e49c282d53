using System.Net.Http.Headers;
using Reconciler.Sandbox.Faults;
using static Reconciler.Sandbox.Tests.GoRules.GoRulesSandbox;

namespace Reconciler.Sandbox.Tests.GoRules;

public sealed class GoRulesProtocolTests
{
    [Theory]
    [InlineData("Bearer", Token, 200)]
    [InlineData("Bearer", "wrong", 401)]
    [InlineData("Basic", Token, 401)]
    [InlineData(null, null, 401)]
    public async Task A_personal_access_token_is_a_bearers(string? scheme, string? token, int expected)
    {
        await using var sandbox = await StartAsync();
        sandbox.Http.DefaultRequestHeaders.Authorization = scheme is null
            ? null
            : new AuthenticationHeaderValue(scheme, token);
        Assert.Equal(expected, (await sandbox.GetAsync("members")).Status);
    }

    [Theory]
    [InlineData("GET", $"../{ForbiddenProject}/members", 403)]
    [InlineData("GET", "../99999999-0d44-4b50-8888-8dd25736052a/members", 404)]
    [InlineData("GET", "../x/members", 400)]
    [InlineData("DELETE", "members", 404)]
    [InlineData("GET", "../../../users", 404)]
    public async Task What_is_not_there_or_not_allowed_is_said_by_the_status(string method, string path, int expected)
    {
        await using var sandbox = await StartAsync();
        var (status, body) = await sandbox.SendAsync(new HttpMethod(method), path);
        Assert.Equal((expected, "{error:string,message:string,statusCode:number}"), (status, Shape.Of(body)));
    }

    [Fact]
    public async Task Faults_spoil_pages_and_bare_arrays()
    {
        await using var sandbox = await StartAsync();
        sandbox.Server.Inject(new Fault(FaultKind.EmptyPage) { Method = "GET" });
        sandbox.Server.Inject(new Fault(FaultKind.EmptyPage) { Method = "POST" });
        sandbox.Server.Inject(new Fault(FaultKind.LostResponse) { Method = "POST" });
        var (_, page) = await sandbox.GetAsync("members");
        Assert.Equal((0, 3), (page["results"]!.AsArray().Count, (int)page["paginate"]!["total"]!));
        Assert.Empty((await sandbox.InviteAsync("gus@example.com")).Body.AsArray());
        await Assert.ThrowsAsync<HttpRequestException>(() => sandbox.InviteAsync("hal@example.com"));
        Assert.Equal(
            (1, 1),
            (sandbox.Connection.MailsTo("gus@example.com"), sandbox.Connection.MailsTo("hal@example.com"))
        );
    }
}

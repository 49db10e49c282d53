using Reconciler.Sandbox.Faults;
using Reconciler.Testing;
using Reconciler.Testing.OpenApi;
using static Reconciler.Sandbox.Tests.ConfidentAi.ConfidentSandbox;

namespace Reconciler.Sandbox.Tests.ConfidentAi;

public sealed class ConfidentProtocolTests
{
    [Theory]
    [InlineData(Header, Key, 200)]
    [InlineData(Header, $"Bearer {Key}", 401)]
    [InlineData(Header, "wrong", 401)]
    [InlineData("Authorization", $"Bearer {Key}", 401)]
    public async Task The_key_is_sent_raw_in_a_header_of_its_own(string header, string value, int expected)
    {
        await using var sandbox = await StartAsync();
        sandbox.Http.DefaultRequestHeaders.Clear();
        sandbox.Http.DefaultRequestHeaders.Add(header, value);
        Assert.Equal(expected, (await sandbox.GetAsync("members")).Status);
    }

    [Theory]
    [InlineData("some key", 200)]
    [InlineData("Bearer some-key", 401)]
    public async Task Without_a_key_in_the_seed_any_raw_one_will_do(string value, int expected)
    {
        await using var sandbox = await StartAsync(Seed with { Connections = [new(Name)] });
        sandbox.Http.DefaultRequestHeaders.Clear();
        sandbox.Http.DefaultRequestHeaders.Add(Header, value);
        Assert.Equal(expected, (await sandbox.GetAsync("members")).Status);
    }

    [Theory]
    [InlineData("GET", $"../{ForbiddenProject}/members", 403)]
    [InlineData("GET", "../nothing/members", 404)]
    [InlineData("PATCH", "members", 404)]
    [InlineData("GET", "traces", 404)]
    [InlineData("GET", "../../../v2/projects", 404)]
    public async Task What_is_not_there_or_not_allowed_is_said_in_the_envelope(string method, string path, int expected)
    {
        await using var sandbox = await StartAsync();
        var (status, body) = await sandbox.SendAsync(new HttpMethod(method), path);
        Assert.Equal((expected, "{error:string,success:bool}"), (status, Shape.Of(body)));
    }

    [Fact]
    public async Task Faults_spoil_pages_and_single_people_out()
    {
        await using var sandbox = await StartAsync();
        sandbox.Server.Inject(new Fault(FaultKind.EmptyPage) { Path = "/members" });
        sandbox.Server.Inject(Fault.Answer(500) with { Body = "gus@example.com" });
        sandbox.Server.Inject(new Fault(FaultKind.LostResponse) { Method = "POST" });
        var (_, page) = await sandbox.GetAsync("members");
        Assert.Equal((0, 2), (Emails(page, "members").Count, (int)page["data"]!["total"]!));
        Assert.Equal(500, (await sandbox.InviteAsync(null, "gus@example.com")).Status);
        await Assert.ThrowsAsync<HttpRequestException>(() => sandbox.InviteAsync(null, "hal@example.com"));
        Assert.Equal(
            (0, 1),
            (sandbox.Connection.MailsTo("gus@example.com"), sandbox.Connection.MailsTo("hal@example.com"))
        );
    }

    [Fact]
    public async Task Every_answer_is_as_the_vendors_document_says()
    {
        var document = OpenApiDocument.Load(SharedFiles.Path("apis", "openapi", "confident-ai.yaml"));
        OpenApiObserver? observer = null;
        await using var sandbox = await StartAsync(handler: server =>
            observer = new(document, server.BaseUrl(Name), VendorSandbox.Plain())
        );
        await sandbox.GetAsync("../../projects");
        await sandbox.GetAsync("../../organization/members?page=1&pageSize=50");
        await sandbox.GetAsync("members?page=1&pageSize=100");
        await sandbox.GetAsync("roles");
        await sandbox.GetAsync("invitations");
        await sandbox.InviteAsync(await sandbox.RoleAsync("Analyst"), "gus@example.com", "hal@example.com");
        await sandbox.InviteAsync(null, "ida@example.com");
        await sandbox.InviteAsync(await sandbox.RoleAsync("Owner"), "joe@example.com");
        await sandbox.PutAsync($"invitations/{sandbox.InvitationOf("gus@example.com")}");
        await sandbox.DeleteAsync($"invitations/{sandbox.InvitationOf("gus@example.com")}");
        await sandbox.AssignAsync("Bob@Example.com", "Analyst");
        await sandbox.DeleteAsync($"members/{sandbox.Member(Project, "Bob@Example.com").Id}");
        await sandbox.GetAsync($"../{ForbiddenProject}/members");
        await sandbox.GetAsync("../nothing/members");
        sandbox.Http.DefaultRequestHeaders.Clear();
        await sandbox.GetAsync("members");
        Deviation.AssertExplain(
            observer!.Problems,
            new(
                "→ 200: 200: 'deprecated' is not in the schema$",
                "The envelope has it; the schemas name success and data only."
            ),
            new(
                @"→ (400|401|403|404): status \d+ is not documented$",
                "The document knows no failure; the prose shows {success:false,error}."
            ),
            new(
                "^PUT /v1/projects/[^/]+/invitations/.*path: the parameter '(projectId|invitationId)' is not documented$",
                "Resending names its parameters in the path only."
            )
        );
        Assert.Equal(
            10,
            observer.Checked.Where(call => call.EndsWith(" 200", StringComparison.Ordinal)).Distinct().Count()
        );
    }
}

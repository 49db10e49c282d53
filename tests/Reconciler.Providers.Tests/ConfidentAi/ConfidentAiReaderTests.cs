using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Sandbox;
using Reconciler.Sandbox.ConfidentAi;
using Reconciler.Sandbox.Faults;
using Reconciler.Testing.Providers.Http;

namespace Reconciler.Providers.Tests.ConfidentAi;

public class ConfidentAiReaderTests
{
    private const string NoRoles = "GET /invitations|GET /members?page=1&pageSize=100";

    [Fact]
    public async Task Members_and_invitations_are_read_and_invitations_first()
    {
        await using var bench = await ConfidentAiBench.StartAsync(1, ConfidentAiBench.Carol);
        var live = await bench.ReadAsync();
        Assert.Equal(
            ["olga@example.com Owner", "member1@example.com Member"],
            live.Members.Select(m => $"{m.Email} {m.Access}")
        );
        Assert.Equal([true, false], live.Members.Select(m => m.IsVendorOwner));
        var invitation = Assert.Single(live.Invitations);
        Assert.Equal(
            (ConfidentAiBench.Carol, "Member", InvitationState.Pending),
            (invitation.Email, $"{invitation.Access}", invitation.State)
        );
        Assert.Equal(NoRoles, string.Join('|', bench.Sent()));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(99, 2)]
    [InlineData(100, 3)]
    [InlineData(999, 11)]
    public async Task A_pass_that_changes_nothing_asks_for_the_invitations_and_one_page_for_each_hundred_members(
        int beside,
        int requests
    )
    {
        await using var bench = await ConfidentAiBench.StartAsync(beside);
        bench.Declare([
            (ConfidentAiBench.Owner, "Owner"),
            .. Enumerable.Range(1, beside).Select(i => ($"member{i}@example.com", "Member")),
        ]);
        Assert.False((await bench.PlanAsync()).HasChanges);
        Assert.Equal(requests, bench.Sent().Length);
        Assert.All(bench.Sent(), request => Assert.StartsWith("GET ", request, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_roles_are_asked_for_where_nobody_has_the_declared_one()
    {
        await using var bench = await ConfidentAiBench.StartAsync();
        await bench.Declare((ConfidentAiBench.Carol, "Analyst")).ReadAsync();
        Assert.Equal($"{NoRoles}|GET /roles", string.Join('|', bench.Sent()));
    }

    [Fact]
    public async Task The_roles_are_asked_for_where_an_invitation_waits_with_one_that_nobody_has()
    {
        await using var bench = await ConfidentAiBench.StartAsync(0, ConfidentAiBench.Carol);
        Assert.Equal("Member", $"{Assert.Single((await bench.ReadAsync()).Invitations).Access}");
        Assert.Equal($"{NoRoles}|GET /roles", string.Join('|', bench.Sent()));
    }

    [Fact]
    public async Task Declined_invitations_are_read_as_declined_and_accepted_ones_as_absent()
    {
        await using var bench = await ConfidentAiBench.StartAsync(0, ConfidentAiBench.Carol, "dave@example.com");
        bench.Vendor.Decline(ConfidentAiBench.ProjectId, ConfidentAiBench.Carol);
        bench.Vendor.Accept(ConfidentAiBench.ProjectId, "dave@example.com");
        var live = await bench.ReadAsync();
        Assert.Equal(
            (ConfidentAiBench.Carol, InvitationState.Declined),
            Assert.Single(live.Invitations.Select(i => (i.Email, i.State)))
        );
        Assert.Contains(live.Members, m => m.Email == "dave@example.com");
    }

    [Fact]
    public async Task An_unknown_role_is_refused_with_the_known_ones_and_the_nearest()
    {
        await using var bench = await ConfidentAiBench.StartAsync();
        bench.Declare(
            (ConfidentAiBench.Carol, "Analist"),
            ("dave@example.com", "Analist"),
            (ConfidentAiBench.Member1, "Boss")
        );
        var failure = await ConfidentAiBench.RefusedAsync(bench.ReadAsync);
        Assert.Equal(ProviderFault.Invalid, failure.Fault);
        Assert.Equal([("role", "Analist", 2), ("role", "Boss", 1)], Problems(failure));
        Assert.Equal(
            "evals.yaml:1:3 (and 1 more place): role: there is no role \"Analist\"; "
                + "expected one of Owner, Manager, Member, Analyst; did you mean \"Analyst\"?"
                + " · evals.yaml:3:3: role: there is no role \"Boss\"; expected one of Owner, Manager, Member, Analyst",
            failure.Message
        );
    }

    [Fact]
    public async Task A_role_that_stands_in_an_AccessRole_is_refused_at_its_place_there()
    {
        await using var bench = await ConfidentAiBench.StartAsync();
        var project = bench.Declare((ConfidentAiBench.Carol, "Analist"), ("dave@example.com", "Analist")).Project;
        bench.Project = project with
        {
            Members =
            [
                .. project.Members.Select(m =>
                    m with
                    {
                        Access = m.Access with { Places = [new("roles.yaml", 7, 5)] },
                    }
                ),
            ],
        };

        var failure = await ConfidentAiBench.RefusedAsync(bench.ReadAsync);

        Assert.StartsWith(
            "roles.yaml:7:5: role: there is no role \"Analist\"; expected one of ",
            failure.Message,
            StringComparison.Ordinal
        );
    }

    private static IEnumerable<(string Field, string Word, int People)> Problems(ProviderException failure) =>
        failure.Access.Select(p => (p.Field, p.Word, p.Members.Length));

    [Fact]
    public async Task A_name_that_two_roles_have_is_refused()
    {
        await using var stub = new StubVendor(
            StubVendor.Json(200, """{"success":true,"data":{"invitations":[]}}"""),
            StubVendor.Json(200, """{"success":true,"data":{"members":[],"total":0}}"""),
            StubVendor.Json(
                200,
                """{"success":true,"data":{"roles":[{"id":"r1","name":"Analyst"},{"id":"r2","name":"Analyst"}]}}"""
            )
        );
        await using var bench = await ConfidentAiBench.StartAsync();
        bench.Declare((ConfidentAiBench.Carol, "Analyst"));
        using var connection = Reconciler
            .Providers.ProviderCatalog.Find("confident-ai")!
            .Connect!(new(stub.Url, _ => ValueTask.FromResult("k")));
        var failure = await ConfidentAiBench.RefusedAsync(() =>
            connection.Reader.ReadAsync(bench.Project, TestContext.Current.CancellationToken)
        );
        Assert.Contains("2 roles have the name \"Analyst\"", failure.Message, StringComparison.Ordinal);
        Assert.All(
            stub.Requests,
            request => Assert.Contains("\r\nCONFIDENT_API_KEY: k\r\n", request, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task An_envelope_that_says_no_is_an_error_whatever_the_status_says()
    {
        await using var bench = await ConfidentAiBench.StartAsync();
        bench.Inject(
            Fault.Answer(200, $$"""{"success":false,"error":"The key {{ConfidentAiBench.Token}} is on hold"}""")
        );
        var failure = await ConfidentAiBench.RefusedAsync(bench.ReadAsync);
        Assert.Equal(ProviderFault.Refused, failure.Fault);
        Assert.Equal(
            "GET /v1/projects/project-7/invitations answered success: false: The key *** is on hold (request r-1)",
            failure.Message
        );
    }

    [Theory]
    [InlineData("""{"success":true}""")]
    [InlineData("""{"success":true,"data":null}""")]
    [InlineData("""{"success":true,"data":{}}""")]
    [InlineData("""{"data":{"invitations":[]}}""")]
    [InlineData("""{"success":true,"data":{"invitations":[null]}}""")]
    [InlineData(
        """{"success":true,"data":{"invitations":"""
            + """[{"id":"x","email":"a@example.com","status":"PENDING","created_at":"2024-12-04T23:00:00.000Z"}]}}"""
    )]
    public async Task An_envelope_without_what_was_asked_for_is_a_bad_answer(string body)
    {
        await using var bench = await ConfidentAiBench.StartAsync();
        bench.Inject(Fault.Answer(200, body));
        Assert.Equal(ProviderFault.BadAnswer, (await ConfidentAiBench.RefusedAsync(bench.ReadAsync)).Fault);
    }

    [Theory]
    [InlineData(FaultKind.CutJson, ProviderFault.BadAnswer)]
    [InlineData(FaultKind.EmptyPage, ProviderFault.BadAnswer)]
    [InlineData(FaultKind.Redirect, ProviderFault.BadAnswer)]
    [InlineData(FaultKind.Reset, ProviderFault.Unavailable)]
    public async Task A_project_that_cannot_be_read_whole_is_not_read(FaultKind kind, ProviderFault told)
    {
        await using var bench = await ConfidentAiBench.StartAsync(150);
        bench.Inject(new(kind) { Path = "page=2", Times = null });
        Assert.Equal(told, (await ConfidentAiBench.RefusedAsync(bench.ReadAsync)).Fault);
    }

    [Fact]
    public async Task A_list_that_shifts_between_two_pages_is_read_again()
    {
        await using var bench = await ConfidentAiBench.StartAsync(150);
        bench.Vendor.Set(ConfidentQuirks.NewestFirst, true);
        bench.Inject(new(FaultKind.Delay) { Path = "page=2", Delay = TimeSpan.FromMilliseconds(300) });
        var reading = bench.ReadAsync();
        while (bench.Seen.Count < 2)
            await Task.Delay(5, TestContext.Current.CancellationToken);
        bench.Vendor.AddMember(ConfidentAiBench.ProjectId, "new@example.com", SandboxAccess.Role("Member"));
        Assert.Equal(152, (await reading).Members.Select(m => m.MembershipId).Distinct().Count());
    }

    [Fact]
    public async Task A_wrong_key_an_unknown_project_and_an_id_that_climbs_are_told_without_a_retry()
    {
        await using var bench = await ConfidentAiBench.StartAsync();
        bench.Inject(Fault.Answer(401, """{"success":false,"error":"Invalid API key"}"""));
        var unauthorized = await ConfidentAiBench.RefusedAsync(bench.ReadAsync);
        Assert.Equal(ProviderFault.Unauthorized, unauthorized.Fault);
        Assert.Contains("answered 401: Invalid API key", unauthorized.Message, StringComparison.Ordinal);
        bench.Project = bench.Project with { ProjectId = "nobody" };
        Assert.Equal(ProviderFault.NotFound, (await ConfidentAiBench.RefusedAsync(bench.ReadAsync)).Fault);
        Assert.Equal(2, bench.Server.Requests.Length);
        bench.Project = bench.Project with { ProjectId = "../../organization" };
        Assert.Equal(ProviderFault.Configuration, (await ConfidentAiBench.RefusedAsync(bench.ReadAsync)).Fault);
        Assert.Equal(2, bench.Server.Requests.Length);
    }

    [Fact]
    public async Task Somebody_who_accepts_between_the_two_lists_is_on_both_and_never_on_neither()
    {
        await using var bench = await ConfidentAiBench.StartAsync(1, ConfidentAiBench.Carol);
        bench.Inject(new(FaultKind.Delay) { Path = "/members", Delay = TimeSpan.FromMilliseconds(300) });
        var reading = bench.ReadAsync();
        while (bench.Seen.IsEmpty)
            await Task.Delay(5, TestContext.Current.CancellationToken);
        bench.Vendor.Accept(ConfidentAiBench.ProjectId, ConfidentAiBench.Carol);
        var live = await reading;
        Assert.Contains(live.Members, m => m.Email == ConfidentAiBench.Carol);
        Assert.Contains(live.Invitations, i => i.Email == ConfidentAiBench.Carol);
    }
}

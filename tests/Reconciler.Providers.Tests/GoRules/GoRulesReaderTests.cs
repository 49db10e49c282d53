using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Faults;
using Reconciler.Sandbox.Seeds;

namespace Reconciler.Providers.Tests.GoRules;

public class GoRulesReaderTests
{
    [Fact]
    public async Task A_pass_where_nothing_changed_lists_the_members_and_once_the_organisations_invitations()
    {
        await using var bench = await GoRulesBench.StartAsync(250);
        bench.Declare([
            .. Enumerable
                .Range(1, 250)
                .Select(i => GoRulesBench.Declared($"member{i}@example.com", GoRulesBench.Access("Editors"))),
        ]);
        bench.Other = bench.Other with { Members = [] };
        var live = await bench.ReadAsync();
        await bench.ReadAsync(bench.Other);
        Assert.Equal(250, live.Members.Select(m => m.MembershipId).Distinct().Count());
        Assert.All(live.Members, m => Assert.Equal(GoRulesBench.Access("Editors").Grants, m.Access));
        Assert.Equal(
            [
                "GET /api/invitations?status=pending",
                "GET /api/projects/P/members",
                "GET /api/projects/P/members?page=2&perPage=100",
                "GET /api/projects/P/members?page=3&perPage=100",
                "GET /api/projects/Q/members",
            ],
            bench.Sent()
        );
    }

    [Fact]
    public async Task Many_projects_with_new_people_list_the_organisations_users_and_invitations_once()
    {
        await using var bench = await GoRulesBench.StartAsync();
        bench.Declare(GoRulesBench.Declared("carol@example.com", GoRulesBench.Access("Editors")));
        await Task.WhenAll(bench.ReadAsync(), bench.ReadAsync(bench.Other));
        Assert.Equal(1, bench.SentCount("GET /api/users?isService=false"));
        Assert.Equal(1, bench.SentCount("GET /api/invitations?status=pending"));
        Assert.Equal(1, bench.SentCount("GET /api/users?isService=true"));
        Assert.Equal(7, bench.Sent().Length);
    }

    /// <summary>A read that several projects share fails once: the next one reads anew.</summary>
    [Theory]
    [InlineData("/api/users")]
    [InlineData("/api/invitations")]
    public async Task A_shared_list_that_cannot_be_read_fails_one_project_and_the_next_one_asks_again(string path)
    {
        await using var bench = await GoRulesBench.StartAsync();
        bench.Declare(GoRulesBench.Declared("carol@example.com", GoRulesBench.Access("Editors")));
        bench.Inject(Fault.Answer(500) with { Method = "GET", Path = path, Times = 4 });
        Assert.Equal(ProviderFault.Unavailable, (await GoRulesBench.RefusedAsync(() => bench.ReadAsync())).Fault);
        bench.Other = bench.Other with { Members = bench.Project.Members };
        await bench.ReadAsync(bench.Other);
        Assert.True(bench.Server.Requests.Count(r => r.Target.Contains(path, StringComparison.Ordinal)) > 4);
    }

    [Fact]
    public async Task A_project_that_is_read_again_begins_a_pass_with_fresh_lists()
    {
        await using var bench = await GoRulesBench.StartAsync(1, "carol@example.com");
        Assert.Equal("carol@example.com", Assert.Single((await bench.ReadAsync()).Invitations).Email);
        bench.Vendor.Accept(GoRulesBench.ProjectId, "carol@example.com");
        var live = await bench.ReadAsync();
        Assert.Empty(live.Invitations);
        Assert.Contains(live.Members, m => m.Email == "carol@example.com");
    }

    [Fact]
    public async Task Somebody_in_the_project_who_has_yet_to_accept_is_a_pending_invitation()
    {
        await using var bench = await GoRulesBench.StartAsync(1, "carol@example.com");
        var live = await bench.ReadAsync();
        var waiting = Assert.Single(live.Invitations);
        Assert.Equal((InvitationState.Pending, false), (waiting.State, waiting.NamesOtherProjects));
        Assert.Equal(GoRulesBench.Access("Editors").Grants, waiting.Access);
        Assert.NotNull(waiting.PersonId);
        Assert.Equal("member1@example.com", Assert.Single(live.Members).Email);
    }

    [Fact]
    public async Task A_declared_person_who_waits_outside_the_project_is_a_pending_invitation_and_others_are_not_shown()
    {
        await using var bench = await GoRulesBench.StrictAsync("carol@example.com", "dave@example.com");
        bench.Declare(GoRulesBench.Declared("Carol@Example.com", GoRulesBench.Access("Viewers")));
        var live = await bench.ReadAsync();
        var waiting = Assert.Single(live.Invitations);
        Assert.Equal(("carol@example.com", true), (waiting.Email, waiting.NamesOtherProjects));
        Assert.Equal(GoRulesBench.Access("Viewers").Grants, waiting.Access);
        Assert.Equal(2, live.Members.Length);
    }

    [Fact]
    public async Task A_declared_person_of_the_organisation_who_is_not_in_the_project_is_addable()
    {
        await using var bench = await GoRulesBench.StartAsync();
        bench.Declare(
            GoRulesBench.Declared("Ken@example.com", GoRulesBench.Access("Editors")),
            GoRulesBench.Declared("zoe@example.com", GoRulesBench.Access("Editors"))
        );
        var live = await bench.ReadAsync();
        Assert.Equal(["ken@example.com"], live.Addable);
        Assert.Equal(2, live.Members.Length);
    }

    [Fact]
    public async Task A_member_without_groups_and_without_owning_counts_as_absent_also_with_a_group_of_a_role()
    {
        await using var bench = await GoRulesBench.StartAsync(0);
        bench.Vendor.AddMember(GoRulesBench.ProjectId, "ana@example.com", SandboxAccess.Groups(owner: false));
        bench.Vendor.AddMember(
            GoRulesBench.ProjectId,
            "bob@example.com",
            SandboxAccess.Groups(owner: false, GoRulesBench.Auditors)
        );
        bench.Vendor.AddMember(
            GoRulesBench.ProjectId,
            "carol@example.com",
            SandboxAccess.Groups(owner: false, GoRulesBench.Auditors, "Viewers")
        );
        var member = Assert.Single((await bench.ReadAsync()).Members);
        Assert.Equal("carol@example.com", member.Email);
        Assert.Equal(GoRulesBench.Access("Viewers").Grants, member.Access);
    }

    [Fact]
    public async Task A_service_user_is_a_machine_account()
    {
        await using var bench = await GoRulesBench.StartAsync(0);
        bench.Vendor.AddMember(GoRulesBench.ProjectId, "ci@example.com", SandboxAccess.Groups(owner: true));
        var member = Assert.Single((await bench.ReadAsync()).Members);
        Assert.True(member.IsService);
        Assert.Equal(GoRulesBench.Access(owner: true).Grants, member.Access);
    }

    [Fact]
    public async Task An_unknown_group_is_refused_with_the_place_the_known_names_and_a_suggestion()
    {
        await using var bench = await GoRulesBench.StartAsync();
        bench.Declare(GoRulesBench.Declared("member1@example.com", GoRulesBench.Access("Editrs")));
        var failure = await GoRulesBench.RefusedAsync(() => bench.ReadAsync());
        Assert.Equal(ProviderFault.Invalid, failure.Fault);
        Assert.Equal(
            "acme.yaml:30:5: groups: the project has no group \"Editrs\"; expected one of Editors, Viewers; did you mean \"Editors\"?",
            failure.Message
        );
    }

    [Fact]
    public async Task A_group_of_a_role_cannot_be_declared()
    {
        await using var bench = await GoRulesBench.StartAsync();
        bench.Declare(GoRulesBench.Declared("member1@example.com", GoRulesBench.Access(GoRulesBench.Auditors)));
        var failure = await GoRulesBench.RefusedAsync(() => bench.ReadAsync());
        Assert.Contains(
            "\"Auditors\" belongs to a role of the organisation",
            failure.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_name_that_two_groups_have_is_ambiguous()
    {
        SeedGroup[] second = [new("Editors")];
        await using var bench = await GoRulesBench.StartAsync(
            new Dictionary<string, bool>(StringComparer.Ordinal),
            second,
            1
        );
        bench.Declare(GoRulesBench.Declared("carol@example.com", GoRulesBench.Access("Editors")));
        var failure = await GoRulesBench.RefusedAsync(() => bench.ReadAsync());
        Assert.Contains("\"Editors\" names 2 groups of the project", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FaultKind.CutJson, "/members", ProviderFault.BadAnswer)]
    [InlineData(FaultKind.EmptyPage, "/members", ProviderFault.BadAnswer)]
    [InlineData(FaultKind.Redirect, "/invitations", ProviderFault.BadAnswer)]
    [InlineData(FaultKind.Reset, "/invitations", ProviderFault.Unavailable)]
    public async Task A_project_that_cannot_be_read_whole_is_not_read(FaultKind kind, string path, ProviderFault told)
    {
        await using var bench = await GoRulesBench.StartAsync(150);
        bench.Inject(new(kind) { Path = path, Times = null });
        Assert.Equal(told, (await GoRulesBench.RefusedAsync(() => bench.ReadAsync())).Fault);
    }

    [Fact]
    public async Task Invitations_that_cannot_be_listed_fail_every_project_of_a_pass_after_one_listing()
    {
        await using var bench = await GoRulesBench.StartAsync();
        bench.Inject(Fault.Answer(403) with { Path = "/invitations", Times = null });
        Assert.Equal(ProviderFault.Forbidden, (await GoRulesBench.RefusedAsync(() => bench.ReadAsync())).Fault);
        Assert.Equal(
            ProviderFault.Forbidden,
            (await GoRulesBench.RefusedAsync(() => bench.ReadAsync(bench.Other))).Fault
        );
        Assert.Single(bench.Sent());
    }

    [Fact]
    public async Task A_project_id_that_climbs_the_path_sends_nothing()
    {
        await using var bench = await GoRulesBench.StartAsync();
        bench.Project = bench.Project with { ProjectId = "../../admin" };
        Assert.Equal(ProviderFault.Configuration, (await GoRulesBench.RefusedAsync(() => bench.ReadAsync())).Fault);
        Assert.Empty(bench.Sent());
    }
}

using Reconciler.Core.Actions;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;
using Reconciler.Core.Recording;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Faults;
using Reconciler.Sandbox.GoRules;

namespace Reconciler.Providers.Tests.GoRules;

public class GoRulesWriterTests
{
    private static readonly DesiredAccess Editors = GoRulesBench.Access("Editors");
    private static readonly DesiredAccess Viewers = GoRulesBench.Access("Viewers");

    [Fact]
    public async Task Create_members_with_userIds_groupIds_and_owner_adds_somebody_of_the_organisation_at_once()
    {
        await using var bench = await GoRulesBench.StartAsync();
        var action = await bench.ActionAsync(
            ActionKind.Invite,
            "Ken@Example.com",
            GoRulesBench.Access(owner: true, "Editors")
        );
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(action));
        Assert.Equal(["GET /api/users?isService=false", "POST /api/projects/P/members"], bench.Sent());
        Assert.Matches(
            """^\{"userIds":\["[0-9a-f-]{36}"\],"groupIds":\["[0-9a-f-]{36}"\],"owner":true\}$""",
            bench.Server.Requests[^1].Body
        );
        Assert.Equal(0, bench.Vendor.MailsTo("ken@example.com"));
        Assert.True(ActionEffect.IsVisible(action, await bench.ReadAsync()));
    }

    [Fact]
    public async Task Unknown_people_are_invited_to_the_organisation_in_one_call_and_added_with_the_ids_of_its_answer()
    {
        await using var bench = await GoRulesBench.StartAsync();
        string[] emails = ["Carol@Example.com", "dave@example.com", "ken@example.com"];
        await bench.ReadAsync();
        bench.Server.ForgetRequests();
        Assert.Equal(
            WriteResult.Confirmed,
            await bench.ApplyAsync([.. emails.Select(e => GoRulesBench.Invitation(e, Editors))])
        );
        Assert.Equal(
            ["GET /api/users?isService=false", "POST /api/users", "POST /api/projects/P/members"],
            bench.Sent()
        );
        Assert.Equal("""{"emails":["Carol@Example.com","dave@example.com"]}""", bench.Server.Requests[1].Body);
        var live = await bench.ReadAsync();
        Assert.Equal(["Carol@Example.com", "dave@example.com"], live.Invitations.Select(i => i.Email));
        Assert.Contains(live.Members, m => m.Email == "ken@example.com");
    }

    [Fact]
    public async Task Two_projects_that_invite_the_same_new_person_send_one_invitation_to_the_organisation()
    {
        await using var bench = await GoRulesBench.StartAsync();
        await Task.WhenAll(bench.ReadAsync(), bench.ReadAsync(bench.Other));
        bench.Inject(
            new(FaultKind.Delay)
            {
                Method = "POST",
                Path = "/api/users",
                Delay = TimeSpan.FromMilliseconds(100),
            }
        );
        var carol = GoRulesBench.Invitation("carol@example.com", Editors);
        Assert.Equal(
            [WriteResult.Confirmed, WriteResult.Confirmed],
            await Task.WhenAll(bench.ApplyAsync(carol), bench.ApplyToOtherAsync(carol))
        );
        Assert.Equal(1, bench.SentCount("POST /api/users"));
        Assert.Equal(1, bench.SentCount("GET /api/users?isService=false"));
        Assert.Equal(1, bench.Vendor.MailsTo("carol@example.com"));
        Assert.Equal(
            bench.AccessAtVendor("carol@example.com"),
            bench.AccessAtVendor("carol@example.com", GoRulesBench.OtherProjectId)
        );
    }

    [Fact]
    public async Task Where_a_project_takes_nobody_before_they_accept_the_person_waits_and_is_added_by_a_later_pass()
    {
        await using var bench = await GoRulesBench.StrictAsync();
        bench.Declare(
            GoRulesBench.Declared("carol@example.com", Editors),
            GoRulesBench.Declared("ken@example.com", Editors)
        );
        var plan = await bench.PlanAsync();
        var (carol, ken) = (
            plan.Actions.Single(a => a.Email == "carol@example.com"),
            plan.Actions.Single(a => a.Email == "ken@example.com")
        );
        Assert.Equal(WriteResult.ReadBack, await bench.ApplyAsync(carol, ken));
        var live = await bench.ReadAsync();
        Assert.True(ActionEffect.IsVisible(carol, live));
        Assert.True(ActionEffect.IsVisible(ken, live));

        var waiting = await bench.PlanAsync();
        Assert.Equal(FindingKind.Waiting, Assert.Single(waiting.Findings, f => f.Person == "carol@example.com").Kind);
        Assert.DoesNotContain(waiting.Actions, a => a.Email == "carol@example.com");

        bench.Vendor.Accept(GoRulesBench.ProjectId, "carol@example.com");
        var invited = new ProjectLedger(
            OwnershipSource.Ledger,
            [new("carol@example.com") { Owned = true, State = PersonState.Invited }]
        );
        var accepted = Assert.Single((await bench.PlanAsync(invited)).Actions);
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(accepted));
        Assert.Equal(1, bench.Vendor.MailsTo("carol@example.com"));
        Assert.Equal(
            3,
            (await bench.PlanAsync()).Live.Members.Count(m =>
                m.Access.Equals(Editors.Grants) && m.Email != "carol@example.com"
            )
        );
    }

    [Fact]
    public async Task An_address_that_the_organisation_knows_meanwhile_is_found_when_inviting_it_is_refused()
    {
        await using var bench = await GoRulesBench.StartAsync();
        bench.Vendor.Set(GoRulesQuirks.KnownRefused, true);
        await bench.ActionAsync(ActionKind.Invite, "ken@example.com", Editors);
        await bench.ApplyAsync(GoRulesBench.Invitation("ken@example.com", Editors));
        bench.Vendor.AddMember(GoRulesBench.OtherProjectId, "late@example.com", SandboxAccess.Groups(owner: true));
        var result = await bench.ApplyAsync(
            GoRulesBench.Invitation("late@example.com", Editors),
            GoRulesBench.Invitation("new@example.com", Editors)
        );
        Assert.Equal(WriteResult.Confirmed, result);
        Assert.Equal(0, bench.Vendor.MailsTo("late@example.com"));
        Assert.Equal(1, bench.Vendor.MailsTo("new@example.com"));
    }

    [Fact]
    public async Task An_address_that_the_vendor_refuses_is_told_in_its_words()
    {
        await using var bench = await GoRulesBench.StartAsync();
        bench.Inject(
            Fault.Answer(400, """{"message":"not a mailbox"}""") with
            {
                Method = "POST",
                Path = "/api/users",
            }
        );
        var action = await bench.ActionAsync(ActionKind.Invite, "carol@example.com", Editors);
        var failure = await GoRulesBench.RefusedAsync(() => bench.ApplyAsync(action));
        Assert.Equal(ProviderFault.Refused, failure.Fault);
        Assert.Equal("POST /api/users answered 400: not a mailbox (request r-1)", failure.Message);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task Where_the_token_may_not_invite_to_the_organisation_the_step_is_left_to_a_human(int status)
    {
        await using var bench = await GoRulesBench.StartAsync();
        bench.Inject(Fault.Answer(status) with { Method = "POST", Path = "/api/users" });
        var action = await bench.ActionAsync(ActionKind.Invite, "carol@example.com", Editors);
        var failure = await GoRulesBench.RefusedAsync(() => bench.ApplyAsync(action));
        Assert.Equal(ProviderFault.Manual, failure.Fault);
        Assert.StartsWith(
            "invite carol@example.com to the organisation in GoRules, and a later reconcile gives access to the project:",
            failure.Message,
            StringComparison.Ordinal
        );
        Assert.Contains($"answered {status}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invitation_to_the_organisation_whose_answer_is_lost_is_found_in_the_lists_and_not_repeated()
    {
        await using var bench = await GoRulesBench.StartAsync();
        var action = await bench.ActionAsync(ActionKind.Invite, "carol@example.com", Editors);
        bench.Inject(new(FaultKind.LostResponse) { Method = "POST", Path = "/api/users" });
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(action));
        Assert.Equal(1, bench.Vendor.MailsTo("carol@example.com"));
        Assert.True(ActionEffect.IsVisible(action, await bench.ReadAsync()));
    }

    [Fact]
    public async Task An_invitation_to_the_organisation_that_got_lost_on_its_way_is_ambiguous()
    {
        await using var bench = await GoRulesBench.StartAsync();
        var action = await bench.ActionAsync(ActionKind.Invite, "carol@example.com", Editors);
        bench.Inject(Fault.Answer(502) with { Method = "POST", Path = "/api/users" });
        Assert.Equal(ProviderFault.Ambiguous, (await GoRulesBench.RefusedAsync(() => bench.ApplyAsync(action))).Fault);
        Assert.False(ActionEffect.HasTrace(WriteIntent.Of(action, default), await bench.ReadAsync()));
    }

    [Fact]
    public async Task An_addition_whose_answer_is_lost_is_ambiguous_and_seen_by_reading()
    {
        await using var bench = await GoRulesBench.StartAsync();
        var action = await bench.ActionAsync(ActionKind.Invite, "ken@example.com", Editors);
        bench.Inject(new(FaultKind.LostResponse) { Method = "POST", Path = "/members" });
        Assert.Equal(ProviderFault.Ambiguous, (await GoRulesBench.RefusedAsync(() => bench.ApplyAsync(action))).Fault);
        Assert.True(ActionEffect.IsVisible(action, await bench.ReadAsync()));
    }

    [Fact]
    public async Task A_stated_user_id_needs_no_look_up()
    {
        await using var bench = await GoRulesBench.StartAsync();
        var id = (await bench.ReadAsync()).Members[0].PersonId!;
        var invitation = GoRulesBench.Invitation("other@example.com", Editors);
        await bench.ReadAsync(bench.Other);
        Assert.Equal(
            WriteResult.Confirmed,
            await bench.ApplyToOtherAsync(invitation with { Person = invitation.Person with { UserId = id } })
        );
        Assert.Equal("member1@example.com", Assert.Single(bench.Vendor.Members(GoRulesBench.OtherProjectId)).Email);
        Assert.Equal(0, bench.SentCount("POST /api/users"));
    }

    [Fact]
    public async Task An_update_replaces_groups_and_owner_and_keeps_the_groups_of_roles()
    {
        await using var bench = await GoRulesBench.StartAsync(0);
        bench.Vendor.AddMember(
            GoRulesBench.ProjectId,
            "ana@example.com",
            SandboxAccess.Groups(owner: true, "Editors", GoRulesBench.Auditors)
        );
        var action = await bench.ActionAsync(ActionKind.Update, "ana@example.com", Viewers);
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(action));
        Assert.Equal("groups: Viewers, Auditors; owner: false", bench.AccessAtVendor("ana@example.com"));
        Assert.True(ActionEffect.IsVisible(action, await bench.ReadAsync()));
    }

    [Fact]
    public async Task An_update_that_merges_is_read_back_and_not_taken_for_done()
    {
        await using var bench = await GoRulesBench.StartAsync();
        bench.Vendor.Set(GoRulesQuirks.PutMerges, true);
        var action = await bench.ActionAsync(ActionKind.Update, "member1@example.com", Viewers);
        Assert.Equal(WriteResult.ReadBack, await bench.ApplyAsync(action));
        Assert.False(ActionEffect.IsVisible(action, await bench.ReadAsync()));
    }

    [Fact]
    public async Task An_update_whose_answer_is_lost_is_sent_again()
    {
        await using var bench = await GoRulesBench.StartAsync();
        bench.Declare(GoRulesBench.Declared("member1@example.com", Viewers));
        var action = Assert.Single((await bench.PlanAsync()).Actions);
        bench.Inject(new(FaultKind.LostResponse) { Method = "PUT" });
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(action));
        Assert.All(
            bench.Sent(),
            sent => Assert.StartsWith("PUT /api/projects/P/members/", sent, StringComparison.Ordinal)
        );
        Assert.Equal(2, bench.Sent().Length);
    }

    [Fact]
    public async Task Removing_takes_groups_and_owner_and_the_person_counts_as_absent()
    {
        await using var bench = await GoRulesBench.StartAsync();
        var action = await bench.ActionAsync(ActionKind.Remove, "member1@example.com");
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(action));
        Assert.Equal("""{"groupIds":[],"owner":false}""", Assert.Single(bench.Server.Requests).Body);
        Assert.True(ActionEffect.IsVisible(action, await bench.ReadAsync()));
        Assert.Contains(bench.Vendor.Members(GoRulesBench.ProjectId), m => m.Email == "member1@example.com");
    }

    [Fact]
    public async Task Removing_somebody_who_is_gone_is_read_back_and_one_that_merges_is_not_done()
    {
        await using var bench = await GoRulesBench.StartAsync();
        var gone = await bench.ActionAsync(ActionKind.Remove, "member1@example.com");
        bench.Vendor.RemoveMember(GoRulesBench.ProjectId, "member1@example.com");
        Assert.Equal(WriteResult.ReadBack, await bench.ApplyAsync(gone));
        Assert.True(ActionEffect.IsVisible(gone, await bench.ReadAsync()));

        bench.Vendor.Set(GoRulesQuirks.PutMerges, true);
        var merged = await bench.ActionAsync(ActionKind.Remove, "member2@example.com");
        Assert.Equal(WriteResult.ReadBack, await bench.ApplyAsync(merged));
        Assert.False(ActionEffect.IsVisible(merged, await bench.ReadAsync()));
    }

    [Fact]
    public async Task Somebody_whose_membership_was_left_without_access_gets_it_back_there()
    {
        await using var bench = await GoRulesBench.StartAsync();
        await bench.ApplyAsync(await bench.ActionAsync(ActionKind.Remove, "member1@example.com"));
        bench.Declare(
            GoRulesBench.Declared("Member1@Example.com", Viewers),
            GoRulesBench.Declared("member2@example.com", Editors),
            GoRulesBench.Declared("ken@example.com", Viewers)
        );
        var plan = await bench.PlanAsync();
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync([.. plan.Actions]));
        Assert.Equal(["POST", "PUT"], bench.Server.Requests.Select(r => r.Method));
        Assert.Equal("groups: Viewers; owner: false", bench.AccessAtVendor("member1@example.com"));
        Assert.Empty((await bench.PlanAsync()).Actions);
    }

    [Fact]
    public async Task A_batch_that_fails_after_its_first_part_is_settled_by_reading()
    {
        await using var bench = await GoRulesBench.StartAsync();
        await bench.ApplyAsync(await bench.ActionAsync(ActionKind.Remove, "member1@example.com"));
        await bench.ReadAsync();
        bench.Inject(Fault.Answer(400) with { Method = "PUT" });
        var batch = new[]
        {
            GoRulesBench.Invitation("member1@example.com", Viewers),
            GoRulesBench.Invitation("ken@example.com", Viewers),
        };
        Assert.Equal(ProviderFault.Ambiguous, (await GoRulesBench.RefusedAsync(() => bench.ApplyAsync(batch))).Fault);
        var live = await bench.ReadAsync();
        Assert.Equal([false, true], batch.Select(action => ActionEffect.IsVisible(action, live)));
    }
}

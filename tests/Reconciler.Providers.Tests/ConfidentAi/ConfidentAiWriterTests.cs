using Reconciler.Core.Actions;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Core.Recording;
using Reconciler.Sandbox.ConfidentAi;
using Reconciler.Sandbox.Faults;

namespace Reconciler.Providers.Tests.ConfidentAi;

public class ConfidentAiWriterTests
{
    private const string Carol = ConfidentAiBench.Carol;
    private const string Member1 = ConfidentAiBench.Member1;

    [Fact]
    public async Task People_with_the_same_role_are_invited_in_one_call_with_their_addresses_as_declared()
    {
        await using var bench = await ConfidentAiBench.StartAsync();
        var (carol, dave) = (
            await bench.ActionAsync(ActionKind.Invite, "Carol@Example.com", "Member"),
            await bench.ActionAsync(ActionKind.Invite, "dave@example.com", "Member")
        );
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(carol, dave));
        Assert.Equal("POST /invitations", Assert.Single(bench.Sent()));
        Assert.StartsWith(
            """{"emails":["Carol@Example.com","dave@example.com"],"projectRoleId":""",
            Assert.Single(bench.Server.Requests).Body,
            StringComparison.Ordinal
        );
        var live = await bench.ReadAsync();
        Assert.True(ActionEffect.IsVisible(carol, live) && ActionEffect.IsVisible(dave, live));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Somebody_who_is_skipped_is_noticed_whether_the_answer_names_them_or_not(bool echoed)
    {
        await using var bench = await ConfidentAiBench.StartAsync(2, Carol);
        bench.Vendor.Set(ConfidentQuirks.EchoSkipped, echoed);
        var (carol, dave) = (
            await bench.ActionAsync(ActionKind.Invite, Carol, "Analyst"),
            await bench.ActionAsync(ActionKind.Invite, "dave@example.com", "Analyst")
        );
        Assert.Equal(WriteResult.ReadBack, await bench.ApplyAsync(carol, dave));
        var live = await bench.ReadAsync();
        Assert.Equal((false, true), (ActionEffect.IsVisible(carol, live), ActionEffect.IsVisible(dave, live)));
    }

    [Fact]
    public async Task A_role_that_no_member_has_is_looked_up_once_for_a_write()
    {
        await using var bench = await ConfidentAiBench.StartAsync();
        var (invite, update) = (
            await bench.ActionAsync(ActionKind.Invite, Carol, "Analyst"),
            await bench.ActionAsync(ActionKind.Update, Member1, "Analyst")
        );
        await bench.ApplyAsync(invite);
        await bench.ApplyAsync(update);
        Assert.Equal(["GET /roles", "POST /invitations", $"PUT /members/{update.Member!.PersonId}"], bench.Sent());
        Assert.Equal("Analyst", bench.RoleOf(Member1));
    }

    [Fact]
    public async Task A_role_that_is_gone_is_refused_and_nothing_is_written()
    {
        await using var bench = await ConfidentAiBench.StartAsync(1, Carol);
        var action = await bench.ActionAsync(ActionKind.Replace, Carol, "Analist");
        var failure = await ConfidentAiBench.RefusedAsync(() => bench.ApplyAsync(action));
        Assert.Equal((ProviderFault.Refused, false), (failure.Fault, failure.IsPartlyDone));
        Assert.Equal(
            "nothing was sent: there is no role \"Analist\"; expected one of Owner, Manager, Member, Analyst; did you mean \"Analyst\"?",
            failure.Message
        );
        Assert.Equal("GET /roles", Assert.Single(bench.Sent()));
    }

    [Fact]
    public async Task A_refusal_of_the_free_plan_is_told_in_the_vendors_words()
    {
        await using var bench = await ConfidentAiBench.StartAsync();
        var action = await bench.ActionAsync(ActionKind.Invite, Carol, "Member");
        bench.Vendor.Set(ConfidentQuirks.FreePlan, true);
        var failure = await ConfidentAiBench.RefusedAsync(() => bench.ApplyAsync(action));
        Assert.StartsWith(
            "POST /v1/projects/project-7/invitations answered 403: Inviting members is not available on the Free plan",
            failure.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_no_in_the_envelope_of_a_write_is_refused_and_a_yes_without_data_is_ambiguous()
    {
        await using var bench = await ConfidentAiBench.StartAsync(2, Carol);
        var action = await bench.ActionAsync(ActionKind.Resend, Carol);
        bench.Inject(Fault.Answer(200, """{"success":false,"error":"Too soon"}"""));
        var refused = await ConfidentAiBench.RefusedAsync(() => bench.ApplyAsync(action));
        Assert.Equal(ProviderFault.Refused, refused.Fault);
        Assert.EndsWith("answered success: false: Too soon (request r-1)", refused.Message, StringComparison.Ordinal);
        bench.Inject(Fault.Answer(200, """{"success":true}"""));
        Assert.Equal(
            ProviderFault.Ambiguous,
            (await ConfidentAiBench.RefusedAsync(() => bench.ApplyAsync(action))).Fault
        );
    }

    [Fact]
    public async Task Resending_mails_once_and_never_again_where_the_answer_is_lost()
    {
        await using var bench = await ConfidentAiBench.StartAsync(2, Carol);
        var action = await bench.ActionAsync(ActionKind.Resend, Carol);
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(action));
        Assert.Equal($"PUT /invitations/{action.Invitation!.Id}", Assert.Single(bench.Sent()));
        Assert.Equal(1, bench.Vendor.MailsTo(Carol));
        bench.Inject(new(FaultKind.LostResponse) { Method = "PUT", Times = null });
        Assert.Equal(
            ProviderFault.Ambiguous,
            (await ConfidentAiBench.RefusedAsync(() => bench.ApplyAsync(action))).Fault
        );
        Assert.Equal(2, bench.Vendor.MailsTo(Carol));
    }

    [Fact]
    public async Task Another_role_is_confirmed_by_the_answer_and_sent_again_where_it_is_lost()
    {
        await using var bench = await ConfidentAiBench.StartAsync();
        bench.Vendor.AddMember(
            ConfidentAiBench.ProjectId,
            "max@example.com",
            Reconciler.Sandbox.SandboxAccess.Role("Manager")
        );
        var action = await bench.ActionAsync(ActionKind.Update, Member1, "Manager");
        bench.Inject(new(FaultKind.LostResponse) { Method = "PUT" });
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(action));
        Assert.Equal(2, bench.Sent().Length);
        Assert.Equal("Manager", bench.RoleOf(Member1));
    }

    [Fact]
    public async Task An_answer_that_shows_another_role_is_read_back()
    {
        await using var bench = await ConfidentAiBench.StartAsync();
        var action = await bench.ActionAsync(ActionKind.Update, Member1, "Analyst");
        bench.Inject(
            Fault.Answer(
                200,
                """{"success":true,"data":{"member":"""
                    + $$"""{"id":"{{action.Member!.MembershipId}}","email":"x@example.com","projectRole":null} } }"""
            ) with
            {
                Method = "PUT",
            }
        );
        Assert.Equal(WriteResult.ReadBack, await bench.ApplyAsync(action));
    }

    [Fact]
    public async Task Revoking_is_read_back_whether_the_invitation_was_there_or_gone_or_answered()
    {
        await using var bench = await ConfidentAiBench.StartAsync(2, Carol, "dave@example.com");
        var (carol, dave) = (
            await bench.ActionAsync(ActionKind.Revoke, Carol),
            await bench.ActionAsync(ActionKind.Revoke, "dave@example.com")
        );
        Assert.Equal(WriteResult.ReadBack, await bench.ApplyAsync(carol));
        Assert.Equal(WriteResult.ReadBack, await bench.ApplyAsync(carol));
        bench.Vendor.Decline(ConfidentAiBench.ProjectId, "dave@example.com");
        Assert.Equal(WriteResult.ReadBack, await bench.ApplyAsync(dave));
        Assert.True(ActionEffect.IsVisible(carol, await bench.ReadAsync()));
    }

    [Fact]
    public async Task Removing_is_confirmed_and_removing_who_is_gone_is_read_back()
    {
        await using var bench = await ConfidentAiBench.StartAsync();
        var action = await bench.ActionAsync(ActionKind.Remove, Member1);
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(action));
        Assert.Equal($"DELETE /members/{action.Member!.PersonId}", Assert.Single(bench.Sent()));
        Assert.Equal(WriteResult.ReadBack, await bench.ApplyAsync(action));
        Assert.True(ActionEffect.IsVisible(action, await bench.ReadAsync()));
    }

    [Fact]
    public async Task The_Owner_whom_the_vendor_keeps_is_told_in_its_words()
    {
        await using var bench = await ConfidentAiBench.StartAsync();
        var action = await bench.ActionAsync(ActionKind.Remove, ConfidentAiBench.Owner);
        var writer = bench.Connection.Writer();
        var failure = await ConfidentAiBench.RefusedAsync(() =>
            writer.ApplyAsync(bench.Project, [action], TestContext.Current.CancellationToken)
        );
        Assert.True(failure.IsSettledByReading);
        Assert.Contains("The project Owner cannot be removed", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replacing_only_revokes_until_reading_shows_that_nobody_accepted()
    {
        await using var bench = await ConfidentAiBench.StartAsync(2, Carol);
        bench.Declare((Carol, "Analyst"));
        var action = await bench.ActionAsync(ActionKind.Replace, Carol, "Analyst");
        Assert.Equal(WriteResult.OnlyRevoked, await bench.ApplyAsync(action));
        Assert.Equal([$"DELETE /invitations/{action.Invitation!.Id}"], bench.Sent());
    }

    [Fact]
    public async Task Replacing_the_invitation_of_somebody_who_just_accepted_invites_nobody()
    {
        await using var bench = await ConfidentAiBench.StartAsync(2, Carol);
        var action = await bench.ActionAsync(ActionKind.Replace, Carol, "Analyst");
        bench.Vendor.Accept(ConfidentAiBench.ProjectId, Carol);
        Assert.Equal(WriteResult.ReadBack, await bench.ApplyAsync(action));
        Assert.Equal(0, bench.Vendor.MailsTo(Carol));
    }
}

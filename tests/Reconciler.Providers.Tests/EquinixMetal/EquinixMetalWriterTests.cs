using Reconciler.Core.Actions;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Core.Recording;
using Reconciler.Sandbox.EquinixMetal;
using Reconciler.Sandbox.Faults;
using Reconciler.Testing.Providers.Http;

namespace Reconciler.Providers.Tests.EquinixMetal;

public class EquinixMetalWriterTests
{
    private const string Carol = "carol@example.com";

    [Fact]
    public async Task Creating_a_project_invitation_sends_roles_and_message_and_is_confirmed_by_the_answer()
    {
        await using var bench = await EquinixMetalBench.StartAsync();
        var action = await bench.ActionAsync(ActionKind.Invite, "Carol@Example.com", "collaborator", "billing") with
        {
            Message = "welcome",
        };
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(action));
        Assert.Equal(["POST /projects/P/invitations"], bench.Sent());
        Assert.Equal(
            """{"invitee":"Carol@Example.com","roles":["billing","collaborator"],"message":"welcome"}""",
            bench.Server.Requests[0].Body
        );
        Assert.True(ActionEffect.IsVisible(action, await bench.ReadAsync()));
    }

    [Fact]
    public async Task An_invitation_that_the_vendor_refuses_is_told_in_its_words()
    {
        await using var bench = await EquinixMetalBench.StartAsync(quirk: EquinixQuirks.NoLimitedCollaborator);
        var action = await bench.ActionAsync(ActionKind.Invite, Carol, "limited_collaborator");
        var failure = await EquinixMetalBench.RefusedAsync(() => bench.ApplyAsync(action));
        Assert.Equal(ProviderFault.Refused, failure.Fault);
        Assert.Equal(
            $"POST /projects/{EquinixMetalBench.First}/invitations answered 422: Roles contains an invalid "
                + "role limited_collaborator (request r-1)",
            failure.Message
        );
    }

    [Fact]
    public async Task An_invitation_whose_answer_is_lost_is_ambiguous_and_mailed_once()
    {
        await using var bench = await EquinixMetalBench.StartAsync();
        var action = await bench.ActionAsync(ActionKind.Invite, Carol, "billing");
        bench.Inject(new(FaultKind.LostResponse) { Method = "POST", Times = null });
        Assert.Equal(
            ProviderFault.Ambiguous,
            (await EquinixMetalBench.RefusedAsync(() => bench.ApplyAsync(action))).Fault
        );
        Assert.Equal(1, bench.Vendor.MailsTo(Carol));
        Assert.True(ActionEffect.IsVisible(action, await bench.ReadAsync()));
    }

    [Fact]
    public async Task Updating_a_membership_sends_the_documents_spelling()
    {
        await using var bench = await EquinixMetalBench.StartAsync();
        var action = await bench.ActionAsync(ActionKind.Update, "member1@example.com", "admin", "billing");
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(action));
        Assert.Equal([$"PUT /memberships/{action.Member!.MembershipId}"], bench.Sent());
        Assert.Equal("""{"role":["admin","billing"]}""", bench.Server.Requests[0].Body);
        Assert.True(ActionEffect.IsVisible(action, await bench.ReadAsync()));
    }

    [Fact]
    public async Task A_refused_spelling_is_replaced_once_and_the_other_one_remembered_for_the_connection()
    {
        await using var bench = await EquinixMetalBench.StartAsync(quirk: EquinixQuirks.RolesSpelling);
        var (first, second) = (
            await bench.ActionAsync(ActionKind.Update, "member1@example.com", "admin"),
            await bench.ActionAsync(ActionKind.Update, "member2@example.com", "billing")
        );
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(first));
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(second));
        Assert.Equal(
            ["""{"role":["admin"]}""", """{"roles":["admin"]}""", """{"roles":["billing"]}"""],
            bench.Server.Requests.Select(r => r.Body)
        );
    }

    [Fact]
    public async Task A_spelling_that_is_passed_over_in_silence_is_replaced_too()
    {
        await using var bench = await EquinixMetalBench.StartAsync();
        var action = await bench.ActionAsync(ActionKind.Update, "member1@example.com", "admin");
        var unchanged = $$"""{"id":"{{action.Member!.MembershipId}}","roles":["collaborator"]}""";
        bench.Inject(Fault.Answer(200, unchanged) with { Method = "PUT" });
        bench.Vendor.Set(EquinixQuirks.RolesSpelling, true);
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(action));
        Assert.Equal(["""{"role":["admin"]}""", """{"roles":["admin"]}"""], bench.Server.Requests.Select(r => r.Body));
    }

    [Fact]
    public async Task Roles_that_are_refused_under_both_spellings_are_told_with_both_refusals()
    {
        await using var bench = await EquinixMetalBench.StartAsync();
        var action = await bench.ActionAsync(ActionKind.Update, "member1@example.com", "astronaut");
        var failure = await EquinixMetalBench.RefusedAsync(() => bench.ApplyAsync(action));
        Assert.Equal(ProviderFault.Refused, failure.Fault);
        Assert.Contains(
            "Roles contains an invalid role astronaut (request r-1)",
            failure.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("with \"roles\" instead of \"role\"", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, bench.Sent().Length);
    }

    [Fact]
    public async Task Once_a_spelling_has_worked_a_refusal_is_about_the_roles()
    {
        await using var bench = await EquinixMetalBench.StartAsync();
        await bench.ApplyAsync(await bench.ActionAsync(ActionKind.Update, "member1@example.com", "admin"));
        var refused = await bench.ActionAsync(ActionKind.Update, "member2@example.com", "astronaut");
        var failure = await EquinixMetalBench.RefusedAsync(() => bench.ApplyAsync(refused));
        Assert.EndsWith(
            "answered 422: Roles contains an invalid role astronaut (request r-1)",
            failure.Message,
            StringComparison.Ordinal
        );
        Assert.Single(bench.Sent());
    }

    [Fact]
    public async Task Resending_an_invitation_mails_again_and_a_lost_answer_is_not_repeated()
    {
        await using var bench = await EquinixMetalBench.StartAsync(2, [EquinixMetalBench.Pending(Carol)]);
        var action = await bench.ActionAsync(ActionKind.Resend, Carol, "collaborator");
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(action));
        Assert.Equal([$"POST /invitations/{action.Invitation!.Id}"], bench.Sent());
        Assert.Equal(1, bench.Vendor.MailsTo(Carol));
        bench.Inject(new(FaultKind.LostResponse) { Method = "POST", Times = null });
        Assert.Equal(
            ProviderFault.Ambiguous,
            (await EquinixMetalBench.RefusedAsync(() => bench.ApplyAsync(action))).Fault
        );
        Assert.Equal(2, bench.Vendor.MailsTo(Carol));
    }

    [Fact]
    public async Task Revoking_an_invitation_is_read_back_whether_it_was_there_or_gone()
    {
        await using var bench = await EquinixMetalBench.StartAsync(2, [EquinixMetalBench.Pending(Carol)]);
        var action = await bench.ActionAsync(ActionKind.Revoke, Carol);
        Assert.Equal(WriteResult.ReadBack, await bench.ApplyAsync(action));
        Assert.Equal(WriteResult.ReadBack, await bench.ApplyAsync(action));
        Assert.Equal(
            [$"DELETE /invitations/{action.Invitation!.Id}", $"DELETE /invitations/{action.Invitation!.Id}"],
            bench.Sent()
        );
        Assert.True(ActionEffect.IsVisible(action, await bench.ReadAsync()));
    }

    [Fact]
    public async Task Deleting_a_membership_is_confirmed_and_one_that_is_gone_is_read_back()
    {
        await using var bench = await EquinixMetalBench.StartAsync();
        var action = await bench.ActionAsync(ActionKind.Remove, "member1@example.com");
        bench.Inject(new(FaultKind.LostResponse) { Method = "DELETE" });
        Assert.Equal(WriteResult.ReadBack, await bench.ApplyAsync(action));
        Assert.True(ActionEffect.IsVisible(action, await bench.ReadAsync()));
        var other = await bench.ActionAsync(ActionKind.Remove, "member2@example.com");
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(other));
        Assert.Equal([$"DELETE /memberships/{other.Member!.MembershipId}"], bench.Sent());
    }

    [Fact]
    public async Task Replacing_only_revokes_until_reading_shows_that_nobody_accepted()
    {
        await using var bench = await EquinixMetalBench.StartAsync(2, [EquinixMetalBench.Pending(Carol)]);
        var action = await bench.ActionAsync(ActionKind.Replace, Carol, "admin");
        Assert.Equal(WriteResult.OnlyRevoked, await bench.ApplyAsync(action));
        Assert.Equal([$"DELETE /invitations/{action.Invitation!.Id}"], bench.Sent());
    }

    [Fact]
    public async Task The_token_goes_in_its_own_header()
    {
        await using var vendor = new Reconciler.Testing.Providers.Http.StubVendor(
            Reconciler.Testing.Providers.Http.StubVendor.Json(200, """{"invitations":[]}""")
        );
        using var connection = Reconciler
            .Providers.ProviderCatalog.Find("equinix-metal")!
            .Connect!(new(vendor.Url, _ => ValueTask.FromResult("t0ken")));
        Assert.Empty(await connection.OwnInvitations!.ListAsync(TestContext.Current.CancellationToken));
        Assert.Contains("X-Auth-Token: t0ken\r\n", Assert.Single(vendor.Requests), StringComparison.Ordinal);
        Assert.DoesNotContain("Authorization", vendor.Requests.First(), StringComparison.Ordinal);
    }
}

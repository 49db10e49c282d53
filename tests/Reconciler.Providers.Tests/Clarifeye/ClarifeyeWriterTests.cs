using System.Diagnostics;
using Reconciler.Core.Actions;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Core.Recording;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Clarifeye;
using Reconciler.Sandbox.Faults;

namespace Reconciler.Providers.Tests.Clarifeye;

public class ClarifeyeWriterTests
{
    private const string Carol = "Carol@Example.com";

    [Fact]
    public async Task Inviting_a_new_user_is_confirmed_by_the_answer()
    {
        await using var bench = await ClarifeyeBench.StartAsync();
        var action = await bench.ActionAsync(
            ActionKind.Invite,
            Carol,
            ClarifeyeBench.Access("CAN_VIEW_DATA", "CAN_RUN_TASKS")
        );
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(action));
        var request = Assert.Single(bench.Server.Requests);
        Assert.EndsWith(
            $"/projects/{ClarifeyeBench.ProjectId}/invites/invite/",
            request.Target,
            StringComparison.Ordinal
        );
        Assert.Equal("""{"email":"Carol@Example.com","permissions":["CAN_RUN_TASKS","CAN_VIEW_DATA"]}""", request.Body);
        Assert.True(ActionEffect.IsVisible(action, await bench.ReadAsync()));
    }

    [Fact]
    public async Task Inviting_a_registered_user_is_read_back()
    {
        await using var bench = await ClarifeyeBench.StartAsync();
        var action = await bench.ActionAsync(
            ActionKind.Invite,
            "ken@example.com",
            ClarifeyeBench.Access("CAN_VIEW_DATA")
        );
        Assert.Equal(WriteResult.ReadBack, await bench.ApplyAsync(action));
        Assert.Contains((await bench.ReadAsync()).Members, m => m.Email == "ken@example.com");
    }

    [Fact]
    public async Task A_declared_profile_is_sent_and_one_that_the_vendor_ignores_is_read_back()
    {
        await using var bench = await ClarifeyeBench.StartAsync();
        var ignored = await bench.ActionAsync(
            ActionKind.Invite,
            Carol,
            ClarifeyeBench.WithProfile("tech", "CAN_VIEW_DATA")
        );
        Assert.Equal(WriteResult.ReadBack, await bench.ApplyAsync(ignored));
        Assert.Contains("\"profile\":\"tech\"", Assert.Single(bench.Server.Requests).Body, StringComparison.Ordinal);

        bench.Vendor.Set(ClarifeyeQuirks.Profiles, true);
        var taken = await bench.ActionAsync(
            ActionKind.Invite,
            "dave@example.com",
            ClarifeyeBench.WithProfile("tech", "CAN_VIEW_DATA")
        );
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(taken));
    }

    [Fact]
    public async Task An_invitation_whose_answer_is_lost_is_ambiguous_and_mailed_once()
    {
        await using var bench = await ClarifeyeBench.StartAsync();
        var action = await bench.ActionAsync(
            ActionKind.Invite,
            "carol@example.com",
            ClarifeyeBench.Access("CAN_VIEW_DATA")
        );
        bench.Inject(new(FaultKind.LostResponse) { Method = "POST", Times = null });
        Assert.Equal(
            ProviderFault.Ambiguous,
            (await ClarifeyeBench.RefusedAsync(() => bench.ApplyAsync(action))).Fault
        );
        Assert.Equal(1, bench.Vendor.MailsTo("carol@example.com"));
        Assert.True(ActionEffect.IsVisible(action, await bench.ReadAsync()));
    }

    [Fact]
    public async Task An_invitation_that_the_vendor_refuses_is_told_in_its_words()
    {
        await using var bench = await ClarifeyeBench.StartAsync();
        var action = await bench.ActionAsync(ActionKind.Invite, "carol@example.com", ClarifeyeBench.Access("CAN_FLY"));
        var failure = await ClarifeyeBench.RefusedAsync(() => bench.ApplyAsync(action));
        Assert.Equal(ProviderFault.Refused, failure.Fault);
        Assert.StartsWith(
            $"POST /projects/{ClarifeyeBench.ProjectId}/invites/invite/ answered 400: permissions",
            failure.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_update_is_confirmed_where_the_answer_shows_what_was_asked()
    {
        await using var bench = await ClarifeyeBench.StartAsync();
        var action = await bench.ActionAsync(
            ActionKind.Update,
            "member1@example.com",
            ClarifeyeBench.Access("CAN_RUN_TASKS")
        );
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(action));
        Assert.Equal("""{"permissions":["CAN_RUN_TASKS"]}""", Assert.Single(bench.Server.Requests).Body);
        Assert.True(ActionEffect.IsVisible(action, await bench.ReadAsync()));
    }

    [Fact]
    public async Task An_update_that_merges_is_read_back_and_not_taken_for_done()
    {
        await using var bench = await ClarifeyeBench.StartAsync();
        bench.Vendor.Set(ClarifeyeQuirks.PatchMerges, true);
        var action = await bench.ActionAsync(
            ActionKind.Update,
            "member1@example.com",
            ClarifeyeBench.Access("CAN_RUN_TASKS")
        );
        Assert.Equal(WriteResult.ReadBack, await bench.ApplyAsync(action));
        Assert.False(ActionEffect.IsVisible(action, await bench.ReadAsync()));
    }

    [Fact]
    public async Task An_update_whose_answer_is_lost_is_sent_again()
    {
        await using var bench = await ClarifeyeBench.StartAsync();
        var action = await bench.ActionAsync(
            ActionKind.Update,
            "member1@example.com",
            ClarifeyeBench.Access("CAN_RUN_TASKS")
        );
        bench.Inject(new(FaultKind.LostResponse) { Method = "PATCH" });
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(action));
        Assert.Equal(2, bench.Sent().Length);
    }

    [Fact]
    public async Task Revoking_is_confirmed_and_revoking_what_is_gone_is_read_back()
    {
        await using var bench = await ClarifeyeBench.StartAsync(2, "carol@example.com");
        var action = await bench.ActionAsync(ActionKind.Revoke, "carol@example.com");
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(action));
        Assert.Equal(WriteResult.ReadBack, await bench.ApplyAsync(action));
        var unknown = action with
        {
            Invitation = action.Invitation! with { Id = "99999999-0d44-4b50-8888-8dd25736052a" },
        };
        Assert.Equal(WriteResult.ReadBack, await bench.ApplyAsync(unknown));
        Assert.True(ActionEffect.IsVisible(action, await bench.ReadAsync()));
    }

    [Fact]
    public async Task Removing_goes_by_the_address_that_the_vendor_has()
    {
        await using var bench = await ClarifeyeBench.StartAsync();
        var action = await bench.ActionAsync(ActionKind.Remove, "Member1@Example.com");
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(action));
        Assert.Equal("""{"email":"member1@example.com"}""", Assert.Single(bench.Server.Requests).Body);
        Assert.Equal(WriteResult.ReadBack, await bench.ApplyAsync(action));
        Assert.True(ActionEffect.IsVisible(action, await bench.ReadAsync()));
    }

    [Fact]
    public async Task A_removal_whose_answer_is_lost_is_settled_by_reading()
    {
        await using var bench = await ClarifeyeBench.StartAsync();
        var action = await bench.ActionAsync(ActionKind.Remove, "member1@example.com");
        bench.Inject(new(FaultKind.LostResponse) { Method = "POST" });
        Assert.Equal(WriteResult.ReadBack, await bench.ApplyAsync(action));
        Assert.True(ActionEffect.IsVisible(action, await bench.ReadAsync()));
    }

    [Fact]
    public async Task Replacing_revokes_and_invites_anew()
    {
        await using var bench = await ClarifeyeBench.StartAsync(2, "carol@example.com");
        var action = await bench.ActionAsync(
            ActionKind.Replace,
            "carol@example.com",
            ClarifeyeBench.Access("CAN_RUN_TASKS")
        );
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(action));
        Assert.Equal(["DELETE", "POST"], bench.Server.Requests.Select(r => r.Method));
        Assert.True(ActionEffect.IsVisible(action, await bench.ReadAsync()));
    }

    [Fact]
    public async Task A_replacement_that_is_refused_halfway_says_that_the_old_invitation_is_revoked()
    {
        await using var bench = await ClarifeyeBench.StartAsync(2, "carol@example.com");
        var action = await bench.ActionAsync(ActionKind.Replace, "carol@example.com", ClarifeyeBench.Access("CAN_FLY"));
        var failure = await ClarifeyeBench.RefusedAsync(() => bench.ApplyAsync(action));
        Assert.Equal((ProviderFault.Refused, true), (failure.Fault, failure.IsPartlyDone));
        Assert.StartsWith(
            "the old invitation is revoked, and no new one is known to be out: POST ",
            failure.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_replacement_that_was_done_by_half_is_read_back_before_a_new_mail()
    {
        await using var bench = await ClarifeyeBench.StartAsync(2, "carol@example.com");
        var action = await bench.ActionAsync(
            ActionKind.Replace,
            "carol@example.com",
            ClarifeyeBench.Access("CAN_RUN_TASKS")
        );
        bench.Inject(new(FaultKind.Reset) { Method = "POST" });
        Assert.Equal(
            ProviderFault.Ambiguous,
            (await ClarifeyeBench.RefusedAsync(() => bench.ApplyAsync(action))).Fault
        );
        // The old one is gone, and only reading tells whether the person accepted it: no new one is sent yet.
        Assert.Equal(WriteResult.ReadBack, await bench.ApplyAsync(action));
        Assert.Equal(0, bench.Vendor.MailsTo("carol@example.com"));
    }

    [Fact]
    public async Task Replacing_the_invitation_of_somebody_who_just_accepted_changes_nothing()
    {
        await using var bench = await ClarifeyeBench.StartAsync(2, "carol@example.com");
        var action = await bench.ActionAsync(
            ActionKind.Replace,
            "carol@example.com",
            ClarifeyeBench.Access("CAN_RUN_TASKS")
        );
        bench.Vendor.Accept(ClarifeyeBench.ProjectId, "carol@example.com");
        Assert.Equal(WriteResult.ReadBack, await bench.ApplyAsync(action));
        Assert.Equal(["DELETE"], bench.Server.Requests.Select(r => r.Method));
    }

    [Fact]
    public async Task Resending_is_in_no_plan_for_Clarifeye()
    {
        await using var bench = await ClarifeyeBench.StartAsync(2, "carol@example.com");
        Assert.False(bench.Project.Provider.Vendor.Capabilities.Can(ActionKind.Resend));
        var action = await bench.ActionAsync(
            ActionKind.Resend,
            "carol@example.com",
            ClarifeyeBench.Access("CAN_VIEW_DATA")
        );
        await Assert.ThrowsAsync<UnreachableException>(() => bench.ApplyAsync(action));
        Assert.Empty(bench.Sent());
    }
}

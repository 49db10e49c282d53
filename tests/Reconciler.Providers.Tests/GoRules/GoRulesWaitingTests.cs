using Reconciler.Core.Actions;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;
using Reconciler.Core.Recording;
using Reconciler.Sandbox.Faults;

namespace Reconciler.Providers.Tests.GoRules;

/// <summary>People who have yet to accept the invitation to the organisation.</summary>
public class GoRulesWaitingTests
{
    private static readonly DesiredAccess Editors = GoRulesBench.Access("Editors");
    private static readonly DesiredAccess Viewers = GoRulesBench.Access("Viewers");

    [Fact]
    public async Task Revoking_takes_the_access_that_accepting_would_give_and_leaves_the_invitation_to_the_organisation()
    {
        await using var bench = await GoRulesBench.StartAsync(1, "carol@example.com");
        var action = await bench.ActionAsync(ActionKind.Revoke, "carol@example.com");
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(action));
        Assert.StartsWith("PUT /api/projects/P/members/", Assert.Single(bench.Sent()), StringComparison.Ordinal);
        Assert.True(ActionEffect.IsVisible(action, await bench.ReadAsync()));
        bench.Vendor.Accept(GoRulesBench.ProjectId, "carol@example.com");
        Assert.DoesNotContain((await bench.ReadAsync()).Members, m => m.Email == "carol@example.com");
    }

    [Fact]
    public async Task Resend_mails_a_person_once_however_many_projects_ask()
    {
        await using var bench = await GoRulesBench.StartAsync(1, "carol@example.com");
        var action = await bench.ActionAsync(ActionKind.Resend, "carol@example.com");
        Assert.Equal(
            [WriteResult.Confirmed, WriteResult.Confirmed],
            await Task.WhenAll(bench.ApplyAsync(action), bench.ApplyToOtherAsync(action))
        );
        Assert.Equal($"POST /api/users/{action.Invitation!.PersonId}/invitation", Assert.Single(bench.Sent()));
        Assert.Equal(1, bench.Vendor.MailsTo("carol@example.com"));
    }

    [Fact]
    public async Task A_resend_whose_answer_is_lost_counts_for_every_project_and_one_that_was_denied_does_not()
    {
        await using var bench = await GoRulesBench.StartAsync(1, "carol@example.com");
        var action = await bench.ActionAsync(ActionKind.Resend, "carol@example.com");
        bench.Inject(Fault.Answer(403) with { Method = "POST", Path = "/invitation" });
        var denied = await GoRulesBench.RefusedAsync(() => bench.ApplyAsync(action));
        Assert.Equal(ProviderFault.Manual, denied.Fault);
        Assert.StartsWith(
            "send carol@example.com the invitation to the organisation again in GoRules",
            denied.Message,
            StringComparison.Ordinal
        );

        bench.Inject(new(FaultKind.LostResponse) { Method = "POST", Path = "/invitation" });
        Assert.Equal(ProviderFault.Ambiguous, (await GoRulesBench.RefusedAsync(() => bench.ApplyAsync(action))).Fault);
        Assert.Equal(
            ProviderFault.Ambiguous,
            (await GoRulesBench.RefusedAsync(() => bench.ApplyToOtherAsync(action))).Fault
        );
        Assert.Equal(1, bench.Vendor.MailsTo("carol@example.com"));
    }

    [Fact]
    public async Task Other_access_for_somebody_who_waits_in_the_project_is_written_without_a_mail()
    {
        await using var bench = await GoRulesBench.StartAsync(1, "carol@example.com");
        bench.Declare(
            GoRulesBench.Declared("carol@example.com", Viewers),
            GoRulesBench.Declared("member1@example.com", Editors)
        );
        var action = Assert.Single((await bench.PlanAsync()).Actions);
        Assert.Equal(ActionKind.Replace, action.Kind);
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(action));
        Assert.StartsWith("PUT /api/projects/P/members/", Assert.Single(bench.Sent()), StringComparison.Ordinal);
        Assert.Equal("groups: Viewers; owner: false", bench.AccessAtVendor("carol@example.com"));
        Assert.Equal(0, bench.Vendor.MailsTo("carol@example.com"));
        Assert.Equal(FindingKind.Waiting, Assert.Single((await bench.PlanAsync()).Findings).Kind);
    }

    [Fact]
    public async Task Somebody_who_waits_outside_the_project_is_neither_revoked_nor_replaced()
    {
        await using var bench = await GoRulesBench.StrictAsync("carol@example.com");
        bench.Declare(
            GoRulesBench.Declared("carol@example.com", Viewers),
            GoRulesBench.Declared("member1@example.com", Editors),
            GoRulesBench.Declared("member2@example.com", Editors)
        );
        bench.Project = bench.Project with
        {
            Invitations = InvitationPolicy.Default with { ExpireAfter = TimeSpan.FromDays(1) },
        };
        var sent = DateTimeOffset.UtcNow.AddDays(-3);
        var plan = await bench.PlanAsync(
            new(
                OwnershipSource.Ledger,
                [
                    new("carol@example.com")
                    {
                        State = PersonState.Invited,
                        InvitedAt = sent,
                        SentAt = sent,
                    },
                ]
            )
        );
        Assert.Empty(plan.Actions);
        Assert.Equal(FindingKind.Manual, Assert.Single(plan.Findings).Kind);
    }
}

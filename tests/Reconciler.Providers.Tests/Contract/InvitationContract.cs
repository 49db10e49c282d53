using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Engine.Applying;
using Reconciler.Sandbox.Faults;
using Reconciler.Testing.Contract;

namespace Reconciler.Providers.Tests.Contract;

/// <summary>The life of an invitation, at every vendor.</summary>
public sealed class InvitationContract
{
    private const string Ana = "ana";

    // Where nobody is ever invited, the members' contract says it all.
    public static TheoryData<string> Vendors => VendorRows.Inviters;

    public static TheoryData<string> Resenders => VendorRows.That(r => r.Resend is not null);

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task An_invited_person_leaves_nothing_to_plan_before_and_after_accepting(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(vendor);
        await bench.Declare(Ana, "bob").ConvergeAsync();
        Assert.Equal(1, bench.MailsTo(Ana));
        bench.Accept(Ana);
        Assert.Empty((await bench.PlanAsync()).Actions);
        Assert.Contains(Ana, bench.MemberNames());
        Assert.Equal(1, bench.MailsTo(Ana));
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task A_pending_invitation_with_other_access_is_brought_to_the_declared_access(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(vendor, ContractBench.Pending(Ana));
        await bench.Declare([(Ana, bench.Row.Greater)]).ConvergeAsync();
        bench.Accept(Ana);
        // Where the vendor can replace an invitation, accepting it leaves nothing to do; elsewhere the access follows
        // now.
        if (bench.CanReplace)
            Assert.Empty((await bench.PlanAsync()).Actions);
        await bench.ConvergeAsync();
        Assert.Equal(1, (await bench.PlanAsync()).Converged);
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task A_reminder_that_is_due_is_sent_once_or_is_manual(string vendor)
    {
        await using var bench = await WaitingAsync(vendor);
        var plan = await bench.PlanAsync();
        if (bench.Row.Resend is null)
        {
            Assert.Contains(plan.Findings, f => f.Kind == FindingKind.Manual && ContractBench.NameOf(f.Person) == Ana);
            return;
        }

        Assert.Equal(ActionKind.Resend, Assert.Single(plan.Actions).Kind);
        var mails = bench.MailsTo(Ana);
        Assert.Equal(OutcomeKind.Done, Assert.Single(await bench.ApplyAsync()).Kind);
        Assert.Equal(mails + 1, bench.MailsTo(Ana));
    }

    [Theory]
    [MemberData(nameof(Resenders))]
    public async Task A_reminder_whose_answer_is_lost_counts_as_sent(string vendor)
    {
        await using var bench = await WaitingAsync(vendor);
        var resend = bench.Row.Resend!.Value;
        bench.Inject(new(FaultKind.LostResponse) { Method = resend.Method, Path = resend.Path });
        var mails = bench.MailsTo(Ana);
        Assert.Equal(OutcomeKind.Done, Assert.Single(await bench.ApplyAsync()).Kind);
        Assert.Equal(mails + 1, bench.MailsTo(Ana));
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task A_pending_invitation_of_somebody_undeclared_is_revoked_or_manual(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(vendor, ContractBench.Pending(Ana));
        if (bench.Row.Revoke is null)
        {
            var plan = await bench.Declare().PlanAsync();
            Assert.True(
                plan.Actions.Length + plan.Findings.Length > 0,
                "somebody who could still come in is not passed over in silence"
            );
            return;
        }

        await bench.Declare().ConvergeAsync();
        Assert.DoesNotContain(
            bench.Vendor.Invitations(bench.Row.ProjectId),
            i => i.Status.Equals("pending", StringComparison.OrdinalIgnoreCase)
        );
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task An_invitation_whose_answer_is_lost_after_it_was_sent_is_not_sent_again(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(vendor);
        bench.Inject(new(FaultKind.LostResponse) { Method = bench.Row.InviteMethod, Path = bench.Row.InvitePath });
        await bench.Declare(Ana).ConvergeAsync();
        Assert.Equal(1, bench.MailsTo(Ana));
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task An_invitation_that_fails_before_it_is_sent_is_sent_once(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(vendor);
        bench.Inject(
            new(FaultKind.Answer)
            {
                Method = bench.Row.InviteMethod,
                Path = bench.Row.InvitePath,
                Status = 500,
                Content = "{\"error\":\"internal\"}",
            }
        );
        await bench.Declare(Ana).ConvergeAsync();
        Assert.Equal(1, bench.MailsTo(Ana));
    }

    // Invited three days ago, with one reminder a day.
    private static async Task<ContractBench> WaitingAsync(string vendor)
    {
        var bench = await ContractBench.StartAsync(vendor, ContractBench.Pending(Ana));
        // Three days go by; the vendor made the invitation just now.
        var sent = bench.Now;
        bench.Now = sent.AddDays(3);
        bench.Declare(Ana).With("invitations: {resendAfter: 24h}");
        bench.Ledger = new(
            OwnershipSource.Ledger,
            [
                new(bench.Key(Ana))
                {
                    Owned = true,
                    State = PersonState.Invited,
                    InvitedAt = sent,
                    SentAt = sent,
                },
            ]
        );
        return bench;
    }
}

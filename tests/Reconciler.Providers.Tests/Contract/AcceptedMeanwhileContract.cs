using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;
using Reconciler.Testing.Contract;

namespace Reconciler.Providers.Tests.Contract;

/// <summary>Somebody accepts between a run's reading and its write, at every vendor.</summary>
public sealed class AcceptedMeanwhileContract
{
    private const string Dora = "dora";
    private const string Boss = "boss";

    public static TheoryData<string> Vendors => VendorRows.Inviters;

    /// <summary>
    /// Elsewhere the seat in the project is the same before and after accepting, and taking it away is the same call.
    /// </summary>
    public static TheoryData<string> Revokers => VendorRows.That(r => r.Invites && r.Revoke is not null);

    public static TheoryData<string> Replacers =>
        VendorRows.That(r => r.Invites && r.Vendor.Capabilities.Can(ActionKind.Replace));

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task Somebody_accepted_while_revoked_is_removed_in_the_same_run(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(vendor, ContractBench.Pending(Dora));
        var outcomes = await AcceptAsync(bench.Declare());
        Assert.NotEmpty(outcomes);
        Assert.DoesNotContain(Dora, bench.MemberNames());
        Assert.DoesNotContain(outcomes, o => o.Kind is OutcomeKind.Failed or OutcomeKind.Skipped);
        Assert.Empty((await bench.PlanAsync()).Actions);
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task Under_prune_owned_somebody_accepted_while_revoked_does_not_stay_for_good(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(vendor, ContractBench.Pending(Dora));
        bench.Ledger = new(
            OwnershipSource.Ledger,
            [
                new(bench.Key(Dora))
                {
                    Owned = true,
                    State = PersonState.Invited,
                    InvitedAt = bench.Now,
                    SentAt = bench.Now,
                },
            ]
        );
        var outcomes = await AcceptAsync(bench.Declare().With("prune: owned"));
        Assert.NotEmpty(outcomes);
        Assert.DoesNotContain(Dora, bench.MemberNames());
    }

    [Theory]
    [MemberData(nameof(Revokers))]
    public async Task A_revocation_that_came_too_late_is_not_told_as_done(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(vendor, ContractBench.Pending(Dora));
        var outcomes = await AcceptAsync(bench.Declare());
        Assert.Equal([OutcomeKind.Overtaken, OutcomeKind.Done], outcomes.Select(o => o.Kind));
        Assert.Equal([ActionKind.Revoke, ActionKind.Remove], outcomes.Select(o => o.Action.Kind));
    }

    [Theory]
    [MemberData(nameof(Replacers))]
    public async Task Somebody_who_accepts_while_the_invitation_is_replaced_gets_the_access_and_no_further_mail(
        string vendor
    )
    {
        await using var bench = await ContractBench.StartAsync(vendor, ContractBench.Pending(Dora));
        var mails = bench.MailsTo(Dora);
        var outcomes = await AcceptAsync(bench.Declare([(Dora, bench.Row.Greater)]));
        Assert.NotEmpty(outcomes);
        Assert.DoesNotContain(outcomes, o => o.Kind is OutcomeKind.Failed or OutcomeKind.Skipped);
        Assert.Equal(mails, bench.MailsTo(Dora));
        var plan = await bench.PlanAsync();
        Assert.Empty(plan.Actions);
        // Where no call changes a member, a human brings the accepted person to the access.
        if (bench.Row.Vendor.Capabilities.Can(ActionKind.Update))
            Assert.Equal(1, plan.Converged);
        else
            Assert.Equal([$"Manual {Dora}"], bench.Findings(plan));
    }

    [Theory]
    [MemberData(nameof(Revokers))]
    public async Task Limits_judge_a_removal_that_follows_from_accepting(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(
            vendor,
            (row, project) =>
                project with
                {
                    Members = [new(row.Key(Boss), row.SeedLesser)],
                    Invitations = [new(row.Key(Dora), row.SeedGreater)],
                }
        );
        var project = bench.Declare(Boss).Resolve();
        var pass = await bench.PassAsync();
        // Dora would be the only administrator once she has accepted.
        var limited = project with
        {
            Limits = project.Limits with { MinAdmins = [new("the Guardrail q", 1)] },
        };
        var planned = pass.Projects.Single();
        pass = pass with
        {
            Projects = [planned with { Project = limited, Plan = planned.Plan! with { Project = limited } }],
        };
        bench.Accept(Dora);
        var outcome = Assert.Single(await bench.ApplyAsync(pass));
        Assert.Equal(OutcomeKind.Failed, outcome.Kind);
        Assert.Contains("accepted before this arrived", outcome.Message, StringComparison.Ordinal);
        Assert.Contains("the Guardrail q asks for 1", outcome.Message, StringComparison.Ordinal);
        Assert.Contains(Dora, bench.MemberNames());
    }

    // Reads and plans, lets the person accept, applies.
    private static async Task<IReadOnlyList<ActionOutcome>> AcceptAsync(ContractBench bench)
    {
        var pass = await bench.PassAsync();
        bench.Accept(Dora);
        return await bench.ApplyAsync(pass);
    }
}

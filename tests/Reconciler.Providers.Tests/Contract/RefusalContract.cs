using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Engine.Applying;
using Reconciler.Sandbox.ConfidentAi;
using Reconciler.Sandbox.Faults;
using Reconciler.Sandbox.GoRules;
using Reconciler.Testing.Contract;

namespace Reconciler.Providers.Tests.Contract;

/// <summary>What a vendor refuses for good, or has no call for, at every vendor.</summary>
public sealed class RefusalContract
{
    private const string Ana = "ana";
    private const string Bob = "bob";
    private const string Reminding = "prune: all\n  invitations: {resendAfter: 24h, maxResends: 2}";
    private const string Reinviting =
        "prune: all\n  invitations: {resendAfter: 24h, maxResends: 2, resendBy: reinvite}";
    private const string Said = "You cannot remove yourself.";

    public static TheoryData<string> Vendors => VendorRows.Inviters;

    public static TheoryData<string> Changers =>
        VendorRows.That(r => r.Invites && r.Vendor.Capabilities.Can(ActionKind.Update));

    public static TheoryData<string> Reinviters => VendorRows.That(r => r.Invites && r.Vendor.Capabilities.Reinvites);

    /// <summary>Vendors that can send a mail again, with the answers of one that cannot.</summary>
    public static TheoryData<string, int> Resenders
    {
        get
        {
            var rows = new TheoryData<string, int>();
            foreach (var name in VendorRows.That(r => r.Resend is not null))
            {
                rows.Add(name, 404);
                rows.Add(name, 405);
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task The_vendors_own_reason_is_part_of_the_message(string vendor)
    {
        await using var bench = await RefusedRemovalAsync(vendor, 400, $$"""{"error":"{{Said}}"}""");
        var outcome = Assert.Single(await bench.ApplyAsync());
        Assert.Equal(OutcomeKind.Failed, outcome.Kind);
        Assert.Contains(Said, outcome.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task A_reason_in_plain_text_is_part_of_the_message_too(string vendor)
    {
        await using var bench = await RefusedRemovalAsync(vendor, 409, Said, "text/plain; charset=utf-8");
        Assert.Contains(Said, Assert.Single(await bench.ApplyAsync()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task A_removal_that_the_vendor_never_does_is_a_finding_from_then_on(string vendor)
    {
        await using var bench = await RefusedRemovalAsync(vendor, 400, $$"""{"error":"{{Said}}"}""");
        await bench.ApplyAsync();
        var plan = await bench.PlanAsync();
        Assert.Empty(plan.Actions);
        Assert.Equal([$"Refused {Bob}"], bench.Findings(plan));
        Assert.Contains(Said, plan.Findings[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task A_refused_removal_is_tried_anew_once_a_week_has_passed(string vendor)
    {
        await using var bench = await RefusedRemovalAsync(vendor, 400, $$"""{"error":"{{Said}}"}""");
        await bench.ApplyAsync();
        bench.Server.ClearFaults();
        bench.Now += TimeSpan.FromDays(7.1);
        await bench.ConvergeAsync();
        Assert.Equal([Ana], bench.MemberNames());
    }

    [Theory]
    [MemberData(nameof(Changers))]
    public async Task A_refused_removal_is_tried_anew_once_the_persons_access_changes(string vendor)
    {
        await using var bench = await RefusedRemovalAsync(vendor, 400, $$"""{"error":"{{Said}}"}""");
        await bench.ApplyAsync();
        bench.Server.ClearFaults();
        await bench.Declare([(Ana, bench.Row.Lesser), (Bob, bench.Row.Greater)]).ConvergeAsync();
        await bench.Declare(Ana).ConvergeAsync();
        Assert.Equal([Ana], bench.MemberNames());
    }

    [Theory]
    [MemberData(nameof(Resenders))]
    public async Task A_resend_call_that_the_vendor_does_not_have_is_left_to_a_human_and_counts_towards_giving_up(
        string vendor,
        int status
    )
    {
        await using var bench = await WaitingAsync(vendor, Reminding);
        bench.Inject(
            Fault.Answer(status, """{"error":"Not found"}""") with
            {
                Method = bench.Row.Resend!.Value.Method,
                Path = bench.Row.Resend.Value.Path,
                Times = null,
            }
        );
        bench.Now += TimeSpan.FromHours(25);
        Assert.Equal(OutcomeKind.Manual, Assert.Single(await bench.ApplyAsync()).Kind);
        var plan = await bench.PlanAsync();
        Assert.Empty(plan.Actions);
        Assert.Equal(FindingKind.Manual, Assert.Single(plan.Findings).Kind);

        bench.Now += TimeSpan.FromHours(48);
        var end = await bench.PlanAsync();
        var isShared = end.Live.Invitations.Single().NamesOtherProjects;
        if (isShared)
            Assert.Contains("never accepted", Assert.Single(end.Findings).Message, StringComparison.Ordinal);
        else
            Assert.True(Assert.Single(end.Actions) is { Kind: ActionKind.Revoke, GivesUp: true });
    }

    [Theory]
    [MemberData(nameof(Resenders))]
    public async Task A_call_that_was_missing_is_tried_again_after_a_week(string vendor, int status)
    {
        await using var bench = await WaitingAsync(
            vendor,
            "prune: all\n  invitations: {resendAfter: 24h, maxResends: 20}"
        );
        bench.Inject(
            Fault.Answer(status, """{"error":"Not found"}""") with
            {
                Method = bench.Row.Resend!.Value.Method,
                Path = bench.Row.Resend.Value.Path,
                Times = null,
            }
        );
        bench.Now += TimeSpan.FromHours(25);
        await bench.ApplyAsync();
        bench.Server.ClearFaults();
        bench.Now += TimeSpan.FromDays(7.1);
        Assert.Equal(OutcomeKind.Done, Assert.Single(await bench.ApplyAsync()).Kind);
    }

    [Theory]
    [MemberData(nameof(Reinviters))]
    public async Task Reinviting_works_wherever_the_vendor_revokes_and_invites(string vendor)
    {
        await using var bench = await WaitingAsync(vendor, Reinviting);
        bench.Now += TimeSpan.FromHours(25);
        var outcome = Assert.Single(await bench.ApplyAsync());
        Assert.Equal((ActionKind.Replace, OutcomeKind.Done), (outcome.Action.Kind, outcome.Kind));
        Assert.Equal(2, bench.MailsTo(Ana));
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task A_removal_call_that_is_missing_is_left_to_a_human(string vendor)
    {
        await using var bench = await RefusedRemovalAsync(vendor, 405, """{"error":"Method not allowed"}""");
        Assert.Equal(OutcomeKind.Manual, Assert.Single(await bench.ApplyAsync()).Kind);
        Assert.Equal(FindingKind.Manual, Assert.Single((await bench.PlanAsync()).Findings).Kind);
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task A_removal_that_finds_nobody_though_the_person_is_listed_fails_and_is_tried_again(string vendor)
    {
        await using var bench = await RefusedRemovalAsync(vendor, 404, """{"error":"Not found"}""");
        Assert.Equal(OutcomeKind.Failed, Assert.Single(await bench.ApplyAsync()).Kind);
        Assert.Equal(ActionKind.Remove, Assert.Single((await bench.PlanAsync()).Actions).Kind);
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task An_invitation_of_unknown_outcome_is_sent_twice_in_a_day_at_most(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(vendor);
        bench.Remembering().Declare(Ana);
        bench.Inject(
            Fault.Answer(500) with
            {
                Method = bench.Row.InviteMethod,
                Path = bench.Row.InvitePath,
                Times = null,
            }
        );
        for (var pass = 0; pass < 4; pass++)
        {
            await bench.ApplyAsync();
            bench.Now += TimeSpan.FromHours(1);
        }

        Assert.Equal(2, Sent(bench));
        var plan = await bench.PlanAsync();
        Assert.Empty(plan.Actions);
        Assert.Equal(FindingKind.Waiting, Assert.Single(plan.Findings).Kind);
        bench.Server.ClearFaults();
        bench.Now += TimeSpan.FromHours(24);
        await bench.ConvergeAsync();
    }

    [Fact]
    public async Task A_declined_invitation_that_blocks_a_new_one_is_named_in_the_plan_and_in_the_failure()
    {
        await using var bench = await ContractBench.StartAsync("confident-ai", ContractBench.Pending(Ana));
        bench.Vendor.Set(ConfidentQuirks.DeclinedBlocks, true);
        bench.Decline(Ana);
        bench.Remembering().Declare(Ana).With("prune: all\n  invitations: {reinviteDeclined: true}");
        Assert.Contains(
            "declined the invitation of ",
            Assert.Single((await bench.PlanAsync()).Actions).Reason,
            StringComparison.Ordinal
        );
        var outcome = Assert.Single(await bench.ApplyAsync());
        Assert.Equal(OutcomeKind.Failed, outcome.Kind);
        Assert.Contains("the declined invitation ", outcome.Message, StringComparison.Ordinal);
        Assert.Contains(
            "seems to block a new one: delete it at Confident AI",
            outcome.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Organisation_writes_that_are_refused_once_are_not_asked_for_again_and_manual_in_the_next_plan()
    {
        await using var bench = await ContractBench.StartAsync("gorules");
        bench.Vendor.Set(GoRulesQuirks.OrganisationWrites, false);
        bench.Remembering().Declare(Ana, Bob);
        Assert.All(await bench.ApplyAsync(), o => Assert.Equal(OutcomeKind.Manual, o.Kind));
        Assert.Equal(1, Sent(bench));
        var plan = await bench.PlanAsync();
        Assert.Empty(plan.Actions);
        Assert.Equal([$"Manual {Ana}", $"Manual {Bob}"], bench.Findings(plan));
        Assert.All(
            plan.Findings,
            f =>
                Assert.StartsWith(
                    "invite the person to the organisation in GoRules",
                    f.Message,
                    StringComparison.Ordinal
                )
        );
    }

    private static int Sent(ContractBench bench) => bench.Server.Requests.Count(bench.IsInvitation);

    private static async Task<ContractBench> RefusedRemovalAsync(
        string vendor,
        int status,
        string body,
        string type = "application/json"
    )
    {
        var bench = await ContractBench.StartAsync(vendor, ContractBench.Members(Ana, Bob));
        bench.Remembering().Declare(Ana);
        var (method, path) = bench.Row.Remove;
        bench.Inject(
            Fault.Answer(status, body) with
            {
                Method = method,
                Path = path,
                ContentType = type,
                Times = null,
            }
        );
        return bench;
    }

    // Ana is invited, and a pass has seen it.
    private static async Task<ContractBench> WaitingAsync(string vendor, string settings)
    {
        var bench = await ContractBench.StartAsync(vendor);
        bench.Remembering().Declare(Ana).With(settings);
        await bench.ConvergeAsync();
        return bench;
    }
}

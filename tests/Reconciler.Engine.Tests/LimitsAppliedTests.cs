using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Resolving;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;
using Reconciler.Testing.Core;
using Reconciler.Testing.Engine;

namespace Reconciler.Engine.Tests;

/// <summary>
/// The limits last applied judge a change that loosens them, whether a ledger or a baseline remembers them.
/// </summary>
public sealed class LimitsAppliedTests
{
    private const string Strict = "maxRemovals: {count: 1}, maxRemovalsPerProvider: {count: 100}";
    private const string Loose = "maxRemovals: {count: 1000}, maxRemovalsPerProvider: {count: 100000, window: 1m}";

    private readonly FakeVendor _vendor = new();
    private readonly MemoryLedger _store = new();

    [Fact]
    public async Task A_change_that_loosens_its_limit_and_removes_people_is_held_in_every_pass_until_somebody_approves()
    {
        await ApplyAsync(await PlanAsync(Of(Strict, declared: 5), live: 5));
        for (var pass = 0; pass < 3; pass++)
        {
            var plan = await PlanAsync(Of(Loose, declared: 1), live: 5);
            var held = Assert.Single(plan.Held);
            Assert.Equal("4 removals; the Guardrail g, as last applied, allows 1 a project", held.Holds[0].Message);
            Assert.Contains(
                "the Guardrail g allowed 1 removal per project; now 1000 are allowed",
                held.LimitChange.Texts
            );
            await ApplyAsync(plan);
        }

        Assert.Empty(_vendor.Calls);
        await ApplyAsync(
            await PlanAsync(
                Of(Loose, declared: 1),
                live: 5,
                approved: (await PlanAsync(Of(Loose, declared: 1), live: 5)).Plans.Single().HeldDigest
            )
        );
        Assert.Equal(4, _vendor.Calls.Count);
    }

    [Fact]
    public async Task A_looser_limit_counts_from_the_apply_after_the_one_that_brought_it_though_that_had_nothing_to_do()
    {
        await ApplyAsync(await PlanAsync(Of(Strict, declared: 5), live: 5));
        var brings = await PlanAsync(Of(Loose, declared: 5), live: 5);
        Assert.NotEmpty(Assert.Single(brings.Plans).LimitChange.Texts);
        await ApplyAsync(brings);
        var next = await PlanAsync(Of(Loose, declared: 1), live: 5);
        Assert.Empty(next.Held);
        Assert.Empty(Assert.Single(next.Plans).LimitChange.Texts);
    }

    [Fact]
    public async Task A_change_that_loosens_its_limit_on_invitations_and_invites_is_held_while_its_removals_are_made()
    {
        const string few = "minAdmins: 0, maxInvitations: {count: 1}";
        const string many = "minAdmins: 0, maxInvitations: {count: 1000}";
        await ApplyAsync(await PlanAsync(Of(few, declared: 4), live: 4));
        // Of the five members who are there now, the fifth is not declared, and three who are declared are absent.
        var plan = await PlanAsync(Of(many, declared: 8, without: 5), live: 5);
        var held = Assert.Single(plan.Held);
        Assert.Equal(
            "3 invitations; the Guardrail g, as last applied, allows 1 a project",
            Assert.Single(held.Holds).Message
        );
        await ApplyAsync(plan);
        Assert.Equal(["Remove m5@x.example"], _vendor.Calls);
        var approved = await PlanAsync(Of(many, declared: 8, without: 5), live: 4, approved: held.HeldDigest);
        await ApplyAsync(approved);
        Assert.All(_vendor.Calls.Skip(1), call => Assert.StartsWith("Invite ", call, StringComparison.Ordinal));
        Assert.Equal(3, _vendor.Calls.Skip(1).SelectMany(c => c.Split(", ")).Count());
        Assert.Empty((await PlanAsync(Of(many, declared: 12, without: 5), live: 4)).Held);
    }

    [Fact]
    public async Task Planning_a_looser_limit_does_not_bring_it()
    {
        await ApplyAsync(await PlanAsync(Of(Strict, declared: 5), live: 5));
        await PlanAsync(Of(Loose, declared: 5), live: 5);
        Assert.Single((await PlanAsync(Of(Loose, declared: 1), live: 5)).Held);
    }

    [Fact]
    public async Task A_dry_run_of_a_looser_limit_does_not_bring_it()
    {
        await ApplyAsync(await PlanAsync(Of(Strict, declared: 5), live: 5));
        await ApplyAsync(await PlanAsync(Of(Loose, declared: 5, more: ", dryRun: true"), live: 5));
        Assert.Single((await PlanAsync(Of(Loose, declared: 1), live: 5)).Held);
    }

    [Fact]
    public async Task Without_a_ledger_the_baseline_says_what_was_last_applied()
    {
        var baseline = Of(Strict, declared: 5);
        Assert.Single((await PlanAsync(Of(Loose, declared: 1), live: 5, baseline)).Held);
        Assert.Empty((await PlanAsync(Of(Loose, declared: 1), live: 5, Of(Loose, declared: 5))).Held);
    }

    [Fact]
    public async Task Without_ledger_and_baseline_a_Guardrail_among_the_manifests_relaxes_no_built_in_limit()
    {
        var plan = await PlanAsync(Of(Loose, declared: 1), live: 60, stored: false);
        var held = Assert.Single(plan.Held);
        Assert.Equal(LimitOrigin.BuiltIn, Assert.Single(held.Holds).Origin);
        Assert.Equal(
            "59 removals over the provider's projects; the built-in limit allows 25 in an hour",
            held.Holds[0].Message
        );
        Assert.Contains(
            Assert.Single((await PlanAsync(Of(Loose, declared: 0), live: 5, stored: false)).Held).Holds,
            h => h.Limit == "the built-in limit: last member"
        );
        Assert.Empty(
            (
                await PlanAsync(
                    Of(Loose, declared: 1),
                    live: 60,
                    stored: false,
                    runner: r => r with { LiftsBuiltInLimits = true }
                )
            ).Held
        );
    }

    [Fact]
    public async Task A_project_that_is_new_does_not_lower_the_limit_that_its_account_was_applied_with()
    {
        await ApplyAsync(await PlanAsync(Of(Loose, declared: 60), live: 60));
        await ApplyAsync(await PlanAsync(Of(Loose, declared: 60), live: 60));
        string[] both = [.. Of(Loose, declared: 1), Membership("fresh", 60)];
        Assert.Empty((await PlanAsync(both, live: 60)).Held);
    }

    [Fact]
    public async Task A_protected_name_that_is_dropped_protects_in_the_apply_that_drops_it()
    {
        await ApplyAsync(await PlanAsync(Of("minAdmins: 0, protected: [m5@x.example]", declared: 5), live: 5));
        var plan = Assert.Single((await PlanAsync(Of("minAdmins: 0", declared: 4), live: 5)).Plans);
        Assert.Empty(plan.Actions);
        Assert.Contains("m5@x.example was protected; now it is not", plan.LimitChange.Texts);
        await ApplyAsync(await PlanAsync(Of("minAdmins: 0", declared: 5), live: 5));
        Assert.Single(Assert.Single((await PlanAsync(Of("minAdmins: 0", declared: 4), live: 5)).Plans).Actions);
    }

    [Fact]
    public async Task Other_words_for_an_administrator_hold_the_next_plan_that_does_something_until_it_is_approved()
    {
        await ApplyAsync(await PlanAsync(Of(Loose, declared: 5), live: 5));
        // A plan that does nothing is not held, and it must not make the new words those of the last apply.
        var quiet = await PlanAsync(Of(Loose, declared: 5), live: 5, runner: WritersAdminister);
        Assert.Empty(quiet.Held);
        await ApplyAsync(quiet);

        var plan = await PlanAsync(Of(Loose, declared: 4), live: 5, runner: WritersAdminister);
        var held = Assert.Single(plan.Held);
        Assert.Equal(
            "other words count as administrator at Acme than in the last apply: before owner: true, "
                + "permissions: admin; now owner: true, permissions: admin, permissions: write. "
                + "Limits judge by the new ones from this plan on",
            Assert.Single(held.Holds).Message
        );
        Assert.False(held.Holds[0].IsOfManifests);
        await ApplyAsync(plan);
        Assert.Empty(_vendor.Calls);
        Assert.Single((await PlanAsync(Of(Loose, declared: 4), live: 5, runner: WritersAdminister)).Held);

        await ApplyAsync(
            await PlanAsync(Of(Loose, declared: 4), live: 5, approved: held.HeldDigest, runner: WritersAdminister)
        );
        Assert.Single(_vendor.Calls);
        Assert.Empty((await PlanAsync(Of(Loose, declared: 3), live: 4, runner: WritersAdminister)).Held);
        Assert.Single((await PlanAsync(Of(Loose, declared: 3), live: 4)).Held);
    }

    [Fact]
    public async Task Words_that_are_as_before_again_and_a_project_that_was_never_applied_are_not_held()
    {
        Assert.Empty((await PlanAsync(Of(Loose, declared: 4), live: 5, runner: WritersAdminister)).Held);
        await ApplyAsync(await PlanAsync(Of(Loose, declared: 5), live: 5));
        Assert.Single((await PlanAsync(Of(Loose, declared: 4), live: 5, runner: WritersAdminister)).Held);
        Assert.Empty((await PlanAsync(Of(Loose, declared: 4), live: 5)).Held);
    }

    private static RunnerRules WritersAdminister(RunnerRules rules)
    {
        var (permissions, owner) = (TestVendors.Acme.Access.Fields[0], TestVendors.Acme.Access.Fields[1]);
        var vendor = TestVendors.Acme with { Access = new([permissions with { Admin = ["admin", "write"] }, owner]) };
        return rules with { Vendors = [vendor, TestVendors.Solo] };
    }

    private static string[] Of(string guardrail, int declared, string more = "", int without = 0) =>
        [
            Resolved.Provider,
            $"kind: Guardrail\nmetadata: {{name: g}}\nspec: {{selector: {{}}, {guardrail}}}",
            Membership("demo", declared, more, without),
        ];

    private static string Membership(string name, int declared, string more = "", int without = 0)
    {
        var members = string.Join(
            ", ",
            Enumerable
                .Range(1, declared)
                .Where(i => i != without)
                .Select(i => $"{{email: m{i}@x.example, access: {{permissions: [read]}}}}")
        );
        return Resolved.Membership(members, name, $", prune: all{more}");
    }

    private async Task<RunPlan> PlanAsync(
        string[] documents,
        int live,
        string[]? baseline = null,
        bool stored = true,
        string? approved = null,
        Func<RunnerRules, RunnerRules>? runner = null
    )
    {
        var projects = Projects(documents, runner ?? (r => r)).Select(p => p with { Scope = "people" }).ToList();
        foreach (var project in projects)
            _vendor.Has(project, new World().Members(live, "read").Live);
        var before = baseline is null ? [] : Projects(baseline, r => r).ToDictionary(p => p.Key);
        var ledgers = new LedgerReader(
            stored && baseline is null ? _store : null,
            p => baseline is null ? ProjectLedger.None : ProjectLedger.FromBaseline(before.GetValueOrDefault(p.Key))
        );
        var planRun = new PlanRun(_ => _vendor, ledgers, new FakeTimeProvider(World.Now))
        {
            Approvals = approved is null ? Approvals.None : Approvals.Of([approved]),
        };
        return await planRun.RunAsync(projects, null, TestContext.Current.CancellationToken);
    }

    private static ImmutableArray<DesiredProject> Projects(string[] documents, Func<RunnerRules, RunnerRules> runner)
    {
        var resolved = Resolved.From(runner, documents);
        resolved.Accepted();
        return resolved.State.Projects;
    }

    private Task<RunResult> ApplyAsync(RunPlan plan) =>
        new Applier(_ => _vendor.Connection, _store, new FakeTimeProvider(World.Now)).ApplyAsync(
            plan,
            null,
            CancellationToken.None
        );
}

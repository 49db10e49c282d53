using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Recording;
using Reconciler.Core.Resolving;
using Reconciler.Testing.Core;

namespace Reconciler.Core.Tests;

/// <summary>A change must not loosen the limits that judge it.</summary>
public sealed class LimitChangeTests
{
    private const string Admin = "{email: root@x.example, access: {permissions: [admin]}}";
    private const string Selected = "{matchLabels: {tier: prod}}";

    [Theory]
    [InlineData(
        "maxRemovals: {count: 2}",
        "maxRemovals: {count: 3}",
        "the Guardrail g allowed 2 removals per project; now 3 are allowed"
    )]
    [InlineData(
        "maxRemovals: {count: 2}",
        "maxRemovals: {percent: 10}",
        "the Guardrail g allowed 2 removals per project; now nothing limits their number"
    )]
    [InlineData(
        "maxRemovals: {percent: 10}",
        "maxRemovals: {percent: 11}",
        "the Guardrail g allowed 10% from 3 removals on; now 11% from 3 on are allowed"
    )]
    [InlineData(
        "maxRemovals: {percent: 10}",
        "maxRemovals: {percent: 10, percentFrom: 4}",
        "the Guardrail g allowed 10% from 3 removals on; now 10% from 4 on are allowed"
    )]
    [InlineData(
        "maxRemovals: {percent: 10}",
        "maxRemovals: {count: 1}",
        "the Guardrail g allowed 10% from 3 removals on; now nothing limits their share"
    )]
    [InlineData(
        "maxRemovalsPerProvider: {count: 5}",
        "maxRemovalsPerProvider: {count: 6}",
        "the Guardrail g allowed 5 removals per provider in an hour; now 6 in an hour are allowed by the Guardrail g"
    )]
    [InlineData(
        "maxRemovalsPerProvider: {count: 5}",
        "maxRemovalsPerProvider: {count: 5, window: 1m}",
        "the Guardrail g allowed 5 removals per provider in an hour; now 5 in 1 minutes are allowed by the Guardrail g"
    )]
    [InlineData(
        "maxInvitations: {count: 2}",
        "maxInvitations: {count: 3}",
        "the Guardrail g allowed 2 invitations per project; now 3 are allowed"
    )]
    [InlineData(
        "maxInvitations: {count: 2}",
        "maxRemovals: {count: 2}",
        "the Guardrail g allowed 2 invitations per project; now nothing limits their number"
    )]
    [InlineData("minAdmins: 2", "minAdmins: 1", "the Guardrail g asked for 2 administrators; now 1 are asked for")]
    [InlineData("minAdmins: 2, protected: [a@x.example]", "minAdmins: 2", "a@x.example was protected; now it is not")]
    [InlineData(
        "allowedDomains: [x.example]",
        "allowedDomains: [x.example, evil.example]",
        "the Guardrail g allowed only the domains x.example; now evil.example too"
    )]
    [InlineData(
        "minAdmins: 0, allowedDomains: [x.example]",
        "minAdmins: 0",
        "the Guardrail g allowed only the domains x.example; now any domain is"
    )]
    [InlineData(
        "forbiddenAccess: {acme: {permissions: [write]}}",
        "forbiddenAccess: {acme: {permissions: [read]}}",
        "the Guardrail g forbade write; now it may be given"
    )]
    [InlineData(
        "temporary: [{access: {acme: {permissions: [write]}}, max: 10d}]",
        "temporary: [{access: {acme: {permissions: [write]}}, max: 11d}]",
        "the Guardrail g let write be given for at most 10 days; now that is looser"
    )]
    [InlineData(
        "temporary: [{access: {acme: {permissions: [write]}}, max: 10d, requireReason: true}]",
        "temporary: [{access: {acme: {permissions: [write]}}, max: 10d}]",
        "the Guardrail g let write be given for at most 10 days and with a reason; now that is looser"
    )]
    [InlineData(
        "temporary: [{access: {acme: {permissions: [write]}}, max: 10d}]",
        "minAdmins: 0, protected: []",
        "the Guardrail g let write be given for at most 10 days; now that is looser"
    )]
    public void What_a_Guardrail_loosens_is_told_and_still_counts(string before, string now, string text)
    {
        var (was, project) = (Declared(Guardrail(before)), Declared(Guardrail(now)));
        var change = Change(was, project);
        Assert.Contains(text, change.Texts);
        var judged = change.WithEarlierLimits(project).Limits;
        // Whatever held before still does: nothing of it is looser than what the plan is judged by.
        Assert.Empty(
            LimitChange
                .Between(was.Limits with { Rules = GrantRules.None }, judged with { Rules = GrantRules.None })
                .Texts
        );
        Assert.Empty(Change(was, was).Texts);
    }

    [Theory]
    [InlineData("maxRemovals: {count: 2, percent: 10}", "maxRemovals: {count: 1, percent: 9, percentFrom: 2}")]
    [InlineData("maxRemovalsPerProvider: {count: 5}", "maxRemovalsPerProvider: {count: 4, window: 2h}")]
    [InlineData("maxInvitations: {count: 5}", "maxInvitations: {count: 4}")]
    [InlineData("minAdmins: 1", "minAdmins: 1, maxInvitations: {count: 0}")]
    [InlineData(
        "minAdmins: 1, allowedDomains: [x.example, y.example]",
        "minAdmins: 2, allowedDomains: [x.example], protected: [a@x.example]"
    )]
    [InlineData(
        "temporary: [{access: {acme: {permissions: [write]}}, max: 10d}]",
        "temporary: [{access: {acme: {permissions: [write, read]}}, max: 9d, requireReason: true}]"
    )]
    [InlineData(
        "temporary: [{access: {acme: {permissions: [write]}}, max: 10d}]",
        "forbiddenAccess: {acme: {permissions: [write]}}"
    )]
    public void What_a_Guardrail_tightens_counts_at_once_and_is_no_news(string before, string now)
    {
        var change = Change(Declared(Guardrail(before)), Declared(Guardrail(now)));
        Assert.Empty(change.Texts);
        Assert.Equal(Limits.None, change.Earlier);
    }

    [Fact]
    public void A_Guardrail_that_was_deleted_still_counts()
    {
        var change = Change(Declared(Guardrail("maxRemovals: {count: 2}")), Declared());
        Assert.Equal(2, Assert.Single(change.Earlier.ProjectRemovals).Count);
        Assert.Contains(
            "the Guardrail g allowed 2 removals per project; now nothing limits their number",
            change.Texts
        );
    }

    [Fact]
    public void Of_two_Guardrails_with_a_limit_on_invitations_the_one_that_is_loosened_still_counts()
    {
        var change = Change(
            Declared(Guardrail("maxInvitations: {count: 2}"), Guardrail("maxInvitations: {count: 5}", "h")),
            Declared(Guardrail("maxInvitations: {count: 9}"), Guardrail("maxInvitations: {count: 5}", "h"))
        );
        Assert.Equal(["the Guardrail g allowed 2 invitations per project; now 5 are allowed"], change.Texts);
        Assert.Equal(
            new ProjectInvitationLimit("the Guardrail g, as last applied,", 2),
            Assert.Single(change.Earlier.ProjectInvitations)
        );
    }

    [Fact]
    public void Another_Guardrail_that_is_as_strict_takes_the_place_of_one_that_is_gone() =>
        Assert.Empty(
            Change(
                Declared(Guardrail("maxRemovals: {count: 2}")),
                Declared(Guardrail("maxRemovals: {count: 2}", "h"))
            ).Texts
        );

    [Fact]
    public void A_selector_that_selects_the_project_no_more_is_told()
    {
        var change = Change(
            Declared(Guardrail("minAdmins: 2", selector: Selected)),
            Declared(Guardrail("minAdmins: 2", selector: "{matchLabels: {tier: test}}"))
        );
        Assert.Equal(["the Guardrail g asked for 2 administrators; now 0 are asked for"], change.Texts);
    }

    [Fact]
    public void A_label_that_is_dropped_takes_no_Guardrail_away_at_once()
    {
        var guardrail = Guardrail("maxRemovals: {count: 0}", selector: Selected);
        var change = Change(Declared(guardrail), Unlabelled(guardrail));
        Assert.Equal(
            [
                "the Guardrail g allowed 0 removals per project; now nothing limits their number",
                "the labels changed from tier=prod to none, so other Guardrails may select the project",
            ],
            change.Texts
        );
        Assert.Equal(0, Assert.Single(change.Earlier.ProjectRemovals).Count);
    }

    [Fact]
    public void A_label_that_is_dropped_takes_no_Guardrail_of_the_runner_away_at_once()
    {
        var runner = Runner(Guardrail("maxRemovals: {count: 0}", selector: Selected));
        var change = Change(Declared(runner), Unlabelled(runner));
        Assert.Equal(LimitOrigin.Runner, Assert.Single(change.Earlier.ProjectRemovals).Origin);
        Assert.StartsWith(
            "the runner's Guardrail g allowed 0 removals per project",
            change.Texts[0],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_label_cannot_choose_a_looser_Guardrail_of_the_runner_at_once()
    {
        var runner = Runner(
            Guardrail("maxRemovalsPerProvider: {count: 1000}", selector: "{matchLabels: {tier: prod}}")
        );
        var change = Change(Unlabelled(runner), Declared(runner));
        Assert.Equal(LimitOrigin.BuiltIn, Assert.Single(change.Earlier.ProviderRemovals).Origin);
    }

    [Fact]
    public void A_document_that_moves_to_another_namespace_takes_its_limits_along()
    {
        var was = Declared(Guardrail("minAdmins: 2"));
        var moved = Declared(Guardrail("minAdmins: 2")) with
        {
            Id = "other/demo",
            Limits = Limits.BuiltIn,
            DeclaredLimits = Limits.None,
        };
        var change = Change(was, moved);
        Assert.Equal(2, Assert.Single(change.Earlier.MinAdmins).Count);
        Assert.Contains(
            "the document moved from the namespace default to other, where other Guardrails hold",
            change.Texts
        );
    }

    [Fact]
    public void What_the_runner_raises_counts_at_once()
    {
        var was = Declared(Runner(Guardrail("maxRemovals: {count: 1}")));
        Assert.Empty(Change(was, Declared(Runner(Guardrail("maxRemovals: {count: 9}")))).Texts);
    }

    [Fact]
    public void Where_nobody_knows_what_was_applied_manifests_only_tighten()
    {
        var project = Declared(
            Guardrail("maxRemovals: {count: 10000}, maxRemovalsPerProvider: {count: 100000, window: 1m}")
        );
        var change = LimitChange.Of(project, ProjectLedger.None);
        Assert.True(change.IsUnknown);
        Assert.True(change.Earlier.KeepsLastMember);
        Assert.Equal(Limits.BuiltIn.ProviderRemovals, change.Earlier.ProviderRemovals);
        Assert.Empty(
            LimitChange.Of(Declared(Guardrail("maxRemovalsPerProvider: {count: 3}")), ProjectLedger.None).Texts
        );
    }

    [Fact]
    public void An_apply_that_held_something_does_not_make_its_limits_the_last_applied()
    {
        var was = Declared(Guardrail("maxRemovals: {count: 1}")) with { Scope = "s" };
        var now = Declared(Guardrail("maxRemovals: {count: 9}")) with { Scope = "s" };
        var plan = new World().Plan() with { Project = now };
        var ledger = Remembered(was);
        var held = plan with { Holds = [new(HoldScope.Plan, "held") { Limit = "a limit" }] };
        Assert.Equal(was.DeclaredLimits, LedgerUpdate.After(ledger, held, [], World.Now).Applied!.Limits);
        Assert.Equal(now.DeclaredLimits, LedgerUpdate.After(ledger, plan, [], World.Now).Applied!.Limits);
        Assert.Equal(
            now.DeclaredLimits,
            LedgerUpdate
                .After(ledger, held with { Release = new("--approve", "hold:sha256:0") }, [], World.Now)
                .Applied!.Limits
        );
        Assert.Equal(
            was.DeclaredLimits,
            LedgerUpdate
                .After(ledger, plan with { Project = now with { OnlyRemovals = true } }, [], World.Now)
                .Applied!.Limits
        );
        var update = new LedgerUpdate(ledger, plan, World.Now);
        update.LeaveOut();
        update.Finish();
        Assert.Equal(was.DeclaredLimits, update.Value.Applied!.Limits);
    }

    [Fact]
    public void A_grant_that_only_the_loosened_rule_allows_is_held_for_its_person_alone()
    {
        var was = Declared(Guardrail("allowedDomains: [x.example]"));
        var state = Resolved.From(
            Resolved.Provider,
            Resolved.Membership(
                $"{Admin}, {{email: new@x.example, access: {{permissions: [read]}}}}, "
                    + "{email: eve@evil.example, access: {permissions: [read]}}"
            ),
            Guardrail("allowedDomains: [x.example, evil.example]")
        );
        state.Accepted();
        var plan = Planner.Plan(state.Project, new([], []), Remembered(was), World.Now);
        var hold = Assert.Single(plan.Holds);
        Assert.Equal("the Guardrail g, as last applied,: allowedDomains", hold.Limit);
        Assert.Equal(LimitOrigin.Manifests, hold.Origin);
        Assert.Equal(
            ["new@x.example", "root@x.example"],
            plan.Applicable.Select(a => a.Email).Order(StringComparer.Ordinal)
        );
    }

    private static LimitChange Change(DesiredProject was, DesiredProject now) => LimitChange.Of(now, Remembered(was));

    private static ProjectLedger Remembered(DesiredProject was) =>
        ProjectLedger.Empty with
        {
            Applied = new("s", was.Id, was.ProjectId, DeletionPolicy.Orphan, was.DeclaredLimits)
            {
                Labels = was.Labels,
            },
        };

    private static DesiredProject Declared(params string[] guardrails) => Declared(r => r, guardrails);

    private static DesiredProject Declared(Func<RunnerRules, RunnerRules> runner, params string[] guardrails)
    {
        var resolved = Resolved.From(
            runner,
            [
                Resolved.Provider,
                Resolved.Membership(
                    Admin.Replace("}}", "}, reason: r, expiresAt: 2026-06-17}", StringComparison.Ordinal)
                ),
                .. guardrails,
            ]
        );
        resolved.Accepted();
        return resolved.Project;
    }

    private static DesiredProject Unlabelled(params string[] guardrails) => Unlabelled(r => r, guardrails);

    private static DesiredProject Unlabelled(Func<RunnerRules, RunnerRules> runner, params string[] guardrails) =>
        Resolved
            .From(
                runner,
                [
                    Resolved.Provider,
                    Resolved.Membership(Admin).Replace(", labels: {tier: prod}", "", StringComparison.Ordinal),
                    .. guardrails,
                ]
            )
            .Project;

    private static Func<RunnerRules, RunnerRules> Runner(string guardrail)
    {
        var set = new Reconciler.Core.Manifests.ManifestSet();
        var problems = new Reconciler.Core.Manifests.Problems();
        Reconciler.Manifests.ManifestReader.ReadText(
            "runner.yaml",
            $"apiVersion: reconciler.dev/v1alpha1\n{guardrail}",
            set,
            problems
        );
        return r => r with { Guardrails = [.. set.All<Guardrail>()] };
    }

    private static string Guardrail(string spec, string name = "g", string selector = "{}") =>
        $"kind: Guardrail\nmetadata: {{name: {name}}}\nspec: {{selector: {selector}, {spec}}}";
}

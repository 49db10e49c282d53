using Microsoft.Extensions.Time.Testing;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;
using Reconciler.Core.Resolving;
using Reconciler.Engine.Planning;
using Reconciler.Testing.Core;
using Reconciler.Testing.Engine;

namespace Reconciler.Tests.Safety;

/// <summary>
/// Mass removals that tools of this kind made, each as it was reported. Here they are held, or do not happen.
/// </summary>
public sealed class MassRemovalTests
{
    [Fact]
    public void A_faulty_config_that_strips_a_team_is_held_as_in_kubernetes_org_4365()
    {
        // A team that everybody came from is renamed in one place only: its members are no longer declared.
        var world = new World()
            .Owned([.. Enumerable.Range(1, 12).Select(i => $"m{i}@x.example")])
            .Members(12, "read")
            .Limited(Limits.None with { ProjectRemovals = [new("the Guardrail everywhere", 10, 25, 3)] });
        var plan = world.Plan();
        Assert.Equal(
            [
                "12 removals; the Guardrail everywhere allows 10 a project",
                "12 removals of 12 members; the Guardrail everywhere allows 25% from 3 removals on",
            ],
            plan.Holds.Select(h => h.Message)
        );
        Assert.Empty(plan.Applicable);
    }

    [Fact]
    public void An_API_that_returns_zero_users_makes_us_remove_and_invite_nobody_as_in_ssosync_194_and_203()
    {
        var world = new World().Trusted(9);
        for (var i = 1; i <= 9; i++)
            world.Declare($"m{i}@x.example", "read").Owned($"m{i}@x.example");
        var plan = world.Plan();
        Assert.Empty(plan.Actions);
        Assert.All(plan.Findings, f => Assert.Equal(FindingKind.Left, f.Kind));
    }

    [Fact]
    public void An_API_that_returns_a_few_users_has_its_removals_held()
    {
        var world = new World().Prune(PrunePolicy.All).Trusted(9).Members(4, "read").Declare("m1@x.example", "read");
        var hold = Assert.Single(world.Plan().Holds);
        Assert.Equal(
            "the vendor listed 4 members where the last trusted reconcile saw 9: people may be members whom the "
                + "list leaves out, so nobody is invited or removed by it",
            hold.Message
        );
        Assert.Empty(world.Plan().Applicable);
    }

    [Theory]
    [InlineData("2026-06-15T13:30:00+02:00", false)]
    [InlineData("2026-06-15T09:00:00-05:00", true)]
    [InlineData("2026-06-15", true)]
    public void Times_are_compared_as_instants_and_not_as_texts_as_in_group_sync_operator_169(
        string expiresAt,
        bool stays
    )
    {
        // World.Now is 2026-06-15T12:00:00Z: as texts, the first would be later than now and the second earlier.
        var project = Resolved
            .From(
                Resolved.Provider,
                """
                kind: ProjectMembership
                metadata: {name: demo}
                spec: {provider: acme, projectId: p-1, members: [{email: ana@x.example, access: {permissions: [read]},
                """
                    + $$"""
                     expiresAt: {{expiresAt}}}]}
                    """
            )
            .Project;
        Assert.Equal(stays ? (1, 0) : (0, 1), (project.Members.Length, project.Removals.Length));
    }

    [Fact]
    public void An_empty_source_deletes_nothing_as_in_argo_cd_4464()
    {
        var remembered = new StoredLedger(
            new("acme", "https://api.acme.example/v1/", "p-1"),
            ProjectLedger.Empty with
            {
                People = [new("ana@x.example") { Owned = true }],
                Applied = new("everything", "default/demo", "p-1", DeletionPolicy.Revoke, Limits.BuiltIn),
            },
            "1"
        );
        var deleted = DeletedProjects.Find([remembered], new([]), _ => true);
        Assert.Equal(DeletedProjects.None, deleted);
    }

    [Fact]
    public async Task One_edit_that_makes_29_deletes_is_held_without_any_Guardrail_as_in_repository_settings_155()
    {
        var world = new World()
            .Limited(Limits.BuiltIn)
            .Members(30, "read")
            .Declare("m30@x.example", "read")
            .Owned([.. Enumerable.Range(1, 30).Select(i => $"m{i}@x.example")]);
        var vendor = new FakeVendor().Has(world.Desired, world.Live);
        var run = await new PlanRun(
            _ => vendor,
            new(null, _ => world.Ledger),
            new FakeTimeProvider(World.Now)
        ).RunAsync([world.Desired], null, TestContext.Current.CancellationToken);
        var held = Assert.Single(run.Held);
        Assert.Equal(
            "29 removals over the provider's projects; the built-in limit allows 25 in an hour",
            Assert.Single(held.Holds).Message
        );
        Assert.Empty(held.Applicable);
    }

    [Fact]
    public void Revoked_invitations_count_as_removals_unlike_in_peribolos()
    {
        var world = new World()
            .Prune(PrunePolicy.All)
            .Limited(Limits.None with { ProjectRemovals = [new("the Guardrail g", 1, null, 3)] })
            .Pending("a@x.example", "read")
            .Pending("b@x.example", "read");
        Assert.Equal("2 removals; the Guardrail g allows 1 a project", Assert.Single(world.Plan().Holds).Message);
    }

    [Fact]
    public void Administrators_who_never_accepted_do_not_count_unlike_in_peribolos()
    {
        var world = new World()
            .Prune(PrunePolicy.All)
            .Limited(Limits.None with { MinAdmins = [new("the Guardrail g", 1)] })
            .Member("old@x.example", "admin")
            .Declare("new@x.example", "admin")
            .Pending("new@x.example", "admin");
        Assert.StartsWith(
            "0 administrators would be left of 1",
            Assert.Single(world.Plan().Holds).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_read_error_is_no_empty_list_unlike_in_safe_settings()
    {
        var world = new World().Prune(PrunePolicy.All).Declare("ana@x.example", "read").Members(3, "read");
        var vendor = new FakeVendor
        {
            OnRead = _ => new ProviderException(ProviderFault.Unavailable, "page 2 was not answered"),
        }.Has(world.Desired, world.Live);
        var run = await new PlanRun(
            _ => vendor,
            new LedgerReader(null, _ => ProjectLedger.None),
            new FakeTimeProvider(World.Now)
        ).RunAsync([world.Desired], null, TestContext.Current.CancellationToken);
        Assert.Empty(run.Plans);
        Assert.Equal("page 2 was not answered", Assert.Single(run.Failures).Failure!.Message);
    }
}

using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;
using Reconciler.Testing.Core;
using Reconciler.Testing.Engine;

namespace Reconciler.Engine.Tests;

/// <summary>An approval releases exactly one plan, once.</summary>
public sealed class ApprovalTests
{
    private const string Ana = "ana@x.example";
    private const string Bob = "bob@x.example";

    private static readonly Limits OneRemoval = Limits.None with
    {
        ProjectRemovals = [new("the Guardrail g", 1, null, 3)],
    };

    private readonly FakeVendor _vendor = new();
    private readonly MemoryLedger _store = new();

    [Fact]
    public async Task A_held_plan_goes_once_its_digest_is_approved_and_the_release_is_recorded()
    {
        var world = Held();
        var digest = Assert.Single((await PlanAsync(world)).Held).HeldDigest!;
        await ApplyAsync(await PlanAsync(world, digest));
        Assert.Equal([$"Remove {Ana}", $"Remove {Bob}"], _vendor.Calls.Order(StringComparer.Ordinal));
        var release = _store.Audit.Single(a => a.Action == "approve");
        Assert.Contains("released by --approve: 2 removals", release.Reason, StringComparison.Ordinal);
        Assert.Equal(digest, release.Message);
    }

    [Fact]
    public async Task The_digest_of_a_plan_or_of_a_run_approves_nothing()
    {
        var run = await PlanAsync(Held());
        Assert.Single((await PlanAsync(Held(), run.Digest)).Held);
        Assert.Single((await PlanAsync(Held(), run.Held.Single().Digest)).Held);
    }

    [Fact]
    public async Task An_approval_stays_good_when_another_project_was_applied_meanwhile()
    {
        var other = new World().Named("other").Declare("new@x.example", "read");
        var digest = Assert.Single((await PlanAsync([Held(), other])).Held).HeldDigest!;
        await ApplyAsync(await PlanAsync([Held(), other]));
        var applied = new World().Named("other").Declare("new@x.example", "read").Member("new@x.example", "read");
        Assert.Empty((await PlanAsync([Held(), applied], digest)).Held);
    }

    [Fact]
    public async Task What_a_used_approval_names_is_not_released_again_and_its_fate_is_told()
    {
        var digest = Assert.Single((await PlanAsync(Held())).Held).HeldDigest!;
        var run = await PlanAsync(Held(), digest);
        Assert.Equal(ApprovalFate.Releases, Assert.Single(run.Approvals).Fate);
        await ApplyAsync(run);
        run = await PlanAsync(Held(), digest);
        Assert.Equal(ApprovalFate.Used, Assert.Single(run.Approvals).Fate);
        Assert.Single(run.Held);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(0, true)]
    [InlineData(-1, true)]
    public async Task An_approval_that_has_ended_releases_nothing(int hours, bool isOver)
    {
        var digest = Assert.Single((await PlanAsync(Held())).Held).HeldDigest!;
        var approval = new GivenApproval(digest, "approvals/a.yaml:1") { Ends = World.Now.AddHours(hours) };
        var fate = isOver ? ApprovalFate.Expired : ApprovalFate.Releases;
        Assert.Equal(fate, Assert.Single((await PlanAsync([Held()], new Approvals([approval]))).Approvals).Fate);
    }

    [Fact]
    public async Task An_approval_of_another_namespace_or_with_a_problem_releases_nothing()
    {
        var digest = Assert.Single((await PlanAsync(Held())).Held).HeldDigest!;
        GivenApproval[] given =
        [
            new(digest, "a") { Namespace = "other" },
            new(digest, "b") { Problem = "it has no end" },
        ];
        var run = await PlanAsync([Held()], new Approvals([.. given]));
        Assert.Single(run.Held);
        Assert.Equal([ApprovalFate.FitsNothing, ApprovalFate.Unusable], run.Approvals.Select(a => a.Fate));
        Assert.Empty(
            (await PlanAsync([Held()], new Approvals([new GivenApproval(digest, "a") { Namespace = "default" }]))).Held
        );
    }

    [Fact]
    public async Task An_approval_of_another_plan_releases_nothing()
    {
        var digest = Assert.Single((await PlanAsync(Held())).Held).HeldDigest!;
        Assert.Single((await PlanAsync(Held().Member("eve@x.example", "read"), digest)).Held);
    }

    [Fact]
    public async Task An_annotation_releases_a_plan_once_and_not_again_when_the_same_people_come_back()
    {
        var world = Held();
        var digest = Assert.Single((await PlanAsync(world)).Held).HeldDigest!;
        await ApplyAsync(await PlanAsync(world, annotation: digest));
        Assert.Equal(2, _vendor.Calls.Count);
        Assert.Single((await PlanAsync(world, annotation: digest)).Held);
    }

    [Fact]
    public async Task A_reminder_that_falls_due_does_not_void_an_approval()
    {
        var world = Held().Declare("new@x.example", "read").Pending("new@x.example", "read", 2);
        var digest = Assert.Single((await PlanAsync(world)).Held).HeldDigest!;
        Assert.Empty(
            (await PlanAsync(world.Invitations(i => i with { ResendAfter = TimeSpan.FromDays(1) }), digest)).Held
        );
    }

    [Fact]
    public async Task A_removal_that_is_approved_counts_against_the_limit_of_the_provider()
    {
        var limits = OneRemoval with { ProviderRemovals = [new("g", 2, TimeSpan.FromHours(1))] };
        var (held, other) = (
            Held().Limited(limits),
            new World()
                .Named("other")
                .Limited(limits)
                .Prune(PrunePolicy.All)
                .Member(Ana, "read")
                .Member(Bob, "read")
                .Declare(Bob, "read")
        );
        Assert.Equal("default/demo", Assert.Single((await PlanAsync([held, other])).Held).Project.Id);
        var digest = (await PlanAsync([held, other])).Held.Single().HeldDigest!;
        Assert.Equal("default/other", Assert.Single((await PlanAsync([held, other], digest)).Held).Project.Id);
    }

    [Fact]
    public async Task After_a_failed_grant_an_approved_limit_passes_no_further_than_it_was_approved()
    {
        var limits = Limits.None with { MinAdmins = [new("the Guardrail g", 2)] };
        var world = new World()
            .Limited(limits)
            .Prune(PrunePolicy.All)
            .Declare("next@x.example", "admin")
            .Member("next@x.example", "read")
            .Member(Ana, "admin")
            .Member(Bob, "admin");
        var digest = Assert.Single((await PlanAsync(world)).Held).HeldDigest!;
        _vendor.On = (actions, _) => actions[0].Kind == ActionKind.Update ? Answer.Fails(ProviderFault.Refused) : null;
        var result = await ApplyAsync(await PlanAsync(world, digest));
        Assert.Equal([OutcomeKind.Failed, OutcomeKind.Done, OutcomeKind.Skipped], result.Outcomes.Select(o => o.Kind));
    }

    [Theory]
    [InlineData(LimitOrigin.Manifests, true)]
    [InlineData(LimitOrigin.Runner, false)]
    [InlineData(LimitOrigin.BuiltIn, false)]
    public async Task An_annotation_releases_limits_of_the_manifests_alone(LimitOrigin origin, bool isReleased)
    {
        var world = Held().Limited(Limits.None with { ProjectRemovals = [new("g", 1, null, 3) { Origin = origin }] });
        var digest = Assert.Single((await PlanAsync(world)).Held).HeldDigest!;
        Assert.Equal(isReleased, !(await PlanAsync(world, annotation: digest)).Held.Any());
        Assert.Empty((await PlanAsync(world, digest)).Held);
    }

    [Fact]
    public async Task An_annotation_releases_no_suspicious_read()
    {
        var world = Held().Limited(Limits.None);
        await _store.SaveAsync(
            new(world.Desired.Key with { ProjectId = "p-0" }, null, ""),
            ProjectLedger.Empty with
            {
                TrustedCount = 20,
            },
            [],
            CancellationToken.None
        );
        var digest = Assert.Single((await PlanAsync(world)).Held).HeldDigest!;
        Assert.Single((await PlanAsync(world, annotation: digest)).Held);
        Assert.Empty((await PlanAsync(world, digest)).Held);
    }

    private static World Held() =>
        new World().Limited(OneRemoval).Prune(PrunePolicy.All).Member(Ana, "read").Member(Bob, "read");

    private Task<RunPlan> PlanAsync(World world, string? approved = null, string? annotation = null) =>
        PlanAsync([world], approved, annotation);

    private Task<RunPlan> PlanAsync(World[] worlds, string? approved = null, string? annotation = null) =>
        PlanAsync(worlds, Approvals.Of(approved is null ? [] : [approved]), annotation);

    private async Task<RunPlan> PlanAsync(World[] worlds, Approvals approvals, string? annotation = null)
    {
        var projects = worlds.Select((w, i) => w.Desired with { Approval = annotation, ProjectId = $"p-{i}" }).ToList();
        foreach (var (project, world) in projects.Zip(worlds))
            _vendor.Has(project, world.Live);
        var planRun = new PlanRun(_ => _vendor, new(_store, _ => ProjectLedger.None), new FakeTimeProvider(World.Now))
        {
            Approvals = approvals,
        };
        return await planRun.RunAsync(projects, null, TestContext.Current.CancellationToken);
    }

    private Task<RunResult> ApplyAsync(RunPlan plan) =>
        new Applier(_ => _vendor.Connection, _store, new FakeTimeProvider(World.Now)).ApplyAsync(
            plan,
            null,
            CancellationToken.None
        );
}

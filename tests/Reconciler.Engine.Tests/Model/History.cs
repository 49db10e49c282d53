using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Resolving;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;
using Reconciler.Testing.Core;
using Reconciler.Testing.Model;

namespace Reconciler.Engine.Tests.Model;

/// <summary>One random history: steps and passes, checked after each pass, and its end, which must be quiet.</summary>
internal sealed class History(long seed, bool isTold = false)
{
    private const int MostPassesUntilQuiet = 3;

    private static readonly TimeSpan[] Jumps =
    [
        TimeSpan.FromMinutes(20),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(13),
        TimeSpan.FromDays(2),
        TimeSpan.FromDays(5),
        TimeSpan.FromDays(20),
    ];

    private readonly ModelWorld _world = new(new(seed), isTold);
    private readonly Dictionary<ModelAccount, List<(DateTimeOffset At, string Project, int Person)>> _removals = [];

    /// <summary>How often each row of the plan table decided.</summary>
    public long[] Hits { get; } = new long[Planner.RowNames.Length];

    public IReadOnlyList<string> Log => _world.Log;

    public async Task RunAsync()
    {
        await PassAsync(null);
        for (var left = _world.Chance.Between(5, 15); left > 0; left--)
            await StepAsync();
        await EndAsync();
    }

    private async Task StepAsync()
    {
        switch (_world.Chance.Below(10))
        {
            case < 4:
                ManifestSteps.Take(_world);
                break;
            case < 8:
                VendorSteps.Take(_world);
                break;
            default:
                var jump = _world.Chance.Of(Jumps);
                _world.Clock.Advance(jump);
                _world.Say($"{jump} pass");
                break;
        }

        if (!_world.Chance.Once(60))
            return;
        await PassAsync(_world.Chance.Once(30) ? RandomTrouble() : null);
        if (_world.Chance.Once(10))
            await PassAsync(null);
    }

    private Trouble RandomTrouble()
    {
        var chance = _world.Chance;
        var dies = chance.Once(35);
        if (dies && chance.Once(70))
            _world.Store.Die();
        _world.Store.IsFull = !dies && chance.Once(10);
        return new(chance.Fork())
        {
            Writes = chance.Of<int>([0, 20, 60, 100]),
            Reads = chance.Of<int>([0, 0, 20]),
            ShortReads = chance.Of<int>([0, 0, 40]),
            Races = chance.Of<int>([0, 30, 70]),
            EndsAfter = dies ? chance.Between(0, 3) : null,
        };
    }

    private async Task<RunPlan> PassAsync(Trouble? trouble)
    {
        var passChance = _world.Chance.Fork();
        foreach (var account in _world.Accounts)
        {
            account.Begin(
                trouble is null
                    ? null
                    : new(passChance.Fork())
                    {
                        Writes = trouble.Writes,
                        Reads = trouble.Reads,
                        ShortReads = trouble.ShortReads,
                        Races = trouble.Races,
                        EndsAfter = trouble.EndsAfter,
                    }
            );
        }

        var before = _world
            .Accounts.SelectMany(a => a.Projects)
            .ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);
        var plan = await PlanAsync(Approvals.None);
        if (plan.Held.Any() && passChance.Once(25))
            plan = await ApproveAsync(plan, passChance);
        var troubleText = trouble is null
            ? ""
            : $", writes fail {trouble.Writes}%, reads {trouble.Reads}%, short {trouble.ShortReads}%"
                + (trouble.EndsAfter is { } end ? $", ends after {end}" : "")
                + (_world.Store.IsDying ? ", dies" : "")
                + (_world.Store.IsFull ? ", nothing can be saved" : "");
        _world.Say($"pass at {_world.Clock.GetUtcNow():MM-dd HH:mm}{troubleText}");
        await new Applier(p => _world.AccountOf(p).Connection, _world.Store, _world.Clock).ApplyAsync(
            plan,
            null,
            CancellationToken.None
        );
        Check(plan, before, wasWhole: trouble is null);
        _world.Store.Restart();
        _world.Store.IsFull = false;
        return plan;
    }

    private async Task<RunPlan> PlanAsync(Approvals approvals)
    {
        var now = _world.Clock.GetUtcNow();
        var declared = _world.Declared.Select(d => d.Resolve(now)).ToImmutableArray();
        var state = new DesiredState(declared) { Connections = [.. _world.Accounts.Select(a => a.Provider)] };
        var deleted = DeletedProjects.Find(await _world.Store.LoadAllAsync(CancellationToken.None), state, _ => true);
        var planRun = new PlanRun(_world.AccountOf, new(_world.Store, _ => ProjectLedger.None), _world.Clock)
        {
            Approvals = approvals,
        };
        var plan = await planRun.RunAsync([.. declared, .. deleted.Revoked], null, CancellationToken.None);
        foreach (var planned in plan.Projects.Where(p => p.Plan is not null))
        {
            foreach (var row in Planner.RowsOf(planned.Project, planned.Plan!.Live, planned.Memory.Ledger, now))
                Hits[row]++;
        }

        return plan with
        {
            Deleted = deleted,
        };
    }

    private async Task<RunPlan> ApproveAsync(RunPlan held, Chance chance)
    {
        var one = chance.Of(held.Held.ToList());
        _world.Say($"approves {one.Project.Id}: {string.Join("; ", one.Holds.Select(h => h.Message))}");
        var document = _world.Documents.Find(d => d.Name == one.Project.Id);
        if (document is null || chance.Once(50))
            return await PlanAsync(Approvals.Of([one.HeldDigest!]));
        document.Approval = one.HeldDigest;
        return await PlanAsync(Approvals.None);
    }

    private void Check(RunPlan plan, Dictionary<string, LiveProject> before, bool wasWhole)
    {
        foreach (var account in _world.Accounts)
        {
            foreach (var sent in account.Sent)
                _world.Say(
                    $"  {sent.Project.Id}: {PlanAssertions.Show(sent.Action)}{(sent.IsDone ? "" : " (not done)")}"
                );
        }

        var arounds = plan.Plans.Select(p => Around(p, before)).ToList();
        foreach (var held in plan.Held)
            _world.Say($"  {held.Project.Id}: held, {string.Join("; ", held.Holds.Select(h => h.Message))}");
        foreach (var account in _world.Accounts)
        {
            if (account.Complaints.FirstOrDefault() is { } complaint)
                throw new BrokenException(complaint);
            var own = arounds.Where(a => a.Account == account).ToList();
            if (!_removals.TryGetValue(account, out var removals))
                _removals[account] = removals = [];
            removals.AddRange(own.SelectMany(a => a.Losers().Select(person => (plan.At, a.Project.ProjectId, person))));
            Guards.Windows(own, plan.At, removals);
        }

        foreach (var around in arounds)
        {
            Remember(around);
            Guards.Check(around);
            if (wasWhole)
                Forget(around);
        }
    }

    private Around Around(ProjectPlan plan, Dictionary<string, LiveProject> before)
    {
        var (account, id) = (_world.AccountOf(plan.Project.Provider), plan.Project.ProjectId);
        return new(
            _world,
            account,
            plan,
            before[id],
            account.Projects[id],
            [.. account.Sent.Where(s => s.Project.Id == plan.Project.Id)]
        );
    }

    private void Remember(Around around)
    {
        foreach (var member in around.Project.Members)
            _world.Known.Add((around.Project.ProjectId, NumberOf(member.Person)));
        foreach (var sent in around.Sent.Where(s => !s.IsDone && s.Action.Kind == ActionKind.Replace))
            _world.Touch(around.Project.ProjectId, NumberOf(sent.Action.Person));
    }

    private void Forget(Around around)
    {
        var there = around
            .Before.Members.Select(m => m.Email)
            .Concat(around.Before.Invitations.Select(i => i.Email))
            .Concat(around.After.Members.Select(m => m.Email))
            .Concat(around.After.Invitations.Select(i => i.Email))
            .Select(Someone.Of)
            .Concat(around.Project.Members.Select(m => NumberOf(m.Person)))
            .Concat(around.Project.Removals.Select(r => NumberOf(r.Person)))
            .ToHashSet();
        _world.Known.RemoveWhere(k => k.Project == around.Project.ProjectId && !there.Contains(k.Person));
    }

    private static int NumberOf(PersonIdentity person) => Someone.Of(person.Email?.Text ?? person.Key[3..]);

    // Nothing fails and no time passes any more: soon nothing is left to do, and everybody declared is where they
    // should be, or it is told why not.
    private async Task EndAsync()
    {
        _world.Say($"the end: nothing fails any more");
        var passes = 0;
        RunPlan plan;
        do plan = await PassAsync(null);
        while (plan.Plans.Any(p => p.Applicable.Any()) && ++passes < MostPassesUntilQuiet);
        plan = await PlanAsync(Approvals.None);
        foreach (var project in plan.Plans)
        {
            if (project.Applicable.FirstOrDefault() is { } action)
                throw new BrokenException(
                    $"{project.Project.Id}: not quiet: {PlanAssertions.Show(action)}: {action.Reason}"
                );
            foreach (var stranger in Strangers(project))
                throw new BrokenException($"{project.Project.Id}: {stranger} stays under all, and nothing says why");
            foreach (var member in project.Project.Members.Where(m => !IsExplained(project, m)))
                throw new BrokenException(
                    $"{project.Project.Id}: {member.Person.Label} is not as declared, and nothing says why"
                );
        }
    }

    private static IEnumerable<string> Strangers(ProjectPlan plan) =>
        plan.Project.Prune != PrunePolicy.All
            ? []
            : plan
                .Live.Members.Where(m =>
                    !Guards.IsShielded(plan.Project, m)
                    && !plan.Project.Members.Any(d => d.Person.Is(m.Email, m.PersonId))
                )
                .Where(m =>
                    !plan.Actions.Any(a => a.Member == m)
                    && !plan.Findings.Any(f => f.Person.Contains(m.Email[1..2], StringComparison.Ordinal))
                )
                .Select(m => m.Email);

    private bool IsExplained(ProjectPlan plan, DesiredMember member)
    {
        var live = _world.AccountOf(plan.Project.Provider).Projects[plan.Project.ProjectId];
        return live.Members.Any(m => member.Person.Is(m.Email, m.PersonId) && member.Access.Matches(m.Access))
            || plan.Findings.Any(f =>
                f.Person == member.Person.Label && f.Kind is not (FindingKind.Expiring or FindingKind.SecondAccount)
            )
            || plan.Actions.Any(a => a.Person.Equals(member.Person) && (plan.IsHeld(a) || plan.Project.DryRun));
    }
}

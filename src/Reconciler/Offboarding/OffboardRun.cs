using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Offboarding;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;
using Reconciler.Core.Text;
using Reconciler.Engine.Importing;
using Reconciler.Engine.Offboarding;
using Reconciler.Engine.Planning;
using Reconciler.Manifests.Loading;
using Reconciler.Reports;

namespace Reconciler.Offboarding;

/// <summary>
/// Plans somebody's removal from every project of every connection: those that manifests declare, and those that the
/// vendors list.
/// </summary>
/// <param name="resolved">The manifests.</param>
/// <param name="subject">Who leaves.</param>
/// <param name="ledgers">What is remembered.</param>
/// <param name="clock">The time.</param>
internal sealed class OffboardRun(
    ResolvedManifests resolved,
    OffboardingSubject subject,
    LedgerReader ledgers,
    TimeProvider clock
)
{
    /// <summary>Which held plans may pass.</summary>
    public Approvals Approvals { get; init; } = Approvals.None;

    /// <summary>Gives what the audit trail says of an address or login; nothing unless told.</summary>
    public Func<string, CancellationToken, Task<IReadOnlyCollection<AuditEntry>>> History { get; init; } =
        (_, _) => Task.FromResult<IReadOnlyCollection<AuditEntry>>([]);

    /// <summary>Told of each connection whose projects were listed; null for nobody.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>Lists, reads and plans; nothing is written.</summary>
    /// <param name="connections">Gives each provider's connection.</param>
    /// <param name="onReading">Told how many projects there are; gives what is called after each.</param>
    /// <param name="cancellation">Stops between requests.</param>
    public async Task<OffboardPlan> PlanAsync(
        Func<DesiredProvider, ProviderConnection> connections,
        Func<int, Action<PlannedProject>> onReading,
        CancellationToken cancellation
    )
    {
        var listed = await new DirectoryReader(connections).RunAsync(
            [.. resolved.Connections.Where(subject.MayBeAt)],
            cancellation
        );
        foreach (var one in listed)
            Log?.Invoke(
                one.Failure is { } failure ? $"{one.Provider.Name}: not listed: {failure}"
                : one.Projects is { } projectsListed
                    ? $"{one.Provider.Name}: {PlanSentences.Projects(projectsListed.Length)} listed"
                : $"{one.Provider.Name}: lists no projects"
            );
        var undeclared = Undeclared(listed);
        ImmutableArray<DesiredProject> projects =
        [
            .. resolved
                .Projects.Where(p => subject.MayBeAt(p.Provider))
                .Concat(undeclared)
                .Select(subject.LeavingFrom)
                .OrderBy(p => p.Provider.Id, StringComparer.Ordinal)
                .ThenBy(p => p.Id, StringComparer.Ordinal),
        ];
        var names = listed.ToDictionary(l => l.Provider, l => Names(l));
        var plan = await new PlanRun(p => new NamedReader(connections(p).Reader, names[p]), ledgers, clock)
        {
            Approvals = Approvals,
        }.RunAsync(projects, onReading(projects.Length), cancellation);
        var own = plan with
        {
            Projects = [.. plan.Projects.Select(p => p with { Plan = p.Plan is null ? null : WithoutOthers(p.Plan) })],
        };
        var found = new OffboardPlan(
            subject.Names,
            own,
            [
                .. listed.Select(l => new LookedAt(
                    l,
                    resolved.Projects.Count(p => p.Provider.Equals(l.Provider)),
                    undeclared.Count(p => p.Provider.Equals(l.Provider))
                )),
            ],
            subject.ReferencesIn(resolved.Manifests, FoundIds(own)),
            [.. resolved.Projects.Where(subject.IsDeclaredIn)]
        );
        return found with { Traces = await TracesAsync(found, cancellation) };
    }

    private async Task<OffboardingTraces> TracesAsync(OffboardPlan plan, CancellationToken cancellation)
    {
        var stored = ledgers.Store is { } store ? await store.LoadAllAsync(cancellation) : [];
        var looked = plan.Plan.Projects.Select(p => p.Project.Key).ToHashSet();
        var traces = OffboardingTraces.None with
        {
            Remembered =
            [
                .. stored.Where(Remembers).Select(s => new RememberedIn(s.Key, NameOf(s), looked.Contains(s.Key))),
            ],
            Removed = await LastRemovalAsync(cancellation),
        };
        if ((plan with { Traces = traces }).IsFound)
            return traces;
        var live = plan.Plan.Plans.SelectMany(p =>
            p.Live.Members.Select(m => m.Email).Concat(p.Live.Invitations.Select(i => i.Email))
        );
        var remembered = stored.SelectMany(s => s.Ledger?.People ?? []).Select(p => p.Email);
        return traces with
        {
            Similar = subject.Near(NearAddresses.In(resolved.Manifests).Concat(live).Concat(remembered)),
        };
    }

    private bool Remembers(StoredLedger stored) =>
        stored.Ledger is { } ledger && subject.KeysIn(stored.Key).Any(k => ledger.Of(k, null) is not null);

    private static string NameOf(StoredLedger stored) =>
        stored.Ledger?.Applied is { } applied ? TextNames.Short(applied.Document) : stored.Key.ProjectId;

    private async Task<AuditEntry?> LastRemovalAsync(CancellationToken cancellation)
    {
        var entries = new List<AuditEntry>();
        foreach (var key in subject.Keys)
            entries.AddRange(await History(key, cancellation));
        return entries
            .Where(subject.IsIn)
            .Where(e => e is { CountsAsRemoval: true, Outcome: AuditOutcome.Done or AuditOutcome.SettledDone })
            .MaxBy(e => e.At);
    }

    // Two connections may lead to one account: each project is looked at once.
    private ImmutableArray<DesiredProject> Undeclared(ImmutableArray<ListedProvider> listed)
    {
        var declared = resolved.Projects.Select(p => p.Key).ToHashSet();
        return
        [
            .. listed
                .SelectMany(l => (l.Projects ?? []).Select(place => Undeclared(l.Provider, place)))
                .DistinctBy(p => p.Key)
                .Where(p => !declared.Contains(p.Key)),
        ];
    }

    // A colon cannot stand in a document's name, so no declared project has this one.
    private DesiredProject Undeclared(DesiredProvider provider, NamedPlace place) =>
        new($"{provider.Id}/undeclared:{place.Id}", provider, place.Id, [])
        {
            Limits = resolved.State.UndeclaredLimits[provider.Id],
            Runner = resolved.State.Runners[provider.Id],
        };

    private static Dictionary<string, string?> Names(ListedProvider listed) =>
        (listed.Projects ?? [])
            .DistinctBy(p => p.Id)
            .ToDictionary(p => listed.Provider.Vendor.NormalProject(p.Id), p => p.Name, StringComparer.Ordinal);

    private static ProjectPlan WithoutOthers(ProjectPlan plan) =>
        plan with
        {
            Findings = [.. plan.Findings.Where(f => f.Kind != FindingKind.Unmanaged)],
            PeopleNotJudged = [],
            NotManaged = [],
        };

    private static ILookup<string, string> FoundIds(RunPlan plan) =>
        plan
            .Plans.SelectMany(p =>
                p.Actions.Select(a => (p.Project.Provider.Id, Found: a.Member?.PersonId ?? a.Invitation?.PersonId))
            )
            .Where(f => f.Found is not null)
            .ToLookup(f => f.Id, f => f.Found!, StringComparer.Ordinal);
}

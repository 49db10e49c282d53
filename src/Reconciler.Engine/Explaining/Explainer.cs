using System.Collections.Immutable;
using Reconciler.Core.Explaining;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Offboarding;
using Reconciler.Core.Planning;
using Reconciler.Engine.Planning;
using Reconciler.Engine.Reviews;

namespace Reconciler.Engine.Explaining;

/// <summary>Explains one person's access from the plan of a run, or from manifests and state alone.</summary>
/// <param name="manifests">The manifests.</param>
/// <param name="subject">The person.</param>
/// <param name="trail">The audit trail; empty where there is none.</param>
/// <param name="stored">The ledgers of all projects; empty where there is no state.</param>
public sealed class Explainer(
    ManifestSet manifests,
    OffboardingSubject subject,
    IReadOnlyCollection<AuditEntry> trail,
    ImmutableArray<StoredLedger> stored
)
{
    private readonly AccessPaths _paths = new(manifests, subject);
    private readonly Dictionary<ProjectKey, ProjectLedger> _ledgers = stored
        .Where(s => s.Ledger is not null)
        .ToDictionary(s => s.Key, s => s.Ledger!);

    /// <summary>Explains what was read, and what is planned.</summary>
    /// <param name="plan">The plan of the run.</param>
    /// <param name="meanings">What roles and groups permit, by project.</param>
    public Explanation Of(RunPlan plan, IReadOnlyDictionary<ProjectKey, ImmutableArray<GrantMeaning>> meanings)
    {
        var review = AccessReview.Of(plan, trail, ReviewGrouping.Person, meanings);
        var planned = plan.Projects.ToLookup(p => (p.Project.Id, p.Project.Provider.Id, p.Project.ProjectId));
        var accesses = review
            .Rows.Select(r =>
                (Row: r, planned[(r.Project.Document, r.Project.Provider, r.Project.ProjectId)].First().Plan)
            )
            .Where(r => subject.Is(r.Plan!.Project.Provider, r.Row.Key, r.Row.Account, r.Row.PersonId))
            .OrderBy(r => r.Row.Project.Provider, StringComparer.Ordinal)
            .ThenBy(r => r.Row.Project.Document, StringComparer.Ordinal)
            .Select(r => AccessOf(r.Row, r.Plan!))
            .ToImmutableArray();
        var live = plan.Plans.SelectMany(p =>
            p.Live.Members.Select(m => m.Email).Concat(p.Live.Invitations.Select(i => i.Email))
        );
        return Finished(
            new(subject.Names, plan.At, accesses)
            {
                LookedAt = review.Projects.Count(p => p.Reading == ReviewReading.Read),
                NotRead = [.. review.Projects.Where(p => p.Reading != ReviewReading.Read)],
            },
            live
        );
    }

    /// <summary>Explains what manifests and state say; no vendor is asked.</summary>
    /// <param name="projects">The projects.</param>
    /// <param name="now">The time of the run.</param>
    public Explanation Offline(IEnumerable<DesiredProject> projects, DateTimeOffset now)
    {
        var all = projects.ToList();
        var history = new GrantHistory(trail);
        var accesses = all.OrderBy(p => p.Provider.Id, StringComparer.Ordinal)
            .ThenBy(p => p.Id, StringComparer.Ordinal)
            .Select(p => OfflineIn(p, history))
            .OfType<ExplainedAccess>()
            .ToImmutableArray();
        return Finished(new(subject.Names, now, accesses) { LookedAt = all.Count, IsOffline = true }, live: []);
    }

    private ExplainedAccess AccessOf(ReviewRow row, ProjectPlan plan)
    {
        var actions = plan.Actions.Where(a =>
            a.Person.Key == row.Key
            && (
                row.State switch
                {
                    ReviewState.Member => a.Member is not null && EmailAddress.KeyOf(a.Email) == AccountKey(row),
                    ReviewState.Invited => a.Invitation is not null,
                    _ => a.Member is null && a.Invitation is null,
                }
            )
        );
        return new(row, _paths.Into(plan.Project))
        {
            Next = [.. actions.Select(a => new ExplainedAction(a, HeldBy(plan, a)))],
            Meanings =
            [
                .. row.Project.Meanings.Where(m => row.Access.Grants.Any(g => g.Field == m.Field && g.Word == m.Word)),
            ],
            Record = RecordIn(plan.Project),
            Prune = plan.Project.Prune.ToString().ToLowerInvariant(),
        };
    }

    private static string AccountKey(ReviewRow row) => row.Account.Length == 0 ? "" : EmailAddress.KeyOf(row.Account);

    private static ImmutableArray<string> HeldBy(ProjectPlan plan, Core.Actions.PlannedAction action)
    {
        IEnumerable<string> held = plan.IsHeld(action) ? plan.StoppedBy(action).Select(h => h.Message) : [];
        IEnumerable<string> shown = plan.Project.DryRun ? ["dryRun: true, so nothing of this is applied"] : [];
        return [.. held, .. shown];
    }

    private ExplainedAccess? OfflineIn(DesiredProject project, GrantHistory history)
    {
        var declared = project.Members.FirstOrDefault(m => IsSubject(project, m.Person));
        var requested = project.Removals.FirstOrDefault(r => IsSubject(project, r.Person));
        var record = RecordIn(project);
        if (declared is null && requested is null && !IsRemembered(record))
            return null;
        return new(OfflineRow(project, declared, requested, record, history), _paths.Into(project))
        {
            Record = record,
            Prune = project.Prune.ToString().ToLowerInvariant(),
        };
    }

    private bool IsSubject(DesiredProject project, PersonIdentity person) =>
        subject.Is(project.Provider, person.Key, "", person.UserId);

    private ReviewRow OfflineRow(
        DesiredProject project,
        DesiredMember? declared,
        RequestedRemoval? requested,
        PersonRecord? record,
        GrantHistory history
    )
    {
        var provider = project.Provider;
        var granted = history.Of(project.Key, subject.KeysIn(project.Key));
        var person = declared?.Person ?? requested?.Person;
        var access = declared?.Access.Grants ?? record?.Asked ?? Access.None;
        var places = (declared?.Declared ?? []).Concat(requested is null ? [] : [requested.Declared]);
        return new(
            new(project.Id, provider.Id, provider.Vendor.Type, project.ProjectId, ReviewReading.Read),
            person?.Label ?? record!.Email,
            ReviewState.Absent,
            declared is null ? ReviewStanding.Unmanaged : ReviewStanding.Declared
        )
        {
            Key = person?.Key ?? EmailAddress.KeyOf(record!.Email),
            Access = access,
            Admin = provider.Vendor.Access.Administers(access),
            Owned = record?.Owned == true,
            Since = granted?.Since,
            ChangedAt = granted?.ChangedAt,
            Plan = granted?.Plan ?? "",
            Until = declared?.ExpiresAt,
            Reason = declared?.Reason ?? requested?.Reason,
            Declared = [.. places.Select(p => p.ToString())],
            InvitedAt = record?.InvitedAt,
            LastMailAt = record?.SentAt,
            Resends = record?.Resends ?? 0,
        };
    }

    private static bool IsRemembered(PersonRecord? record) =>
        record is { Owned: true } or { State: not PersonState.Known };

    private PersonRecord? RecordIn(DesiredProject project) =>
        _ledgers.TryGetValue(project.Key, out var ledger)
            ? subject.KeysIn(project.Key).Select(a => ledger.Of(a, null)).FirstOrDefault(r => r is not null)
            : null;

    private Explanation Finished(Explanation found, IEnumerable<string> live)
    {
        var shown = found.Accesses.SelectMany(a => a.Paths).SelectMany(p => p.Steps).Select(s => s.At).ToHashSet();
        var complete = found with
        {
            HasHistory = trail.Count > 0,
            Mentions =
            [
                .. subject
                    .ReferencesIn(manifests, Enumerable.Empty<string>().ToLookup(s => s, StringComparer.Ordinal))
                    .Where(m => !shown.Contains(m.At) && (m.Kind != MentionKind.Person || found.Accesses.IsEmpty)),
            ],
            Removed = trail
                .Where(e => e is { CountsAsRemoval: true, Outcome: AuditOutcome.Done or AuditOutcome.SettledDone })
                .Where(subject.IsIn)
                .MaxBy(e => e.At),
        };
        return complete.IsFound
            ? complete
            : complete with
            {
                Similar = subject.Near(
                    NearAddresses
                        .In(manifests)
                        .Concat(live)
                        .Concat(stored.SelectMany(s => s.Ledger?.People ?? []).Select(p => p.Email))
                ),
            };
    }
}

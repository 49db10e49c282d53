using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;

namespace Reconciler.Core.Recording;

/// <summary>
/// Updates a project's ledger during one reconcile: with what the reading showed, what is about to be written and what
/// was done. Declared people become owned once they have, or were sent, the declared access. People who are gone and
/// undeclared are forgotten, so that declaring them again starts anew. No IO; not thread-safe.
/// </summary>
public sealed class LedgerUpdate
{
    // Enough to recognize an approval that stays in its document, and small enough for a Kubernetes status.
    private const int MostReleased = 10;

    private readonly ProjectLedger _before;
    private readonly ProjectPlan _plan;
    private readonly DateTimeOffset _now;
    private readonly Dictionary<string, Remembered> _people = new(StringComparer.Ordinal);
    private readonly Dictionary<PlannedAction, WriteIntent> _intents = new(ReferenceEqualityComparer.Instance);
    private readonly List<string> _released;
    private ImmutableArray<Lesson> _lessons;
    private readonly List<WriteIntent> _believed;
    private int? _trusted;
    private int _removed;
    private bool _changed;
    private bool _leftOut;
    private bool _isWhole;
    private bool _isFree;

    /// <summary>Starts from the ledger and the project that a plan was made with.</summary>
    /// <param name="before">
    /// The ledger that the plan was made with; people who are owned by a baseline are owned here as well.
    /// </param>
    /// <param name="plan">The plan, with the project as read.</param>
    /// <param name="now">The time of the reconcile.</param>
    public LedgerUpdate(ProjectLedger before, ProjectPlan plan, DateTimeOffset now)
    {
        (_before, _plan, _now) = (before, plan, now);
        (_trusted, _released, _believed) = (before.TrustedCount, [.. before.Released], [.. before.Believed]);
        _lessons = LessonBook.Without(before.Lessons, l => l.Until <= now);
        var cases = CaseBuilder.Build(plan.Project, plan.Live, before);
        ForgetUnknown(cases);
        if (plan.Project.OnlyRemovals)
            cases.RemoveAll(c => c.Requested is null);
        foreach (var person in cases)
            _people[person.Person.Key] = Remembered.Of(person, plan.Project.Provider.Vendor.Access, now, SeenAt);
        // A reading that may be wrong must not delete records: without a record of ownership, people would never be
        // removed.
        if (!plan.Project.OnlyRemovals && (plan.Release is not null || !Judge.IsSuspicious(plan.Live, before)))
            return;
        var spokenOf = cases.Select(c => c.Record).ToHashSet();
        foreach (var other in before.People.Where(p => !spokenOf.Contains(p)))
            _people[$"record:{other.Email}"] = Remembered.Untouched(other);
    }

    // Once a list shows the person, the outcome of earlier mails is known.
    private void ForgetUnknown(IEnumerable<PersonCase> cases)
    {
        if (_lessons.IsEmpty)
            return;
        var seen = cases
            .Where(c => c.Member is not null || c.Invitation is not null)
            .Select(c => c.Person.Key)
            .ToHashSet(StringComparer.Ordinal);
        _lessons = LessonBook.Without(_lessons, l => l.Kind == LessonKind.SentUnknown && seen.Contains(l.Subject));
    }

    /// <summary>The ledger with everything recorded so far.</summary>
    public ProjectLedger Value
    {
        get
        {
            var people = _people
                .Where(p => !IsShadow(p.Key, p.Value.Record))
                .Select(p => p.Value.Record)
                .OfType<PersonRecord>()
                .OrderBy(p => p.Email, StringComparer.Ordinal)
                .ToImmutableArray();
            var value = _before with
            {
                Source = OwnershipSource.Ledger,
                People = people,
                Intents = [.. _intents.Values],
                Believed = [.. _believed],
                TrustedCount = _trusted,
                Released = [.. _released],
                Lessons = _lessons,
                Applied = Applied,
            };
            return value.Equals(_before) ? _before : value;
        }
    }

    /// <summary>Returns the ledger after a whole reconcile.</summary>
    /// <param name="before">The ledger that the plan was made with.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="done">The actions that were done; all others were not.</param>
    /// <param name="now">The time of the reconcile.</param>
    public static ProjectLedger After(
        ProjectLedger before,
        ProjectPlan plan,
        IEnumerable<PlannedAction> done,
        DateTimeOffset now
    )
    {
        var update = new LedgerUpdate(before, plan, now);
        foreach (var action in done)
            update.Done(action);
        update.Finish();
        return update.Value;
    }

    /// <summary>Records something that the vendor's answer showed, such as a call that it does not have.</summary>
    /// <param name="lesson">What was learned.</param>
    public void Learn(Lesson lesson) => _lessons = LessonBook.With(_lessons, lesson);

    /// <summary>Records that an action is about to be sent.</summary>
    /// <param name="action">One of the plan's actions.</param>
    public void Intend(PlannedAction action) => _intents[action] = Written(action, _now);

    /// <summary>Records that an action is done.</summary>
    /// <param name="action">One of the plan's actions.</param>
    /// <param name="at">The time it was done; null for the time of the reconcile.</param>
    /// <param name="isSeen">
    /// Whether a reading showed it. If not, the vendor's answer did, and it counts as done until a reading shows it.
    /// </param>
    public void Done(PlannedAction action, DateTimeOffset? at = null, bool isSeen = true)
    {
        _intents.Remove(action);
        if (!isSeen && UnconfirmedWrites.CanBeSeen(action.Kind) && _plan.Project.Provider.SettleAfter > TimeSpan.Zero)
            _believed.Add(Written(action, at ?? _now));
        // People who became members after the reading are not part of the number that was read.
        _removed +=
            action.Kind == ActionKind.Remove
            && _plan.Live.Members.Any(m => m.MembershipId == action.Member!.MembershipId)
                ? 1
                : 0;
        _changed |= !action.IsReminder;
        _lessons = LessonBook.Without(
            _lessons,
            l => l.Kind == LessonKind.SentUnknown && l.Subject == action.Person.Key
        );
        if (!_people.TryGetValue(action.Person.Key, out var person))
            return;
        person.LeftOver.Remove(
            action.Kind switch
            {
                ActionKind.Remove => action.Member!.MembershipId,
                ActionKind.Revoke => action.Invitation!.Id,
                _ => "",
            }
        );
        person.Record = person is { IsDeclared: false, LeftOver.Count: 0 }
            ? null
            : WriteIntent.Of(action, _now).Done(person.Record, _now, isSeen ? Sighting.Seen : Sighting.Answered);
    }

    /// <summary>Records an invitation that was sent and may not have arrived.</summary>
    /// <param name="action">One of the plan's actions.</param>
    /// <param name="at">When it was sent last.</param>
    /// <param name="sends">How often it was sent in this reconcile.</param>
    public void Unknown(PlannedAction action, DateTimeOffset at, int sends)
    {
        _intents.Remove(action);
        if (!_people.TryGetValue(action.Person.Key, out var person))
            return;
        person.Record = WriteIntent.Of(action, at).Unknown(person.Record, at, sends);
    }

    /// <summary>Records that an action failed, or that only its first step was done.</summary>
    /// <param name="action">One of the plan's actions.</param>
    /// <param name="partly">Whether its first step is done.</param>
    public void NotDone(PlannedAction action, bool partly)
    {
        _intents.Remove(action);
        if (partly && _people.TryGetValue(action.Person.Key, out var person))
            person.Record = WriteIntent.Of(action, _now).PartlyDone(person.Record, _now);
    }

    /// <summary>
    /// Records that something was left out, so that the limits of this reconcile do not count as applied.
    /// </summary>
    public void LeaveOut() => _leftOut = true;

    /// <summary>
    /// Records that a person accepted the invitation which an action was to take away. The new membership stays on
    /// record as owned until it is gone.
    /// </summary>
    /// <param name="action">One of the plan's actions.</param>
    /// <param name="member">The membership.</param>
    public void Accepted(PlannedAction action, LiveMember member)
    {
        if (!_people.TryGetValue(action.Person.Key, out var person))
            return;
        if (action.Invitation is { } invitation)
            person.LeftOver.Remove(invitation.Id);
        if (action.Kind == ActionKind.Remove)
            person.LeftOver.Remove(action.Member!.MembershipId);
        if (!person.IsDeclared)
            person.LeftOver.Add(member.MembershipId);
        if (person.Record is not { } record)
            return;
        person.Record = record with
        {
            PersonId = member.PersonId ?? record.PersonId,
            State = PersonState.Member,
            InvitedAt = null,
            SentAt = null,
            SeenAt = null,
            Resends = 0,
        };
    }

    /// <summary>
    /// Ends the reconcile. The number of members becomes the trusted number if nothing was held or an approval released
    /// it. An approval under which something was done is used up.
    /// </summary>
    public void Finish()
    {
        if (!_plan.IsFree)
            return;
        _isFree = true;
        _isWhole = !_leftOut && !_plan.Project.OnlyRemovals;
        // A suspiciously short reading is trusted only if an approval confirms it, not because it asked for no
        // removals.
        if (_plan.Release is not null || !Judge.IsSuspicious(_plan.Live, _before))
            _trusted = _plan.Live.ListedMembers - _removed;
        if (_plan.Release is null || !_changed)
            return;
        _released.Remove(_plan.Release.Hold);
        _released.Add(_plan.Release.Hold);
        while (_released.Count > MostReleased)
            _released.RemoveAt(0);
    }

    private WriteIntent Written(PlannedAction action, DateTimeOffset at) =>
        WriteIntent.Of(action, at, _plan.Digest) with
        {
            Definition = _plan.Project.Provider.Vendor.DefinitionDigest,
        };

    // The limits of a held plan are not stored: if they were, the next reconcile would let the same plan through.
    private LastApplied? Applied
    {
        get
        {
            var (project, last) = (_plan.Project, _before.Applied);
            if (project.IsDeleted || project.Scope is not { } scope)
                return last;
            var applied = new LastApplied(scope, project.Id, project.ProjectId, project.DeletionPolicy, last?.Limits)
            {
                Administrators = Administrators,
            };
            if (!_isWhole)
                return applied with { Labels = last?.Labels ?? DesiredProject.NoLabels };
            return applied with { Limits = project.DeclaredLimits, Labels = project.Labels };
        }
    }

    // Other words than before hold a plan once. A plan that does nothing is not held, so it keeps the earlier ones.
    private ImmutableArray<string> Administrators =>
        _isFree && (!_plan.Actions.IsEmpty || !AdministratorChange.IsOne(_plan.Project, _before))
            ? AdministratorChange.WordsOf(_plan.Project.Provider.Vendor.Access)
            : _before.Applied?.Administrators ?? default;

    // If a person is declared by address and by id, the record belongs to the address, because mails go there.
    private bool IsShadow(string key, PersonRecord? record) =>
        record is not null
        && key.StartsWith("id:", StringComparison.Ordinal)
        && _people.TryGetValue(EmailAddress.KeyOf(record.Email), out var other)
        && other.Record is { } theirs
        && EmailAddress.KeyOf(theirs.Email) == EmailAddress.KeyOf(record.Email);

    // Without a ledger it is unknown whether a reminder was sent, so the full waiting time starts now. The same holds
    // for a person who was a member when last seen and has an older invitation.
    private DateTimeOffset SeenAt(LiveInvitation invitation, PersonRecord? record) =>
        _before.Source == OwnershipSource.Ledger && record?.State != PersonState.Member ? invitation.CreatedAt : _now;
}

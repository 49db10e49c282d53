using System.Collections.Immutable;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;

namespace Reconciler.Core.Ledgers;

/// <summary>
/// What is remembered of a project while a pass goes on: what its reading showed, what is about to be written, what was done. Declared
/// people are owned once they have, or were sent, what is declared; people who are gone and undeclared are forgotten, so that declaring
/// them anew starts anew. It does no IO; one caller at a time.
/// </summary>
public sealed class LedgerPass
{
    // Enough to know an annotation that stays in its document; a status of Kubernetes must stay small.
    private const int MostReleased = 10;

    private readonly ProjectLedger _before;
    private readonly ProjectPlan _plan;
    private readonly DateTimeOffset _now;
    private readonly Dictionary<string, Remembered> _people = new(StringComparer.Ordinal);
    private readonly Dictionary<PlannedAction, WriteIntent> _intents = new(ReferenceEqualityComparer.Instance);
    private readonly List<string> _released;
    private int? _trusted;
    private int _removed;
    private bool _changed;

    /// <summary>Starts with what a plan's reading showed.</summary>
    /// <param name="before">The ledger that the plan was made with; whoever is owned by a baseline is owned here too.</param>
    /// <param name="plan">The plan, with the project as read.</param>
    /// <param name="now">The time of the pass.</param>
    public LedgerPass(ProjectLedger before, ProjectPlan plan, DateTimeOffset now)
    {
        (_before, _plan, _now) = (before, plan, now);
        (_trusted, _released) = (before.TrustedCount, [.. before.Released]);
        var cases = CaseBuilder.Build(plan.Project, plan.Live, before);
        if (plan.Project.OnlyRemovals) cases.RemoveAll(c => c.Requested is null);
        foreach (var person in cases) _people[person.Person.Key] = Remembered.Of(person, SentAt);
        // Nor does a reading that may be wrong say that somebody is gone: forgetting that they are ours would let them stay for ever.
        if (!plan.Project.OnlyRemovals && (plan.Release is not null || !Judge.IsSuspicious(plan.Live, before))) return;
        var spokenOf = cases.Select(c => c.Record).ToHashSet();
        foreach (var other in before.People.Where(p => !spokenOf.Contains(p))) _people[$"record:{other.Email}"] = Remembered.Untouched(other);
    }

    /// <summary>The ledger as of now.</summary>
    public ProjectLedger Value
    {
        get
        {
            var people = _people.Where(p => !IsShadow(p.Key, p.Value.Record)).Select(p => p.Value.Record).OfType<PersonRecord>().OrderBy(p => p.Email, StringComparer.Ordinal).ToImmutableArray();
            var value = _before with
            {
                Source = OwnershipSource.Ledger,
                People = people,
                Intents = [.. _intents.Values],
                TrustedCount = _trusted,
                Released = [.. _released],
                Applied = _plan.Project is { IsDeleted: false, Scope: { } scope }
                    ? new(scope, _plan.Project.Id, _plan.Project.ProjectId, _plan.Project.DeletionPolicy, _plan.Project.Limits) : _before.Applied,
            };
            return value.Equals(_before) ? _before : value;
        }
    }

    /// <summary>The ledger after a whole pass.</summary>
    /// <param name="before">The ledger that the plan was made with.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="done">Those of its actions that were done; the others were not.</param>
    /// <param name="now">The time of the pass.</param>
    public static ProjectLedger After(ProjectLedger before, ProjectPlan plan, IEnumerable<PlannedAction> done, DateTimeOffset now)
    {
        var pass = new LedgerPass(before, plan, now);
        foreach (var action in done) pass.Done(action);
        pass.Finish();
        return pass.Value;
    }

    /// <summary>An action is about to be sent.</summary>
    /// <param name="action">One of the plan's actions.</param>
    public void Intend(PlannedAction action) => _intents[action] = WriteIntent.Of(action, _now, _plan.Digest);

    /// <summary>An action is done.</summary>
    /// <param name="action">One of the plan's actions.</param>
    public void Done(PlannedAction action)
    {
        _intents.Remove(action);
        _removed += action.Kind == ActionKind.Remove ? 1 : 0;
        _changed |= !action.IsReminder;
        if (!_people.TryGetValue(action.Person.Key, out var person)) return;
        person.LeftOver.Remove(action.Kind switch { ActionKind.Remove => action.Member!.MembershipId, ActionKind.Revoke => action.Invitation!.Id, _ => "" });
        person.Record = person is { IsDeclared: false, LeftOver.Count: 0 } ? null : WriteIntent.Of(action, _now).Done(person.Record, _now);
    }

    /// <summary>An action was tried, and is not done, or only its first step is.</summary>
    /// <param name="action">One of the plan's actions.</param>
    /// <param name="partly">Whether its first step is done.</param>
    public void NotDone(PlannedAction action, bool partly)
    {
        _intents.Remove(action);
        if (partly && _people.TryGetValue(action.Person.Key, out var person)) person.Record = WriteIntent.Of(action, _now).PartlyDone(person.Record, _now);
    }

    /// <summary>
    /// The pass is over: the number of members is trusted where nothing was held, or an approval released it. An approval under which
    /// something was done is used up.
    /// </summary>
    public void Finish()
    {
        if (!_plan.IsFree) return;
        // A reading that may be wrong is not trusted for having asked for no removal: an approval says that it was right.
        if (_plan.Release is not null || !Judge.IsSuspicious(_plan.Live, _before)) _trusted = _plan.Live.Members.Length - _removed;
        if (_plan.Release is null || !_changed) return;
        _released.Remove(_plan.Digest);
        _released.Add(_plan.Digest);
        if (_released.Count > MostReleased) _released.RemoveAt(0);
    }

    // Of somebody who is declared by address and by id at once the address has the record: it is what mails go to.
    private bool IsShadow(string key, PersonRecord? record) => record is not null && key.StartsWith("id:", StringComparison.Ordinal)
        && _people.TryGetValue(EmailAddress.KeyOf(record.Email), out var other) && other.Record is { } theirs && EmailAddress.KeyOf(theirs.Email) == EmailAddress.KeyOf(record.Email);

    // Without a ledger nobody knows whether a mail went out again since: the next one waits its whole time from here.
    private DateTimeOffset SentAt(LiveInvitation invitation) => _before.Source == OwnershipSource.Ledger ? invitation.CreatedAt : _now;

    private sealed class Remembered
    {
        public PersonRecord? Record { get; set; }

        public bool IsDeclared { get; private init; }

        // What is still there of somebody whom nothing declares: the person is forgotten with the last of it.
        public HashSet<string> LeftOver { get; } = new(StringComparer.Ordinal);

        public static Remembered Untouched(PersonRecord record) => new() { IsDeclared = true, Record = record };

        public static Remembered Of(PersonCase person, Func<LiveInvitation, DateTimeOffset> sentAt)
        {
            if (person.IsUndecided) return new() { IsDeclared = true, Record = person.Record };
            if (person.Declared is { } declared) return new() { IsDeclared = true, Record = Observe(person, declared, sentAt) };
            var undeclared = new Remembered();
            // Strangers are not remembered; whoever is, stays so until every account and invitation is gone.
            if (person.Record is null) return undeclared;
            foreach (var member in person.Members) undeclared.LeftOver.Add(member.MembershipId);
            foreach (var invitation in person.Pending) undeclared.LeftOver.Add(invitation.Id);
            if (undeclared.LeftOver.Count > 0) undeclared.Record = Seen(person, person.Record);
            return undeclared;
        }
    }

    private static PersonRecord? Observe(PersonCase person, DesiredMember declared, Func<LiveInvitation, DateTimeOffset> sentAt)
    {
        var record = person.Record;
        if (person.MovedTo is not null) return record;
        if (person.Member is { } member)
        {
            var matches = declared.Access.Matches(member.Access);
            return Seen(person, record ?? new(member.Email)) with
            {
                Owned = record?.Owned == true || matches,
                State = PersonState.Member,
                InvitedAt = null,
                SentAt = null,
                Resends = 0,
                Asked = declared.Access.Grants,
                // What stayed as it was changed for one pass was not changed back.
                Change = matches ? null : record?.Change,
                Repeats = matches ? 0 : record?.Repeats ?? 0,
            };
        }

        if (person.Invitation is not { } invitation) return record;
        var mails = person.Mails is { } sent ? sent with { InvitedAt = sent.InvitedAt ?? invitation.CreatedAt } : new PersonRecord(invitation.Email) { InvitedAt = invitation.CreatedAt, SentAt = sentAt(invitation) };
        return Seen(person, mails) with
        {
            Owned = record?.Owned == true || declared.Access.Matches(invitation.Access),
            State = PersonState.Invited,
            Asked = invitation.Access,
        };
    }

    private static PersonRecord Seen(PersonCase person, PersonRecord record) => record with
    {
        Email = Address(person, record),
        PersonId = person.Member?.PersonId ?? person.Invitation?.PersonId ?? record.PersonId ?? person.Person.UserId,
    };

    // Of a person's addresses the one that the vendor has, so that the account is found again once nothing declares the person. The
    // address of somebody who moved stays: it is what leads from the entry to the account.
    private static string Address(PersonCase person, PersonRecord record)
    {
        var live = person.Member?.Email ?? person.Invitation?.Email ?? "";
        var key = EmailAddress.KeyOf(live);
        if (key == person.Person.Key || person.Person.Aliases.Contains(key)) return live;
        // Whoever is declared by id is found by it; their old address may be somebody else's by now, with a record of its own.
        if (person.Declared is not null && person.Person.Email is null && live.Length > 0) return live;
        return record.Email.Length > 0 ? record.Email : person.Person.Key;
    }
}

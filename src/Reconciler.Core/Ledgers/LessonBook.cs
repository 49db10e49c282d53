using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Ledgers;

/// <summary>Looks up what a vendor refuses at a given time, from the lessons of a project and of its account.</summary>
/// <param name="ledger">The ledger of the project.</param>
/// <param name="now">The time of the reconcile.</param>
public sealed class LessonBook(ProjectLedger ledger, DateTimeOffset now)
{
    // Limited so that a Kubernetes status stays small.
    private const int MostOfProject = 100;

    private readonly ImmutableArray<Lesson> _lessons =
    [
        .. ledger.Lessons.Concat(ledger.AccountLessons).Where(l => l.Until > now),
    ];

    /// <summary>The lesson that the account accepts no invitations for now; null if it accepts them.</summary>
    public Lesson? Spent => _lessons.Where(l => l.Kind == LessonKind.InvitationsSpent).MaxBy(l => l.Until);

    /// <summary>Why a kind of action is left to a human; null if it is not.</summary>
    /// <param name="kind">The kind of action.</param>
    public Lesson? Missing(ActionKind kind) => Find(LessonKind.CallMissing, kind.ToString());

    /// <summary>Why the token may not do a kind of action; null if it may, as far as is known.</summary>
    /// <param name="kind">The kind of action.</param>
    public Lesson? Denied(ActionKind kind) => Find(LessonKind.CallDenied, kind.ToString());

    /// <summary>Why the vendor refuses an action for good; null if it does not, as far as is known.</summary>
    /// <param name="plan">The project.</param>
    /// <param name="action">The action.</param>
    public Lesson? Refused(Reconciler.Core.Membership.ProjectKey plan, PlannedAction action) =>
        _lessons.Any(l => l.Kind == LessonKind.Refused)
            ? Find(LessonKind.Refused, Lesson.SubjectOf(plan, action))
            : null;

    /// <summary>
    /// When a person may be invited again after the most invitations of unknown outcome; null for at once.
    /// </summary>
    /// <param name="personKey">The key of the person.</param>
    public DateTimeOffset? UnknownUntil(string personKey)
    {
        var sent = _lessons
            .Where(l => l.Kind == LessonKind.SentUnknown && l.Subject == personKey)
            .OrderByDescending(l => l.At)
            .ToList();
        return sent.Count < Lesson.MostUnknown ? null : sent[Lesson.MostUnknown - 1].Until;
    }

    /// <summary>
    /// Returns a project's lessons with one more. It replaces an older one of the same subject, except that each
    /// unknown mail counts.
    /// </summary>
    /// <param name="lessons">The lessons.</param>
    /// <param name="lesson">The new one.</param>
    public static ImmutableArray<Lesson> With(ImmutableArray<Lesson> lessons, Lesson lesson)
    {
        var isCounted = lesson.Kind == LessonKind.SentUnknown;
        var kept = lessons.Where(l =>
            l.Until > lesson.At && (isCounted || (l.Kind, l.Subject) != (lesson.Kind, lesson.Subject))
        );
        ImmutableArray<Lesson> all =
        [
            .. kept.Append(lesson)
                .OrderBy(l => l.At)
                .ThenBy(l => l.Kind)
                .ThenBy(l => l.Subject, StringComparer.Ordinal),
        ];
        if (all.Length <= MostOfProject)
            return all;
        // Forgetting a refusal costs one more request. Forgetting a mail of unknown outcome could send another mail.
        var forgotten = all.Where(l => l.Kind == LessonKind.Refused).Take(all.Length - MostOfProject).ToHashSet();
        return all.RemoveAll(forgotten.Contains);
    }

    /// <summary>
    /// Returns a project's lessons without those that have expired or were proven wrong by an action that was done.
    /// </summary>
    /// <param name="lessons">The lessons.</param>
    /// <param name="isOver">Whether a lesson is proven wrong.</param>
    public static ImmutableArray<Lesson> Without(ImmutableArray<Lesson> lessons, Func<Lesson, bool> isOver) =>
        lessons.Any(isOver) ? lessons.RemoveAll(l => isOver(l)) : lessons;

    private Lesson? Find(LessonKind kind, string subject) =>
        _lessons.FirstOrDefault(l => l.Kind == kind && l.Subject == subject);
}

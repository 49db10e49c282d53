using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Ledgers;

/// <summary>
/// What is known at one time of what a vendor refuses, from a project's own lessons and those of its account.
/// </summary>
/// <param name="ledger">What is remembered of the project.</param>
/// <param name="now">The time of the pass.</param>
public sealed class LessonBook(ProjectLedger ledger, DateTimeOffset now)
{
    // A status of Kubernetes must stay small.
    private const int MostOfProject = 100;

    private readonly ImmutableArray<Lesson> _lessons =
    [
        .. ledger.Lessons.Concat(ledger.AccountLessons).Where(l => l.Until > now),
    ];

    /// <summary>Until when the account takes no invitations; null where it takes them.</summary>
    public Lesson? Spent => _lessons.Where(l => l.Kind == LessonKind.InvitationsSpent).MaxBy(l => l.Until);

    /// <summary>Why a kind of action is left to a human; null where it is not.</summary>
    /// <param name="kind">The kind of action.</param>
    public Lesson? Missing(ActionKind kind) => Find(LessonKind.CallMissing, kind.ToString());

    /// <summary>Why the token may not do a kind of action; null where it may, as far as is known.</summary>
    /// <param name="kind">The kind of action.</param>
    public Lesson? Denied(ActionKind kind) => Find(LessonKind.CallDenied, kind.ToString());

    /// <summary>Why the vendor refuses an action for good; null where it does not, as far as is known.</summary>
    /// <param name="plan">The project.</param>
    /// <param name="action">The action.</param>
    public Lesson? Refused(Reconciler.Core.Membership.ProjectKey plan, PlannedAction action) =>
        _lessons.Any(l => l.Kind == LessonKind.Refused)
            ? Find(LessonKind.Refused, Lesson.SubjectOf(plan, action))
            : null;

    /// <summary>
    /// When somebody may be invited again who was sent as many invitations of unknown outcome as may be; null for at
    /// once.
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
    /// A project's lessons with one more. An older one of the same subject is replaced, except that each unknown mail
    /// counts.
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
        // A refusal costs one request to learn again; to forget a mail of unknown outcome could send another.
        var forgotten = all.Where(l => l.Kind == LessonKind.Refused).Take(all.Length - MostOfProject).ToHashSet();
        return all.RemoveAll(forgotten.Contains);
    }

    /// <summary>
    /// A project's lessons without those that hold no more, or that an action which was done proves wrong.
    /// </summary>
    /// <param name="lessons">The lessons.</param>
    /// <param name="isOver">Whether a lesson is proven wrong.</param>
    public static ImmutableArray<Lesson> Without(ImmutableArray<Lesson> lessons, Func<Lesson, bool> isOver) =>
        lessons.Any(isOver) ? lessons.RemoveAll(l => isOver(l)) : lessons;

    private Lesson? Find(LessonKind kind, string subject) =>
        _lessons.FirstOrDefault(l => l.Kind == kind && l.Subject == subject);
}

using Reconciler.Core.Actions;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Ledgers;

/// <summary>Kinds of lessons from a vendor's answers.</summary>
public enum LessonKind
{
    /// <summary>
    /// The account accepts no more invitations for now; <see cref="Lesson.Until"/> is the time that the vendor
    /// reported.
    /// </summary>
    InvitationsSpent,

    /// <summary>
    /// The vendor has no such call (404 or 405 although the resource exists); the subject is an
    /// <see cref="ActionKind"/>.
    /// </summary>
    CallMissing,

    /// <summary>
    /// The account's token may not make the call (401 or 403); the subject is an <see cref="ActionKind"/>.
    /// </summary>
    CallDenied,

    /// <summary>
    /// The vendor refused one action for good; the subject names it (<see cref="Lesson.SubjectOf"/>).
    /// </summary>
    Refused,

    /// <summary>An invitation was sent and may not have arrived; the subject is the person's key.</summary>
    SentUnknown,
}

/// <summary>
/// A lesson from a vendor's answer that later reconciles use, so that they neither repeat nor promise the action. It is
/// kept for a limited time, because the vendor may change.
/// </summary>
/// <param name="Kind">What was learned.</param>
/// <param name="Subject">What it is about; empty if the kind is enough.</param>
/// <param name="At">When it was learned.</param>
/// <param name="Until">The time until which it holds; then the action is tried again.</param>
public sealed record Lesson(LessonKind Kind, string Subject, DateTimeOffset At, DateTimeOffset Until)
{
    /// <summary>How long a missing call or a refused action is not tried again: 7 days.</summary>
    public static readonly TimeSpan Lasting = TimeSpan.FromDays(7);

    /// <summary>
    /// How long a call that the token may not make is not tried again: 1 day, because somebody may grant the right.
    /// </summary>
    public static readonly TimeSpan Denial = TimeSpan.FromDays(1);

    /// <summary>
    /// The time within which an invitation of unknown outcome is sent <see cref="MostUnknown"/> times at most.
    /// </summary>
    public static readonly TimeSpan UnknownWindow = TimeSpan.FromDays(1);

    /// <summary>How often an invitation of unknown outcome is sent within <see cref="UnknownWindow"/>.</summary>
    public const int MostUnknown = 2;

    /// <summary>The most characters of <see cref="Message"/>, so that a resource's status stays small.</summary>
    public const int LongestMessage = 600;

    /// <summary>The longest pause for invitations that a vendor can ask for: 31 days.</summary>
    private static readonly TimeSpan LongestQuota = TimeSpan.FromDays(31);

    /// <summary>
    /// The vendor's message, with the request that it answered; cut to <see cref="LongestMessage"/> characters.
    /// </summary>
    public string Message
    {
        get;
        init => field = Cut(value);
    } = "";

    /// <summary>Whether it holds for every project of the account, and not for one project alone.</summary>
    public bool IsOfAccount => Kind is LessonKind.InvitationsSpent or LessonKind.CallMissing or LessonKind.CallDenied;

    /// <summary>Makes a lesson: no more invitations for a time.</summary>
    /// <param name="at">When the vendor said so.</param>
    /// <param name="wait">How long it asked to wait.</param>
    /// <param name="message">What it said.</param>
    public static Lesson Spent(DateTimeOffset at, TimeSpan wait, string message) =>
        new(LessonKind.InvitationsSpent, "", at, at + (wait < LongestQuota ? wait : LongestQuota))
        {
            Message = message,
        };

    /// <summary>Makes a lesson: the vendor does not have a call.</summary>
    /// <param name="kind">What the call does.</param>
    /// <param name="at">When the vendor said so.</param>
    /// <param name="message">What it said.</param>
    public static Lesson Missing(ActionKind kind, DateTimeOffset at, string message) =>
        new(LessonKind.CallMissing, kind.ToString(), at, at + Lasting) { Message = message };

    /// <summary>Makes a lesson: the token may not make a call.</summary>
    /// <param name="kind">What the call does.</param>
    /// <param name="at">When the vendor said so.</param>
    /// <param name="message">What it said, with the step that is left to a human.</param>
    public static Lesson Denied(ActionKind kind, DateTimeOffset at, string message) =>
        new(LessonKind.CallDenied, kind.ToString(), at, at + Denial) { Message = message };

    /// <summary>Makes a lesson: the vendor refuses an action for good.</summary>
    /// <param name="project">The project.</param>
    /// <param name="action">The action.</param>
    /// <param name="at">When the vendor refused it.</param>
    /// <param name="message">What it said.</param>
    public static Lesson RefusalOf(ProjectKey project, PlannedAction action, DateTimeOffset at, string message) =>
        new(LessonKind.Refused, SubjectOf(project, action), at, at + Lasting) { Message = message };

    /// <summary>Makes a lesson: the outcome of an invitation is unknown.</summary>
    /// <param name="personKey">The key of the person.</param>
    /// <param name="at">When it was sent.</param>
    public static Lesson Unknown(string personKey, DateTimeOffset at) =>
        new(LessonKind.SentUnknown, personKey, at, at + UnknownWindow);

    /// <summary>
    /// Names what a refusal is about. For an invitation that is the person and the access. For any other action it is
    /// the action with the live state that it starts from, so that a change of either is tried again.
    /// </summary>
    /// <param name="project">The project.</param>
    /// <param name="action">The action.</param>
    public static string SubjectOf(ProjectKey project, PlannedAction action) =>
        action.Kind switch
        {
            ActionKind.Invite or ActionKind.Replace =>
                $"{action.Person.Key} {ActionDigest.OfChange(action.Access!.Grants, Access.None)}",
            _ => ActionDigest.Of(project, action),
        };

    private static string Cut(string text)
    {
        if (text.Length <= LongestMessage + 1)
            return text;
        return string.Concat(
            text.AsSpan(0, char.IsHighSurrogate(text[LongestMessage - 1]) ? LongestMessage - 1 : LongestMessage),
            "…"
        );
    }
}

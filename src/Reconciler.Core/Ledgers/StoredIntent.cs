using System.Text.Json.Serialization;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Ledgers;

internal sealed record StoredGrant(string Field, string Word, string Label)
{
    public static StoredGrant[] Of(Access access) =>
        [.. access.Grants.Select(g => new StoredGrant(g.Field, g.Word, g.Label))];

    public static Access Access(IEnumerable<StoredGrant> grants) =>
        Reconciler.Core.Membership.Access.Of(
            StoredPart
                .All(grants)
                .Select(g => new Grant(StoredPart.Of(g.Field), StoredPart.Of(g.Word), StoredPart.Of(g.Label)))
        );
}

internal sealed record StoredIntent(ActionKind Kind, string Person, string Email, DateTimeOffset At)
{
    public string? DeclaredEmail { get; init; }

    public string? PersonId { get; init; }

    public string? MembershipId { get; init; }

    public string? InvitationId { get; init; }

    public StoredGrant[]? Access { get; init; }

    public string[]? AccessFields { get; init; }

    public StoredGrant[]? Added { get; init; }

    public StoredGrant[]? Removed { get; init; }

    public StoredGrant[]? Asked { get; init; }

    public bool IsReminder { get; init; }

    public bool GivesUp { get; init; }

    public bool CountsAsRemoval { get; init; }

    public string? Change { get; init; }

    public string? Reason { get; init; }

    public string? Plan { get; init; }

    public string? Definition { get; init; }

    [JsonIgnore]
    public WriteIntent Value =>
        new(StoredPart.Word(Kind), StoredPart.Of(Person), StoredPart.Of(Email), At)
        {
            DeclaredEmail = DeclaredEmail,
            PersonId = PersonId,
            MembershipId = MembershipId,
            InvitationId = InvitationId,
            Access = Access is null ? null : new(StoredGrant.Access(Access), [.. StoredPart.All(AccessFields ?? [])]),
            Added = Added is null ? Reconciler.Core.Membership.Access.None : StoredGrant.Access(Added),
            Removed = Removed is null ? Reconciler.Core.Membership.Access.None : StoredGrant.Access(Removed),
            Asked = Asked is null ? null : StoredGrant.Access(Asked),
            IsReminder = IsReminder,
            GivesUp = GivesUp,
            CountsAsRemoval = CountsAsRemoval,
            Change = Change,
            Reason = Reason ?? "",
            Plan = Plan ?? "",
            Definition = Definition ?? "",
        };

    public static StoredIntent Of(WriteIntent intent) =>
        new(intent.Kind, intent.PersonKey, intent.Email, intent.At)
        {
            DeclaredEmail = intent.DeclaredEmail,
            PersonId = intent.PersonId,
            MembershipId = intent.MembershipId,
            InvitationId = intent.InvitationId,
            Access = intent.Access is null ? null : StoredGrant.Of(intent.Access.Grants),
            AccessFields = intent.Access is null ? null : [.. intent.Access.Fields],
            Added = intent.Added.IsNone ? null : StoredGrant.Of(intent.Added),
            Removed = intent.Removed.IsNone ? null : StoredGrant.Of(intent.Removed),
            Asked = intent.Asked is null ? null : StoredGrant.Of(intent.Asked),
            IsReminder = intent.IsReminder,
            GivesUp = intent.GivesUp,
            CountsAsRemoval = intent.CountsAsRemoval,
            Change = intent.Change,
            Reason = intent.Reason,
            Plan = intent.Plan,
            Definition = intent.Definition.Length > 0 ? intent.Definition : null,
        };
}

internal sealed record StoredLesson(LessonKind Kind, DateTimeOffset At, DateTimeOffset Until)
{
    public string? Subject { get; init; }

    public string? Message { get; init; }

    [JsonIgnore]
    public Lesson Value => new(StoredPart.Word(Kind), Subject ?? "", At, Until) { Message = Message ?? "" };

    public static StoredLesson Of(Lesson lesson) =>
        new(lesson.Kind, lesson.At, lesson.Until)
        {
            Subject = lesson.Subject.Length == 0 ? null : lesson.Subject,
            Message = lesson.Message.Length == 0 ? null : lesson.Message,
        };
}

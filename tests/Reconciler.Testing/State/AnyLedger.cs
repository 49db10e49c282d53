using FsCheck;
using FsCheck.Fluent;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;

namespace Reconciler.Testing.State;

/// <summary>Ledgers of every shape, over a few people, so that two of them have much in common.</summary>
public static class AnyLedger
{
    private static readonly Gen<string> Text = Gen.Elements(
        "",
        "a",
        "x y",
        "O'Brien; DROP TABLE people",
        "\u001b[31m",
        "Grüße 🙂",
        "\"{}\"",
        "%_\\"
    );

    private static readonly Gen<DateTimeOffset> Time =
        from ticks in Gen.Choose(0, int.MaxValue)
        from hours in Gen.Choose(-12, 12)
        select new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.FromHours(hours)).AddTicks(ticks * 10_007L);

    private static readonly Gen<Access> SomeAccess =
        from words in Gen.Elements("A", "B", "CAN_DO", "ü").ListOf()
        from field in Gen.Elements("roles", "permissions")
        select Access.Of(words.Select(w => new Grant(field, w, w)));

    internal static Arbitrary<ProjectLedger> Any { get; } =
        Arb.From(
            from people in Person().ListOf()
            from intents in Intent().ListOf()
            from trusted in Maybe(Gen.Choose(0, 9).Select(n => (int?)n))
            from applied in Maybe(Applied())
            from released in Text.ListOf()
            from lessons in Lesson().ListOf()
            select ProjectLedger.Empty with
            {
                // People are stored by address and in no order, so duplicates are dropped and the rest is sorted.
                People = [.. people.DistinctBy(p => p.Email).OrderBy(p => p.Email, StringComparer.Ordinal)],
                Intents = [.. intents.Take(4)],
                Believed = [.. intents.Skip(4).Take(3)],
                TrustedCount = trusted,
                Applied = applied,
                Released = [.. released],
                Lessons = [.. lessons],
            }
        );

    private static Gen<Lesson> Lesson() =>
        from kind in Gen.Elements(Enum.GetValues<LessonKind>())
        from subject in Text
        from at in Time
        from until in Time
        from message in Text
        select new Lesson(kind, subject, at, until) { Message = message };

    private static Gen<T?> Maybe<T>(Gen<T> some) => Gen.OneOf(some.Select(v => (T?)v), Gen.Constant(default(T?)));

    private static Gen<PersonRecord> Person() =>
        from email in Gen.Elements(
            "ana@x.example",
            "Bob@x.example",
            "c'é@x.example",
            "🙂@x.example",
            "～@x.example",
            "user-7",
            "z@x.example"
        )
        from id in Maybe(Text)
        from flags in Gen.Choose(0, 1)
        from state in Gen.Elements(Enum.GetValues<PersonState>())
        from invited in Maybe(Time.Select(t => (DateTimeOffset?)t))
        from sent in Maybe(Time.Select(t => (DateTimeOffset?)t))
        from seen in Maybe(Time.Select(t => (DateTimeOffset?)t))
        from count in Gen.Choose(0, 3)
        from asked in Maybe(SomeAccess)
        from change in Maybe(Text)
        from sighting in Gen.Elements(Enum.GetValues<Sighting>())
        select new PersonRecord(email)
        {
            PersonId = id,
            Owned = flags == 1,
            State = state,
            InvitedAt = invited,
            SentAt = sent,
            SeenAt = seen,
            Resends = count,
            Sighting = sighting,
            Asked = asked,
            Change = change,
            Repeats = 3 - count,
        };

    private static Gen<WriteIntent> Intent() =>
        from kind in Gen.Elements(Enum.GetValues<ActionKind>())
        from at in Time
        from texts in Text.ArrayOf(4)
        from ids in Maybe(Text)
        from flags in Gen.Choose(0, 7)
        from access in SomeAccess
        from asked in Maybe(SomeAccess)
        select new WriteIntent(kind, texts[0], texts[1], at)
        {
            Added = access,
            Removed = asked ?? Access.None,
            DeclaredEmail = ids,
            PersonId = ids,
            MembershipId = ids,
            InvitationId = ids,
            Access = flags > 3 ? null : new(access, Fields),
            Asked = asked,
            IsReminder = (flags & 1) != 0,
            GivesUp = (flags & 2) != 0,
            CountsAsRemoval = (flags & 4) != 0,
            Change = ids,
            Reason = texts[2],
            Plan = texts[3],
            Definition = texts[0],
        };

    private static readonly System.Collections.Immutable.ImmutableArray<string> Fields = ["roles", "permissions"];

    private static Gen<LastApplied> Applied() =>
        from texts in Text.ArrayOf(4)
        from policy in Gen.Elements(Enum.GetValues<DeletionPolicy>())
        from counts in Maybe(Gen.Choose(1, 50).Select(n => (int?)n))
        from flags in Gen.Choose(0, 7)
        select new LastApplied(
            texts[0],
            texts[1],
            texts[2],
            policy,
            new()
            {
                ProjectRemovals = (flags & 1) == 0 ? [] : [new(texts[3], counts, null, 3), new("g", null, 25, 1)],
                ProviderRemovals = (flags & 2) == 0 ? [] : [new(texts[3], 7, TimeSpan.FromSeconds(5400))],
                ProjectInvitations =
                    (flags & 2) == 0 ? [] : [new(texts[1], 9), new("g", 0) { Origin = LimitOrigin.Runner }],
                MinAdmins =
                    (flags & 4) == 0 ? [] : [new(texts[3], 2), new(texts[2], 1) { Origin = LimitOrigin.Runner }],
                KeepsLastMember = flags > 3,
                Protected = [.. texts],
                Rules =
                    (flags & 1) == 0
                        ? GrantRules.None
                        : new()
                        {
                            Domains = [new(texts[3], ["a.example", "b.example"]) { Origin = LimitOrigin.Runner }],
                            Forbidden = [new(texts[2], Access.Of([new("roles", "admin", "Admin")]))],
                            Temporary =
                            [
                                new(texts[1], Access.Of([new("roles", "admin", "Admin")]), TimeSpan.FromDays(3), true),
                            ],
                        },
            }
        )
        {
            Labels =
                (flags & 2) == 0
                    ? DesiredProject.NoLabels
                    : DesiredProject.NoLabels.Add("tier", texts[3]).Add("a/b", ""),
            Administrators =
                (flags & 1) == 0 ? default
                : flags > 3 ? []
                : [texts[1], texts[2]],
        };
}

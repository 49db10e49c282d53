using FsCheck;
using FsCheck.Fluent;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;

namespace Reconciler.Testing.Core;

/// <summary>One person of a generated scene; every number chooses among a few cases.</summary>
public sealed record Somebody(
    int Declared,
    int Access,
    int Member,
    int MemberAccess,
    int Invited,
    int InvitedAccess,
    int InvitedDays,
    int Record,
    int RecordDays,
    int Shield
);

/// <summary>A generated project, its people and what is remembered of them; shrinks person by person.</summary>
public sealed record Scene(
    Somebody[] People,
    PrunePolicy Prune,
    OwnershipSource Source,
    int Policy,
    int Capabilities,
    bool AddsDirectly
)
{
    private static readonly ActionKind[] MayLack =
    [
        ActionKind.Resend,
        ActionKind.Replace,
        ActionKind.Revoke,
        ActionKind.Update,
    ];

    public static Arbitrary<Scene> Any { get; } =
        Arb.From(
            from people in Gen.ArrayOf(Person()).Resize(9)
            from prune in Gen.Elements(Enum.GetValues<PrunePolicy>())
            from source in Gen.Elements(
                OwnershipSource.None,
                OwnershipSource.Baseline,
                OwnershipSource.Ledger,
                OwnershipSource.Ledger
            )
            from policy in Gen.Choose(0, 31)
            from capabilities in Gen.Frequency((3, Gen.Constant(0)), (2, Gen.Choose(0, 15)))
            from adds in Gen.Elements(true, false)
            select new Scene(people, prune, source, policy, capabilities, adds),
            scene =>
                Enumerable
                    .Range(0, scene.People.Length)
                    .Select(i => scene with { People = [.. scene.People.Where((_, n) => n != i)] })
        );

    public World World => Build(Enumerable.Range(0, People.Length));

    /// <summary>The same scene, put together in another order.</summary>
    public World Shuffled(int seed) =>
        Build(Enumerable.Range(0, People.Length).OrderBy(i => unchecked((i + 1) * 2654435761u * (uint)(seed | 1))))
            .Reversed();

    public static string AddressOf(int i) => $"p{i}@x.example";

    public override string ToString() =>
        $"{Prune} {Source} policy {Policy} lacks {Capabilities} direct {AddsDirectly}\n"
        + $"{string.Join("\n", People.Select((p, i) => $"  {i}: {p}"))}";

    private static Gen<Somebody> Person() =>
        from declared in Gen.Choose(0, 7)
        from access in Gen.Choose(1, 7)
        from member in Gen.Choose(0, 9)
        from memberAccess in Gen.Choose(0, 7)
        from invited in Gen.Choose(0, 7)
        from invitedAccess in Gen.Choose(1, 7)
        from invitedDays in Gen.Choose(0, 30)
        from record in Gen.Choose(0, 9)
        from recordDays in Gen.Choose(0, 30)
        from shield in Gen.Choose(0, 15)
        select new Somebody(
            declared,
            access,
            member,
            memberAccess,
            invited,
            invitedAccess,
            invitedDays,
            record,
            recordDays,
            shield
        );

    private World Build(IEnumerable<int> order)
    {
        var world = new World(TestVendors.Acme.Without(MayLack.Where((_, bit) => (Capabilities & (1 << bit)) != 0)))
            .Prune(Prune)
            .Records(Source);
        world.Invitations(_ =>
            new(
                (Policy & 1) == 0 ? null : TimeSpan.FromDays(3),
                (Policy >> 1) & 1,
                (Policy & 4) == 0 ? null : TimeSpan.FromDays(14),
                (Policy & 8) != 0,
                (Policy & 8) != 0,
                (Policy & 16) == 0 ? ResendBy.Vendor : ResendBy.Reinvite,
                null
            )
        );
        foreach (var i in order)
        {
            Declare(world, i, People[i]);
            Live(world, i, People[i]);
            if (Source != OwnershipSource.None)
                Remember(world, i, People[i]);
        }

        world.Protect([.. People.Select((p, i) => (p, i)).Where(x => x.p.Shield == 0).Select(x => AddressOf(x.i))]);
        world.Ignore([.. People.Select((p, i) => (p, i)).Where(x => x.p.Shield == 1).Select(x => AddressOf(x.i))]);
        return People.Any(p => p.Shield == 2)
            ? world.ActingAs(AddressOf(Array.FindIndex(People, p => p.Shield == 2)))
            : world;
    }

    private static void Declare(World world, int i, Somebody person)
    {
        var words = Words(person.Access);
        _ = person.Declared switch
        {
            0 or 1 => world,
            2 => world.TakeAway(World.Person(AddressOf(i), null, Alias(i))),
            3 => world.Declare(World.Person(AddressOf(i), $"u{i}", Alias(i)), words),
            4 => world.DeclareId($"u{i}", words),
            5 => world.Declare(World.Person(AddressOf(i), null, Alias(i)), words),
            _ => world.Declare(AddressOf(i).ToUpperInvariant(), words),
        };
    }

    private static void Live(World world, int i, Somebody person)
    {
        var words = Words(person.MemberAccess);
        if (person.Member is 1 or 2 or 3 or 7)
            world.Member(
                AddressOf(i),
                words,
                $"u{i}",
                service: person is { Member: 7, Shield: 3 },
                owner: person is { Member: 7, Shield: 4 }
            );
        if (person.Member is 3 or 4)
            world.Member(Alias(i), words, person.Member == 4 ? $"u{i}" : $"v{i}");
        if (person.Member is 5)
            world.Member($"moved{i}@x.example", words, $"u{i}");
        if (person.Member is 6)
            world.Member("", words, $"u{i}");
        if (person.Invited is 1 or 2)
            world.Pending(
                AddressOf(i),
                Words(person.InvitedAccess),
                person.InvitedDays,
                $"i{i}",
                others: person.Shield == 5
            );
        if (person.Invited is 2)
            world.Pending(Alias(i), Words(person.Access), person.InvitedDays / 2.0, $"j{i}");
        if (person.Invited is 3)
            world.Declined(AddressOf(i), words, person.InvitedDays, $"i{i}");
        if (person.Invited is 4)
            world.Pending(AddressOf(i), Words(person.Access), person.InvitedDays, $"i{i}");
    }

    private static void Remember(World world, int i, Somebody person)
    {
        if (person.Record > 5)
            return;
        var mailed = person.Record is 1 or 2 or 3;
        world.Remember(
            new(person.Record == 5 ? Alias(i) : AddressOf(i))
            {
                PersonId = person.Record % 2 == 0 ? null : $"u{i}",
                Owned = person.Record != 0,
                State = person.Record switch
                {
                    1 or 2 => PersonState.Invited,
                    3 => PersonState.GaveUp,
                    4 or 5 => PersonState.Member,
                    _ => PersonState.Known,
                },
                InvitedAt = mailed ? World.Now.AddDays(-person.RecordDays) : null,
                SentAt = mailed ? World.Now.AddDays(-person.RecordDays / 2.0) : null,
                Resends = person.Record == 2 ? 1 : 0,
                Asked = world.Vendor.Grants(Words(person.Access)),
            }
        );
    }

    private static string Alias(int i) => $"alias{i}@x.example";

    private static string Words(int mask) =>
        string.Join(' ', new[] { "read", "write", "admin" }.Where((_, bit) => (mask & (1 << bit)) != 0));
}

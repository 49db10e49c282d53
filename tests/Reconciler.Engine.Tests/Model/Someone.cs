using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Testing.Core;

namespace Reconciler.Engine.Tests.Model;

/// <summary>How a manifest names a person.</summary>
internal enum Naming
{
    /// <summary>By the first address.</summary>
    Address,

    /// <summary>By the first address, with the second as an alias.</summary>
    Alias,

    /// <summary>By the first address, with the vendor's id.</summary>
    AddressAndId,

    /// <summary>By the vendor's id alone.</summary>
    Id,

    /// <summary>By the second address.</summary>
    Second,

    /// <summary>By the first address, and once more by the vendor's id.</summary>
    Twice,
}

/// <summary>The people of every history; each has three addresses and one id at each vendor.</summary>
internal static class Someone
{
    public const int Count = 8;

    private static readonly string[] Prefixes = ["p", "a", "n"];

    private static readonly string[][] Texts =
    [
        .. Enumerable.Range(0, Count).Select(i => Prefixes.Select(p => $"{p}{i}@x.example").ToArray()),
    ];

    private static readonly PersonIdentity[][] Identities =
    [
        .. Enumerable.Range(0, Count).Select(i => Enum.GetValues<Naming>().Select(n => Make(i, n)).ToArray()),
    ];

    private static readonly PersonIdentity[] ById = [.. Enumerable.Range(0, Count).Select(i => Make(i, Naming.Id))];

    /// <summary>The first, the second, and the one that an account may move to.</summary>
    public static string Address(int person, int which = 0) => Texts[person][which];

    public static string Id(int person) => $"u{person}";

    /// <summary>Whose address it is.</summary>
    public static int Of(string address) => address[1] - '0';

    public static PersonIdentity Named(int person, Naming naming) => Identities[person][(int)naming];

    public static PersonIdentity NamedById(int person) => ById[person];

    private static PersonIdentity Make(int person, Naming naming) =>
        naming switch
        {
            Naming.Alias => World.Person(Address(person), null, Address(person, 1)),
            Naming.AddressAndId => World.Person(Address(person), Id(person)),
            Naming.Id => new($"id:{Id(person)}", null) { UserId = Id(person) },
            Naming.Second => World.Person(Address(person, 1)),
            _ => World.Person(Address(person)),
        };

    /// <summary>Whether an account or invitation is a named person's.</summary>
    public static bool Is(this PersonIdentity person, string address, string? id)
    {
        var key = EmailAddress.KeyOf(address);
        return person.Key == key || person.Aliases.Contains(key) || (id is not null && person.UserId == id);
    }
}

namespace Reconciler.Sandbox.Records;

/// <summary>A person who is registered at the vendor, with the address of the registration.</summary>
internal sealed record Person(Guid Id, string Email, DateTimeOffset Since);

/// <summary>
/// All people known to a vendor, by id and by address (ignoring case), in the order in which they were added.
/// </summary>
internal sealed class People(IdSequence ids, TimeProvider clock)
{
    private readonly Roster<Person> known = new(person => person.Id, person => person.Email);

    public IReadOnlyList<Person> All => known.All;

    public Person? Find(string email) => known.Find(email);

    public Person Register(string email)
    {
        if (known.Find(email) is { } person)
            return person;
        person = new Person(ids.Next(), email, clock.GetUtcNow());
        known.Add(person);
        return person;
    }
}

namespace Reconciler.Sandbox.Records;

/// <summary>
/// Records of people, one for each person, by id and by address (ignoring case), in the order in which they were added.
/// </summary>
internal sealed class Roster<T>(Func<T, Guid> id, Func<T, string> email)
    where T : class
{
    private readonly List<T> all = [];
    private readonly Dictionary<Guid, T> byId = [];
    private readonly Dictionary<string, T> byEmail = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<T> All => all;

    public T? Find(Guid key) => byId.GetValueOrDefault(key);

    public T? Find(string address) => byEmail.GetValueOrDefault(address);

    public void Add(T item)
    {
        byEmail.Add(email(item), item);
        byId.Add(id(item), item);
        all.Add(item);
    }

    public void Remove(T item)
    {
        byEmail.Remove(email(item));
        byId.Remove(id(item));
        all.Remove(item);
    }
}

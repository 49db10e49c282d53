using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership.Describing;
using Reconciler.Providers.Http;

namespace Reconciler.Providers.Described;

/// <summary>The accounts of a vendor whose lists of members have no addresses.</summary>
internal sealed class DescribedPeopleList(DescribedApi api, VendorDescription description, TimeProvider clock)
{
    // The projects of a run share one reading; the next run reads again.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private SharedRead<Accounts>? _shared;
    private DateTimeOffset _readAt;

    /// <summary>
    /// Reads the list, or returns that of a moment ago; nothing for a vendor whose members have addresses.
    /// </summary>
    /// <param name="mustHave">Ids that a list of a moment ago must have; it is read again where one is missing.</param>
    /// <param name="cancellation">Cancels waits.</param>
    public async Task<Accounts> ReadAsync(IEnumerable<string> mustHave, CancellationToken cancellation)
    {
        if (description.People is not { } people)
            return Accounts.None;
        var (shared, isNew) = Shared(people, again: false);
        var accounts = await shared.GetAsync(cancellation);
        if (isNew || mustHave.All(accounts.Has))
            return accounts;
        // Somebody came after that reading.
        return await Shared(people, again: true).Reading.GetAsync(cancellation);
    }

    /// <summary>Finds the id of an address.</summary>
    /// <returns>The id; null if none or several accounts have the address.</returns>
    public async Task<AccountId?> IdOfAsync(string email, CancellationToken cancellation) =>
        (await ReadAsync([], cancellation)).IdOf(email);

    private (SharedRead<Accounts> Reading, bool IsNew) Shared(DescribedPeople people, bool again)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (!again && _shared is not null && now - _readAt < Fresh)
                return (_shared, false);
            _readAt = now;
            _shared = new(token => FetchAsync(people, token));
            return (_shared, true);
        }
    }

    private async Task<Accounts> FetchAsync(DescribedPeople people, CancellationToken cancellation)
    {
        var items = await api.ListAsync(people.List, "", people.Id, cancellation);
        return new(
            items.Select(i =>
                (new AccountId(i.Text(people.Id), i.IsNumber(people.Id)), i.TextOrNone(people.Email) ?? "")
            )
        );
    }
}

/// <summary>The id of an account, and whether the vendor writes it as a number.</summary>
internal sealed record AccountId(string Text, bool IsNumber);

/// <summary>Accounts by their ids and addresses.</summary>
internal sealed class Accounts
{
    private readonly Dictionary<string, string> _emailById = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AccountId?> _idByKey = new(StringComparer.Ordinal);

    public Accounts(IEnumerable<(AccountId Id, string Email)> accounts)
    {
        foreach (var (id, email) in accounts)
        {
            _emailById[id.Text] = email;
            if (email.Length == 0)
                continue;
            // An address that two accounts have names nobody for certain.
            var key = EmailAddress.KeyOf(email);
            _idByKey[key] = _idByKey.ContainsKey(key) ? null : id;
        }
    }

    public static Accounts None { get; } = new([]);

    /// <summary>Whether there is an account with an id.</summary>
    public bool Has(string id) => _emailById.ContainsKey(id);

    /// <summary>The address of an account; null if it is not known.</summary>
    public string? EmailOf(string? id) => id is null ? null : _emailById.GetValueOrDefault(id);

    /// <summary>The id of an address; null if none or several accounts have it.</summary>
    public AccountId? IdOf(string email) => _idByKey.GetValueOrDefault(EmailAddress.KeyOf(email));
}

using System.Collections.Immutable;
using Reconciler.Core.Describing;
using Reconciler.Core.Manifests.Values;

namespace Reconciler.Providers.Described;

/// <summary>The accounts of a vendor whose lists of members have no addresses.</summary>
internal sealed class DescribedPeopleList(DescribedApi api, VendorDescription description)
{
    private volatile Accounts _last = Accounts.None;

    /// <summary>Reads the list; nothing for a vendor whose members have addresses.</summary>
    public async Task<Accounts> ReadAsync(CancellationToken cancellation)
    {
        if (description.People is not { } people)
            return Accounts.None;
        var items = await api.ListAsync(people.List, "", people.Id, cancellation);
        return _last = new(
            items
                .Select(i => (Id: i.Text(people.Id), Email: i.TextOrNone(people.Email) ?? ""))
                .ToImmutableDictionary(i => i.Id, i => i.Email, StringComparer.Ordinal)
        );
    }

    /// <summary>Finds the id of an address; reads the list where the last reading did not have it.</summary>
    /// <returns>The id; null if none or several accounts have the address.</returns>
    public async Task<string?> IdOfAsync(string email, CancellationToken cancellation) =>
        _last.IdOf(email) ?? (await ReadAsync(cancellation)).IdOf(email);
}

/// <summary>Accounts by their ids.</summary>
/// <param name="EmailById">The addresses.</param>
internal sealed record Accounts(ImmutableDictionary<string, string> EmailById)
{
    public static Accounts None { get; } = new(ImmutableDictionary<string, string>.Empty);

    /// <summary>The address of an account; null if it is not known.</summary>
    public string? EmailOf(string? id) => id is null ? null : EmailById.GetValueOrDefault(id);

    /// <summary>The id of an address; null if none or several accounts have it.</summary>
    public string? IdOf(string email)
    {
        var key = EmailAddress.KeyOf(email);
        var found = EmailById.Where(a => EmailAddress.KeyOf(a.Value) == key).Take(2).ToList();
        return found is [var only] ? only.Key : null;
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Membership.Describing;
using Reconciler.Core.Ports;
using Reconciler.Providers.Http;

namespace Reconciler.Providers.Described;

/// <summary>Finds the accounts of logins, one request each, for the vendors whose definition says how.</summary>
internal sealed class DescribedAccounts(DescribedApi api, VendorDescription description, TimeProvider clock)
{
    // The projects of a run share one answer; the next run asks again.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, (SharedRead<LiveAccount?> Reading, DateTimeOffset At)> _found = new(
        StringComparer.Ordinal
    );

    private volatile bool _hasNumbers;

    /// <summary>Whether the vendor can be asked.</summary>
    public bool CanFind => description.Account is not null;

    /// <summary>Finds the account of a login, or returns what was found a moment ago.</summary>
    /// <returns>The account; null if nobody has the login.</returns>
    public async Task<LiveAccount?> OfAsync(Login login, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var entry = _found.AddOrUpdate(
            login.Text,
            _ => (Asking(login), now),
            (_, old) => now - old.At < Fresh ? old : (Asking(login), now)
        );
        return await entry.Reading.GetAsync(cancellation);
    }

    /// <summary>Notes how a list of members writes the ids of accounts.</summary>
    public void Learn(JsonItem member, JsonPointer? id)
    {
        if (id is not null && member.IsNumber(id))
            _hasNumbers = true;
    }

    /// <summary>Returns an account's id as the vendor writes it: a number or a text.</summary>
    public JsonNode Written(string id) =>
        _hasNumbers && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : id;

    private SharedRead<LiveAccount?> Asking(Login login) => new(token => FetchAsync(login, token));

    private async Task<LiveAccount?> FetchAsync(Login login, CancellationToken cancellation)
    {
        var call = description.Account!;
        JsonItem answer;
        try
        {
            answer = await api.GetAsync(call.Path, _ => login.Text, call.Query, cancellation);
        }
        catch (ProviderException none) when (none.Fault == ProviderFault.NotFound)
        {
            return null;
        }

        // Where case counts, the account with the very spelling is the one that is meant.
        foreach (var account in Accounts(answer, call).OrderBy(a => a.TextOrNone(call.Login) == login.Text ? 0 : 1))
        {
            // A search may find longer names as well.
            if (EmailAddress.KeyOf(account.Text(call.Login)) != login.Key)
                continue;
            _hasNumbers |= account.IsNumber(call.Id);
            return new(account.Text(call.Id), account.Text(call.Login));
        }

        return call.Items is null
            ? throw answer.Unreadable($"the account of another login than {VendorText.Clean(login.Text)}")
            : null;
    }

    private static IEnumerable<JsonItem> Accounts(JsonItem answer, DescribedAccount call)
    {
        if (call.Items is not { } at)
            return [answer];
        return at.TryFind(answer.Json, out var found) && found.ValueKind == JsonValueKind.Array
            ? [.. found.EnumerateArray().Select(answer.Part)]
            : throw answer.Unreadable($"no list at {JsonItem.Shown(at)}");
    }
}

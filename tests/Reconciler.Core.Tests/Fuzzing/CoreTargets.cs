using System.Text;
using System.Text.Json;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Manifests.Values.Unicode;
using Reconciler.Core.Membership;
using Reconciler.Core.Offboarding;
using Reconciler.Core.Text;
using Reconciler.Testing.Fuzzing;
using static Reconciler.Testing.Fuzzing.FuzzTarget;

namespace Reconciler.Core.Tests.Fuzzing;

/// <summary>Values of manifests and vendors, and the JSON in which a ledger is stored.</summary>
public static class CoreTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [Of("email", Address), Of("values", Values), new("ledger", LedgerAsync)];

    // Two ways to the same key must agree, or one person is two.
    private static void Address(string text)
    {
        var key = EmailAddress.KeyOf(text);
        Hold(EmailAddress.KeyOf(key) == key, "the key has another key");
        Hold(
            EmailAddress.CaselessKeyOf(EmailAddress.CaselessKeyOf(key)) == EmailAddress.CaselessKeyOf(key),
            "caseless"
        );
        if (EmailAddress.Existing(text) is { } existing)
        {
            Hold(existing.Key == EmailAddress.KeyOf(text), "an address that exists has another key than its text");
            Hold(EmailAddress.IsUsable(existing.Text), "an address that exists cannot be sent");
            Hold(!VisibleText.HasHidden(existing.Text), "an address has invisible characters");
            Hold(EmailAddress.Existing(existing.Key)?.Key == existing.Key, "a key is no address");
        }

        if (EmailAddress.Parse(text) is not { } address)
            return;
        Hold(EmailAddress.Existing(text) is not null, "a declared address cannot exist");
        Hold(EmailAddress.Parse(address.Text)?.Key == address.Key, "it is no address any more");
        Hold(EmailAddress.Parse(address.Key)?.Key == address.Key, "its key is no address");
        Hold(DomainName.Parse(address.Domain)?.Key == address.Domain, "its domain is none");
        _ = EmailAddress.Doubt(address);
    }

    private static void Values(string text)
    {
        if (Login.Parse(text) is { } login)
            Hold(
                !VisibleText.HasHidden(login.Text) && Login.Parse(login.Key)?.Key == login.Key,
                "a login has two keys"
            );
        if (Duration.Parse(text) is { } duration)
            Hold(duration.Value >= TimeSpan.Zero && duration.Value.TotalDays <= 3650, "a duration is out of bounds");
        if (Expiry.Parse(text) is { } expiry)
        {
            Hold(Expiry.Words(expiry.At).Length > 0, "an end has no words");
            var again = Expiry.Parse(Expiry.TextOf(expiry.At));
            Hold(again is not null && (expiry.At - again.At).Duration() < TimeSpan.FromSeconds(1), "an end moves");
        }

        if (AddressPattern.Parse(text) is { } pattern && !pattern.Text.Contains('*', StringComparison.Ordinal))
            Hold(pattern.Matches(EmailAddress.KeyOf(pattern.Text)), "a pattern without a star does not match itself");
        if (NamedPerson.Parse(text) is { } named)
            Hold(NamedPerson.Parse(named.Text)?.Text == named.Text, "a name is no name any more");
        Hold(AccountUrl.Normal(AccountUrl.Normal(text)) == AccountUrl.Normal(text), "an account has two addresses");
        if (AccountUrl.Parse(text) is { } url && AccountUrl.Problem(url) is null)
            Hold(AccountUrl.Problem(AccountUrl.Normal(url)) is null, "the normal form of an account's address is none");
        var shown = TerminalText.Escape(text);
        Hold(!VisibleText.HasHidden(shown), "a terminal gets invisible characters");
        Hold(TerminalText.Escape(shown) == shown, "it is escaped twice");
    }

    // Whatever stores it has UTF-8.
    private static Task LedgerAsync(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        Again(text, LedgerJson.Access, LedgerJson.Of);
        Again(text, LedgerJson.Words, LedgerJson.Of);
        Again(text, LedgerJson.Intent, LedgerJson.Of);
        Again(text, LedgerJson.Applied, LedgerJson.Of);
        Again(text, LedgerJson.Lessons, LedgerJson.Of);
        return Task.CompletedTask;
    }

    // What was read can be written, and is read as the same.
    private static void Again<T>(string text, Func<string, T> read, Func<T, string> write)
    {
        T value;
        try
        {
            value = read(text);
        }
        catch (JsonException)
        {
            return;
        }

        var written = write(value);
        Hold(write(read(written)) == written, "what is written reads as something else");
    }
}

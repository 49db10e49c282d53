using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Values;

namespace Reconciler.State;

/// <summary>
/// A person to be taken out of the audit trail: by an address, wherever it stands, or by a login, in the accounts where
/// it holds.
/// </summary>
public sealed class ErasedPerson
{
    private readonly string _name;
    private readonly IReadOnlySet<(string VendorType, string BaseUrl)>? _accounts;

    private ErasedPerson(string name, IReadOnlySet<(string VendorType, string BaseUrl)>? accounts) =>
        (_name, _accounts, Key) = (name.Trim(), accounts, EmailAddress.KeyOf(name));

    /// <summary>The key of the address or login.</summary>
    public string Key { get; }

    /// <summary>A person with an address.</summary>
    /// <param name="address">The address, in any spelling.</param>
    public static ErasedPerson WithAddress(string address) => new(address, null);

    /// <summary>A person with a login.</summary>
    /// <param name="login">The login.</param>
    /// <param name="accounts">The accounts where the login holds, by vendor and normalised base URL.</param>
    public static ErasedPerson WithLogin(Login login, IReadOnlySet<(string VendorType, string BaseUrl)> accounts) =>
        new(login.Text, accounts);

    /// <summary>Whether the person may be in an account.</summary>
    /// <param name="vendorType">The vendor.</param>
    /// <param name="baseUrl">The account's normalised base URL.</param>
    public bool IsAt(string vendorType, string baseUrl) => _accounts?.Contains((vendorType, baseUrl)) != false;

    /// <summary>Whether a text names the person.</summary>
    /// <param name="text">A text that people wrote.</param>
    public bool IsIn(string text) => IsIn(text, [Key, _name]);

    /// <summary>Whether an entry is about the person.</summary>
    internal bool Is(AuditEntry entry) => EmailAddress.KeyOf(entry.Person) == Key;

    /// <summary>Whether a free text of an entry names the person.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="spellings">How else other entries spell the person.</param>
    internal bool IsInTextsOf(AuditEntry entry, IEnumerable<string> spellings)
    {
        string[] all = [Key, _name, .. spellings];
        return new[] { entry.Reason, entry.Message, entry.Origin.Author }.Any(t => IsIn(t, all));
    }

    private bool IsIn(string text, string[] spellings) => spellings.Any(s => IsIn(text, s));

    private bool IsIn(string text, string spelling)
    {
        for (var at = Next(0); at >= 0; at = Next(at + 1))
        {
            // A login may be a part of any word, and an address is not.
            if (_accounts is null || !(IsOfWord(text, at - 1, -1) || IsOfWord(text, at + spelling.Length, 1)))
                return true;
        }

        return false;

        int Next(int from) => text.IndexOf(spelling, from, StringComparison.OrdinalIgnoreCase);
    }

    // A dot, hyphen or underscore belongs to a word only where the word goes on behind it.
    private static bool IsOfWord(string text, int at, int step) =>
        (uint)at < text.Length
        && (
            char.IsLetterOrDigit(text[at])
            || (
                text[at] is '.' or '-' or '_'
                && (uint)(at + step) < text.Length
                && char.IsLetterOrDigit(text[at + step])
            )
        );
}

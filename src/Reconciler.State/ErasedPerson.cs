using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Values;

namespace Reconciler.State;

/// <summary>
/// A person to be taken out of the audit trail: by an address, wherever it stands, or by a login, at the vendors where
/// it holds.
/// </summary>
public sealed class ErasedPerson
{
    private readonly string _name;
    private readonly IReadOnlySet<string>? _vendorTypes;

    private ErasedPerson(string name, IReadOnlySet<string>? vendorTypes) =>
        (_name, _vendorTypes, Key) = (name.Trim(), vendorTypes, EmailAddress.KeyOf(name));

    /// <summary>The key of the address or login.</summary>
    public string Key { get; }

    /// <summary>A person with an address.</summary>
    /// <param name="address">The address, in any spelling.</param>
    public static ErasedPerson WithAddress(string address) => new(address, null);

    /// <summary>A person with a login.</summary>
    /// <param name="login">The login.</param>
    /// <param name="vendorTypes">The types of the vendors where the login holds.</param>
    public static ErasedPerson WithLogin(Login login, IReadOnlySet<string> vendorTypes) => new(login.Text, vendorTypes);

    /// <summary>Whether the person may be at a vendor.</summary>
    /// <param name="vendorType">The vendor's type.</param>
    public bool IsAt(string vendorType) => _vendorTypes?.Contains(vendorType) != false;

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

    // A login may be a part of any word, and an address is not.
    private bool IsIn(string text, string spelling)
    {
        for (var at = Next(0); at >= 0; at = Next(at + 1))
        {
            var end = at + spelling.Length;
            if (
                _vendorTypes is null
                || ((at == 0 || IsBorder(text[at - 1])) && (end == text.Length || IsBorder(text[end])))
            )
                return true;
        }

        return false;

        int Next(int from) => text.IndexOf(spelling, from, StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsBorder(char sign) => !char.IsLetterOrDigit(sign) && sign is not ('-' or '_');
}

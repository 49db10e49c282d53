using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Reconciler.Core.Ledgers;

/// <summary>
/// The seal of one audit entry. It holds the hash of the account's entry before it, so that no entry can be changed,
/// removed or moved without changing all that follow.
/// </summary>
/// <param name="Previous">The hash of the entry before it; empty for the first.</param>
/// <param name="Hash">The hash of this entry.</param>
public sealed record AuditSeal(string Previous, string Hash)
{
    /// <summary>The salt of the person's hash, as hex digits; empty once the person was erased.</summary>
    public required string PersonSalt { get; init; }

    /// <summary>The hash of salt and person, which the chain holds instead of the person.</summary>
    public required string PersonHash { get; init; }

    /// <summary>The salt of the words' hash, as hex digits; empty once the words were erased.</summary>
    public required string WordsSalt { get; init; }

    /// <summary>
    /// The hash of salt, reason, message and claimed author: free text, which may also name the person.
    /// </summary>
    public required string WordsHash { get; init; }
}

/// <summary>An entry with its seal.</summary>
/// <param name="Number">Its number in the audit trail.</param>
/// <param name="Entry">The entry.</param>
/// <param name="Seal">Its seal; null for an entry from before the chain.</param>
public sealed record SealedEntry(long Number, AuditEntry Entry, AuditSeal? Seal);

/// <summary>
/// Chains the entries of one account by hashes. A hash is SHA-256 over netstrings (the length of a text in bytes of
/// UTF-8, a colon, the text, a comma), written as <c>sha256:</c> and 64 hex digits.
/// </summary>
public static class AuditChain
{
    /// <summary>The version of the format that is hashed.</summary>
    public const string Form = "reconciler.dev/audit/v1";

    /// <summary>Seals an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="previous">The hash of the entry before it of the same account; empty for the first.</param>
    /// <param name="personSalt">A random salt, as hex digits, used for nothing else.</param>
    /// <param name="wordsSalt">Another random salt.</param>
    public static AuditSeal Seal(AuditEntry entry, string previous, string personSalt, string wordsSalt)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var (person, words) = (PersonHash(entry, personSalt), WordsHash(entry, wordsSalt));
        return new(previous, HashOf(entry, previous, person, words))
        {
            PersonSalt = personSalt,
            PersonHash = person,
            WordsSalt = wordsSalt,
            WordsHash = words,
        };
    }

    /// <summary>Finds the first entry that was changed after it was written.</summary>
    /// <param name="entries">All entries of one account, the oldest first.</param>
    /// <returns>The entry and what is wrong with it; null if the chain is intact.</returns>
    public static (SealedEntry Entry, string Problem)? FirstBroken(IEnumerable<SealedEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        string? previous = null;
        foreach (var entry in entries)
        {
            if (entry.Seal is null && previous is null)
                continue;
            if (ProblemOf(entry, previous ?? "") is { } problem)
                return (entry, problem);
            previous = entry.Seal!.Hash;
        }

        return null;
    }

    /// <summary>Computes the hash of texts.</summary>
    /// <param name="texts">The texts, in order.</param>
    public static string HashOf(params IEnumerable<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var text = new StringBuilder();
        foreach (var part in texts)
            text.Append(Encoding.UTF8.GetByteCount(part).ToString(CultureInfo.InvariantCulture))
                .Append(':')
                .Append(part)
                .Append(',');
        return $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))}";
    }

    private static string? ProblemOf(SealedEntry entry, string previous)
    {
        if (entry.Seal is not { } seal)
            return "has no seal, though it stands behind one that has: it was added or changed";
        if (seal.Previous != previous)
            return "does not follow the entry before it: one was taken out, added or moved";
        if (seal.PersonSalt.Length > 0 && PersonHash(entry.Entry, seal.PersonSalt) != seal.PersonHash)
            return "names another person than when it was written";
        if (seal.WordsSalt.Length > 0 && WordsHash(entry.Entry, seal.WordsSalt) != seal.WordsHash)
            return "has another reason, message or author than when it was written";
        if (seal is { PersonSalt: "" } && entry.Entry.Person.Length > 0)
            return "names a person, though its person was erased";
        if (
            seal is { WordsSalt: "" }
            && entry.Entry.Reason.Length + entry.Entry.Message.Length + entry.Entry.Origin.Author.Length > 0
        )
            return "has words, though its words were erased";
        return HashOf(entry.Entry, previous, seal.PersonHash, seal.WordsHash) == seal.Hash
            ? null
            : "was changed after it was written";
    }

    // The word that the export writes.
    private static string Word(AuditOutcome outcome) =>
        char.ToLowerInvariant(outcome.ToString()[0]) + outcome.ToString()[1..];

    private static string PersonHash(AuditEntry entry, string salt) => HashOf(salt, entry.Person);

    private static string WordsHash(AuditEntry entry, string salt) =>
        HashOf(salt, entry.Reason, entry.Message, entry.Origin.Author);

    // Entries without a definition are hashed as before there were any. One text more cannot be taken for fewer.
    private static string HashOf(AuditEntry entry, string previous, string person, string words)
    {
        var origin = entry.Origin;
        string[] definition = entry.Definition.Length > 0 ? [entry.Definition] : [];
        return HashOf([
            Form,
            previous,
            entry.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            entry.Project.VendorType,
            entry.Project.BaseUrl,
            entry.Project.ProjectId,
            entry.Document,
            person,
            entry.Action,
            Word(entry.Outcome),
            entry.Added,
            entry.Removed,
            words,
            entry.Declared,
            entry.Plan,
            entry.CountsAsRemoval ? "true" : "false",
            entry.Approver,
            origin.Actor,
            origin.Host,
            origin.Run,
            origin.Program,
            origin.Repository,
            origin.Revision,
            origin.Commit,
            origin.Signer,
            .. definition,
        ]);
    }
}

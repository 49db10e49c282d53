using System.Buffers;
using System.Globalization;
using System.Text;
using Reconciler.Core.Manifests.Values.Unicode;

namespace Reconciler.Core.Manifests.Values;

/// <summary>
/// A person's address. Two spellings are one address where the domains map to the same A-labels (UTS #46,
/// non-transitional) and the local parts are equal in normalisation form C with ASCII letters in lower case. Dots and
/// plus parts are kept, since only the vendor knows what they mean. Written to the vendor as declared.
/// </summary>
public sealed class EmailAddress : IFieldText<EmailAddress>, IEquatable<EmailAddress>
{
    private const int Longest = 254;

    // RFC 5321, 4.5.3.1.1: octets.
    private const int LongestLocal = 64;

    // RFC 5322, 3.2.3, without the characters of templates and patterns.
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'+-/=?^_`|~.@"
    );

    private static readonly string[] Placeholders = ["${", "$(", "{{", "}}"];

    private static readonly char[] Blanks = [' ', '\t', '\r', '\n'];

    private EmailAddress(string text) => (Text, Key) = (text, KeyOf(text));

    /// <inheritdoc/>
    public static string Pattern => "^\\s*[^@\\s<>,;\"]+@[^@\\s<>,;\"]+\\s*$";

    /// <inheritdoc/>
    public static string Expected => "an e-mail address such as ana@example.com";

    /// <inheritdoc/>
    public static string Example => "ana@example.com";

    /// <summary>As declared, without space around it.</summary>
    public string Text { get; }

    /// <summary>Equal for all spellings of one address.</summary>
    public string Key { get; }

    /// <summary>What comes after the @, as A-labels in lower case.</summary>
    public string Domain => Key[(Key.IndexOf('@', StringComparison.Ordinal) + 1)..];

    /// <summary>
    /// Returns the key of an address, which is equal for all its spellings. Text that cannot be an address gets a key
    /// that no address has.
    /// </summary>
    /// <param name="text">An address as a vendor or a person wrote it.</param>
    public static string KeyOf(string text)
    {
        var trimmed = text.Trim();
        // A fast path: most addresses are ASCII in lower case.
        if (Ascii.IsValid(trimmed))
            return trimmed.AsSpan().ContainsAnyInRange('A', 'Z') ? trimmed.ToLowerInvariant() : trimmed;
        var at = trimmed.LastIndexOf('@');
        var local = LocalKey(at < 0 ? trimmed : trimmed[..at]);
        if (at < 0)
            return local;
        var domain = trimmed[(at + 1)..];
        return $"{local}@{(Ascii.IsValid(domain) ? domain.ToLowerInvariant() : DomainKey(domain))}";
    }

    /// <summary>
    /// Returns the key with every letter in lower case. Two addresses with equal results but different
    /// <see cref="KeyOf"/> differ only in the case of non-ASCII letters. Vendors disagree on those, so such addresses
    /// are never matched.
    /// </summary>
    /// <param name="key">A key as <see cref="KeyOf"/> makes it.</param>
    public static string CaselessKeyOf(string key) =>
        Ascii.IsValid(key) ? key : NormalForm.C(string.Concat(key.EnumerateRunes().Select(DomainLabels.Lower)));

    /// <summary>
    /// Parses the address of a person who is at a vendor or on record already; null if the text is no address. A
    /// manifest may not declare every such address, but the person can still be protected, removed or erased.
    /// </summary>
    /// <param name="text">As a vendor or a person wrote it.</param>
    public static EmailAddress? Existing(string text) => WhyNone(text) is null ? new(text.Trim(Blanks)) : null;

    /// <summary>Why a text cannot be an address; null if it can.</summary>
    /// <param name="text">As a vendor or a person wrote it.</param>
    public static string? WhyNone(string text) => ProblemOf(text.Trim(Blanks));

    /// <summary>Whether a vendor's text is an address that can be used in a write.</summary>
    /// <param name="text">As the vendor wrote it.</param>
    public static bool IsUsable(string text) => ProblemOf(text.Trim(' ')) is null;

    /// <inheritdoc/>
    public static string? Explain(string text) => WhyNone(text) ?? LikelyMistakeOf(text.Trim(Blanks));

    /// <inheritdoc/>
    public static string? Doubt(EmailAddress value)
    {
        if (Ascii.IsValid(value.Text))
            return null;
        var at = value.Text.IndexOf('@', StringComparison.Ordinal);
        foreach (var part in value.Text[(at + 1)..].Split('.').Prepend(value.Text[..at]))
        {
            if (ScriptMix.Doubt(part) is { } doubt)
                return doubt;
        }

        return null;
    }

    /// <inheritdoc/>
    public static EmailAddress? Parse(string text)
    {
        return Explain(text) is null ? new(text.Trim(Blanks)) : null;
    }

    /// <inheritdoc/>
    public bool Equals(EmailAddress? other) => other is not null && Key == other.Key;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EmailAddress);

    /// <inheritdoc/>
    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>Normalises a local part.</summary>
    /// <remarks>
    /// Composed again at the end: a mark may compose with the small letter alone (U+1E98, but nothing for W).
    /// </remarks>
    internal static string LocalKey(string local) => NormalForm.C(AsciiLower(NormalForm.C(local)));

    private static string AsciiLower(string text) =>
        !text.AsSpan().ContainsAnyInRange('A', 'Z')
            ? text
            : string.Create(
                text.Length,
                text,
                (span, from) =>
                {
                    for (var i = 0; i < span.Length; i++)
                        span[i] = char.IsAsciiLetterUpper(from[i]) ? (char)(from[i] | 0x20) : from[i];
                }
            );

    // A domain that the mapping changes beyond case is invalid. It is kept unchanged, so that it equals no A-label.
    private static string DomainKey(string domain) =>
        DomainLabels.Map(domain) is { Ascii: { } ascii, Changes: false } ? ascii : domain;

    private static string? ProblemOf(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at < 0)
            return "has no @";
        if (at == 0)
            return "has nothing before the @";
        if (at == text.Length - 1)
            return "has nothing after the @";
        if (text.LastIndexOf('@') != at)
            return "has more than one @";
        if (text.Length > Longest)
            return "has more than 254 characters";
        if (text.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase))
            return "begins with mailto:, which is no part of an address";
        return CharacterProblem(text) ?? LocalProblem(text.AsSpan(0, at)) ?? DomainProblem(text, at + 1);
    }

    private static string? CharacterProblem(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(Plain))
            return null;
        if (Placeholders.Any(p => text.Contains(p, StringComparison.Ordinal)))
            return "holds a placeholder that nothing filled in";
        // As the key has it: the Greek question mark composes to a semicolon.
        text = NormalForm.C(text);
        for (var i = 0; i < text.Length; i++)
        {
            var point = VisibleText.PointAt(text, ref i);
            if (VisibleText.IsHidden(point))
                return $"holds the invisible character {VisibleText.Spelling(point)}";
            var rune = new Rune(point);
            if (Rune.IsWhiteSpace(rune))
                return "holds white space";
            if (rune.IsAscii && !Plain.Contains((char)point))
                return $"holds {rune}";
            if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.OtherNotAssigned)
                return $"holds {VisibleText.Spelling(point)}, which is no character";
        }

        return null;
    }

    // Characters that a vendor may list but that are mistakes in a manifest: from a word processor, a wrong decoding or
    // a typing error.
    private static string? LikelyMistakeOf(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var local = text.AsSpan(0, at);
        var domain = text.AsSpan(at + 1);
        if (Encoding.UTF8.GetByteCount(local) > LongestLocal)
            return "has more than 64 characters before the @";
        if (domain.Contains('_'))
            return "has _ in its domain";
        if (!domain[(domain.LastIndexOf('.') + 1)..].ContainsAnyExceptInRange('0', '9'))
            return "has a domain that ends in a number";
        if (Ascii.IsValid(text))
            return null;
        foreach (var rune in text.EnumerateRunes().Where(r => !r.IsAscii && !IsWritten(r)))
            return $"holds {VisibleText.Name(rune)}, which does not belong in an address";
        foreach (var part in text[(at + 1)..].Split('.').Prepend(text[..at]))
        {
            if (IsMark(Rune.GetRuneAt(part, 0)))
                return $"has a part that begins with the mark {VisibleText.Spelling(Rune.GetRuneAt(part, 0).Value)}";
        }

        return null;
    }

    // Letters, their marks and digits; and the dots that stand between letters of Catalan and Japanese (RFC 5892, A.3
    // and A.7).
    private static bool IsWritten(Rune rune) =>
        rune.Value is 0x00B7 or 0x30FB
        || (Rune.IsLetterOrDigit(rune) && rune.Value is not (>= 0xFF01 and <= 0xFFEF))
        || IsMark(rune);

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static string? LocalProblem(ReadOnlySpan<char> local)
    {
        if (local[0] == '.' || local[^1] == '.')
            return "has a dot at an end of the part before the @";
        return local.Contains("..", StringComparison.Ordinal) ? "has two dots running before the @" : null;
    }

    private static string? DomainProblem(string text, int start)
    {
        if (DomainLabels.IsPlain(text.AsSpan(start)))
            return null;
        var mapped = DomainLabels.Map(text[start..]);
        return mapped.Changes
            ? $"has a domain that is read as {ProblemText.Quote(mapped.Shown)}; write that if it is meant"
            : mapped.Problem;
    }
}

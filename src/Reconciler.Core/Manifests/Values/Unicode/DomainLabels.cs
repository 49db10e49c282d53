using System.Buffers;
using System.Globalization;
using System.Text;

namespace Reconciler.Core.Manifests.Values.Unicode;

/// <summary>A domain as UTS #46 maps it: without transitional processing, to A-labels in lower case.</summary>
/// <param name="Ascii">The A-labels; null if the domain is invalid.</param>
/// <param name="Shown">The mapped domain in its own letters.</param>
/// <param name="Changes">Whether the mapping changes more than case and composition.</param>
/// <param name="Problem">What is wrong; null if the domain is valid.</param>
internal sealed record MappedDomain(string? Ascii, string Shown, bool Changes, string? Problem);

/// <summary>Maps domains by UTS #46.</summary>
internal static class DomainLabels
{
    private const int LongestLabel = 63;
    private const int LongestDomain = 253;
    private const string AceMark = "xn--";

    private static readonly SearchValues<char> Plain = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"
    );

    /// <summary>Maps a domain.</summary>
    /// <param name="domain">What comes after the @.</param>
    public static MappedDomain Map(string domain)
    {
        var (shown, changes, refused) = Mapped(domain);
        var labels = shown.Split('.');
        var problem = refused ?? labels.Select(Check).FirstOrDefault(p => p is not null);
        if (problem is not null)
            return new(null, shown, changes, problem);
        var ascii = labels.Select(ToAscii).ToList();
        var whole = string.Join('.', ascii);
        problem =
            ascii.Find(l => l.Length > LongestLabel) is { } longest
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"has a label of {longest.Length} characters, {longest[..20]}…; 63 are the most"
                )
            : whole.Length > LongestDomain ? "has a domain of more than 253 characters"
            : null;
        return new(problem is null ? whole : null, shown, changes, problem);
    }

    /// <summary>Whether a domain needs no mapping: ASCII letters, digits, and hyphens and dots between them.</summary>
    /// <param name="domain">What comes after the @.</param>
    public static bool IsPlain(ReadOnlySpan<char> domain)
    {
        if (domain.Length > LongestDomain)
            return false;
        foreach (var range in domain.Split('.'))
        {
            var label = domain[range];
            if (
                label.Length is 0 or > LongestLabel
                || label[0] == '-'
                || label[^1] == '-'
                || label.ContainsAnyExcept(Plain)
            )
                return false;
            // It may be an A-label, which has to be read.
            if (label.Length >= AceMark.Length && label[2] == '-' && label[3] == '-')
                return false;
        }

        return true;
    }

    /// <summary>Returns a letter in lower case, by the pinned table.</summary>
    public static string Lower(Rune letter) =>
        letter.IsAscii ? Rune.ToLowerInvariant(letter).ToString()
        : IdnaTable.Of(letter.Value) is { Status: IdnaStatus.Cased, Text: { } text } ? text
        : letter.ToString();

    private static (string Shown, bool Changes, string? Problem) Mapped(string domain)
    {
        if (System.Text.Ascii.IsValid(domain))
            return (domain.ToLowerInvariant(), false, null);
        var mapped = new StringBuilder(domain.Length);
        var changes = false;
        foreach (var rune in domain.EnumerateRunes())
        {
            var (status, text) = rune.IsAscii ? (IdnaStatus.Cased, Lower(rune)) : IdnaTable.Of(rune.Value);
            if (status == IdnaStatus.Disallowed)
                return (domain, changes, $"has a domain that holds {VisibleText.Name(rune)}, which no domain may");
            changes |= status is IdnaStatus.Mapped or IdnaStatus.Ignored;
            mapped.Append(status == IdnaStatus.Valid ? rune.ToString() : text);
        }

        return (NormalForm.C(mapped.ToString()), changes, null);
    }

    private static string ToAscii(string label) =>
        System.Text.Ascii.IsValid(label) ? label : AceMark + Punycode.Encode(label);

    private static string? Check(string label)
    {
        if (label.Length == 0)
            return "has an empty label in its domain: a dot is doubled, or stands at an end";
        if (label[0] == '-' || label[^1] == '-')
            return $"has a hyphen at an end of the label {label}";
        if (
            label.FirstOrDefault(c => char.IsAscii(c) && !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
            is var odd
                and not '\0'
        )
        {
            return $"has a domain that holds {VisibleText.Name(new(odd))}";
        }

        if (IsMark(label))
            return "has a label that begins with a combining mark";
        return label.StartsWith(AceMark, StringComparison.Ordinal) && !IsAceLabel(label)
            ? $"has the label {label}, which stands for no domain"
            : null;
    }

    private static bool IsMark(string label) =>
        CharUnicodeInfo.GetUnicodeCategory(label, 0)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.EnclosingMark;

    // An A-label is valid only if encoding its decoded form gives it back (RFC 5891, 4.2).
    private static bool IsAceLabel(string label)
    {
        if (!System.Text.Ascii.IsValid(label))
            return false;
        var letters = Punycode.Decode(label[AceMark.Length..]);
        if (string.IsNullOrEmpty(letters) || System.Text.Ascii.IsValid(letters))
            return false;
        var isKept = letters.EnumerateRunes().All(r => r.IsAscii || IdnaTable.Of(r.Value).Status == IdnaStatus.Valid);
        return isKept && !IsMark(letters) && NormalForm.C(letters) == letters && ToAscii(letters) == label;
    }
}

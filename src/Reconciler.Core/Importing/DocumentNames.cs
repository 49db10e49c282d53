using System.Globalization;
using System.Text;

namespace Reconciler.Core.Importing;

/// <summary>Makes names of documents from names that people chose: DNS labels, each given once.</summary>
/// <param name="taken">The names that documents have already.</param>
internal sealed class DocumentNames(IEnumerable<string> taken)
{
    private const int Longest = 63;

    // The program runs without ICU, so the marks of European letters are listed here.
    private static readonly (string Marked, string Bare)[] Marked =
    [
        ("àáâãäåāăą", "a"),
        ("æ", "ae"),
        ("çćĉċč", "c"),
        ("ďđð", "d"),
        ("èéêëēĕėęě", "e"),
        ("ĝğġģ", "g"),
        ("ĥħ", "h"),
        ("ìíîïĩīĭįı", "i"),
        ("ĵ", "j"),
        ("ķ", "k"),
        ("ĺļľł", "l"),
        ("ñńņň", "n"),
        ("òóôõöøōŏő", "o"),
        ("œ", "oe"),
        ("ŕŗř", "r"),
        ("śŝşšș", "s"),
        ("ß", "ss"),
        ("ţťŧț", "t"),
        ("þ", "th"),
        ("ùúûüũūŭůűų", "u"),
        ("ŵ", "w"),
        ("ýÿŷ", "y"),
        ("źżž", "z"),
    ];

    private readonly HashSet<string> _taken = new(taken, StringComparer.Ordinal);

    /// <summary>Returns a label for a text, with a number if another document has that name.</summary>
    /// <param name="wish">The text.</param>
    /// <param name="otherwise">The label to use if no character of the text is allowed in one.</param>
    public string Take(string wish, string otherwise)
    {
        var label = LabelOf(wish) is { Length: > 0 } own ? own : LabelOf(otherwise);
        var name = label;
        for (var number = 2; !_taken.Add(name); number++)
        {
            var suffix = string.Create(CultureInfo.InvariantCulture, $"-{number}");
            name = label[..Math.Min(label.Length, Longest - suffix.Length)].TrimEnd('-') + suffix;
        }

        return name;
    }

    /// <summary>
    /// Converts a text to lower-case letters, digits and single dashes. Latin letters lose their marks; everything else
    /// becomes a dash.
    /// </summary>
    public static string LabelOf(string text)
    {
        var label = new StringBuilder(text.Length);
        foreach (var letter in text.Select(char.ToLowerInvariant))
        {
            if (Bare(letter) is { } bare)
                label.Append(bare);
            else if (label.Length > 0 && label[^1] != '-')
                label.Append('-');
        }

        return label.ToString()[..Math.Min(label.Length, Longest)].Trim('-');
    }

    private static string? Bare(char letter)
    {
        if (char.IsAsciiLetterOrDigit(letter))
            return letter.ToString();
        foreach (var (marked, bare) in Marked)
        {
            if (marked.Contains(letter, StringComparison.Ordinal))
                return bare;
        }

        return null;
    }
}

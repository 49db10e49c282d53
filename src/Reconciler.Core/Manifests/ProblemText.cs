using Reconciler.Core.Manifests.Values.Unicode;

namespace Reconciler.Core.Manifests;

/// <summary>Formats the parts of error texts.</summary>
public static class ProblemText
{
    private const int LongestQuote = 80;

    /// <summary>Quotes text, with invisible characters escaped and long text cut.</summary>
    /// <param name="text">Untrusted text.</param>
    public static string Quote(string text)
    {
        var cut = text.Length <= LongestQuote ? text : string.Concat(text.AsSpan(0, LongestQuote), "…");
        return $"\"{VisibleText.Spell(cut)}\"";
    }

    /// <summary>
    /// Returns <c>"; did you mean "x"?"</c> if one of the known words is similar, else an empty text.
    /// </summary>
    /// <param name="text">What was written.</param>
    /// <param name="known">What would have been right.</param>
    public static string DidYouMean(string text, IEnumerable<string> known)
    {
        var nearest = Nearest(text, known);
        return nearest is null ? "" : $"; did you mean {Quote(nearest)}?";
    }

    /// <summary>Formats words as a list in a sentence, cut after a dozen.</summary>
    /// <param name="words">The words, in the order to show.</param>
    public static string List(IEnumerable<string> words)
    {
        var all = words.ToList();
        return all.Count switch
        {
            0 => "(none)",
            <= 12 => string.Join(", ", all),
            _ => $"{string.Join(", ", all.Take(12))} and {all.Count - 12} more",
        };
    }

    /// <summary>Finds the most similar of the known words by edit distance; null if none is similar enough.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="known">What would have been right.</param>
    public static string? Nearest(string text, IEnumerable<string> known)
    {
        var limit = Math.Max(1, text.Length / 3);
        return known
            .Where(k => Math.Abs(k.Length - text.Length) <= limit)
            .Select(k => (Word: k, Distance: Distance(text.ToLowerInvariant(), k.ToLowerInvariant())))
            .Where(k => k.Distance <= limit)
            .OrderBy(k => k.Distance)
            .ThenBy(k => k.Word, StringComparer.Ordinal)
            .Select(k => k.Word)
            .FirstOrDefault();
    }

    // The edit distance, in which two swapped neighbouring letters count as one edit.
    internal static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var same = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + same);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }

        return d[a.Length, b.Length];
    }
}

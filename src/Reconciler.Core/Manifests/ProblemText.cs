using Reconciler.Core.Manifests.Values.Unicode;

namespace Reconciler.Core.Manifests;

/// <summary>The parts that error texts are made of.</summary>
public static class ProblemText
{
    private const int LongestQuote = 80;

    /// <summary>Text in quotes, with characters that nobody sees spelled out and long text cut.</summary>
    /// <param name="text">Text of unknown origin.</param>
    public static string Quote(string text)
    {
        var cut = text.Length <= LongestQuote ? text : string.Concat(text.AsSpan(0, LongestQuote), "…");
        return $"\"{VisibleText.Spell(cut)}\"";
    }

    /// <summary><c>"; did you mean "x"?"</c> where one of the known words is near, else nothing.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="known">What would have been right.</param>
    public static string DidYouMean(string text, IEnumerable<string> known)
    {
        var nearest = Nearest(text, known);
        return nearest is null ? "" : $"; did you mean {Quote(nearest)}?";
    }

    /// <summary>The words as a list in a sentence, cut after a dozen.</summary>
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

    /// <summary>The nearest of the known words, by edits; null where none is near enough to be meant.</summary>
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

    // Edits with neighbouring letters swapped counted as one, as in the usual typing slip.
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

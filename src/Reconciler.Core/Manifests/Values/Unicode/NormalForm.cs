using System.Text;

namespace Reconciler.Core.Manifests.Values.Unicode;

/// <summary>
/// Converts text to normalisation form C by pinned tables, because <see cref="string.Normalize()"/> does nothing
/// without ICU.
/// </summary>
internal static class NormalForm
{
    // The arithmetic of Hangul syllables: Unicode, chapter 3.12.
    private const int SyllableBase = 0xac00;
    private const int LeadBase = 0x1100;
    private const int VowelBase = 0x1161;
    private const int TailBase = 0x11a7;
    private const int Leads = 19;
    private const int Vowels = 21;
    private const int Tails = 28;

    /// <summary>The text in normalisation form C.</summary>
    /// <param name="text">Any text; invalid characters are kept.</param>
    public static string C(string text)
    {
        if (Ascii.IsValid(text))
            return text;
        var points = Decomposed(text);
        Compose(points);
        var composed = new StringBuilder(text.Length);
        foreach (var point in points)
            Append(composed, point);
        return composed.ToString();
    }

    private static List<int> Decomposed(string text)
    {
        var points = new List<int>(text.Length + 8);
        for (var i = 0; i < text.Length; i++)
        {
            var point = (int)text[i];
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                point = char.ConvertToUtf32(text[i], text[++i]);
            Decompose(point, points);
        }

        Order(points);
        return points;
    }

    private static void Decompose(int point, List<int> into)
    {
        if (point is >= SyllableBase and < SyllableBase + (Leads * Vowels * Tails))
        {
            var syllable = point - SyllableBase;
            into.Add(LeadBase + (syllable / (Vowels * Tails)));
            into.Add(VowelBase + (syllable % (Vowels * Tails) / Tails));
            if (syllable % Tails > 0)
                into.Add(TailBase + (syllable % Tails));
        }
        else if (point >= 0x80 && NormalisationTable.Decompositions.TryGetValue(point, out var parts))
        {
            foreach (var rune in parts.EnumerateRunes())
                into.Add(rune.Value);
        }
        else
        {
            into.Add(point);
        }
    }

    // Marks stand in the order of their classes; those of one class keep their order.
    private static void Order(List<int> points)
    {
        for (var i = 1; i < points.Count; i++)
        {
            var own = ClassOf(points[i]);
            if (own == 0)
                continue;
            for (var j = i; j > 0 && ClassOf(points[j - 1]) > own; j--)
                (points[j - 1], points[j]) = (points[j], points[j - 1]);
        }
    }

    private static void Compose(List<int> points)
    {
        var (starter, write, before) = (-1, 0, 0);
        for (var i = 0; i < points.Count; i++)
        {
            var (point, own) = (points[i], ClassOf(points[i]));
            var isNear = starter >= 0 && (starter == write - 1 || (before < own && before != 0));
            if (isNear && Pair(points[starter], point) is { } composed)
            {
                points[starter] = composed;
                continue;
            }

            if (own == 0)
                starter = write;
            before = own;
            points[write++] = point;
        }

        points.RemoveRange(write, points.Count - write);
    }

    private static int? Pair(int first, int second)
    {
        if (first is >= LeadBase and < LeadBase + Leads && second is >= VowelBase and < VowelBase + Vowels)
        {
            return SyllableBase + ((((first - LeadBase) * Vowels) + second - VowelBase) * Tails);
        }

        if (
            first is >= SyllableBase and < SyllableBase + (Leads * Vowels * Tails)
            && (first - SyllableBase) % Tails == 0
            && second is > TailBase and < TailBase + Tails
        )
        {
            return first + second - TailBase;
        }

        return NormalisationTable.Compositions.TryGetValue((first, second), out var composed) ? composed : null;
    }

    private static int ClassOf(int point) =>
        point >= 0x300 && NormalisationTable.Classes.TryGetValue(point, out var own) ? own : 0;

    private static void Append(StringBuilder text, int point)
    {
        if (point is >= 0xd800 and <= 0xdfff || point < 0x10000)
            text.Append((char)point);
        else
            text.Append(char.ConvertFromUtf32(point));
    }
}

using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Reconciler.Sandbox.Http;

/// <summary>What lists have in common.</summary>
internal static class Listing
{
    /// <summary>A part of the text, without case, is found; no text finds everything.</summary>
    public static IReadOnlyList<T> Search<T>(IReadOnlyList<T> all, string part, Func<T, string> text) =>
        part.Length == 0 ? all : [.. all.Where(item => text(item).Contains(part, StringComparison.OrdinalIgnoreCase))];

    /// <summary>A number of the query; null where it is absent, no number, or less than the least.</summary>
    public static int? Number(IQueryCollection query, string name, int least) =>
        int.TryParse(query[name].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= least
            ? number
            : null;

    /// <summary>A stretch of a list, or of the list turned round.</summary>
    public static IEnumerable<T> Stretch<T>(IReadOnlyList<T> all, long start, int length, bool newestFirst)
    {
        var end = Math.Min(start + length, all.Count);
        for (var i = start; i < end; i++)
            yield return all[(int)(newestFirst ? all.Count - 1 - i : i)];
    }
}

/// <summary>
/// Pages counted from 1. None of the vendors says what becomes of a number out of bounds: here it falls back to the
/// default, and a size that is too large is cut in silence, since that is what a client must not mistake for a last
/// page.
/// </summary>
internal readonly record struct NumberedPage(int Page, int Size, int Total)
{
    public int Last => Math.Max(1, (Total + Size - 1) / Size);

    public long Start => (Page - 1L) * Size;

    public long End => Math.Max(Start, Math.Min(Start + Size, Total));

    public static NumberedPage Read(
        IQueryCollection query,
        string sizeName,
        int defaultSize,
        int largestSize,
        int total
    ) =>
        new(
            Listing.Number(query, "page", 1) ?? 1,
            Math.Min(Listing.Number(query, sizeName, 1) ?? defaultSize, largestSize),
            total
        );
}

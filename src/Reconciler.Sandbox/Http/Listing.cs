using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Reconciler.Sandbox.Http;

/// <summary>Functions that all lists share.</summary>
internal static class Listing
{
    /// <summary>Finds items that contain a text, ignoring case; an absent text finds all items.</summary>
    public static IReadOnlyList<T> Search<T>(IReadOnlyList<T> all, string part, Func<T, string> text) =>
        part.Length == 0 ? all : [.. all.Where(item => text(item).Contains(part, StringComparison.OrdinalIgnoreCase))];

    /// <summary>Reads a number in the query; null where it is absent, invalid, or below the minimum.</summary>
    public static int? Number(IQueryCollection query, string name, int least) =>
        int.TryParse(query[name].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= least
            ? number
            : null;

    /// <summary>Takes a range of a list, or of the reversed list.</summary>
    public static IEnumerable<T> Stretch<T>(IReadOnlyList<T> all, long start, int length, bool newestFirst)
    {
        var end = Math.Min(start + length, all.Count);
        for (var i = start; i < end; i++)
            yield return all[(int)(newestFirst ? all.Count - 1 - i : i)];
    }
}

/// <summary>
/// A page, numbered from 1. No vendor documents numbers out of range. Here they fall back to the default, and a size
/// that is too large is silently reduced, which a client must not mistake for the last page.
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

using Reconciler.Core.Ports;

namespace Reconciler.Providers.Http;

/// <summary>One page of a list.</summary>
/// <param name="Items">The items on it.</param>
/// <param name="Total">
/// The total number on all pages; null where the page does not contain it, so that a shift goes unnoticed.
/// </param>
/// <param name="Next">The link or number of the next page; null on the last one.</param>
internal sealed record ListPage<T>(IReadOnlyList<T> Items, int? Total, string? Next);

/// <summary>
/// Reads a list with all its pages, completely or not at all. Vendors cut pages by position, so a list that
/// changes in between shifts: an insertion before the cut pushes an item onto the next page, where it appears twice
/// (recognized by its id); a deletion before the cut moves an item onto a page that was read already, where it is
/// missed. The total shows the second case: it differs on a later page, or fewer items were seen than it says. The list
/// is then read once more, and a second failure is reported.
/// <para>Overlapping pages by one item would also detect a deletion before the cut together with as many insertions
/// after it, between the same two requests. But only limit/offset can overlap, not numbered pages, and every exact
/// multiple of the page size would cost another request. The remaining risk is small: a person overlooked in one run is
/// neither removed nor demoted, and the vendor refuses an invitation that follows.</para>
/// </summary>
internal static class WholeList
{
    private const int MaxPages = 1000;

    /// <summary>Reads the list.</summary>
    /// <param name="name">The name of the list, for messages.</param>
    /// <param name="read">
    /// Reads the first page for null, or else the page that <see cref="ListPage{T}.Next"/> names.
    /// </param>
    /// <param name="id">Returns the id of an item.</param>
    /// <exception cref="ProviderException">The list cannot be read completely.</exception>
    public static async Task<IReadOnlyCollection<T>> ReadAsync<T>(
        string name,
        Func<string?, Task<ListPage<T>>> read,
        Func<T, string> id
    )
        where T : class
    {
        if (await TryAsync(name, read, id) is { } items)
            return items;
        return await TryAsync(name, read, id)
            ?? throw Bad(name, "a page is missing: the pages do not add up to the total, also when read again");
    }

    private static async Task<IReadOnlyCollection<T>?> TryAsync<T>(
        string name,
        Func<string?, Task<ListPage<T>>> read,
        Func<T, string> id
    )
        where T : class
    {
        var items = new Dictionary<string, T>(StringComparer.Ordinal);
        var asked = new HashSet<string>(StringComparer.Ordinal);
        int? total = null;
        for (string? next = null; ; )
        {
            var page = await read(next);
            if (page.Total != (total ??= page.Total))
                return null;
            items.EnsureCapacity(items.Count + page.Items.Count);
            foreach (var item in page.Items)
            {
                // Of two items with one id, the later one is more recent.
                items[id(item ?? throw Bad(name, "a page holds null"))] = item;
            }

            if (page.Next is null)
                return items.Count < total ? null : items.Values;
            if (page.Items.Count == 0)
                return null;
            next = page.Next;
            if (!asked.Add(next))
                throw Bad(name, "the links to the next page go in a circle");
            if (asked.Count >= MaxPages)
                throw Bad(name, $"there are more than {MaxPages} pages");
        }
    }

    private static ProviderException Bad(string name, string what) => new(ProviderFault.BadAnswer, $"{name}: {what}");
}

using Reconciler.Core.Ports;

namespace Reconciler.Providers.Http;

/// <summary>One page of a list.</summary>
/// <param name="Items">What stands on it.</param>
/// <param name="Total">
/// How many the whole list has, as this page says; null where it does not, so that a shift is not noticed.
/// </param>
/// <param name="Next">What the next page is asked by, a link or a number; null on the last one.</param>
internal sealed record ListPage<T>(IReadOnlyList<T> Items, int? Total, string? Next);

/// <summary>
/// Reads a list over all its pages, whole or not at all. Pages are cut by position at all four vendors, so a list that
/// changes in between shifts: what is inserted before the cut pushes an item onto the next page, where it stands twice
/// (told by its id); what is deleted before the cut pulls one onto a page that was read already, where nobody sees it.
/// The second shows in the total: it is another one on a later page, or the items that were seen are fewer than it
/// says. Then the list is read once more, and a second failure is reported.
///
/// <para>Pages that overlap by one item would also tell a deletion before the cut from an equal number of insertions
/// behind it, between the same two requests. But only limit/offset can overlap, not numbered pages, every exact
/// multiple of the page size would cost a request more, and what can slip through is small: somebody overlooked in one
/// pass is neither removed nor demoted, and an invitation that follows is refused by the vendor.</para>
/// </summary>
internal static class WholeList
{
    private const int MaxPages = 1000;

    /// <summary>Reads the list.</summary>
    /// <param name="name">What the list is, for people.</param>
    /// <param name="read">
    /// Reads the first page for null, else the one that <see cref="ListPage{T}.Next"/> asked for.
    /// </param>
    /// <param name="id">What makes two items the same.</param>
    /// <exception cref="ProviderException">The list cannot be read whole.</exception>
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
            foreach (var item in page.Items)
            {
                // Of two the later one is fresher.
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

using System.Collections.Immutable;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Flurl;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership.Describing;
using Reconciler.Core.Ports;
using Reconciler.Providers.Http;

namespace Reconciler.Providers.Described;

/// <summary>
/// The pages of a described list: the URL of each, and what its answer holds. Origin and path are always those of the
/// first page. Of a link, only the declared parameters of its query are taken.
/// </summary>
internal sealed class ListPages
{
    private readonly DescribedList _list;
    private readonly Func<(string, string)[], Uri> _url;

    /// <summary>The pages of a list.</summary>
    /// <param name="list">The list.</param>
    /// <param name="url">Builds its URL with the parameters of a query.</param>
    public ListPages(DescribedList list, Func<(string, string)[], Uri> url)
    {
        (_list, _url) = (list, url);
        First = Of(null);
    }

    /// <summary>The URL of the first page.</summary>
    public Uri First { get; }

    /// <summary>The URL of a page.</summary>
    /// <param name="next">What the page before it says; null for the first page.</param>
    public Uri Of(string? next)
    {
        var query = _list.Query.Select(q => (q.Key, q.Value)).ToList();
        if (_list.Paging is { } paging)
        {
            var named = Parameters(paging, next).ToList();
            // A link may name the size of its page as well.
            if (paging is { SizeQuery: { } size, Size: > 0 } && named.TrueForAll(p => p.Item1 != size))
                query.Add((size, paging.Size.ToString(CultureInfo.InvariantCulture)));
            query.AddRange(named);
        }

        return _url([.. query]);
    }

    /// <summary>What the answer of a page holds.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="next">What the page before it says; null for the first page.</param>
    /// <exception cref="ProviderException">The answer is not as the definition says.</exception>
    public ListPage<JsonItem> Page(JsonAnswer answer, string? next)
    {
        var whole = new JsonItem(answer, answer.Body);
        if (
            !answer.HasBody
            || !_list.Items.TryFind(answer.Body, out var found)
            || found.ValueKind != JsonValueKind.Array
        )
            throw whole.Unreadable($"no list at {JsonItem.Shown(_list.Items)}");
        var items = new List<JsonItem>(found.GetArrayLength());
        foreach (var item in found.EnumerateArray())
            items.Add(item.ValueKind is JsonValueKind.Null ? null! : new(answer, item));
        if (_list.Paging is not { } paging)
        {
            if (LinkHeader.Parse(answer.Links).Any(l => l.IsNext))
                throw whole.Unreadable("a link to a next page of a list that comes all at once");
            return new(items, null, null);
        }

        var total = Total(paging, whole);
        return new(items, total, Next(paging, whole, answer, next, items.Count, total));
    }

    private static int? Total(DescribedPaging paging, JsonItem whole)
    {
        if (paging.Total is not { } at)
            return null;
        return int.TryParse(whole.Text(at), NumberStyles.None, CultureInfo.InvariantCulture, out var total)
            ? total
            : throw whole.Unreadable($"no whole number at {at.Text}");
    }

    private string? Next(
        DescribedPaging paging,
        JsonItem whole,
        JsonAnswer answer,
        string? next,
        int count,
        int? total
    ) =>
        paging.By switch
        {
            PagingForm.Page => NextNumber(paging, next, count, total),
            PagingForm.Offset => NextOffset(paging, next, count, total),
            PagingForm.Next => whole.TextOrNone(paging.Next) is { Length: > 0 } link
                ? Taken(paging, link, whole)
                : null,
            PagingForm.Link => NextLink(paging, answer, whole),
            _ => whole.TextOrNone(paging.Next) is { Length: > 0 } word ? word : null,
        };

    private static string? NextNumber(DescribedPaging paging, string? next, int count, int? total)
    {
        var number = next is null ? paging.First : int.Parse(next, CultureInfo.InvariantCulture);
        // Without a total only an empty page is surely the last: a server may give fewer items than it was asked for.
        var isLast = total is { } all ? (number - paging.First + 1L) * paging.Size >= all : count == 0;
        return isLast ? null : (number + 1).ToString(CultureInfo.InvariantCulture);
    }

    private static string? NextOffset(DescribedPaging paging, string? next, int count, int? total)
    {
        var skipped = next is null ? 0 : int.Parse(next, CultureInfo.InvariantCulture);
        var isLast = total is { } all ? skipped + count >= all : count == 0;
        return isLast ? null : (skipped + count).ToString(CultureInfo.InvariantCulture);
    }

    private string? NextLink(DescribedPaging paging, JsonAnswer answer, JsonItem whole)
    {
        foreach (var link in LinkHeader.Parse(answer.Links).Where(l => l.IsNext))
        {
            if (paging.MoreWhile is not { } attribute)
                return Taken(paging, link.Target, whole);
            return link.Attributes.GetValueOrDefault(attribute.ToLowerInvariant()) switch
            {
                "true" => Taken(paging, link.Target, whole),
                null => throw whole.Unreadable($"a link to the next page without {attribute}"),
                _ => null,
            };
        }

        return null;
    }

    // The declared parameters of a link, as the text by which a page is named.
    private string Taken(DescribedPaging paging, string link, JsonItem whole)
    {
        if (!Uri.TryCreate(First, link, out var url) || url.GetLeftPart(UriPartial.Authority) != Origin || HasUser(url))
            throw new ProviderException(
                ProviderFault.BadAnswer,
                $"GET {First.AbsolutePath}: the link to the next page leads to another origin"
            );
        var taken = new Url(url).QueryParams.Where(p => paging.Query.Contains(p.Name)).ToList();
        if (taken.Count == 0)
            throw whole.Unreadable($"a link to the next page without {string.Join(", ", paging.Query)}");
        foreach (var parameter in taken)
            whole.Check($"{parameter.Value}");
        return string.Join(
            '&',
            taken.Select(p => $"{Uri.EscapeDataString(p.Name)}={Uri.EscapeDataString($"{p.Value}")}")
        );
    }

    private string Origin => First.GetLeftPart(UriPartial.Authority);

    private static bool HasUser(Uri url) => url.UserInfo.Length > 0;

    private static IEnumerable<(string, string)> Parameters(DescribedPaging paging, string? next)
    {
        if (next is null)
        {
            return paging.By == PagingForm.Page
                ? [(paging.Query[0], paging.First.ToString(CultureInfo.InvariantCulture))]
                : [];
        }

        if (paging.By is not (PagingForm.Next or PagingForm.Link))
            return [(paging.Query[0], next)];
        return next.Split('&')
            .Select(p => p.Split('=', 2))
            .Select(p => (Uri.UnescapeDataString(p[0]), Uri.UnescapeDataString(p[1])));
    }
}

/// <summary>A link of the header <c>Link</c> (RFC 8288).</summary>
/// <param name="Target">Where it leads.</param>
/// <param name="Relation">What it is.</param>
/// <param name="Attributes">Its attributes, by their names.</param>
internal sealed record LinkHeader(string Target, string Relation, ImmutableDictionary<string, string> Attributes)
{
    /// <summary>Whether it leads to the next page.</summary>
    public bool IsNext => Relation.Split(' ').Contains("next", StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads the links; a part that is none is passed over.</summary>
    /// <param name="values">The header's values.</param>
    public static IEnumerable<LinkHeader> Parse(ImmutableArray<string> values)
    {
        foreach (var value in values)
        {
            for (var open = value.IndexOf('<'); open >= 0; )
            {
                var close = value.IndexOf('>', open);
                if (close < 0)
                    break;
                var after = value.IndexOf('<', close);
                var parameters = value[(close + 1)..(after < 0 ? value.Length : after)];
                var attributes = parameters
                    .Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                    .Select(p => NameValueHeaderValue.TryParse(p, out var pair) ? pair : null)
                    .OfType<NameValueHeaderValue>()
                    .GroupBy(p => p.Name.ToLowerInvariant(), StringComparer.Ordinal)
                    .ToImmutableDictionary(g => g.Key, g => (g.First().Value ?? "").Trim('"'), StringComparer.Ordinal);
                yield return new(value[(open + 1)..close], attributes.GetValueOrDefault("rel") ?? "", attributes);
                open = after;
            }
        }
    }
}

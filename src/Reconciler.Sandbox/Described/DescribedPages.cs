using System.Globalization;
using System.Text.Json.Nodes;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership.Describing;
using Reconciler.Sandbox.Http;

namespace Reconciler.Sandbox.Described;

/// <summary>Cuts a list into pages, and says where the next one is, in the way of the definition.</summary>
internal sealed class DescribedPages
{
    // Where the definition does not tell, as most vendors have it.
    private const int UsualSize = 100;

    private readonly DescribedPaging? paging;
    private readonly VendorRequest request;
    private readonly int start;
    private readonly int size;

    public DescribedPages(DescribedPaging? paging, VendorRequest request)
    {
        (this.paging, this.request) = (paging, request);
        if (paging is null)
            return;
        var most = paging.Size > 0 ? paging.Size : UsualSize;
        var asked = paging.SizeQuery is { } query ? Listing.Number(request.Query, query, 1) : null;
        size = Math.Min(asked ?? most, most);
        var number = Listing.Number(request.Query, paging.Query[0], 0);
        start =
            paging.By == PagingForm.Page ? Math.Max(0, (number ?? paging.First) - paging.First) * size : number ?? 0;
    }

    /// <summary>The items of the page.</summary>
    /// <param name="all">All items.</param>
    public IEnumerable<T> Cut<T>(IReadOnlyList<T> all) => paging is null ? all : all.Skip(start).Take(size);

    /// <summary>Says in the body where the next page is, and how many items there are.</summary>
    /// <param name="body">The body.</param>
    /// <param name="total">The number of all items.</param>
    public void Describe(JsonDraft body, int total)
    {
        if (paging is null)
            return;
        if (paging.Total is { } at)
            body.Set(at.Text, JsonValue.Create(total));
        if (paging is { By: PagingForm.Next, Next: { } link })
            body.Set(link.Text, HasMore(total) ? JsonValue.Create(NextUrl) : null);
        if (paging is { By: PagingForm.Cursor, Next: { } cursor })
            body.Set(cursor.Text, HasMore(total) ? JsonValue.Create(NextStart) : null);
    }

    /// <summary>Says in the header <c>Link</c> where the next page is.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="total">The number of all items.</param>
    public VendorAnswer Link(VendorAnswer answer, int total)
    {
        if (paging is not { By: PagingForm.Link })
            return answer;
        if (paging.MoreWhile is { } attribute)
            return answer.With(
                "Link",
                $"<{NextUrl}>; rel=\"next\"; {attribute}=\"{(HasMore(total) ? "true" : "false")}\""
            );
        return HasMore(total) ? answer.With("Link", $"<{NextUrl}>; rel=\"next\"") : answer;
    }

    private bool HasMore(int total) => start + size < total;

    private string NextStart => (start + size).ToString(CultureInfo.InvariantCulture);

    private string NextUrl
    {
        get
        {
            var query = request
                .Query.Where(q => q.Key != paging!.Query[0])
                .Select(q => (q.Key, Value: q.Value.ToString()))
                .Append((paging!.Query[0], NextStart))
                .Select(q => $"{Uri.EscapeDataString(q.Item1)}={Uri.EscapeDataString(q.Item2)}");
            return $"{request.Origin}{request.Root}{request.Path}?{string.Join('&', query)}";
        }
    }
}

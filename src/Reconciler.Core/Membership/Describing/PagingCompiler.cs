using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Core.Membership.Describing;

/// <summary>Checks how a list is cut into pages.</summary>
internal sealed class PagingCompiler(ListCompiler lists, Problems problems)
{
    public DescribedPaging Compile(ListDefinition list, PagingDefinition paging)
    {
        var byNumber = paging.By is PagingForm.Page or PagingForm.Offset;
        var inBody = paging.By is PagingForm.Next or PagingForm.Cursor;
        CheckParameters(list, paging);
        if (paging.Query is { Count: 0 })
            problems.Error(paging.Origin.At("query"), "names no parameter; expected at least one");
        if (paging.Query is { Count: > 1 } && paging.By is not (PagingForm.Next or PagingForm.Link))
            problems.Error(paging.Origin.At("query"), "names several parameters; expected one");
        if (byNumber && paging.Size is null)
            problems.Error(paging.Origin, "size", "is missing; expected the most items of a page");
        if (inBody && paging.Next is null)
            problems.Error(paging.Origin, "next", "is missing; expected where the next page is named in the body");
        foreach (
            var (field, fits) in (ReadOnlySpan<(string, bool)>)
                [("first", paging.By is PagingForm.Page), ("next", inBody), ("moreWhile", paging.By is PagingForm.Link)]
        )
        {
            if (!fits && paging.Origin[field] is { } at)
                problems.Error(at, "means nothing for this kind of paging; expected no such field");
        }

        return new(paging.By, [.. paging.Query ?? []])
        {
            First = paging.First ?? 1,
            Size = paging.Size ?? 0,
            SizeQuery = paging.SizeQuery,
            Total = lists.Optional(paging, "total", paging.Total),
            Next = lists.Optional(paging, "next", paging.Next),
            MoreWhile = paging.MoreWhile,
        };
    }

    // A server may take either of two values of one parameter.
    private void CheckParameters(ListDefinition list, PagingDefinition paging)
    {
        if (list.Origin["query"] is not MappingNode query)
            return;
        foreach (var entry in query.Entries)
        {
            if (entry.Name == paging.SizeQuery || paging.Query?.Contains(entry.Name) == true)
                problems.Error(entry.Key, "is a parameter of paging as well; expected it in one of both");
        }
    }
}

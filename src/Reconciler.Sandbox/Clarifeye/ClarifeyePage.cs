using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Primitives;
using Reconciler.Sandbox.Http;

namespace Reconciler.Sandbox.Clarifeye;

/// <summary>
/// Django REST framework's LimitOffsetPagination: a limit or offset that is no positive number falls back to the default,
/// one that is too large is cut, and the links carry the request's other parameters, sorted.
/// </summary>
internal static class ClarifeyePage
{
    private const int DefaultLimit = 100;
    private const int LargestLimit = 1000;

    public static IReadOnlyList<T> Search<T>(List<T> all, IQueryCollection query, Func<T, string> email)
    {
        var search = query["search"].ToString();
        return search.Length == 0
            ? all
            : [.. all.Where(item => email(item).Contains(search, StringComparison.OrdinalIgnoreCase))];
    }

    public static VendorAnswer Answer<T>(
        VendorRequest request, IReadOnlyList<T> found, ClarifeyeWorld world, Action<Utf8JsonWriter, (T Item, ClarifeyeWorld World)> write)
    {
        var limit = Number(request.Query["limit"], 1) is { } asked ? Math.Min(asked, LargestLimit) : DefaultLimit;
        var offset = Number(request.Query["offset"], 0) ?? 0;
        return VendorAnswer.Json(200, JsonText.Write(found, (writer, items) =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("count", items.Count);
            writer.WriteString("next", (long)offset + limit < items.Count ? Link(request, limit, offset + limit) : null);
            writer.WriteString("previous", offset > 0 ? Link(request, limit, offset - limit) : null);
            writer.WriteStartArray("results");
            var end = (int)Math.Min((long)offset + limit, items.Count);
            for (var i = offset; i < end; i++)
                write(writer, (items[world.NewestFirst ? items.Count - 1 - i : i], world));
            writer.WriteEndArray();
            writer.WriteEndObject();
        }));
    }

    private static int? Number(StringValues text, int least) =>
        int.TryParse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least ? number : null;

    // The first page's link has no offset at all.
    private static string Link(VendorRequest request, int limit, int offset)
    {
        var parameters = request.Query
            .Where(parameter => parameter.Key is not ("limit" or "offset"))
            .Append(new("limit", limit.ToString(CultureInfo.InvariantCulture)));
        if (offset > 0)
            parameters = parameters.Append(new("offset", offset.ToString(CultureInfo.InvariantCulture)));
        var query = new QueryBuilder(parameters.OrderBy(parameter => parameter.Key, StringComparer.Ordinal));
        return $"{request.Origin}{request.Root}{request.Path}{query}";
    }
}

using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Extensions;
using Reconciler.Sandbox.Http;

namespace Reconciler.Sandbox.Clarifeye;

/// <summary>
/// Paginates like Django REST framework's LimitOffsetPagination: an invalid limit or offset falls back to the default,
/// a limit that is too large is reduced, and the links contain the request's other parameters, sorted.
/// </summary>
internal static class ClarifeyePage
{
    private const int DefaultLimit = 100;
    private const int LargestLimit = 1000;

    public static VendorAnswer Answer<T>(
        VendorRequest request,
        IReadOnlyList<T> found,
        ClarifeyeWorld world,
        Action<Utf8JsonWriter, (T Item, ClarifeyeWorld World)> write
    )
    {
        var limit = Math.Min(Listing.Number(request.Query, "limit", 1) ?? DefaultLimit, LargestLimit);
        var offset = Listing.Number(request.Query, "offset", 0) ?? 0;
        return VendorAnswer.Json(
            200,
            JsonText.Write(
                found,
                (writer, items) =>
                {
                    writer.WriteStartObject();
                    writer.WriteNumber("count", items.Count);
                    writer.WriteString(
                        "next",
                        (long)offset + limit < items.Count ? Link(request, limit, offset + limit) : null
                    );
                    writer.WriteString("previous", offset > 0 ? Link(request, limit, offset - limit) : null);
                    writer.WriteStartArray("results");
                    foreach (var item in Listing.Stretch(items, offset, limit, world.NewestFirst))
                        write(writer, (item, world));
                    writer.WriteEndArray();
                    writer.WriteEndObject();
                }
            )
        );
    }

    // The link of the first page has no offset.
    private static string Link(VendorRequest request, int limit, int offset)
    {
        var parameters = request
            .Query.Where(parameter => parameter.Key is not ("limit" or "offset"))
            .Append(new("limit", limit.ToString(CultureInfo.InvariantCulture)));
        if (offset > 0)
            parameters = parameters.Append(new("offset", offset.ToString(CultureInfo.InvariantCulture)));
        var query = new QueryBuilder(parameters.OrderBy(parameter => parameter.Key, StringComparer.Ordinal));
        return $"{request.Origin}{request.Root}{request.Path}{query}";
    }
}

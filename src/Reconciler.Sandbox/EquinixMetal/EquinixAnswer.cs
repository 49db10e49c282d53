using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Extensions;
using Reconciler.Sandbox.Http;
using Reconciler.Sandbox.Records;

namespace Reconciler.Sandbox.EquinixMetal;

/// <summary>
/// Writes answers with one record or one page, including the nested objects that the request asks for.
/// </summary>
internal readonly struct EquinixAnswer(VendorRequest request, QuirkSwitches quirks)
{
    private const int DefaultPage = 10;
    private const int LargestPage = 1000;
    private const int LargestPageOfTheProse = 100;

    public VendorAnswer One<T>(int status, T item, Action<EquinixWire, T> fields)
    {
        var (root, includes) = (request.Root, Includes());
        return VendorAnswer.Json(
            status,
            JsonText.Object(item, (writer, shown) => fields(new EquinixWire(writer, root, includes), shown))
        );
    }

    public VendorAnswer Page<T>(string name, IReadOnlyList<T> all, Action<EquinixWire, T> fields)
    {
        var largest = quirks[EquinixQuirks.PagesOf100] ? LargestPageOfTheProse : LargestPage;
        var page = NumberedPage.Read(request.Query, "per_page", DefaultPage, largest, all.Count);
        var shown = Listing.Stretch(all, page.Start, page.Size, quirks[EquinixQuirks.NewestFirst]);
        Func<int, string>? link = quirks[EquinixQuirks.NoMeta] ? null : Link;
        var (root, includes) = (request.Root, Includes());
        return VendorAnswer.Json(
            200,
            JsonText.Object(
                shown,
                (writer, items) =>
                {
                    var wire = new EquinixWire(writer, root, includes);
                    writer.WriteStartArray(name);
                    foreach (var item in items)
                    {
                        writer.WriteStartObject();
                        fields(wire, item);
                        writer.WriteEndObject();
                    }

                    writer.WriteEndArray();
                    if (link is not null)
                        Meta(writer, page, link);
                }
            )
        );
    }

    private static void Meta(Utf8JsonWriter writer, NumberedPage page, Func<int, string> link)
    {
        writer.WriteStartObject("meta");
        Link("first", 1);
        Link("previous", page.Page > 1 ? page.Page - 1 : null);
        Link("self", page.Page);
        Link("next", page.Page < page.Last ? page.Page + 1 : null);
        Link("last", page.Last);
        writer.WriteNumber("total", page.Total);
        writer.WriteNumber("current_page", page.Page);
        writer.WriteNumber("last_page", page.Last);
        writer.WriteEndObject();

        void Link(string name, int? number)
        {
            if (number is not { } there)
            {
                writer.WriteNull(name);
                return;
            }

            writer.WriteStartObject(name);
            writer.WriteString("href", link(there));
            writer.WriteEndObject();
        }
    }

    private EquinixIncludes Includes() =>
        new(request.Query["include"], request.Query["exclude"], quirks[EquinixQuirks.EmbedsByDefault]);

    private string Link(int page)
    {
        var query = new QueryBuilder(request.Query.Where(parameter => parameter.Key is not "page"))
        {
            { "page", page.ToString(CultureInfo.InvariantCulture) },
        };
        return $"{request.Root}{request.Path}{query}";
    }
}

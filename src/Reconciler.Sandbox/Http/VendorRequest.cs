using System.Text;
using Microsoft.AspNetCore.Http;

namespace Reconciler.Sandbox.Http;

/// <summary>A request, as a vendor receives it.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Origin">The scheme, host and port that the client used.</param>
/// <param name="Root">The path of the connection's base URL.</param>
/// <param name="Path">The rest of the path, with its leading slash.</param>
/// <param name="QueryText">The query with its question mark, or an empty text.</param>
/// <param name="Query">The query parameters.</param>
/// <param name="Headers">The headers.</param>
/// <param name="Body">The body, as sent.</param>
internal sealed record VendorRequest(
    string Method,
    string Origin,
    string Root,
    string Path,
    string QueryText,
    IQueryCollection Query,
    IHeaderDictionary Headers,
    ReadOnlyMemory<byte> Body
);

/// <summary>The answer of a vendor.</summary>
/// <param name="Status">The status code.</param>
/// <param name="ContentType">The content type; null where there is no body.</param>
/// <param name="Body">The body.</param>
internal sealed record VendorAnswer(int Status, string? ContentType = null, ReadOnlyMemory<byte> Body = default)
{
    public const string JsonType = "application/json";

    public const string HtmlType = "text/html; charset=utf-8";

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public static VendorAnswer Json(int status, ReadOnlyMemory<byte> body) => new(status, JsonType, body);

    public static VendorAnswer Text(int status, string contentType, string body) =>
        new(status, contentType, Encoding.UTF8.GetBytes(body));

    public VendorAnswer With(string header, string value) => this with { Headers = [.. Headers, new(header, value)] };
}

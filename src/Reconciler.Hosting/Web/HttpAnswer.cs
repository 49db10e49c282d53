using System.Text;
using Microsoft.AspNetCore.Http;

namespace Reconciler.Hosting.Web;

/// <summary>An answer, whole.</summary>
/// <param name="Status">The status code.</param>
/// <param name="ContentType">The type of the body.</param>
/// <param name="Body">The body.</param>
public sealed record HttpAnswer(int Status, string ContentType, string Body)
{
    /// <summary>The type of plain text.</summary>
    internal const string Plain = "text/plain; charset=utf-8";

    private const string OnlyReads = "GET, HEAD";

    /// <summary>A line or more of plain text.</summary>
    public static HttpAnswer Text(int status, string text) =>
        new(status, Plain, text.EndsWith('\n') ? text : text + "\n");

    /// <summary>There is nothing here.</summary>
    public static HttpAnswer NotFound { get; } = Text(StatusCodes.Status404NotFound, "not found");

    /// <summary>Answers a request that may only read; any other is refused.</summary>
    /// <param name="context">The request.</param>
    /// <param name="answer">Makes the answer.</param>
    public static Task ReadAsync(HttpContext context, Func<HttpRequest, HttpAnswer> answer) =>
        ReadAsync(context, request => Task.FromResult(answer(request)));

    /// <summary>Answers a request that may only read, once what it asks for was read; any other is refused.</summary>
    /// <param name="context">The request.</param>
    /// <param name="answer">Makes the answer.</param>
    public static async Task ReadAsync(HttpContext context, Func<HttpRequest, Task<HttpAnswer>> answer)
    {
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
        {
            await (await answer(context.Request)).WriteAsync(context);
            return;
        }

        context.Response.Headers.Allow = OnlyReads;
        await Text(StatusCodes.Status405MethodNotAllowed, "only GET and HEAD").WriteAsync(context);
    }

    /// <summary>
    /// Sends it; a HEAD gets all but the body. Its headers forbid to cache it and to guess another type.
    /// </summary>
    /// <param name="context">The request.</param>
    public async Task WriteAsync(HttpContext context)
    {
        var (response, bytes) = (context.Response, Encoding.UTF8.GetBytes(Body));
        response.StatusCode = Status;
        response.ContentType = ContentType;
        response.ContentLength = bytes.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}

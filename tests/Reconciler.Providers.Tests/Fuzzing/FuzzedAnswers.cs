using System.Globalization;
using System.Net;
using System.Text;
using Reconciler.Testing.Fuzzing;

namespace Reconciler.Providers.Tests.Fuzzing;

/// <summary>
/// A vendor that gives one answer after another, and the last one again and again. An answer is a line with the status
/// and headers between bars, and below it the body.
/// </summary>
/// <param name="answers">The answers.</param>
/// <param name="url">The only place where requests may go.</param>
internal sealed class FuzzedAnswers(IReadOnlyList<string> answers, Uri url) : HttpMessageHandler
{
    // WholeList reads at most that many pages; no reader needs more than a few lists.
    private const int MostRequests = 50_000;

    private int _asked;

    /// <summary>Makes an answer.</summary>
    /// <param name="head">The status and headers.</param>
    /// <param name="body">The body.</param>
    public static HttpResponseMessage Response(string head, byte[] body)
    {
        var parts = head.Split('|');
        var response = new HttpResponseMessage(StatusOf(parts[0])) { Content = new ByteArrayContent(body) };
        response.Content.Headers.ContentType = new("application/json");
        foreach (var header in parts.Skip(1).Select(h => h.Split(':', 2)).Where(h => h.Length == 2))
        {
            var (name, value) = (header[0].Trim(), header[1].Trim());
            if (response.Headers.TryAddWithoutValidation(name, value))
                continue;
            if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
                response.Content.Headers.Remove("Content-Type");
            response.Content.Headers.TryAddWithoutValidation(name, value);
        }

        return response;
    }

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var asked = Interlocked.Increment(ref _asked);
        FuzzTarget.Hold(asked <= MostRequests, "the vendor is asked without end");
        FuzzTarget.Hold(
            request.RequestUri!.GetLeftPart(UriPartial.Authority) == url.GetLeftPart(UriPartial.Authority),
            "a request, and the token with it, goes elsewhere"
        );
        FuzzTarget.Hold(request.Method == HttpMethod.Get, "a reading writes");
        var answer = answers.Count == 0 ? "200" : answers[Math.Min(asked, answers.Count) - 1];
        var end = answer.IndexOf('\n', StringComparison.Ordinal);
        var response = Response(end < 0 ? answer : answer[..end], Encoding.Latin1.GetBytes(answer[(end + 1)..]));
        response.RequestMessage = request;
        return Task.FromResult(response);
    }

    private static HttpStatusCode StatusOf(string text) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var status)
        && status is >= 100 and < 1000
            ? (HttpStatusCode)status
            : HttpStatusCode.OK;
}

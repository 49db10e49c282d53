using System.Globalization;
using System.Net.Http.Headers;
using Reconciler.Manifests.Files;

namespace Reconciler.Worker.Notifications;

/// <summary>
/// One request to one target. The URL is a secret as a whole, since whoever has it can write into the channel: it
/// stands in no text that comes back from here, and neither does anything that the target answers.
/// </summary>
internal sealed class WebhookPost(NotificationTarget target, TimeProvider clock)
{
    private const int LongestUrlFile = 8 * 1024;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    /// <summary>Sends a message once.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; the message may have got through.</exception>
    public async Task<PostAnswer> SendAsync(byte[] message, CancellationToken cancellation)
    {
        if (Read() is not { } text)
            return new(PostOutcome.Later, "the file with its URL cannot be read");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.UserInfo.Length > 0)
            return new(PostOutcome.Refused, "its URL is none, or holds a user");
        if (url.Scheme != Uri.UriSchemeHttps && !(url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
            return new(PostOutcome.Refused, "its URL is not https; only loopback is told without encryption");
        using var timeout = new CancellationTokenSource(Deadline, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            return await ExchangeAsync(url, message, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new(PostOutcome.Later, "it gave no answer within 15 s");
        }
        catch (HttpRequestException fault)
        {
            // The message of the exception names the host, which is part of the secret URL.
            return new(PostOutcome.Later, ProxyWords(fault, url) ?? Words(fault.HttpRequestError));
        }
        catch (IOException)
        {
            return new(PostOutcome.Later, Words(HttpRequestError.ResponseEnded));
        }
    }

    private string? Read()
    {
        if (target.UrlFile is not { } path)
            return target.Url;
        try
        {
            return UserFile.ReadRegularText(path, LongestUrlFile).Trim();
        }
        catch (UnfitFileException)
        {
            return "";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Messages are rare, so each has its own connection: that costs little and notices a changed address.
    private async Task<PostAnswer> ExchangeAsync(Uri url, byte[] message, CancellationToken cancellation)
    {
        using var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = !url.IsLoopback,
            // Null turns off tracing of the request, since a trace would carry the secret URL to a collector.
            ActivityHeadersPropagator = null,
        };
        using var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(message) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("reconciler", null));
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        return Judge(answer, clock.GetUtcNow());
    }

    private static PostAnswer Judge(HttpResponseMessage answer, DateTimeOffset now)
    {
        var status = (int)answer.StatusCode;
        var text = string.Create(CultureInfo.InvariantCulture, $"it answered {status}");
        return status switch
        {
            >= 200 and < 300 => new(PostOutcome.Taken, text),
            >= 300 and < 400 => new(PostOutcome.Refused, $"{text}, a redirect, which is not followed"),
            404 or 410 => new(
                PostOutcome.Refused,
                $"{text}: the webhook does not exist there, or no longer; make a new one"
            ),
            408 or 429 or >= 500 => new(PostOutcome.Later, text, Patiently(answer.Headers.RetryAfter, now)),
            _ => new(PostOutcome.Refused, text),
        };
    }

    // A Retry-After of zero or in the past is ignored, so that the back-off decides.
    private static TimeSpan? Patiently(RetryConditionHeaderValue? header, DateTimeOffset now)
    {
        var wait = header?.Delta ?? (header?.Date - now);
        return wait > TimeSpan.Zero ? wait : null;
    }

    // The address of the proxy is no secret, unlike its password and the host that it is asked for.
    private static string? ProxyWords(HttpRequestException fault, Uri url)
    {
        if (url.IsLoopback || HttpClient.DefaultProxy.GetProxy(url) is not { } proxy || proxy == url)
            return null;
        var shown = proxy.GetLeftPart(UriPartial.Scheme) + proxy.Authority;
        return (fault.HttpRequestError, (int?)fault.StatusCode) switch
        {
            (HttpRequestError.ProxyTunnelError, { } status) => string.Create(
                CultureInfo.InvariantCulture,
                $"the proxy {shown} answered {status} when asked to connect to it"
            ),
            (HttpRequestError.NameResolutionError, _) => $"the name of the proxy {shown} is not known",
            (HttpRequestError.ProxyTunnelError or HttpRequestError.ConnectionError, _) =>
                $"no connection to it through the proxy {shown}",
            _ => null,
        };
    }

    private static string Words(HttpRequestError error) =>
        error switch
        {
            HttpRequestError.NameResolutionError => "its host is not known",
            HttpRequestError.ConnectionError or HttpRequestError.ProxyTunnelError => "no connection to it",
            HttpRequestError.SecureConnectionError => "no secure connection to it: is its certificate trusted here?",
            _ => "the connection broke before it answered",
        };
}

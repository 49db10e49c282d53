using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Reconciler.Hosting.Telemetry;
using Reconciler.Hosting.Web;

namespace Reconciler.Worker.Web;

/// <summary>The listener that a git host calls after a push.</summary>
/// <param name="Listen">Where it listens.</param>
/// <param name="SecretFile">The file with the secret that GitHub signs with, or that GitLab sends.</param>
internal sealed record WebhookSettings(IPEndPoint Listen, string SecretFile)
{
    /// <summary>The path that is called.</summary>
    public string Path { get; init; } = "/webhook";
}

/// <summary>
/// Wakes a fetch when a git host says that somebody pushed. A call only has to prove that it is genuine; what was
/// pushed is read from the source itself, which is asked on its interval anyway.
/// </summary>
internal sealed class WebhookListener : IAsyncDisposable
{
    /// <summary>
    /// The largest body that is hashed. GitHub sends up to 25 MiB, but only for pushes of thousands of commits; such a
    /// call is refused, and the push is seen by the next fetch of the interval. In return nobody without the secret can
    /// make the worker hash more than this.
    /// </summary>
    public const int LongestBody = 1 << 20;

    /// <summary>The least time between two fetches that calls wake.</summary>
    public static readonly TimeSpan Apart = TimeSpan.FromSeconds(10);

    private readonly WebhookSettings _settings;
    private readonly SecretFile _secret;
    private readonly ReconcilerMetrics _metrics;
    private readonly WakeLimiter _limiter;
    private readonly ILogger? _log;
    private readonly KestrelListener _listener;

    /// <summary>Makes one that listens once it is started.</summary>
    /// <param name="settings">Where, and which secret.</param>
    /// <param name="worker">What is woken.</param>
    /// <param name="metrics">Where calls are counted.</param>
    /// <param name="clock">Measures and waits.</param>
    /// <param name="logs">Where failures are logged; null for nowhere.</param>
    public WebhookListener(
        WebhookSettings settings,
        IWorkerView worker,
        ReconcilerMetrics metrics,
        TimeProvider clock,
        ILoggerFactory? logs = null
    )
    {
        (_settings, _metrics, _log) = (settings, metrics, logs?.CreateLogger<WebhookListener>());
        _secret = new(settings.SecretFile);
        _limiter = new(worker.WakeSource, Apart, clock);
        _listener = new(settings.Listen, LongestBody, AnswerAsync, logs);
    }

    /// <summary>Where it listens, without the path; empty until it is started.</summary>
    public string Url => _listener.Url;

    /// <summary>Begins to listen.</summary>
    /// <exception cref="ListenerException">
    /// The secret cannot be read, the path is none, or the address is taken.
    /// </exception>
    public Task StartAsync(CancellationToken cancellation = default)
    {
        if (!_settings.Path.StartsWith('/'))
            throw new ListenerException($"the path of the webhook must begin with a slash; it is \"{_settings.Path}\"");
        _secret.Require("secret of the webhook");
        return _listener.StartAsync(cancellation);
    }

    /// <summary>Stops; a fetch that was to be woken later is not.</summary>
    public async Task StopAsync()
    {
        await _listener.StopAsync();
        _limiter.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path.Value != _settings.Path)
        {
            await HttpAnswer.NotFound.WriteAsync(context);
        }
        else if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = HttpMethods.Post;
            await HttpAnswer.Text(StatusCodes.Status405MethodNotAllowed, "only POST").WriteAsync(context);
        }
        else
        {
            var outcome = await JudgeAsync(context.Request);
            _metrics.WebhookCalled(outcome);
            if (outcome == WebhookOutcome.Accepted)
                _limiter.Wake();
            await AnswerTo(outcome).WriteAsync(context);
        }
    }

    private async Task<WebhookOutcome> JudgeAsync(HttpRequest request)
    {
        if (_secret.Read(out var reason) is not { } secret)
        {
            _log?.LogError(
                "The secret of the webhook cannot be read from {File}: {Reason}",
                _settings.SecretFile,
                reason
            );
            return WebhookOutcome.Unavailable;
        }

        try
        {
            if (!await PushSignature.IsGenuineAsync(request, secret))
                return WebhookOutcome.Refused;
        }
        catch (BadHttpRequestException bad)
        {
            return bad.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? WebhookOutcome.TooLarge
                : WebhookOutcome.Refused;
        }

        return request.Headers["X-GitHub-Event"] == "ping" ? WebhookOutcome.Ping : WebhookOutcome.Accepted;
    }

    private static HttpAnswer AnswerTo(WebhookOutcome outcome) =>
        outcome switch
        {
            WebhookOutcome.Accepted => HttpAnswer.Text(StatusCodes.Status202Accepted, "accepted"),
            WebhookOutcome.Ping => HttpAnswer.Text(StatusCodes.Status200OK, "pong"),
            WebhookOutcome.TooLarge => HttpAnswer.Text(StatusCodes.Status413PayloadTooLarge, "too large"),
            WebhookOutcome.Unavailable => HttpAnswer.Text(StatusCodes.Status503ServiceUnavailable, "unavailable"),
            _ => HttpAnswer.Text(StatusCodes.Status401Unauthorized, "unauthorized"),
        };
}

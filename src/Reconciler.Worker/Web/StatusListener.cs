using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Reconciler.Hosting.Web;

namespace Reconciler.Worker.Web;

/// <summary>The listener for people.</summary>
/// <param name="Listen">Where it listens: on loopback, unless there is a token.</param>
internal sealed record StatusSettings(IPEndPoint Listen)
{
    /// <summary>The file with the token that readers must know; null for none.</summary>
    public string? TokenFile { get; init; }
}

/// <summary>The status page. It names people, so it stands apart from what machines ask for; it only reads.</summary>
internal sealed class StatusListener : IAsyncDisposable
{
    private const string Projects = "/projects/";

    private readonly StatusSettings _settings;
    private readonly IWorkerView _worker;
    private readonly TimeProvider _clock;
    private readonly StatusGuard _guard;
    private readonly KestrelListener _listener;

    /// <summary>Makes one that listens once it is started.</summary>
    /// <param name="settings">Where, and for whom.</param>
    /// <param name="worker">What it shows.</param>
    /// <param name="clock">Tells how old things are.</param>
    /// <param name="logs">Where failures are logged; null for nowhere.</param>
    public StatusListener(StatusSettings settings, IWorkerView worker, TimeProvider clock, ILoggerFactory? logs = null)
    {
        (_settings, _worker, _clock) = (settings, worker, clock);
        _guard = new(settings.TokenFile is { } file ? new(file) : null, logs?.CreateLogger<StatusListener>());
        _listener = new(settings.Listen, longestBody: 0, AnswerAsync, logs);
    }

    /// <summary>Where it listens; empty until it is started.</summary>
    public string Url => _listener.Url;

    /// <summary>Begins to listen.</summary>
    /// <exception cref="ListenerException">
    /// Everybody could read it, its token cannot be read, or the address is taken.
    /// </exception>
    public Task StartAsync(CancellationToken cancellation = default)
    {
        _guard.Require(_settings.Listen);
        return _listener.StartAsync(cancellation);
    }

    /// <summary>Stops.</summary>
    public Task StopAsync() => _listener.StopAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = StatusPage.Policy;
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        return _guard.Refusal(context) is { } refusal
            ? refusal.WriteAsync(context)
            : HttpAnswer.ReadAsync(context, request => AnswerAsync(request, context.RequestAborted));
    }

    private async Task<HttpAnswer> AnswerAsync(HttpRequest request, CancellationToken aborted)
    {
        var (status, query, now) = (_worker.Status, StatusQuery.Of(request), _clock.GetUtcNow());
        return query.Path switch
        {
            "/" => new OverviewPage(status, query, now).Answer(),
            "/people" => new PeoplePage(status, query, now).Answer(),
            "/status.json" => new(
                StatusCodes.Status200OK,
                "application/json; charset=utf-8",
                StatusDocument.Of(status, now).ToJson() + "\n"
            ),
            _ when query.Path.StartsWith(Projects, StringComparison.Ordinal)
                    && status.Projects.FirstOrDefault(p => p.Project.Id == query.Path[Projects.Length..])
                        is { } project => new ProjectPage(project, query, now)
            {
                Held = HeldPlan.Of(project, status, now),
                History = await _worker.HistoryAsync(project.Project.Key, ProjectPage.MostHistory, aborted),
            }.Answer(),
            _ => StatusPage.Of(
                new("Not found", query, now, Refreshes: false, Templates.NotFound()),
                StatusCodes.Status404NotFound
            ),
        };
    }
}

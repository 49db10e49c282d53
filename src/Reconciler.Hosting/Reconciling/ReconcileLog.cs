using System.Globalization;
using Microsoft.Extensions.Logging;
using Reconciler.Core.Membership;
using Reconciler.Providers.Http;

namespace Reconciler.Hosting.Reconciling;

/// <summary>Log messages about reconciles, shared by worker and operator.</summary>
public static partial class ReconcileLog
{
    private static readonly Func<ILogger, string, IDisposable?> Scope = LoggerMessage.DefineScope<string>(
        "reconcile {Reconcile}"
    );

    /// <summary>Adds the id of a reconcile to every line until the scope is disposed.</summary>
    internal static IDisposable? BeginScope(ILogger logger, string id) => Scope(logger, id);

    /// <summary>A request to a vendor ended.</summary>
    public static void Requested(ILogger logger, LogText text, DesiredProvider provider, RequestSeen request)
    {
        if (!logger.IsEnabled(LogLevel.Debug))
            return;
        var status = request.Status?.ToString(CultureInfo.InvariantCulture) ?? "no answer";
        Requested(
            logger,
            request.Method,
            text.Clean(request.Path),
            status,
            (long)request.Duration.TotalMilliseconds,
            request.Attempt,
            provider.Id,
            request.RequestId
        );
    }

    [LoggerMessage(7, LogLevel.Debug, "reconcile begins: {Account}; projects: {Projects}")]
    internal static partial void Started(ILogger logger, string account, int projects);

    [LoggerMessage(8, LogLevel.Information, "{Project}: {State}{Details}")]
    internal static partial void ProjectCompleted(ILogger logger, string project, string state, string details);

    [LoggerMessage(9, LogLevel.Warning, "{Project}: failed; failures in a row: {Failures}; next at {NextAt}: {Reason}")]
    internal static partial void ProjectFailed(
        ILogger logger,
        string project,
        int failures,
        string nextAt,
        string reason
    );

    [LoggerMessage(10, LogLevel.Warning, "{Project}: held, {Digest}: {Reason}")]
    internal static partial void ProjectHeld(ILogger logger, string project, string digest, string reason);

    [LoggerMessage(
        60,
        LogLevel.Warning,
        "{Project}: limits are loosened; those last applied count in this reconcile: {Texts}"
    )]
    internal static partial void LimitsLoosened(ILogger logger, string project, string texts);

    [LoggerMessage(11, LogLevel.Information, "{Project}: {Action} {Person}: {Outcome}")]
    internal static partial void Acted(ILogger logger, string project, string action, string person, string outcome);

    [LoggerMessage(
        12,
        LogLevel.Debug,
        "{Method} {Path}: {Status} in {Milliseconds} ms, attempt {Attempt}, provider {Provider}, request {RequestId}"
    )]
    private static partial void Requested(
        ILogger logger,
        string method,
        string path,
        string status,
        long milliseconds,
        int attempt,
        string provider,
        string requestId
    );

    [LoggerMessage(13, LogLevel.Error, "a reconcile ended with an unexpected error: {Reason}")]
    internal static partial void Failed(ILogger logger, string reason);

    /// <summary>Logs an address that the host listens on, and what it serves there.</summary>
    [LoggerMessage(21, LogLevel.Information, "listens on {Url}: {What}")]
    public static partial void Listens(ILogger logger, string url, string what);
}

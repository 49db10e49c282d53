using System.Globalization;
using Microsoft.Extensions.Logging;
using Reconciler.Core.Membership;
using Reconciler.Core.Text;
using Reconciler.Providers.Http;

namespace Reconciler.Hosts.Passes;

/// <summary>What is logged of passes, in whichever host they run.</summary>
internal static partial class PassLog
{
    private static readonly Func<ILogger, string, IDisposable?> Pass = LoggerMessage.DefineScope<string>("pass {Pass}");

    /// <summary>What is logged until the end of the scope carries a pass's id.</summary>
    public static IDisposable? InPass(ILogger logger, string passId) => Pass(logger, passId);

    /// <summary>A request to a vendor ended.</summary>
    public static void Requested(ILogger logger, Func<string, string> shown, DesiredProvider provider, RequestSeen seen)
    {
        if (!logger.IsEnabled(LogLevel.Debug))
            return;
        var status = seen.Status?.ToString(CultureInfo.InvariantCulture) ?? "no answer";
        Requested(
            logger,
            seen.Method,
            shown(TerminalText.Escape(seen.Path)),
            status,
            (long)seen.Duration.TotalMilliseconds,
            seen.Attempt,
            provider.Id,
            seen.RequestId
        );
    }

    [LoggerMessage(7, LogLevel.Debug, "pass begins: {Account}; projects: {Projects}")]
    public static partial void PassBegins(ILogger logger, string account, int projects);

    [LoggerMessage(8, LogLevel.Information, "{Project}: {State}{Details}")]
    public static partial void ProjectPassed(ILogger logger, string project, string state, string details);

    [LoggerMessage(
        9,
        LogLevel.Warning,
        "{Project}: failed; passes in a row that did: {Failures}; next at {NextAt}: {Reason}"
    )]
    public static partial void ProjectFailed(
        ILogger logger,
        string project,
        int failures,
        string nextAt,
        string reason
    );

    [LoggerMessage(10, LogLevel.Warning, "{Project}: held, {Digest}: {Reason}")]
    public static partial void ProjectHeld(ILogger logger, string project, string digest, string reason);

    [LoggerMessage(
        60,
        LogLevel.Warning,
        "{Project}: limits are loosened; those last applied count in this pass: {Texts}"
    )]
    public static partial void LimitsLoosened(ILogger logger, string project, string texts);

    [LoggerMessage(11, LogLevel.Information, "{Project}: {Action} {Person}: {Outcome}")]
    public static partial void Acted(ILogger logger, string project, string action, string person, string outcome);

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

    [LoggerMessage(13, LogLevel.Error, "a pass ended unforeseen: {Reason}")]
    public static partial void PassBroke(ILogger logger, string reason);

    [LoggerMessage(21, LogLevel.Information, "listens on {Url}: {What}")]
    public static partial void Listens(ILogger logger, string url, string what);
}

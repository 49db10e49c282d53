using Microsoft.Extensions.Logging;

namespace Reconciler.Hosts.Worker;

/// <summary>What a worker logs.</summary>
internal static partial class WorkerLog
{
    private static readonly Func<ILogger, string, IDisposable?> Pass = LoggerMessage.DefineScope<string>("pass {Pass}");

    /// <summary>What is logged until the end of the scope carries a pass's id.</summary>
    public static IDisposable? InPass(ILogger logger, string passId) => Pass(logger, passId);

    [LoggerMessage(1, LogLevel.Information, "follows {Origin}; state in {State}")]
    public static partial void Follows(ILogger logger, string origin, string state);

    [LoggerMessage(2, LogLevel.Information, "revision {Revision} is in force: {Projects} projects, {Changed} of them new or changed")]
    public static partial void InForce(ILogger logger, string revision, int projects, int changed);

    [LoggerMessage(3, LogLevel.Error, "revision {Revision} is broken, and {Instead}: {Problems}")]
    public static partial void Broken(ILogger logger, string revision, string problems, string instead);

    [LoggerMessage(4, LogLevel.Error, "{Problem}")]
    public static partial void ProblemFound(ILogger logger, string problem);

    [LoggerMessage(5, LogLevel.Warning, "the source cannot be had: {Reason}")]
    public static partial void SourceFailed(ILogger logger, string reason);

    [LoggerMessage(6, LogLevel.Information, "the source is well again")]
    public static partial void SourceRecovered(ILogger logger);

    [LoggerMessage(7, LogLevel.Debug, "pass begins: {Projects} projects of {Account}")]
    public static partial void PassBegins(ILogger logger, int projects, string account);

    [LoggerMessage(8, LogLevel.Information, "{Project}: {State}{Details}")]
    public static partial void ProjectPassed(ILogger logger, string project, string state, string details);

    [LoggerMessage(9, LogLevel.Warning, "{Project}: failed, {Failures} passes running; next at {NextAt}: {Reason}")]
    public static partial void ProjectFailed(ILogger logger, string project, int failures, string nextAt, string reason);

    [LoggerMessage(10, LogLevel.Warning, "{Project}: held, {Digest}: {Reason}")]
    public static partial void ProjectHeld(ILogger logger, string project, string digest, string reason);

    [LoggerMessage(11, LogLevel.Information, "{Project}: {Action} {Person}: {Outcome}")]
    public static partial void Acted(ILogger logger, string project, string action, string person, string outcome);

    [LoggerMessage(12, LogLevel.Debug, "{Method} {Path}: {Status} in {Milliseconds} ms, attempt {Attempt}, provider {Provider}, request {RequestId}")]
    public static partial void Requested(ILogger logger, string method, string path, string status, long milliseconds, int attempt, string provider, string requestId);

    [LoggerMessage(13, LogLevel.Error, "a pass ended unforeseen: {Reason}")]
    public static partial void PassBroke(ILogger logger, string reason);

    [LoggerMessage(14, LogLevel.Information, "settings read again")]
    public static partial void SettingsRead(ILogger logger);

    [LoggerMessage(15, LogLevel.Error, "the settings have problems, so those before stay: {Problem}")]
    public static partial void SettingsBroken(ILogger logger, string problem);

    [LoggerMessage(16, LogLevel.Warning, "{Setting} changed; it takes effect once the worker is started again")]
    public static partial void NeedsRestart(ILogger logger, string setting);

    [LoggerMessage(17, LogLevel.Information, "stops: finishes what is under way")]
    public static partial void Stops(ILogger logger);

    [LoggerMessage(18, LogLevel.Information, "stopped")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(19, LogLevel.Information, "waits for {Holder}, which writes to the state file")]
    public static partial void WaitsForLock(ILogger logger, string holder);

    [LoggerMessage(20, LogLevel.Warning, "{Project} is deleted and asks to revoke, but no AccessProvider connects to its account any more; nothing is done until one does")]
    public static partial void Stranded(ILogger logger, string project);

    [LoggerMessage(22, LogLevel.Warning, "{Projects} projects that were applied once are declared no more, and nobody can tell whether they were deleted: not everything that they were read from is read again")]
    public static partial void NotJudged(ILogger logger, int projects);

    [LoggerMessage(21, LogLevel.Information, "listens on {Url}: {What}")]
    public static partial void Listens(ILogger logger, string url, string what);
}

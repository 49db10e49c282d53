using Microsoft.Extensions.Logging;
using Reconciler.Core.Ports;

namespace Reconciler.Worker;

/// <summary>Log messages of a worker.</summary>
internal static partial class WorkerLog
{
    [LoggerMessage(1, LogLevel.Information, "follows {Origin}; state in {State}")]
    public static partial void Follows(ILogger logger, string origin, string state);

    [LoggerMessage(
        2,
        LogLevel.Information,
        "revision {Revision} is in force; projects: {Projects}, new or changed: {Changed}"
    )]
    public static partial void InForce(ILogger logger, string revision, int projects, int changed);

    [LoggerMessage(3, LogLevel.Error, "revision {Revision} is broken, and {Instead}: {Problems}")]
    public static partial void Broken(ILogger logger, string revision, string problems, string instead);

    [LoggerMessage(4, LogLevel.Error, "{Problem}")]
    public static partial void ProblemFound(ILogger logger, string problem);

    [LoggerMessage(5, LogLevel.Warning, "the source cannot be read: {Reason}")]
    public static partial void SourceFailed(ILogger logger, string reason);

    [LoggerMessage(6, LogLevel.Information, "the source is well again")]
    public static partial void SourceRecovered(ILogger logger);

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

    [LoggerMessage(29, LogLevel.Information, "leaves {Account} to {Holder} until it is given back")]
    public static partial void WaitsForAccount(ILogger logger, string holder, string account);

    [LoggerMessage(
        20,
        LogLevel.Warning,
        "{Project} is deleted and asks to revoke, "
            + "but no AccessProvider connects to its account any more; nothing is done until one does"
    )]
    public static partial void Unreachable(ILogger logger, string project);

    [LoggerMessage(23, LogLevel.Information, "{Sentence}")]
    public static partial void Approved(ILogger logger, string sentence);

    [LoggerMessage(24, LogLevel.Warning, "{Sentence}")]
    public static partial void ApprovesNothing(ILogger logger, string sentence);

    [LoggerMessage(25, LogLevel.Error, "Approvals cannot be read, and those that cannot release nothing: {Reason}")]
    public static partial void ApprovalsUnread(ILogger logger, string reason);

    [LoggerMessage(
        22,
        LogLevel.Warning,
        "{Projects} projects that were applied once are no longer declared, "
            + "and nobody can tell whether they were deleted: not everything that they were read from is read again"
    )]
    public static partial void NotJudged(ILogger logger, int projects);

    [LoggerMessage(27, LogLevel.Error, "{Trouble}")]
    public static partial void StateLost(ILogger logger, string trouble);

    [LoggerMessage(28, LogLevel.Information, "The state file {File} can be used again")]
    public static partial void StateBack(ILogger logger, string file);

    [LoggerMessage(26, LogLevel.Information, "audit head {Head} ({Account})")]
    public static partial void AuditHead(ILogger logger, string head, string account);
}

using Microsoft.Extensions.Logging;

namespace Reconciler.Worker.Notifications;

/// <summary>What the log says about notifications: no URL, and nothing that a target wrote.</summary>
internal static partial class NotificationLog
{
    [LoggerMessage(EventId = 700, Level = LogLevel.Debug, Message = "Told {Target} about {Count} events")]
    public static partial void Told(ILogger log, string target, int count);

    [LoggerMessage(
        EventId = 701,
        Level = LogLevel.Warning,
        Message = "{Target} was not told about {Count} events: {Reason}"
    )]
    public static partial void NotTold(ILogger log, string target, int count, string reason);

    [LoggerMessage(
        EventId = 702,
        Level = LogLevel.Warning,
        Message = "{Target} was not told about an event: too many wait for it"
    )]
    public static partial void Overflowed(ILogger log, string target);

    [LoggerMessage(
        EventId = 703,
        Level = LogLevel.Error,
        Message = "{Target} was not told about {Count} events: {Type}, which was not foreseen"
    )]
    public static partial void Unforeseen(ILogger log, string target, int count, string type);
}

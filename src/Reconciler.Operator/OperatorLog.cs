using Microsoft.Extensions.Logging;

namespace Reconciler.Operator;

/// <summary>Log messages of an operator, besides those that it shares with the worker.</summary>
internal static partial class OperatorLog
{
    [LoggerMessage(101, LogLevel.Information, "speaks with {Server}; namespaces: {Namespaces}; shard {Shard}")]
    public static partial void Connected(ILogger logger, string server, string namespaces, string shard);

    [LoggerMessage(102, LogLevel.Information, "waits for the lease {Lease} as {Identity}")]
    public static partial void Waits(ILogger logger, string lease, string identity);

    [LoggerMessage(103, LogLevel.Information, "leads: memberships known: {Memberships}")]
    public static partial void Leads(ILogger logger, int memberships);

    [LoggerMessage(104, LogLevel.Error, "the lease was lost; the process ends: {Reason}")]
    public static partial void Lost(ILogger logger, string reason);

    [LoggerMessage(105, LogLevel.Warning, "the API server: {Reason}")]
    public static partial void ServerFailed(ILogger logger, string reason);

    [LoggerMessage(106, LogLevel.Warning, "{Membership}: stalled, {Reason}: {Text}")]
    public static partial void Stalled(ILogger logger, string membership, string reason, string text);

    [LoggerMessage(
        107,
        LogLevel.Information,
        "audit: {At} {Document} {Project} {Action} {Person} {Outcome}; gained {Added}; lost {Removed}; {Reason}; "
            + "plan {Plan}; definition {Definition}; {Text}; by {Actor} on {Host}, {Program}; from {Source}; "
            + "released by {Approver}"
    )]
    public static partial void Audited(
        ILogger logger,
        string at,
        string document,
        string project,
        string action,
        string person,
        string outcome,
        string added,
        string removed,
        string reason,
        string plan,
        string definition,
        string text,
        string actor,
        string host,
        string program,
        string source,
        string approver
    );

    [LoggerMessage(108, LogLevel.Warning, "{Resource}: its status could not be written, and will be: {Reason}")]
    public static partial void NotWritten(ILogger logger, string resource, string reason);

    [LoggerMessage(109, LogLevel.Information, "{Membership}: deleted, {What}")]
    public static partial void Deleted(ILogger logger, string membership, string what);

    [LoggerMessage(110, LogLevel.Information, "stops: what is under way is finished first")]
    public static partial void Stops(ILogger logger);

    [LoggerMessage(111, LogLevel.Information, "stopped")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(113, LogLevel.Warning, "{Membership}: its finalizer was taken off; {What}")]
    public static partial void FinalizerLost(ILogger logger, string membership, string what);

    [LoggerMessage(
        114,
        LogLevel.Information,
        "{Membership}: takes over what {Other} remembers of the project {Project}"
    )]
    public static partial void TookOver(ILogger logger, string membership, string other, string project);

    [LoggerMessage(115, LogLevel.Information, "VendorDefinition {Name}: {What}")]
    public static partial void VendorChanged(ILogger logger, string name, string what);

    [LoggerMessage(116, LogLevel.Warning, "VendorDefinition {Name}: not used, {Reason}: {Text}")]
    public static partial void VendorRefused(ILogger logger, string name, string reason, string text);

    [LoggerMessage(
        117,
        LogLevel.Warning,
        "VendorDefinition {Name}: somebody replaced its status, which is written again; "
            + "operators of one cluster need the same version and the same --override-vendor"
    )]
    public static partial void VendorStatusReplaced(ILogger logger, string name);

    [LoggerMessage(
        118,
        LogLevel.Error,
        "VendorDefinitions cannot be followed: {Reason}; --vendor-definitions needs the kind in the cluster "
            + "(reconciler show crds --vendor-definitions) and the right to list and watch it, and starts only then"
    )]
    public static partial void VendorsNotFollowed(ILogger logger, string reason);

    [LoggerMessage(112, LogLevel.Error, "not foreseen: {Reason}")]
    public static partial void Unforeseen(ILogger logger, string reason);
}

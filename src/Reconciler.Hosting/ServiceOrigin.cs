using System.Reflection;
using Reconciler.Core.Ledgers;

namespace Reconciler.Hosting;

/// <summary>The origin of changes that a worker or operator makes, for the audit trail.</summary>
public static class ServiceOrigin
{
    /// <summary>The program and its version.</summary>
    public static string Program { get; } = $"reconciler {VersionOf(typeof(ServiceOrigin).Assembly)}";

    /// <summary>The origin of a process that runs until it is stopped.</summary>
    /// <param name="service">What it is, such as <c>worker</c>.</param>
    /// <param name="account">The account that it runs as; null for the user of the machine.</param>
    public static AuditOrigin Of(string service, string? account = null) =>
        new()
        {
            Actor = account ?? $"{service} as {Environment.UserName}",
            Host = Environment.MachineName,
            Program = Program,
        };

    private static string VersionOf(Assembly assembly) => assembly.GetName().Version?.ToString(3) ?? "";
}

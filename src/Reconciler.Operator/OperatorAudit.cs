using System.Globalization;
using Microsoft.Extensions.Logging;
using Reconciler.Core.Ledgers;
using Reconciler.Hosting.Reconciling;
using Reconciler.Operator.Status;

namespace Reconciler.Operator;

/// <summary>Writes each entry of the audit trail as a line of the log, since the cluster keeps no trail.</summary>
/// <param name="logger">Where the lines go.</param>
/// <param name="text">Makes texts safe for the log.</param>
internal sealed class OperatorAudit(ILogger logger, LogText text)
{
    /// <summary>Writes an entry.</summary>
    /// <param name="status">The membership that it is about.</param>
    /// <param name="entry">The entry.</param>
    public void Write(MembershipStatus status, AuditEntry entry) =>
        OperatorLog.Audited(
            logger,
            LedgerStatus.Text(entry.At),
            entry.Document,
            entry.Project.ToString(),
            entry.Action,
            text.Clean(entry.Person),
            entry.Outcome.ToString(),
            text.Clean(entry.Added),
            text.Clean(entry.Removed),
            text.Clean(entry.Reason),
            entry.Plan,
            entry.Definition.Length > 0 ? entry.Definition : "none",
            text.Clean(entry.Message),
            entry.Origin.Actor,
            entry.Origin.Host,
            entry.Origin.Program,
            text.Clean(SourceOf(status)),
            text.Clean(entry.Approver)
        );

    /// <summary>
    /// The account that acts, as the chart gives the pod its names; null outside of a cluster, where the kubeconfig's
    /// user acts, whom only the API server knows.
    /// </summary>
    /// <param name="variable">Reads an environment variable.</param>
    public static string? AccountOf(Func<string, string?> variable) =>
        variable("POD_NAMESPACE") is { Length: > 0 } @namespace
        && variable("POD_SERVICE_ACCOUNT") is { Length: > 0 } account
            ? $"system:serviceaccount:{@namespace}:{account}"
            : null;

    // There is no commit, so the source is the resource by its generation, and the manager that wrote its spec last.
    private static string SourceOf(MembershipStatus status)
    {
        var metadata = status.Latest.Metadata;
        var writer = status.Latest.SpecManager is { } manager ? $", spec written by {manager}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"ProjectMembership {status.Key} generation {metadata.Generation}{writer}"
        );
    }
}

using System.Globalization;
using Microsoft.Extensions.Logging;
using Reconciler.Core.Ledgers;
using Reconciler.Hosts.Operator.Status;
using Reconciler.Hosts.Passes;

namespace Reconciler.Hosts.Operator;

/// <summary>Writes each entry of the audit trail as a line of the log: the cluster keeps no trail of its own.</summary>
/// <param name="logger">Where the lines go.</param>
/// <param name="text">Makes texts safe for the log.</param>
internal sealed class OperatorAudit(ILogger logger, LogText text)
{
    /// <summary>Writes an entry.</summary>
    /// <param name="record">The membership that it is about.</param>
    /// <param name="entry">The entry.</param>
    public void Write(MembershipStatus record, AuditEntry entry) =>
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
            text.Clean(entry.Message),
            entry.Origin.Actor,
            entry.Origin.Host,
            entry.Origin.Program,
            text.Clean(SourceOf(record)),
            text.Clean(entry.Approver)
        );

    /// <summary>
    /// The account that acts, as the chart gives the pod its names; null outside of a cluster, where the kubeconfig's user
    /// acts, whom only the API server knows.
    /// </summary>
    /// <param name="variable">Reads an environment variable.</param>
    public static string? AccountOf(Func<string, string?> variable) =>
        variable("POD_NAMESPACE") is { Length: > 0 } space && variable("POD_SERVICE_ACCOUNT") is { Length: > 0 } account
            ? $"system:serviceaccount:{space}:{account}"
            : null;

    // The API server has no commit: the resource as it was, by its generation, and who wrote its spec last, as the
    // server noted it.
    private static string SourceOf(MembershipStatus record)
    {
        var metadata = record.Latest.Metadata;
        var writer = record.Latest.SpecManager is { } manager ? $", spec written by {manager}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"ProjectMembership {record.Key} generation {metadata.Generation}{writer}"
        );
    }
}

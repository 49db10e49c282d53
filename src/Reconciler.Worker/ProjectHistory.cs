using System.Collections.Immutable;
using Reconciler.Core.Ledgers;

namespace Reconciler.Worker;

/// <summary>What was done in a project, as the audit trail tells.</summary>
/// <param name="Entries">The newest entries, the newest first.</param>
/// <param name="Failure">Why it cannot be read; null where it can.</param>
internal sealed record ProjectHistory(ImmutableArray<AuditEntry> Entries, string? Failure = null)
{
    /// <summary>Nothing was done yet.</summary>
    public static ProjectHistory None { get; } = new([]);
}

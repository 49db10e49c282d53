using System.Collections.Immutable;

namespace Reconciler.Core.Ports;

/// <summary>
/// Remembers when each approval was first seen. One that states no end is good for a day from then on.
/// </summary>
public interface IApprovalMemory
{
    /// <summary>When each approval was first seen, by its name and hold.</summary>
    /// <param name="cancellation">Stops before anything is read.</param>
    /// <exception cref="LedgerException">It cannot be read.</exception>
    Task<ImmutableDictionary<string, DateTimeOffset>> FirstSeenAsync(CancellationToken cancellation);

    /// <summary>Notes approvals as seen now; those that were seen before stay as they are.</summary>
    /// <param name="approvals">Their names and holds.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Stops before anything is written.</param>
    /// <exception cref="LedgerException">It cannot be written.</exception>
    Task SeeAsync(IReadOnlyCollection<string> approvals, DateTimeOffset now, CancellationToken cancellation);
}

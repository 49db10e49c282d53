using System.Collections.Immutable;

namespace Reconciler.Core.Ports;

/// <summary>
/// Stores when each approval was first seen. An approval without an expiry is valid for a day from then on.
/// </summary>
public interface IApprovalMemory
{
    /// <summary>Returns when each approval was first seen, by its name and hold.</summary>
    /// <param name="cancellation">Stops before anything is read.</param>
    /// <exception cref="LedgerException">It cannot be read.</exception>
    Task<ImmutableDictionary<string, DateTimeOffset>> FirstSeenAsync(CancellationToken cancellation);

    /// <summary>Stores approvals as seen now; approvals that were seen before are not changed.</summary>
    /// <param name="approvals">Their names and holds.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Stops before anything is written.</param>
    /// <exception cref="LedgerException">It cannot be written.</exception>
    Task SeeAsync(IReadOnlyCollection<string> approvals, DateTimeOffset now, CancellationToken cancellation);
}

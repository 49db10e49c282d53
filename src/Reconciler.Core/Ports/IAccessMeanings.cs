using System.Collections.Immutable;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Ports;

/// <summary>Tells what the roles or groups of a project permit. An optional capability of a connection.</summary>
public interface IAccessMeanings
{
    /// <summary>Lists the roles or groups of a project with what they permit, as far as the vendor tells.</summary>
    /// <param name="projectId">The vendor's id of the project.</param>
    /// <param name="cancellation">Interrupts waits, never a request in flight.</param>
    /// <exception cref="ProviderException">The list cannot be read completely.</exception>
    Task<ImmutableArray<GrantMeaning>> ReadAsync(string projectId, CancellationToken cancellation);
}

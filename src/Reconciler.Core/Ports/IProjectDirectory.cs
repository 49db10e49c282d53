using System.Collections.Immutable;

namespace Reconciler.Core.Ports;

/// <summary>
/// Lists the projects of a connection, without the people in them; <see cref="IProjectReader"/> reads those. An
/// optional capability, because not every vendor lists its projects.
/// </summary>
public interface IProjectDirectory
{
    /// <summary>
    /// Lists every project that the token can see, once, over all pages and in the vendor's order. The list is read
    /// completely, or the call fails. Projects that the token cannot see are missing.
    /// </summary>
    /// <param name="cancellation">Interrupts waits, never a request in flight.</param>
    /// <exception cref="ProviderException">The list cannot be read completely.</exception>
    /// <exception cref="OperationCanceledException">Cancelled between two requests.</exception>
    Task<ImmutableArray<NamedPlace>> ListAsync(CancellationToken cancellation);
}

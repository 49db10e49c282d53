using System.Collections.Immutable;

namespace Reconciler.Core.Ports;

/// <summary>
/// Knows which projects there are: an optional capability of a connection, since not every vendor lists them. It names
/// projects and nobody in them; <see cref="IProjectReader"/> reads those.
/// </summary>
public interface IProjectDirectory
{
    /// <summary>
    /// Every project that the token can see, once, over all pages and in the vendor's order. Either the whole list is
    /// read, or the call fails: a part is never taken for the whole. Whether the token sees all there are is the
    /// vendor's to know.
    /// </summary>
    /// <param name="cancellation">Interrupts waits, never a request in flight.</param>
    /// <exception cref="ProviderException">The list cannot be read whole.</exception>
    /// <exception cref="OperationCanceledException">Cancelled between two requests.</exception>
    Task<ImmutableArray<NamedPlace>> ListAsync(CancellationToken cancellation);
}

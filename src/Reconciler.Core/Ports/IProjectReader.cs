using Reconciler.Core.Membership;

namespace Reconciler.Core.Ports;

/// <summary>Reads projects of one provider. It writes nothing and compares nothing.</summary>
public interface IProjectReader
{
    /// <summary>
    /// Reads everybody who is in a project or invited to it, over all pages. The project is read completely, or the
    /// call fails. A person who moves between pages while the list changes is listed once.
    /// </summary>
    /// <param name="project">
    /// The project. The call fails if it declares names of roles or groups that the vendor does not know.
    /// </param>
    /// <param name="cancellation">Interrupts waits, never a request in flight.</param>
    /// <exception cref="ProviderException">The project cannot be read completely.</exception>
    /// <exception cref="OperationCanceledException">Cancelled between two requests.</exception>
    Task<LiveProject> ReadAsync(DesiredProject project, CancellationToken cancellation);
}

using Reconciler.Core.Membership;

namespace Reconciler.Core.Ports;

/// <summary>Reads projects of one provider. It writes nothing and compares nothing.</summary>
public interface IProjectReader
{
    /// <summary>
    /// Reads everybody who is in a project or invited to it, over all pages. Either the whole project is read, or the
    /// call fails: a part is never taken for the whole. Somebody who moves between pages while the list changes is
    /// listed once.
    /// </summary>
    /// <param name="project">
    /// The project. Names of roles and groups that it declares and the vendor does not know are refused here.
    /// </param>
    /// <param name="cancellation">Interrupts waits, never a request in flight.</param>
    /// <exception cref="ProviderException">The project cannot be read whole.</exception>
    /// <exception cref="OperationCanceledException">Cancelled between two requests.</exception>
    Task<LiveProject> ReadAsync(DesiredProject project, CancellationToken cancellation);
}

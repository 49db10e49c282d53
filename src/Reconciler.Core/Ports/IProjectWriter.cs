using Reconciler.Core.Actions;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Ports;

/// <summary>What is known once a write was answered.</summary>
public enum WriteResult
{
    /// <summary>The vendor's answer shows that what was asked is done.</summary>
    Confirmed,

    /// <summary>The vendor said yes, but only reading the project again shows what it did.</summary>
    ReadBack,

    /// <summary>
    /// The old invitation of a replacement is gone, and the answer does not prove that it was still pending. Whether
    /// the person accepted it must be read before a new one is sent, so no new one was.
    /// </summary>
    OnlyRevoked,
}

/// <summary>Writes to projects of one provider. It does as it is told and decides nothing.</summary>
public interface IProjectWriter
{
    /// <summary>Applies actions of one kind, in as few calls as the vendor allows.</summary>
    /// <param name="project">The project.</param>
    /// <param name="actions">
    /// Actions of one kind with the same access; one, unless the vendor takes several in a call.
    /// </param>
    /// <param name="cancellation">Interrupts waits, never a request in flight.</param>
    /// <exception cref="ProviderException">
    /// Nothing of it was done, or (<see cref="ProviderFault.Ambiguous"/>) nobody knows.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled before the request was sent.</exception>
    Task<WriteResult> ApplyAsync(
        DesiredProject project,
        IReadOnlyList<PlannedAction> actions,
        CancellationToken cancellation
    );
}

/// <summary>Both ways to one provider. A dry run takes the reader and never makes a writer.</summary>
/// <param name="Reader">Reads.</param>
/// <param name="Writer">Makes the writer.</param>
/// <param name="Resources">What is let go once the connection is no longer used.</param>
public sealed record ProviderConnection(IProjectReader Reader, Func<IProjectWriter> Writer, IDisposable Resources)
    : IDisposable
{
    /// <summary>The way to the invitations of the token's own user; null where the vendor has none.</summary>
    public IOwnInvitations? OwnInvitations { get; init; }

    /// <summary>
    /// The list of projects; null where the vendor has none (<see cref="Capabilities.NoDirectory"/> says so).
    /// </summary>
    public IProjectDirectory? Directory { get; init; }

    /// <inheritdoc/>
    public void Dispose() => Resources.Dispose();
}

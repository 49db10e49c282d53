using Reconciler.Core.Actions;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Ports;

/// <summary>What the answer to a write says about its outcome.</summary>
public enum WriteResult
{
    /// <summary>The vendor's answer shows that the action is done.</summary>
    Confirmed,

    /// <summary>The vendor accepted the request, but only reading the project again shows what it did.</summary>
    ReadBack,

    /// <summary>
    /// The old invitation of a replacement is gone, and the answer does not prove that it was still pending. No new one
    /// was sent, because the person may have accepted the old one; read the project first.
    /// </summary>
    OnlyRevoked,
}

/// <summary>Writes to projects of one provider. It applies the given actions and decides nothing.</summary>
public interface IProjectWriter
{
    /// <summary>Applies actions of one kind, in as few calls as the vendor allows.</summary>
    /// <param name="project">The project.</param>
    /// <param name="actions">
    /// Actions of one kind with the same access; a single one, unless the vendor accepts several in a call.
    /// </param>
    /// <param name="cancellation">Interrupts waits, never a request in flight.</param>
    /// <exception cref="ProviderException">
    /// Nothing was done, or with <see cref="ProviderFault.Ambiguous"/> the outcome is unknown.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled before the request was sent.</exception>
    Task<WriteResult> ApplyAsync(
        DesiredProject project,
        IReadOnlyList<PlannedAction> actions,
        CancellationToken cancellation
    );
}

/// <summary>A reader and a writer for one provider. A dry run uses the reader and never makes a writer.</summary>
/// <param name="Reader">The reader.</param>
/// <param name="Writer">Creates the writer.</param>
/// <param name="Resources">What to dispose of when the connection is no longer used.</param>
public sealed record ProviderConnection(IProjectReader Reader, Func<IProjectWriter> Writer, IDisposable Resources)
    : IDisposable
{
    /// <summary>The invitations of the token's own user; null if the vendor's API has no such calls.</summary>
    public IOwnInvitations? OwnInvitations { get; init; }

    /// <summary>
    /// The list of projects; null if the vendor's API has none (<see cref="Capabilities.NoDirectory"/> says so).
    /// </summary>
    public IProjectDirectory? Directory { get; init; }

    /// <summary>What roles or groups permit; null if the vendor's API does not tell.</summary>
    public IAccessMeanings? Meanings { get; init; }

    /// <inheritdoc/>
    public void Dispose() => Resources.Dispose();
}

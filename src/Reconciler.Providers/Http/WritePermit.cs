using System.Runtime.CompilerServices;
using Reconciler.Core.Actions;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;

namespace Reconciler.Providers.Http;

/// <summary>
/// Asks before each write over a connection whether it may begin. An action may take several requests, and the right to
/// write may be lost between two of them: then a part of the action is done, and "nothing was sent" would be wrong.
/// </summary>
/// <param name="mayWrite">Whether a write may begin now.</param>
internal sealed class WritePermit(Func<bool> mayWrite)
{
    private const string Lost = "this process may not write any more";

    // Whether a write was begun for the actions that a caller applies; many callers do so side by side.
    private readonly AsyncLocal<StrongBox<bool>?> _begun = new();

    /// <summary>Lets a write begin.</summary>
    /// <param name="inDoubt">Whether the same write was sent before, and its answer was lost.</param>
    /// <exception cref="OperationCanceledException">
    /// It may not, and nothing was sent for the action; or the call itself knows that it is in doubt.
    /// </exception>
    /// <exception cref="ProviderException">It may not, and another request of the action was sent.</exception>
    public void Ensure(bool inDoubt)
    {
        var begun = _begun.Value;
        if (mayWrite())
        {
            begun?.Value = true;
            return;
        }

        throw begun is { Value: true } && !inDoubt
            ? new ProviderException(ProviderFault.Unavailable, $"not sent: {Lost}")
            : new OperationCanceledException($"nothing was sent: {Lost}");
    }

    /// <summary>A writer whose actions are told apart.</summary>
    /// <param name="writer">A writer over the same connection.</param>
    public IProjectWriter Guard(IProjectWriter writer) =>
        writer is ICombinedInvitations combined
            ? new GuardedCombiningWriter(this, writer, combined)
            : new GuardedWriter(this, writer);

    private void Begin() => _begun.Value = new();

    private class GuardedWriter(WritePermit permit, IProjectWriter writer) : IProjectWriter
    {
        protected WritePermit Permit => permit;

        public async Task<WriteResult> ApplyAsync(
            DesiredProject project,
            IReadOnlyList<PlannedAction> actions,
            CancellationToken cancellation
        )
        {
            permit.Begin();
            return await writer.ApplyAsync(project, actions, cancellation);
        }
    }

    // The engine asks a writer whether it can combine invitations.
    private sealed class GuardedCombiningWriter(
        WritePermit permit,
        IProjectWriter writer,
        ICombinedInvitations combined
    ) : GuardedWriter(permit, writer), ICombinedInvitations
    {
        public Task<string> ScopeAsync(DesiredProject project, CancellationToken cancellation) =>
            combined.ScopeAsync(project, cancellation);

        public async Task<WriteResult> InviteAsync(
            string scope,
            IReadOnlyList<DesiredProject> projects,
            PlannedAction action,
            CancellationToken cancellation
        )
        {
            Permit.Begin();
            return await combined.InviteAsync(scope, projects, action, cancellation);
        }
    }
}

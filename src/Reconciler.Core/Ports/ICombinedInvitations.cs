using Reconciler.Core.Actions;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Ports;

/// <summary>
/// Implemented by writers that can invite a person to several projects with one invitation and one mail. Used only if
/// the provider's manifest says <c>combineInvitations: true</c>, because such an invitation cannot be revoked for one
/// project alone.
/// </summary>
public interface ICombinedInvitations
{
    /// <summary>
    /// Returns what projects must share so that one invitation can name them, such as the id of their organization.
    /// </summary>
    /// <param name="project">The project.</param>
    /// <param name="cancellation">Interrupts waits, never a request in flight.</param>
    /// <exception cref="ProviderException">It cannot be read.</exception>
    Task<string> ScopeAsync(DesiredProject project, CancellationToken cancellation);

    /// <summary>
    /// Invites the person of an action to all of these projects, with the access of the action in each.
    /// </summary>
    /// <param name="scope">What the projects share.</param>
    /// <param name="projects">The projects, two at least.</param>
    /// <param name="action">
    /// The invitation; those of the other projects differ only in the place of their declaration.
    /// </param>
    /// <param name="cancellation">Interrupts waits, never a request in flight.</param>
    /// <exception cref="ProviderException">
    /// Nothing was done, or with <see cref="ProviderFault.Ambiguous"/> the outcome is unknown.
    /// </exception>
    Task<WriteResult> InviteAsync(
        string scope,
        IReadOnlyList<DesiredProject> projects,
        PlannedAction action,
        CancellationToken cancellation
    );
}

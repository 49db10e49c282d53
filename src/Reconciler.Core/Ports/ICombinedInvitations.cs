using Reconciler.Core.Actions;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Ports;

/// <summary>
/// A writer that can invite a person to several projects with one invitation and one mail. It is used only for
/// providers whose manifest says <c>combineInvitations: true</c>: afterwards the invitation cannot be revoked for one
/// of the projects alone.
/// </summary>
public interface ICombinedInvitations
{
    /// <summary>
    /// What projects must share so that one invitation can name them, such as the id of their organization.
    /// </summary>
    /// <param name="project">The project.</param>
    /// <param name="cancellation">Interrupts waits, never a request in flight.</param>
    /// <exception cref="ProviderException">It cannot be read.</exception>
    Task<string> ScopeAsync(DesiredProject project, CancellationToken cancellation);

    /// <summary>
    /// Invites the person of an action to all of these projects, with the access of the action in each.
    /// </summary>
    /// <param name="scope">What they share.</param>
    /// <param name="projects">The projects, two at least.</param>
    /// <param name="action">
    /// An invitation; those of the other projects are the same but for the place that they are declared at.
    /// </param>
    /// <param name="cancellation">Interrupts waits, never a request in flight.</param>
    /// <exception cref="ProviderException">
    /// Nothing of it was done, or (<see cref="ProviderFault.Ambiguous"/>) nobody knows.
    /// </exception>
    Task<WriteResult> InviteAsync(
        string scope,
        IReadOnlyList<DesiredProject> projects,
        PlannedAction action,
        CancellationToken cancellation
    );
}

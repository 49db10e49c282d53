using Reconciler.Core.Membership;
using Reconciler.Core.Membership.Describing;
using Reconciler.Core.Ports;
using Reconciler.Providers.Http;

namespace Reconciler.Providers.Described;

/// <summary>An item of a list of invitations.</summary>
/// <param name="Item">The item.</param>
/// <param name="State">What became of it.</param>
/// <param name="Failure">The vendor's word for why it ended; null if it does not tell.</param>
internal readonly record struct ListedInvitation(JsonItem Item, InvitationState State, string? Failure);

/// <summary>Reads the invitations of a project, of which some vendors list the failed ones apart.</summary>
internal static class DescribedInvitationLists
{
    /// <summary>
    /// Reads those that wait before those that failed: one that fails in between is then on both lists, and not on
    /// neither, as which its person would be invited again.
    /// </summary>
    /// <exception cref="ProviderException">A list cannot be read, or an item is in a state that nobody thought of.</exception>
    public static async Task<IReadOnlyCollection<ListedInvitation>> ReadAsync(
        DescribedApi api,
        DescribedInvitations? list,
        string project,
        CancellationToken cancellation
    )
    {
        if (list is null)
            return [];
        var found = new List<ListedInvitation>();
        foreach (var item in await api.ListAsync(list.List, project, list.Id, cancellation))
        {
            if (StateOf(item, list) is { } state)
                found.Add(new(item, state, null));
            else if (!IsOver(item, list))
                throw item.Unreadable(
                    $"the invitation {VendorText.Clean(item.Text(list.Id))}, which neither waits nor is declined nor over"
                );
        }

        if (list.Failed is not { } failed)
            return found;
        var listed = found.Select(i => i.Item.Text(list.Id)).ToHashSet(StringComparer.Ordinal);
        foreach (var item in await api.ListAsync(failed.List, project, list.Id, cancellation))
        {
            var isOver = !failed.Over.IsEmpty && failed.Over.All(item.Holds);
            if (!isOver && !listed.Contains(item.Text(list.Id)))
                found.Add(new(item, InvitationState.Expired, item.TextOrNone(failed.Reason)));
        }

        return found;
    }

    private static InvitationState? StateOf(JsonItem item, DescribedInvitations list) =>
        !list.Declined.IsEmpty && list.Declined.All(item.Holds) ? InvitationState.Declined
        : !list.Expired.IsEmpty && list.Expired.All(item.Holds) ? InvitationState.Expired
        : list.Pending.All(item.Holds) ? InvitationState.Pending
        : null;

    private static bool IsOver(JsonItem item, DescribedInvitations list) =>
        !list.Over.IsEmpty && list.Over.All(item.Holds);
}

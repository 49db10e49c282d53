using Reconciler.Core.Membership;
using Reconciler.Core.Membership.Describing;
using Reconciler.Core.Ports;
using Reconciler.Providers.Http;

namespace Reconciler.Providers.Described;

/// <summary>An item of a list of invitations.</summary>
/// <param name="Item">The item.</param>
/// <param name="State">Its state.</param>
/// <param name="Failure">The vendor's word for the reason why it ended; null if it is not reported.</param>
internal readonly record struct ListedInvitation(JsonItem Item, InvitationState State, string? Failure);

/// <summary>Reads the invitations of a project, of which some vendors list the failed ones apart.</summary>
internal static class DescribedInvitationLists
{
    /// <summary>
    /// Reads the waiting ones before the failed ones. An invitation that fails in between is then on both lists. In the
    /// other order it would be on neither, and the person would be invited again.
    /// </summary>
    /// <exception cref="ProviderException">A list cannot be read, or an item is in an unknown state.</exception>
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
                    $"the invitation {VendorText.Clean(item.Text(list.Id))}, "
                        + "which neither waits nor is declined nor over"
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

    /// <summary>The state of an item of the first list; null if it has none that the definition knows.</summary>
    public static InvitationState? StateOf(JsonItem item, DescribedInvitations list) =>
        !list.Declined.IsEmpty && list.Declined.All(item.Holds) ? InvitationState.Declined
        : !list.Expired.IsEmpty && list.Expired.All(item.Holds) ? InvitationState.Expired
        : list.Pending.All(item.Holds) ? InvitationState.Pending
        : null;

    private static bool IsOver(JsonItem item, DescribedInvitations list) =>
        !list.Over.IsEmpty && list.Over.All(item.Holds);
}

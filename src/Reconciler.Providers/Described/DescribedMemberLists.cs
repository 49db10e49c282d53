using System.Collections.Immutable;
using Reconciler.Core.Membership;
using Reconciler.Core.Membership.Describing;
using Reconciler.Core.Ports;
using Reconciler.Providers.Http;

namespace Reconciler.Providers.Described;

/// <summary>An item of a list of members.</summary>
/// <param name="Item">The item.</param>
/// <param name="Access">The access that its list stands for; null if the item has it.</param>
/// <param name="IsAbove">Whether all access comes from above.</param>
internal readonly record struct ListedMember(JsonItem Item, Access? Access, bool IsAbove);

/// <summary>Reads the members of a project, which some vendors spread over several lists.</summary>
internal static class DescribedMemberLists
{
    public static async Task<IReadOnlyCollection<ListedMember>> ReadAsync(
        DescribedApi api,
        Vendor vendor,
        string project,
        CancellationToken cancellation
    )
    {
        var lists = vendor.Description!.Members;
        var read = 0;
        var members = lists.Parts.IsEmpty
            ? [.. (await ItemsAsync(lists.List)).Select(i => new ListedMember(i, null, IsAbove: false))]
            : await PartsAsync();
        if (lists.Project is not null && read == 0)
            throw NothingRead(project);
        if (lists.Above is not { } above)
            return members;
        var direct = members.Select(m => m.Item.Text(lists.Id)).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. members,
            .. (await ItemsAsync(above))
                .Where(i => !direct.Contains(i.Text(lists.Id)))
                .Select(i => new ListedMember(i, null, IsAbove: true)),
        ];

        async Task<IReadOnlyCollection<JsonItem>> ItemsAsync(DescribedList list)
        {
            var items = await api.ListAsync(list, project, lists.Id, cancellation);
            read += items.Count;
            if (lists.Project is { } at)
                CheckProject(vendor, items, at, project);
            return lists.Where.IsEmpty ? items : [.. items.Where(i => lists.Where.All(i.Holds))];
        }

        // Somebody whose role changes meanwhile moves from one part to another, and could be missed in both. So all but
        // the last part are read again at the end, and the later reading counts.
        async Task<List<ListedMember>> PartsAsync()
        {
            var found = new Dictionary<string, ListedMember>(StringComparer.Ordinal);
            foreach (var part in lists.Parts.Concat(lists.Parts.SkipLast(1)))
            {
                var access = Access.Of(part.Words.Select(w => vendor.Access.Grant(w.Key, w.Value)));
                foreach (var item in await ItemsAsync(part.List))
                    found[item.Text(lists.Id)] = new(item, access, IsAbove: false);
            }

            return [.. found.Values];
        }
    }

    private static ProviderException NothingRead(string project) =>
        new(
            ProviderFault.Configuration,
            $"nothing proves that the token belongs to {VendorText.Clean(project)}, since its list of members is empty"
        );

    // Where the token alone decides whose list it is, another token would remove everybody who is not in its own.
    private static void CheckProject(Vendor vendor, IReadOnlyCollection<JsonItem> items, JsonPointer at, string project)
    {
        foreach (var other in items.Select(i => i.Text(at)))
        {
            if (vendor.NormalProject(other) != vendor.NormalProject(project))
                throw new ProviderException(
                    ProviderFault.Configuration,
                    $"the token belongs to {VendorText.Clean(other)}, and not to {VendorText.Clean(project)}; "
                        + "correct projectId, or the token"
                );
        }
    }
}

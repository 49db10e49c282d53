using System.Globalization;
using System.Text.Json.Nodes;
using Reconciler.Core.Membership.Describing;

namespace Reconciler.Sandbox.Described;

/// <summary>Makes the items of a described vendor's lists from the places that the definition names.</summary>
internal sealed class DescribedItems(DescribedWorld world)
{
    private VendorDescription Api => world.Api;

    /// <summary>Writes and reads access.</summary>
    public DescribedAccess Access { get; } = new(world.Vendor, world.Names);

    /// <summary>Whether members and invitations are items of one list, as at Sentry.</summary>
    public bool IsOneList { get; } =
        world.Api.Invitations is { List: var list }
        && list.PathText == world.Api.Members.List.PathText
        && list.Items.Text == world.Api.Members.List.Items.Text
        && list.Query.ToHashSet().SetEquals(world.Api.Members.List.Query);

    /// <summary>A project.</summary>
    public JsonNode? Project(DescribedProject project)
    {
        var item = new JsonDraft();
        if (Api.Projects!.Name is { } name)
            item.Set(name.Text, JsonValue.Create(project.Name));
        item.Set(Api.Projects.Id.Text, JsonDraft.Scalar(project.Id));
        return item.Root;
    }

    /// <summary>An account.</summary>
    public JsonNode? Person(DescribedAccount account)
    {
        var item = new JsonDraft();
        item.Set(Api.People!.Email.Text, JsonValue.Create(account.Email));
        item.Set(Api.People.Id.Text, JsonDraft.Scalar(account.Id));
        return item.Root;
    }

    /// <summary>A role or group.</summary>
    public static JsonNode? Name(DescribedNames list, (string Name, string Id) entry)
    {
        var item = new JsonDraft();
        item.Set(list.Name.Text, JsonValue.Create(entry.Name));
        item.Set(list.Id.Text, JsonDraft.Scalar(entry.Id));
        return item.Root;
    }

    /// <summary>A member.</summary>
    public JsonNode? Member(DescribedMember member)
    {
        var (item, list) = (new JsonDraft(), Api.Members);
        if (list.Name is { } name)
            item.Set(name.Text, JsonValue.Create(member.Account.Name));
        // A second list has what comes from above, in the place of what was given directly.
        if (list.Above is null)
            Access.Write(item, list.Access, member.Access, member.Inherited);
        else
            Access.Write(
                item,
                list.Access,
                member.Access.Names.Any() ? member.Access : member.Inherited,
                SandboxAccess.None
            );
        if (list.Person is { } person)
            item.Set(person.Text, JsonDraft.Scalar(member.Account.Id));
        Name(item, list.Login, list.Email, member.Account.Email);
        item.Set(list.Id.Text, JsonDraft.Scalar(member.Id));
        OfProject(item);
        Mark(item, list.Machine, member.IsMachine);
        Mark(item, list.Owner, member.IsOwner);
        item.Fulfil(list.Where);
        if (IsOneList)
            MarkAccepted(item, member);
        return item.Root;
    }

    /// <summary>An invitation; null for one that the list does not show.</summary>
    public JsonNode? Invitation(DescribedInvitation invitation)
    {
        var list = Api.Invitations!;
        // An accepted invitation is in the one list as a member; a failed one may be in a list of its own.
        if ((IsOneList && !invitation.IsPending) || (list.Failed is not null && invitation.IsExpired))
            return null;
        var item = Made(invitation, list);
        item.Fulfil(
            invitation.IsPending ? list.Pending
            : invitation.Status == DescribedInvitation.Declined ? list.Declined
            : invitation.Status == DescribedInvitation.Expired && !list.Expired.IsEmpty ? list.Expired
            : list.Over
        );
        if (invitation.IsPending && item.HoldsAll(list.Declined))
            item.Break(list.Declined[0]);
        if (invitation.IsPending && item.HoldsAll(list.Expired))
            item.Break(list.Expired[0]);
        if (IsOneList && (Api.Members.Where.IsEmpty || item.HoldsAll(Api.Members.Where)))
            throw NotToldApart();
        return IsShown(item, invitation, list) ? item.Root : null;
    }

    /// <summary>An invitation of the list of those that failed; null for one that is not in it.</summary>
    public JsonNode? Failed(DescribedInvitation invitation, DescribedFailed failed)
    {
        if (!invitation.IsExpired)
            return null;
        var item = Made(invitation, Api.Invitations!);
        if (failed.Reason is { } reason)
            item.Set(reason.Text, JsonValue.Create(DescribedInvitation.Expired));
        if (item.HoldsAll(failed.Over))
            item.Break(failed.Over[0]);
        return item.Root;
    }

    private JsonDraft Made(DescribedInvitation invitation, DescribedInvitations list)
    {
        var item = new JsonDraft();
        if (IsOneList)
        {
            item.Set(Api.Members.Id.Text, JsonDraft.Scalar(invitation.Id));
            OfProject(item);
        }

        item.Set(list.CreatedAt.Text, Time(invitation.CreatedAt));
        if (list.InvitedBy is { } inviter)
            item.Set(inviter.Text, JsonValue.Create(world.Actor.Name));
        Access.Write(item, list.Access, invitation.Access, SandboxAccess.None);
        Name(item, list.Login, list.Email, invitation.Email);
        if (list.Person is { } person && world.IsRegistered(invitation.Email))
            item.Set(person.Text, JsonDraft.Scalar(world.Register(invitation.Email).Id));
        item.Set(list.Id.Text, JsonDraft.Scalar(invitation.Id));
        return item;
    }

    // Where no path names the project, its items do.
    private void OfProject(JsonDraft item)
    {
        if (Api.Members.Project is { } at)
            item.Set(at.Text, JsonDraft.Scalar(world.Only?.Id ?? "1"));
    }

    // A vendor that knows people by logins may have invitations to addresses as well.
    private static void Name(JsonDraft item, JsonPointer? login, JsonPointer? email, string name)
    {
        if ((login is null || name.Contains('@', StringComparison.Ordinal) ? email : login) is { } at)
            item.Set(at.Text, JsonValue.Create(name));
    }

    // An answered invitation is left out where the definition has no state for it.
    private static bool IsShown(JsonDraft item, DescribedInvitation invitation, DescribedInvitations list)
    {
        var isDeclined = item.HoldsAll(list.Declined);
        var isExpired = !isDeclined && item.HoldsAll(list.Expired);
        var isPending = !isDeclined && !isExpired && list.Pending.All(item.Holds);
        return invitation.Status switch
        {
            DescribedInvitation.Pending => isPending,
            DescribedInvitation.Declined => isDeclined,
            DescribedInvitation.Expired when isExpired => true,
            _ => !isPending && !isDeclined && item.HoldsAll(list.Over),
        };
    }

    // Without a value, an ordinary member could look like a machine or the owner.
    private static void Mark(JsonDraft item, JsonCondition? condition, bool isOne)
    {
        if (condition is null)
            return;
        if (isOne)
            item.Fulfil(condition);
        else if (item.Find(condition.At.Text) is null)
            item.Break(condition);
    }

    private void MarkAccepted(JsonDraft item, DescribedMember member)
    {
        var list = Api.Invitations!;
        item.Set(list.CreatedAt.Text, Time(world.Now));
        Name(item, list.Login, list.Email, member.Account.Email);
        item.Set(list.Id.Text, JsonDraft.Scalar(member.Id));
        item.Fulfil(list.Over);
        if (list.Pending.All(item.Holds) || !item.HoldsAll(list.Over) || !Api.Members.Where.All(item.Holds))
            throw NotToldApart();
    }

    private static SandboxException NotToldApart() =>
        new("the definition takes members and invitations from one list, and no condition tells them apart");

    private static JsonValue Time(DateTimeOffset at) =>
        JsonValue.Create(at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
}

using System.Text.Json.Nodes;
using Reconciler.Core.Membership;
using Reconciler.Core.Membership.Describing;

namespace Reconciler.Sandbox.Described;

/// <summary>
/// Makes one item of each list before the server starts, so that a definition that no answer could fit is refused at
/// once and not in the middle of a run.
/// </summary>
internal static class DescribedTrial
{
    private const string Somebody = "somebody@sandbox.invalid";

    /// <summary>Makes the items.</summary>
    /// <exception cref="SandboxException">An item cannot be made.</exception>
    public static void Run(DescribedWorld world, DescribedItems items, DescribedAnswers answers)
    {
        var (account, access) = (new DescribedAccount("1", Somebody, "Somebody"), Access(world));
        var member = new DescribedMember("1", account) { Access = access };
        var invitation = new DescribedInvitation("1", Somebody, world.Now) { Access = access };
        items.Member(member);
        foreach (var there in world.Projects.SelectMany(p => p.Members))
            items.Member(there);
        if (world.Api.Projects is not null)
            items.Project(new("1", "Project", isForbidden: false));
        if (world.Api.People is not null)
            items.Person(account);
        foreach (var list in world.Api.Names.Values)
            DescribedItems.Name(list, ("Name", "1"));
        if (world.Api.Invitations is not null && items.Invitation(invitation) is null)
            throw new SandboxException("no item could be an invitation that waits: pending and declined exclude it");
        answers.Refused(404, "");
        foreach (var list in Lists(world.Api))
            answers.Done(200, Page(list));
    }

    private static IEnumerable<DescribedList> Lists(VendorDescription api) =>
        new[] { api.Members.List, api.Invitations?.List, api.Projects?.List, api.People?.List }
            .Concat(api.Names.Values.Select(n => n.List))
            .OfType<DescribedList>();

    private static JsonDraft Page(DescribedList list)
    {
        var page = new JsonDraft();
        page.Set(list.Items.Text, new JsonArray());
        if (list.Paging?.Total is { } total)
            page.Set(total.Text, JsonDraft.Scalar("0"));
        if (list.Paging?.Next is { } next)
            page.Set(next.Text, JsonDraft.Scalar("0"));
        return page;
    }

    // A word of each field whose words need no id.
    private static SandboxAccess Access(DescribedWorld world)
    {
        var access = SandboxAccess.None;
        foreach (var field in world.Vendor.Access.Fields.Where(f => world.Api.Fields[f.Name].Names is null))
            access = access.With(field.Name, field.Form == AccessForm.Flag ? "true" : field.Known.FirstOrDefault("word"));
        return access;
    }
}

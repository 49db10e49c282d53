using System.Text.Json.Nodes;
using Reconciler.Core.Membership;
using Reconciler.Core.Membership.Describing;

namespace Reconciler.Sandbox.Described;

/// <summary>
/// Makes one item and one page of each list before the server starts, so that a definition whose lists no answer could
/// fit is refused at once and not in the middle of a run.
/// </summary>
internal static class DescribedTrial
{
    private const string Somebody = "somebody@sandbox.invalid";

    /// <summary>Makes the items.</summary>
    /// <exception cref="SandboxException">Some cannot be made.</exception>
    public static void Run(DescribedWorld world, DescribedItems items, DescribedAnswers answers)
    {
        var problems = new List<string>();
        var (api, access) = (world.Api, Access(world));
        var name = world.Vendor.Logins is null ? Somebody : "somebody";
        var invited = api.Invitations?.Login is null ? Somebody : name;
        var account = new DescribedAccount("1", name, "Somebody");
        Try("members", () => items.Member(new("1", account) { Access = access }));
        if (api.Projects is not null)
            Try("projects", () => items.Project(new("1", "Project", isForbidden: false)));
        if (api.People is not null)
            Try("people", () => items.Person(account));
        if (api.Invitations is not null)
            Try("invitations", () => Waiting(items, new("1", invited, world.Now) { Access = access }));
        foreach (var (names, list) in api.Names)
            Try($"names.{names}", () => DescribedItems.Name(list, ("Name", "1")));
        foreach (var (what, list) in Lists(api))
            Try(what, () => answers.Done(200, Page(list)));
        Try("answers", () => answers.Refused(404, ""));
        if (problems.Count > 0)
            throw new SandboxException(string.Join('\n', problems)) { IsAboutDefinition = true };

        void Try(string part, Func<object?> make)
        {
            try
            {
                make();
            }
            catch (SandboxException wrong)
            {
                problems.Add($"the definition of {world.Vendor.Type}: {part}: {wrong.Message}");
            }
        }
    }

    private static JsonNode Waiting(DescribedItems items, DescribedInvitation invitation) =>
        items.Invitation(invitation)
        ?? throw new SandboxException(
            "no item could be an invitation that waits: pending, declined and expired exclude it"
        );

    private static IEnumerable<(string Name, DescribedList List)> Lists(VendorDescription api)
    {
        if (api.Members.Parts.IsEmpty)
            yield return ("members", api.Members.List);
        foreach (var part in api.Members.Parts)
            yield return ("members.parts", part.List);
        if (api.Members.Above is { } above)
            yield return ("members.above", above);
        if (api.Invitations is { } invitations)
            yield return ("invitations", invitations.List);
        if (api.Invitations?.Failed is { } failed)
            yield return ("invitations.failed", failed.List);
        if (api.Projects is { } projects)
            yield return ("projects", projects.List);
        if (api.People is { } people)
            yield return ("people", people.List);
        foreach (var (name, list) in api.Names)
            yield return ($"names.{name}", list.List);
    }

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
            access = access.With(
                field.Name,
                field.Form == AccessForm.Flag ? "true" : field.Known.FirstOrDefault("word")
            );
        return world.Vendor.Access.End is { } end ? access.With(end.Name, "2030-01-01") : access;
    }
}

using System.Text.Json.Nodes;
using Reconciler.Core.Membership.Describing;
using Reconciler.Sandbox.Http;

namespace Reconciler.Sandbox.Described;

/// <summary>Answers the lists of a described vendor, and the call that tells whose token it is.</summary>
internal sealed class DescribedLists
{
    private readonly DescribedWorld world;
    private readonly DescribedAnswers answers;
    private readonly List<Route> routes = [];

    public DescribedLists(DescribedWorld world, DescribedItems items, DescribedAnswers answers)
    {
        (this.world, this.answers) = (world, answers);
        var api = world.Api;
        AddMembers(api.Members, items);
        if (api.Invitations is { } invitations)
            routes.Add(new(invitations.List, p => Shown(p!.Invitations, items.Invitation)));
        if (api.Invitations?.Failed is { } failed)
            routes.Add(new(failed.List, p => Shown(p!.Invitations, i => items.Failed(i, failed))));
        if (api.Projects is { } projects)
            routes.Add(
                new(
                    projects.List,
                    _ => world.Projects.Where(p => !p.IsForbidden).Select(Making<DescribedProject>(items.Project))
                )
            );
        if (api.People is { } people)
            routes.Add(new(people.List, _ => world.Accounts.Select(Making<DescribedAccount>(items.Person))));
        foreach (var (name, list) in api.Names.OrderBy(n => n.Key, StringComparer.Ordinal))
            routes.Add(
                new(
                    list.List,
                    _ => world.Names.Of(name).Select(Making<(string, string)>(e => DescribedItems.Name(list, e)))
                )
            );
    }

    /// <summary>Answers a GET; null where no list has the path.</summary>
    /// <param name="request">The request.</param>
    /// <param name="segments">The segments of its path.</param>
    public VendorAnswer? Answer(VendorRequest request, IReadOnlyList<string> segments)
    {
        if (Account(request, segments) is { } account)
            return account;
        if (SeesAll(segments) is { } sight)
            return sight;
        var who = WhoAmI(segments);
        var found = routes
            .Select(r => (Route: r, Match: Match(r.List, segments)))
            .Where(r => r.Match is not null)
            .Select(r => (r.Route, Match: r.Match!))
            .ToList();
        if (found.Count == 0)
            return who is null ? null : answers.Done(200, who);
        var asked = found.Where(r => Missing(r.Route.List, request) is null).ToList();
        if (asked.Count == 0)
            return answers.Refused(404, $"The query lacks {Missing(found[0].Route.List, request)}.");
        var project = asked[0].Match.Text("project") ?? world.Only?.Id;
        if (project is not null && Closed(project) is { } refusal)
            return refusal;
        var best = asked.Max(r => Rank(r.Route, r.Match));
        return List([.. asked.Where(r => Rank(r.Route, r.Match) == best).Select(r => r.Route)], project, who, request);
    }

    // Where there is a second list, it has everybody, and the first has people with direct access. Each role may have a
    // list of its own.
    private void AddMembers(DescribedMembers list, DescribedItems items)
    {
        var make = Making<DescribedMember>(items.Member);
        foreach (var part in list.Parts)
            routes.Add(
                new(
                    part.List,
                    p =>
                        p!
                            .Members.Where(m => part.Words.All(w => m.Access[w.Key] is [var word] && word == w.Value))
                            .Select(make)
                )
            );
        if (list.Parts.IsEmpty)
            routes.Add(
                new(list.List, p => p!.Members.Where(m => list.Above is null || m.Access.Names.Any()).Select(make))
            );
        if (list.Above is { } above)
            routes.Add(new(above, p => p!.Members.Select(make)));
    }

    // Only the items of the page that is asked for are made.
    private static Func<T, Func<JsonNode?>> Making<T>(Func<T, JsonNode?> make) => item => () => make(item);

    // Only an invitation that is made tells whether the list shows it.
    private static IEnumerable<Func<JsonNode?>> Shown<T>(IEnumerable<T> all, Func<T, JsonNode?> make) =>
        all.Select(make).Where(made => made is not null).Select(made => (Func<JsonNode?>)(() => made));

    private VendorAnswer List(IReadOnlyList<Route> shown, string? project, JsonDraft? body, VendorRequest request)
    {
        body ??= new();
        var pages = new DescribedPages(shown[0].List.Paging, request);
        var total = 0;
        foreach (var list in shown.GroupBy(r => r.List.Items.Text, StringComparer.Ordinal))
        {
            var all = list.SelectMany(r => r.Items(project is null ? null : world.Project(project))).ToList();
            total = Math.Max(total, all.Count);
            body.Set(list.Key, new JsonArray([.. pages.Cut(all).Select(make => make())]));
        }

        pages.Describe(body, total);
        return pages.Link(answers.Done(200, body), total);
    }

    private JsonDraft? WhoAmI(IReadOnlyList<string> segments)
    {
        if (world.Api.WhoAmI is not { } call || !new RequestMatch(world.Vendor.ProjectIds).Path(call.Path, segments))
            return null;
        var body = new JsonDraft();
        if ((world.Vendor.Logins is null ? call.Email : call.Login) is { } name)
            body.Set(name.Text, JsonValue.Create(world.Actor.Email));
        if (world.Setup.Quirks[DescribedQuirks.SeesPart] && !call.SeesAll.IsEmpty)
            body.Break(call.SeesAll[0]);
        else
            body.Fulfil(call.SeesAll);
        // An answer without anything in it is still an object.
        if (body.Root is null)
            body.Set("", new JsonObject());
        return body;
    }

    // Finds the account of a login: by itself, or in a list of one; nobody is 404, or an empty list.
    private VendorAnswer? Account(VendorRequest request, IReadOnlyList<string> segments)
    {
        var match = new RequestMatch(world.Vendor.ProjectIds);
        if (world.Api.Account is not { } call || !match.Path(call.Path, segments))
            return null;
        foreach (var (name, template) in call.Query)
        {
            if (!request.Query.TryGetValue(name, out var value) || !match.Path([template], [value.ToString()]))
                return null;
        }

        var login = match.Text("login")!;
        var body = new JsonDraft();
        var found = world.IsRegistered(login) ? Item(world.Register(login)) : null;
        if (call.Items is { } items)
            body.Set(items.Text, found is null ? new JsonArray() : new JsonArray(found));
        else if (found is null)
            return answers.Refused(404, $"Nobody has the login {login}.");
        else
            body.Set("", found);
        return answers.Done(200, body);

        JsonNode Item(DescribedAccount account)
        {
            var item = new JsonDraft();
            item.Set(call.Login.Text, JsonValue.Create(account.Email));
            item.Set(call.Id.Text, JsonDraft.Scalar(account.Id));
            return item.Root!;
        }
    }

    private VendorAnswer? SeesAll(IReadOnlyList<string> segments)
    {
        var match = new RequestMatch(world.Vendor.ProjectIds);
        if (world.Api.SeesAll is not { } call || !match.Path(call.Path, segments))
            return null;
        if (Closed(match.Text("project")!) is { } refusal)
            return refusal;
        var body = new JsonDraft();
        body.Set("", new JsonObject());
        if (world.Setup.Quirks[DescribedQuirks.SeesPart])
            body.Break(call.Where[0]);
        else
            body.Fulfil(call.Where);
        return answers.Done(200, body);
    }

    private VendorAnswer? Closed(string project) =>
        world.Project(project) switch
        {
            null => answers.Refused(404, $"There is no project {project}."),
            { IsForbidden: true } => answers.Refused(403, $"The token has no access to {project}."),
            _ => null,
        };

    private RequestMatch? Match(DescribedList list, IReadOnlyList<string> segments)
    {
        var match = new RequestMatch(world.Vendor.ProjectIds);
        return match.Path(list.Path, segments) ? match : null;
    }

    private static (int Path, int Query) Rank(Route route, RequestMatch match) =>
        (match.Exactness, route.List.Query.Length);

    private static string? Missing(DescribedList list, VendorRequest request)
    {
        var missing = list.Query.Where(q => !request.Query.TryGetValue(q.Key, out var value) || value != q.Value);
        return missing.Select(q => $"{q.Key}={q.Value}").FirstOrDefault();
    }

    /// <summary>A list.</summary>
    /// <param name="List">Where it is.</param>
    /// <param name="Items">Makes its items, of a project where the path names one.</param>
    private sealed record Route(DescribedList List, Func<DescribedProject?, IEnumerable<Func<JsonNode?>>> Items);
}

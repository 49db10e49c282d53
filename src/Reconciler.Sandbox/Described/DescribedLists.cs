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
        routes.Add(new(api.Members.List, p => p!.Members.Select(Making<DescribedMember>(items.Member))));
        if (api.Invitations is { } invitations)
            routes.Add(new(invitations.List, p => Shown(p!.Invitations, items.Invitation)));
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
        var project = asked[0].Match.Text("project");
        if (project is not null && world.Project(project) is not { IsForbidden: false })
            return world.Project(project) is null
                ? answers.Refused(404, $"There is no project {project}.")
                : answers.Refused(403, $"The token has no access to {project}.");
        var best = asked.Max(r => Rank(r.Route, r.Match));
        return List([.. asked.Where(r => Rank(r.Route, r.Match) == best).Select(r => r.Route)], project, who, request);
    }

    // Only the items of the page that is asked for are made.
    private static Func<T, Func<JsonNode?>> Making<T>(Func<T, JsonNode?> make) => item => () => make(item);

    private static IEnumerable<Func<JsonNode?>> Shown<T>(IEnumerable<T> all, Func<T, JsonNode?> make) =>
        all.Where(item => make(item) is not null).Select(Making(make));

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
        if (world.Api.WhoAmI is not { } call || !new RequestMatch().Path(call.Path, segments))
            return null;
        var body = new JsonDraft();
        if (call.Email is { } email)
            body.Set(email.Text, JsonValue.Create(world.Actor.Email));
        if (world.Setup.Quirks[DescribedQuirks.SeesPart] && !call.SeesAll.IsEmpty)
            body.Break(call.SeesAll[0]);
        else
            body.Fulfil(call.SeesAll);
        // An answer without anything in it is still an object.
        if (body.Root is null)
            body.Set("", new JsonObject());
        return body;
    }

    private static RequestMatch? Match(DescribedList list, IReadOnlyList<string> segments)
    {
        var match = new RequestMatch();
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

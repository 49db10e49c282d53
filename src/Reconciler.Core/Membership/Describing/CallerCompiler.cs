using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Core.Membership.Describing;

/// <summary>Checks the calls that tell who asks, what they see, and whose account a login is.</summary>
internal sealed class CallerCompiler(VendorDefinitionSpec spec, ListCompiler lists, Problems problems)
{
    private const string Login = "login";

    public DescribedWhoAmI? WhoAmI() =>
        spec.WhoAmI is { } call
            ? new(PathCompiler.Compile(call.Path, call.Origin, [], problems))
            {
                Login = lists.Optional(call, "login", call.Login),
                Email = lists.Optional(call, "email", call.Email),
                SeesAll = lists.Proofs(call, "seesAll", call.SeesAll),
            }
            : null;

    public DescribedAccount? Account()
    {
        if (spec.Logins?.Account is not { } call)
            return null;
        var query = (call.Query ?? new Dictionary<string, string>())
            .Select(q => KeyValuePair.Create(q.Key, InQuery(call, q.Key, q.Value)))
            .ToImmutableArray();
        var path = PathCompiler.Compile(call.Path, call.Origin, [Login], problems);
        if (call.Path is not null && !path.Concat(query.Select(q => q.Value)).SelectMany(t => t.Names).Contains(Login))
            problems.Error(
                call.Origin,
                "names no login, so that it would find the same account for everybody; "
                    + "expected {login} in the path or the query"
            );
        return new(
            path,
            query,
            lists.Optional(call, "items", call.Items),
            lists.Required(call, "id", call.Id),
            lists.Required(call, "login", call.Login)
        );
    }

    private TextTemplate InQuery(AccountDefinition call, string name, string text)
    {
        var at = ((MappingNode)call.Origin["query"]!)[name]!;
        if (TextTemplate.Parse(text) is not { } template)
        {
            problems.Error(at, $"has an open brace in {ProblemText.Quote(text)}; expected {{NAME}}");
            return new([]);
        }

        PathCompiler.CheckNames(template.Parts, at, [Login], problems);
        return template;
    }

    public DescribedSight? SeesAll() =>
        spec.SeesAll is { } call
            ? new(
                lists.OfOneProject(
                    PathCompiler.Compile(call.Path, call.Origin, [ListCompiler.Project], problems),
                    call.Origin
                ),
                lists.Proofs(call, "where", call.Where)
            )
            : null;
}

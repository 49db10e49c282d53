using System.Collections.Immutable;

namespace Reconciler.Sandbox.Seeds;

/// <summary>Reads a seed from YAML. The names of fields are those of the C# types, which document them.</summary>
internal sealed class SeedReader
{
    private const int ShownProblems = 20;

    private readonly List<string> problems = [];

    public static SandboxSeed Read(string yaml)
    {
        var reader = new SeedReader();
        var seed = reader.Seed(SeedNodes.Parse(yaml));
        if (reader.problems.Count == 0)
            return seed;
        var shown = reader.problems.Take(ShownProblems);
        var left = reader.problems.Count - ShownProblems;
        throw new SandboxException(string.Join('\n', left > 0 ? shown.Append($"and {left} more") : shown));
    }

    private SandboxSeed Seed(SeedNode node)
    {
        using var fields = new SeedFields(node, "the seed", problems);
        var defaults = new SandboxSeed();
        return new()
        {
            Connections = fields.List("connections", Connection),
            Token = fields.Text("token"),
            ActingAs = fields.Text("actingAs") ?? defaults.ActingAs,
            KnownUsers = fields.Texts("knownUsers"),
            Quirks = fields.Flags("quirks"),
            Projects = fields.List("projects", Project),
        };
    }

    private SeedConnection Connection(SeedNode node)
    {
        using var fields = new SeedFields(node, "a connection", problems);
        return new(fields.Required("name"))
        {
            Type = fields.Text("type"),
            Token = fields.Text("token"),
            ActingAs = fields.Text("actingAs"),
            KnownUsers = fields.Texts("knownUsers"),
            Quirks = fields.Flags("quirks"),
            People = fields.List("people", Person),
            Names = Names(fields.Take("names")),
            Line = (int)node.Line,
            OtherOrganization = fields.Texts("otherOrganization"),
            ServiceUsers = fields.Texts("serviceUsers"),
            RateLimit = fields.Take("rateLimit") is { } limit ? RateLimit(limit) : null,
        };
    }

    private SeedPerson Person(SeedNode node)
    {
        using var fields = new SeedFields(node, "a person", problems);
        return new(fields.Name())
        {
            Id = fields.Text("id"),
            Name = fields.Text("name"),
            Line = (int)node.Line,
        };
    }

    // The lists, each with its names and their ids.
    private ImmutableArray<SeedName> Names(SeedNode? node) =>
        node is null
            ? []
            :
            [
                .. SeedFields
                    .Entries(node, "'names'", problems)
                    .SelectMany(list =>
                        SeedFields
                            .Entries(list.Value, $"'{list.Key}'", problems)
                            .Select(n => new SeedName(list.Key, n.Key, SeedFields.TextOf(n.Value, n.Key, problems))
                            {
                                Line = (int)n.Value.Line,
                            })
                    ),
            ];

    private SeedRateLimit RateLimit(SeedNode node)
    {
        using var fields = new SeedFields(node, "a rate limit", problems);
        return new(fields.Number("requests"), fields.Number("seconds"));
    }

    private SeedGroup Group(SeedNode node)
    {
        using var fields = new SeedFields(node, "a group", problems);
        return new(fields.Required("name"))
        {
            Id = fields.Text("id"),
            Permissions = fields.Texts("permissions"),
            Description = fields.Text("description"),
            RoleId = fields.Text("roleId"),
        };
    }

    private SeedProject Project(SeedNode node)
    {
        using var fields = new SeedFields(node, "a project", problems);
        return new(fields.Required("id"), fields.Required("provider"))
        {
            Name = fields.Text("name"),
            Organization = fields.Text("organization"),
            Roles = fields.Texts("roles"),
            Groups = fields.List("groups", Group),
            Forbidden = fields.Flag("forbidden"),
            Line = (int)node.Line,
            Members = fields.List("members", Member),
            Invitations = fields.List("invitations", Invitation),
        };
    }

    private SeedMember Member(SeedNode node)
    {
        using var fields = new SeedFields(node, "a member", problems);
        return new(fields.Name(), fields.Access("access"))
        {
            Id = fields.Text("id"),
            Inherited = fields.OptionalAccess("inherited"),
            Machine = fields.Flag("machine"),
            Owner = fields.Flag("owner"),
            Line = (int)node.Line,
        };
    }

    private SeedInvitation Invitation(SeedNode node)
    {
        using var fields = new SeedFields(node, "an invitation", problems);
        var invitation = new SeedInvitation(fields.Name(), fields.Access("access"))
        {
            Id = fields.Text("id"),
            Line = (int)node.Line,
            CreatedAt = fields.Instant("createdAt"),
            AlsoProjects = fields.Texts("alsoProjects"),
        };
        return fields.Text("status") is { } status ? invitation with { Status = status } : invitation;
    }
}

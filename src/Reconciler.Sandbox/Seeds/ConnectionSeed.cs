using System.Collections.Immutable;

namespace Reconciler.Sandbox.Seeds;

/// <summary>The initial state of one connection, with defaults applied.</summary>
internal sealed record ConnectionSeed(string Name, VendorKind Vendor)
{
    public string? Token { get; init; }

    public required string ActingAs { get; init; }

    public ImmutableArray<string> KnownUsers { get; init; } = [];

    public ImmutableHashSet<string> Quirks { get; init; } = [];

    public ImmutableArray<string> OtherOrganization { get; init; } = [];

    public ImmutableArray<string> ServiceUsers { get; init; } = [];

    public ImmutableArray<SeedPerson> People { get; init; } = [];

    public ImmutableArray<SeedName> Names { get; init; } = [];

    public SeedRateLimit? RateLimit { get; init; }

    public ImmutableArray<SeedProject> Projects { get; init; } = [];

    /// <summary>Splits a seed into its connections; throws for an inconsistent seed.</summary>
    public static ImmutableArray<ConnectionSeed> Split(SandboxSeed seed, VendorKinds kinds)
    {
        var byProvider = seed.Projects.ToLookup(project => project.Provider, StringComparer.Ordinal);
        var connections = seed.Connections.IsEmpty
            ? [.. byProvider.Select(projects => new SeedConnection(projects.Key))]
            : seed.Connections;
        var names = connections.Select(connection => connection.Name).ToList();
        var problems = names
            .GroupBy(name => name, StringComparer.Ordinal)
            .Where(same => same.Count() > 1)
            .Select(same => $"connection '{same.Key}' is there twice")
            .Concat(
                byProvider
                    .Where(projects => !names.Contains(projects.Key, StringComparer.Ordinal))
                    .Select(projects =>
                        $"project {projects.First().Id} names the provider '{projects.Key}', "
                        + $"which is none of the connections: {string.Join(", ", names)}"
                    )
            )
            .Concat(
                names
                    .Where(name => !IsName(name))
                    .Select(name => $"'{name}' is no connection name: use a-z, 0-9 and '-'")
            )
            .Concat(UnknownQuirks("the seed", seed.Quirks.Keys, VendorKinds.Quirks))
            .ToList();
        List<ConnectionSeed> merged =
        [
            .. connections
                .Select(connection => Merge(seed, connection, [.. byProvider[connection.Name]], kinds, problems))
                .OfType<ConnectionSeed>(),
        ];
        if (problems.Count > 0)
            throw new SandboxException(string.Join('\n', problems));
        return [.. merged];
    }

    private static ConnectionSeed? Merge(
        SandboxSeed seed,
        SeedConnection connection,
        ImmutableArray<SeedProject> projects,
        VendorKinds kinds,
        List<string> problems
    )
    {
        var line = connection.Line == 0 ? "" : $"line {connection.Line}: ";
        var where = $"{line}connection '{connection.Name}'";
        var vendor = connection.Type is { } type ? kinds.Find(type) : kinds.FindByPrefix(connection.Name);
        if (vendor is null)
        {
            problems.Add($"{where}: the sandbox imitates no such vendor; it knows {kinds.Names}");
            return null;
        }

        problems.AddRange(UnknownQuirks(where, connection.Quirks.Keys, vendor.Quirks));
        problems.AddRange(
            UsedFields(connection, projects)
                .Except(vendor.SeedFields, StringComparer.Ordinal)
                .Select(field => $"{where}: {vendor.Type} has no use for '{field}'")
        );
        return new(connection.Name, vendor)
        {
            Token = connection.Token ?? seed.Token,
            ActingAs = connection.ActingAs ?? seed.ActingAs,
            KnownUsers = [.. seed.KnownUsers, .. connection.KnownUsers],
            Quirks =
            [
                .. vendor.Quirks.Where(quirk =>
                    connection.Quirks.TryGetValue(quirk, out var on)
                        ? on
                        : seed.Quirks.GetValueOrDefault(
                            quirk,
                            vendor.OnByDefault.Contains(quirk, StringComparer.Ordinal)
                        )
                ),
            ],
            OtherOrganization = connection.OtherOrganization,
            ServiceUsers = connection.ServiceUsers,
            People = connection.People,
            Names = connection.Names,
            RateLimit = connection.RateLimit,
            Projects = projects,
        };
    }

    /// <summary>The fields that are set and that only some vendors use.</summary>
    private static IEnumerable<string> UsedFields(SeedConnection connection, ImmutableArray<SeedProject> projects)
    {
        if (!connection.OtherOrganization.IsEmpty)
            yield return "otherOrganization";
        if (!connection.ServiceUsers.IsEmpty)
            yield return "serviceUsers";
        if (connection.RateLimit is not null)
            yield return "rateLimit";
        if (!connection.People.IsEmpty)
            yield return "people";
        if (!connection.Names.IsEmpty)
            yield return "names";
        if (projects.Any(project => project.Organization is not null))
            yield return "organization";
        if (projects.Any(project => !project.Roles.IsEmpty))
            yield return "roles";
        if (projects.Any(project => !project.Groups.IsEmpty))
            yield return "groups";
        if (projects.Any(project => project.Invitations.Any(invitation => !invitation.AlsoProjects.IsEmpty)))
            yield return "alsoProjects";
        foreach (var field in UsedFields([.. projects.SelectMany(project => project.Members)]))
            yield return field;
        if (projects.Any(project => project.Invitations.Any(invitation => invitation.Id is not null)))
            yield return "id";
    }

    private static IEnumerable<string> UsedFields(IReadOnlyList<SeedMember> members)
    {
        if (members.Any(member => member.Id is not null))
            yield return "id";
        if (members.Any(member => member.Inherited.Names.Any()))
            yield return "inherited";
        if (members.Any(member => member.Machine))
            yield return "machine";
        if (members.Any(member => member.Owner))
            yield return "owner";
    }

    private static IEnumerable<string> UnknownQuirks(
        string where,
        IEnumerable<string> given,
        IEnumerable<string> known
    ) =>
        given
            .Except(known, StringComparer.Ordinal)
            .Select(quirk =>
                $"{where}: unknown quirk '{quirk}'; known: {string.Join(", ", known.Distinct(StringComparer.Ordinal))}"
            );

    // The name is a path segment of the base URL, and '_sandbox' is reserved.
    private static bool IsName(string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}

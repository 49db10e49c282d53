using System.Collections.Immutable;
using Reconciler.Sandbox.Seeds;

namespace Reconciler.Sandbox.EquinixMetal;

/// <summary>Converts a seed to Equinix Metal's records.</summary>
internal static class EquinixSeed
{
    private static readonly ImmutableArray<string> Statuses =
    [
        EquinixInvitation.Pending,
        EquinixInvitation.Accepted,
        EquinixInvitation.Declined,
    ];

    public static void Load(ConnectionSeed seed, EquinixWorld world)
    {
        var projects = seed
            .Projects.Select(project => (Seed: project, Project: Load(project, Where(seed, project), world)))
            .ToList();
        // Done last, since an invitation may name projects that come later in the seed.
        foreach (var (project, loaded) in projects)
        {
            foreach (var invitation in project.Invitations)
                Load(invitation, loaded, $"{Where(seed, project)}, invitation {invitation.Email}", world);
        }
    }

    public static ImmutableArray<string> Access(SandboxAccess words, string where)
    {
        SeedWords.OnlyNames(words, where, "roles");
        if (words["roles"].IsEmpty)
            throw new SandboxException($"{where}: at least one role");
        return
        [
            .. words["roles"]
                .Distinct(StringComparer.Ordinal)
                .Select(role => SeedWords.OneOf(role, EquinixRoles.Known, $"{where}: unknown role")),
        ];
    }

    private static string Where(ConnectionSeed seed, SeedProject project) => $"{seed.Name}, project {project.Id}";

    private static EquinixProject Load(SeedProject seed, string where, EquinixWorld world)
    {
        Guid? organization = seed.Organization is { } given ? SeedWords.Uuid(given, $"{where}, organization") : null;
        var project =
            world.AddProject(SeedWords.Uuid(seed.Id, where), seed.Name ?? seed.Id, seed.Forbidden, organization)
            ?? throw new SandboxException($"{where}: is there twice");
        foreach (var member in seed.Members)
        {
            var at = $"{where}, member {member.Email}";
            if (project.Memberships.Find(member.Email) is not null)
                throw new SandboxException($"{at}: is there twice");
            world.AddMembership(project, member.Email, Access(member.Access, at));
        }

        return project;
    }

    private static void Load(SeedInvitation seed, EquinixProject project, string where, EquinixWorld world)
    {
        var status = SeedWords.OneOf(seed.Status.ToLowerInvariant(), Statuses, $"{where}: unknown status");
        var others = seed.AlsoProjects.Select(id =>
            Guid.TryParseExact(id, "D", out var other)
            && world.Project(other) is { } found
            && found.Organization == project.Organization
                ? found
                : throw new SandboxException($"{where}: there is no project {id} in the same organization")
        );
        var grant = new EquinixGrant([project, .. others], Access(seed.Access, where));
        world.AddInvitation(project.Organization, seed.Email, grant, status, seed.CreatedAt);
    }
}

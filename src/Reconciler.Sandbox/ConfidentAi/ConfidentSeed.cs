using Reconciler.Sandbox.Seeds;

namespace Reconciler.Sandbox.ConfidentAi;

/// <summary>Converts a seed to Confident AI's records.</summary>
internal static class ConfidentSeed
{
    private static readonly string[] Statuses =
    [
        ConfidentInvitation.Pending,
        ConfidentInvitation.Accepted,
        ConfidentInvitation.Declined,
    ];

    public static void Load(ConnectionSeed seed, ConfidentWorld world)
    {
        foreach (var project in seed.Projects)
            Load(project, $"{seed.Name}, project {project.Id}", world);
    }

    /// <summary>Reads the access, which must be exactly one role.</summary>
    public static ConfidentRole Access(SandboxAccess words, ConfidentProject project, string where)
    {
        SeedWords.OnlyNames(words, where, "role");
        var roles = words["role"];
        if (roles.Length != 1)
            throw new SandboxException($"{where}: one role, not {roles.Length}");
        var names = project.Roles.Select(role => role.Name);
        return project.Named(SeedWords.OneOf(roles[0], names, $"{where}: unknown role"));
    }

    private static void Load(SeedProject seed, string where, ConfidentWorld world)
    {
        var system = world.SystemRoles.Select(role => role.Name);
        if (seed.Roles.Intersect(system, StringComparer.OrdinalIgnoreCase).FirstOrDefault() is { } taken)
            throw new SandboxException($"{where}: the role '{taken}' is the system's");
        var project =
            world.AddProject(seed.Id, seed.Name ?? seed.Id, seed.Forbidden, seed.Roles.Distinct(StringComparer.Ordinal))
            ?? throw new SandboxException($"{where}: is there twice");
        foreach (var member in seed.Members)
        {
            var at = $"{where}, member {member.Email}";
            var role = Access(member.Access, project, at);
            if (project.Members.Find(member.Email) is not null)
                throw new SandboxException($"{at}: is there twice");
            if (role.Name is ConfidentWorld.Owner && project.Owner is { } owner)
                throw new SandboxException($"{at}: {owner.User.Email} is the Owner already");
            world.AddMember(project, member.Email, role);
        }

        foreach (var invitation in seed.Invitations)
        {
            var at = $"{where}, invitation {invitation.Email}";
            var role = Access(invitation.Access, project, at);
            if (role.Name is ConfidentWorld.Owner)
                throw new SandboxException($"{at}: the Owner is never invited");
            var status = SeedWords.OneOf(invitation.Status.ToUpperInvariant(), Statuses, $"{at}: unknown status");
            world.AddInvitation(project, invitation.Email, role, status, invitation.CreatedAt);
        }
    }
}

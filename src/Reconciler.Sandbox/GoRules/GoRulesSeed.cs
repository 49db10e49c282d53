using System.Collections.Immutable;
using Reconciler.Sandbox.Seeds;

namespace Reconciler.Sandbox.GoRules;

/// <summary>
/// Converts a seed to GoRules' records. An invitation in a project means that the person is invited to the organisation
/// and, where the vendor allows it, is already in the project.
/// </summary>
internal static class GoRulesSeed
{
    private static readonly string[] Statuses = ["pending", "accepted"];

    public static void Load(ConnectionSeed seed, GoRulesWorld world)
    {
        foreach (var project in seed.Projects)
            Load(project, $"{seed.Name}, project {project.Id}", world);
    }

    /// <summary>Reads the access: groups by name, and the owner flag.</summary>
    public static (ImmutableArray<GoRulesGroup> Groups, bool Owner) Access(
        SandboxAccess words,
        GoRulesProject project,
        string where
    )
    {
        SeedWords.OnlyNames(words, where, "groups", "owner");
        var owner =
            words["owner"] is [var flag, ..]
            && SeedWords.OneOf(flag, ["true", "false"], $"{where}: 'owner' is") is "true";
        var known = project.Groups.Select(group => group.Name);
        var groups = words["groups"]
            .Distinct(StringComparer.Ordinal)
            .Select(name => project.Named(SeedWords.OneOf(name, known, $"{where}: unknown group"))!);
        return ([.. groups], owner);
    }

    private static void Load(SeedProject seed, string where, GoRulesWorld world)
    {
        SeedWords.Uuid(seed.Id, where);
        var project = new GoRulesProject(seed.Id, seed.Forbidden);
        if (!world.Add(project))
            throw new SandboxException($"{where}: is there twice");
        LoadGroups(seed, project, where, world);
        foreach (var member in seed.Members)
        {
            var at = $"{where}, member {member.Email}";
            if (project.Members.Find(member.Email) is not null)
                throw new SandboxException($"{at}: is there twice");
            var (groups, owner) = Access(member.Access, project, at);
            world.AddMember(project, world.Register(member.Email), groups, owner);
        }

        foreach (var invitation in seed.Invitations)
            Load(invitation, project, $"{where}, invitation {invitation.Email}", world);
    }

    private static void LoadGroups(SeedProject seed, GoRulesProject project, string where, GoRulesWorld world)
    {
        foreach (var group in seed.Groups)
        {
            var at = $"{where}, group {group.Name}";
            Guid? role = group.RoleId is { } roleId ? SeedWords.Uuid(roleId, $"{at}, role") : null;
            Guid? id = group.Id is { } given ? SeedWords.Uuid(given, at) : null;
            world.AddGroup(
                project,
                group.Name,
                id,
                new(Guid.Empty, group.Name, project.Id, group.Permissions, group.Description, role)
            );
        }

        if (!seed.Groups.IsEmpty)
            return;
        var named = seed
            .Members.Select(member => member.Access)
            .Concat(seed.Invitations.Select(invitation => invitation.Access));
        foreach (var name in named.SelectMany(access => access["groups"]).Distinct(StringComparer.Ordinal))
            world.AddGroup(project, name);
    }

    private static void Load(SeedInvitation seed, GoRulesProject project, string where, GoRulesWorld world)
    {
        var accepted =
            SeedWords.OneOf(seed.Status.ToLowerInvariant(), Statuses, $"{where}: unknown status") is "accepted";
        var (groups, owner) = Access(seed.Access, project, where);
        if (!accepted && world.User(seed.Email) is { IsPending: false })
            throw new SandboxException($"{where}: belongs to the organisation already");
        var invitation = world.User(seed.Email)?.Invitation ?? world.AddInvitation(seed.Email, seed.CreatedAt);
        if (accepted)
            world.Accept(invitation);
        if ((accepted || world.Quirks[GoRulesQuirks.PendingAddable]) && project.Members.Find(seed.Email) is null)
            world.AddMember(project, invitation.User, groups, owner);
    }
}

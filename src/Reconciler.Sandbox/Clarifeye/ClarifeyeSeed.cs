using System.Collections.Immutable;
using Reconciler.Sandbox.Seeds;

namespace Reconciler.Sandbox.Clarifeye;

/// <summary>Converts a seed to Clarifeye's records.</summary>
internal static class ClarifeyeSeed
{
    public const string DefaultProfile = "contributor";

    public static readonly ImmutableArray<string> Permissions =
    [
        "CAN_PERFORM_ADMIN_ACTIONS",
        "CAN_VIEW_DATA",
        "CAN_RUN_TASKS",
        "CAN_VIEW_TECHNICAL_INTERFACE",
        "CAN_IMPERSONATE_OTHER_USERS",
    ];

    public static readonly ImmutableArray<string> Profiles = ["tech", DefaultProfile, "user"];

    private static readonly ImmutableArray<string> Statuses =
    [
        ClarifeyeInvite.Pending,
        ClarifeyeInvite.Accepted,
        ClarifeyeInvite.Cancelled,
    ];

    public static void Load(ConnectionSeed seed, ClarifeyeWorld world)
    {
        foreach (var project in seed.Projects)
            Load(project, $"{seed.Name}, project {project.Id}", world);
    }

    public static ClarifeyeAccess Access(SandboxAccess words, string where)
    {
        SeedWords.OnlyNames(words, where, "permissions", "profile");
        foreach (var permission in words["permissions"])
            SeedWords.OneOf(permission, Permissions, $"{where}: unknown permission");
        var profiles = words["profile"];
        if (profiles.Length > 1)
            throw new SandboxException($"{where}: one profile, not {profiles.Length}");
        return new(
            [.. words["permissions"].Distinct(StringComparer.Ordinal)],
            profiles.IsEmpty ? DefaultProfile : SeedWords.OneOf(profiles[0], Profiles, $"{where}: unknown profile")
        );
    }

    private static void Load(SeedProject seed, string where, ClarifeyeWorld world)
    {
        SeedWords.Uuid(seed.Id, where);
        var project = new ClarifeyeProject(seed.Id, seed.Forbidden);
        if (!world.Add(project))
            throw new SandboxException($"{where}: is there twice");
        foreach (var member in seed.Members)
        {
            var at = $"{where}, member {member.Email}";
            if (project.Members.Find(member.Email) is not null)
                throw new SandboxException($"{at}: is there twice");
            world.AddMember(project, member.Email, Access(member.Access, at));
        }

        foreach (var invitation in seed.Invitations)
        {
            var at = $"{where}, invitation {invitation.Email}";
            var status = SeedWords.OneOf(invitation.Status, Statuses, $"{at}: unknown status");
            if (status is ClarifeyeInvite.Pending && project.PendingInvite(invitation.Email) is not null)
                throw new SandboxException($"{at}: is pending twice");
            world.AddInvite(project, invitation.Email, Access(invitation.Access, at), status, invitation.CreatedAt);
        }
    }
}

using System.Collections.Immutable;
using Reconciler.Sandbox.Records;

namespace Reconciler.Sandbox.ConfidentAi;

/// <summary>
/// Holds Confident AI's state and changes it. An invitation is the only way into a project; a person who accepts one
/// leaves their other organization for this one.
/// </summary>
internal sealed class ConfidentWorld
{
    public const string Owner = "Owner";

    public const string Manager = "Manager";

    public const string Member = "Member";

    private readonly VendorSetup setup;
    private readonly People people;
    private readonly Dictionary<string, ConfidentProject> projects = new(StringComparer.Ordinal);
    private readonly List<string> otherOrganization;
    private int lastInvitation;

    public ConfidentWorld(VendorSetup setup)
    {
        this.setup = setup;
        people = setup.People();
        OrganizationId = setup.Ids.Next();
        OrganizationAdmin = new(setup.Ids.Next(), "Admin", "Admin of the organization.", ProjectId: null);
        OrganizationMember = new(setup.Ids.Next(), Member, "Member of the organization.", ProjectId: null);
        SystemRoles =
        [
            new(setup.Ids.Next(), Owner, "Owner of the project with full access to all resources.", ProjectId: null),
            new(setup.Ids.Next(), Manager, "Manages the project and its members.", ProjectId: null),
            new(setup.Ids.Next(), Member, "Works in the project.", ProjectId: null),
        ];
        Actor = people.Register(setup.Seed.ActingAs);
        foreach (var email in setup.Seed.KnownUsers)
            people.Register(email);
        otherOrganization = [.. setup.Seed.OtherOrganization];
        ConfidentSeed.Load(setup.Seed, this);
    }

    public Guid OrganizationId { get; }

    public ConfidentRole OrganizationAdmin { get; }

    public ConfidentRole OrganizationMember { get; }

    public ImmutableArray<ConfidentRole> SystemRoles { get; }

    public Person Actor { get; }

    public IReadOnlyList<Person> OrganizationMembers => people.All;

    public IReadOnlyList<string> OtherOrganization => otherOrganization;

    public QuirkSwitches Quirks => setup.Quirks;

    public IEnumerable<ConfidentProject> Projects => projects.Values;

    public ConfidentProject? Project(string id) => projects.GetValueOrDefault(id);

    /// <summary>Adds a project; null where the id is taken.</summary>
    public ConfidentProject? AddProject(string id, string name, bool forbidden, IEnumerable<string> customRoles)
    {
        var own = customRoles.Select(role => new ConfidentRole(setup.Ids.Next(), role, "", id));
        var project = new ConfidentProject(id, name, forbidden, [.. SystemRoles, .. own], setup.Clock.GetUtcNow());
        return projects.TryAdd(id, project) ? project : null;
    }

    public void AddMember(ConfidentProject project, string email, ConfidentRole role) =>
        project.Members.Add(new ConfidentMember(people.Register(email), role));

    public ConfidentInvitation AddInvitation(
        ConfidentProject project,
        string email,
        ConfidentRole? role,
        string status,
        DateTimeOffset? createdAt = null
    )
    {
        var invitation = new ConfidentInvitation(
            ++lastInvitation,
            email,
            role,
            status,
            createdAt ?? setup.Clock.GetUtcNow()
        );
        project.Add(invitation);
        return invitation;
    }

    public ConfidentInvitation Invite(ConfidentProject project, string email, ConfidentRole? role)
    {
        setup.Mails.Send(email, project.Id);
        return AddInvitation(project, email, role, ConfidentInvitation.Pending);
    }

    public void Resend(ConfidentProject project, ConfidentInvitation invitation) =>
        setup.Mails.Send(invitation.Email, project.Id);

    public bool IsInvited(ConfidentProject project, string email) =>
        project
            .InvitationsOf(email)
            .Any(invitation =>
                invitation.IsPending
                || (invitation.Status is ConfidentInvitation.Declined && Quirks[ConfidentQuirks.DeclinedBlocks])
            );

    public void Accept(ConfidentProject project, ConfidentInvitation invitation)
    {
        invitation.Status = ConfidentInvitation.Accepted;
        otherOrganization.RemoveAll(email => email.Equals(invitation.Email, StringComparison.OrdinalIgnoreCase));
        if (project.Members.Find(invitation.Email) is null)
            AddMember(project, invitation.Email, invitation.Role ?? project.Named(Member));
    }

    /// <summary>
    /// Assigns a role. Assigning Owner transfers the ownership, and the previous Owner becomes Manager.
    /// </summary>
    public static void Assign(ConfidentProject project, ConfidentMember member, ConfidentRole role)
    {
        if (role.Name is Owner && project.Owner is { } owner)
            owner.Role = project.Named(Manager);
        member.Role = role;
    }

    /// <summary>Removes a member together with their pending invitations.</summary>
    public static void Remove(ConfidentProject project, ConfidentMember member)
    {
        project.Members.Remove(member);
        project.ClearPending(member.User.Email);
    }
}

using System.Collections.Immutable;
using Reconciler.Sandbox.Records;

namespace Reconciler.Sandbox.GoRules;

/// <summary>
/// Holds GoRules' state and changes it. People are invited to the organisation once; projects add its users by id.
/// </summary>
internal sealed class GoRulesWorld
{
    private readonly VendorSetup setup;
    private readonly Roster<GoRulesUser> users = new(user => user.Id, user => user.Email);
    private readonly Dictionary<string, GoRulesProject> projects = new(StringComparer.OrdinalIgnoreCase);

    public GoRulesWorld(VendorSetup setup)
    {
        this.setup = setup;
        OrganisationId = setup.Ids.Next();
        Actor = Register(setup.Seed.ActingAs);
        foreach (var email in setup.Seed.ServiceUsers)
            Register(email, isService: true);
        foreach (var email in setup.Seed.KnownUsers)
            Register(email);
        GoRulesSeed.Load(setup.Seed, this);
    }

    public Guid OrganisationId { get; }

    public GoRulesUser Actor { get; }

    public QuirkSwitches Quirks => setup.Quirks;

    public IReadOnlyList<GoRulesUser> Users => users.All;

    public IEnumerable<GoRulesInvitation> Invitations =>
        users.All.Select(user => user.Invitation).OfType<GoRulesInvitation>();

    public GoRulesProject? Project(string id) => projects.GetValueOrDefault(id);

    public GoRulesUser? User(Guid id) => users.Find(id);

    public GoRulesUser? User(string email) => users.Find(email);

    public bool Add(GoRulesProject project) => projects.TryAdd(project.Id, project);

    public void AddGroup(GoRulesProject project, string name, Guid? id = null, GoRulesGroup? like = null) =>
        project.Add(
            new(id ?? setup.Ids.Next(), name, project.Id, like?.Permissions ?? [], like?.Description, like?.RoleId)
        );

    public GoRulesUser Register(string email, bool isService = false)
    {
        if (users.Find(email) is { } user)
            return user;
        user = new(new Person(setup.Ids.Next(), email, setup.Clock.GetUtcNow()), isService);
        users.Add(user);
        return user;
    }

    public GoRulesMember AddMember(
        GoRulesProject project,
        GoRulesUser user,
        ImmutableArray<GoRulesGroup> groups,
        bool owner
    )
    {
        var now = setup.Clock.GetUtcNow();
        var member = new GoRulesMember(setup.Ids.Next(), user, project, now);
        member.Change(groups, owner, now);
        project.Members.Add(member);
        return member;
    }

    public void Change(GoRulesMember member, ImmutableArray<GoRulesGroup> groups, bool owner) =>
        member.Change(groups, owner, setup.Clock.GetUtcNow());

    public GoRulesInvitation AddInvitation(string email, DateTimeOffset? createdAt = null)
    {
        var user = Register(email);
        return user.Invitation = new(setup.Ids.Next(), user, createdAt ?? setup.Clock.GetUtcNow());
    }

    public GoRulesInvitation Invite(string email)
    {
        setup.Mails.Send(email);
        return AddInvitation(email);
    }

    public void Resend(GoRulesInvitation invitation)
    {
        setup.Mails.Send(invitation.User.Email);
        invitation.Renew(setup.Clock.GetUtcNow());
    }

    public void Accept(GoRulesInvitation invitation) => invitation.AcceptedAt = setup.Clock.GetUtcNow();

    /// <summary>
    /// Takes an invitation back. The user, who existed only because of it, is removed from the organisation and all
    /// projects.
    /// </summary>
    public void TakeBack(GoRulesInvitation invitation)
    {
        users.Remove(invitation.User);
        foreach (var project in projects.Values)
        {
            if (project.Members.Find(invitation.User.Email) is { } member)
                project.Members.Remove(member);
        }
    }
}

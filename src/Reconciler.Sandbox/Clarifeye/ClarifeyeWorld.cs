using Reconciler.Sandbox.Records;

namespace Reconciler.Sandbox.Clarifeye;

/// <summary>
/// Holds Clarifeye's state and changes it. An invitation to a registered user is accepted at once; everybody else gets
/// a mail and a pending invitation. Accepting registers the person, and former members stay registered.
/// </summary>
internal sealed class ClarifeyeWorld
{
    private readonly VendorSetup setup;
    private readonly People people;
    private readonly Dictionary<string, ClarifeyeProject> projects = new(StringComparer.OrdinalIgnoreCase);

    public ClarifeyeWorld(VendorSetup setup)
    {
        this.setup = setup;
        people = setup.People();
        Actor = people.Register(setup.Seed.ActingAs);
        foreach (var email in setup.Seed.KnownUsers)
            people.Register(email);
        ClarifeyeSeed.Load(setup.Seed, this);
    }

    public Person Actor { get; }

    public bool PatchMerges => setup.Quirks[ClarifeyeQuirks.PatchMerges];

    public bool Profiles => setup.Quirks[ClarifeyeQuirks.Profiles];

    public bool NewestFirst => setup.Quirks[ClarifeyeQuirks.NewestFirst];

    public ClarifeyeProject? Project(string id) => projects.GetValueOrDefault(id);

    public bool Add(ClarifeyeProject project) => projects.TryAdd(project.Id, project);

    public ClarifeyeMember AddMember(ClarifeyeProject project, string email, ClarifeyeAccess access)
    {
        var member = new ClarifeyeMember(setup.Ids.Next(), people.Register(email), access);
        project.Members.Add(member);
        return member;
    }

    /// <summary>
    /// Creates an invitation. The caller checks that there is no such member and no such pending invitation.
    /// </summary>
    public ClarifeyeInvite Invite(ClarifeyeProject project, string email, ClarifeyeAccess access)
    {
        var registered = people.Find(email) is not null;
        var invite = AddInvite(project, email, access, registered ? ClarifeyeInvite.Accepted : ClarifeyeInvite.Pending);
        if (registered)
            AddMember(project, email, access);
        setup.Mails.Send(email, project.Id);
        return invite;
    }

    public ClarifeyeInvite AddInvite(
        ClarifeyeProject project,
        string email,
        ClarifeyeAccess access,
        string status,
        DateTimeOffset? createdAt = null
    )
    {
        var invite = new ClarifeyeInvite(setup.Ids.Next(), email, access, status, createdAt ?? setup.Clock.GetUtcNow());
        project.Add(invite);
        return invite;
    }

    public void Accept(ClarifeyeProject project, ClarifeyeInvite invite)
    {
        project.Settle(invite, ClarifeyeInvite.Accepted, setup.Clock.GetUtcNow());
        if (project.Members.Find(invite.Email) is null)
            AddMember(project, invite.Email, invite.Access);
    }

    public void Cancel(ClarifeyeProject project, ClarifeyeInvite invite) =>
        project.Settle(invite, ClarifeyeInvite.Cancelled, setup.Clock.GetUtcNow());
}

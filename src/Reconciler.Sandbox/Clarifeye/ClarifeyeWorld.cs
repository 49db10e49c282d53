using Reconciler.Sandbox.Http;

namespace Reconciler.Sandbox.Clarifeye;

/// <summary>
/// Clarifeye's state and what changes it: an invitation to a registered user is accepted at once, everybody else gets a
/// mail and a pending one. Accepting registers the person; who was once a member stays registered.
/// </summary>
internal sealed class ClarifeyeWorld
{
    private readonly VendorSetup setup;
    private readonly Dictionary<string, ClarifeyeUser> users = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ClarifeyeProject> projects = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> quirks;

    public ClarifeyeWorld(VendorSetup setup)
    {
        this.setup = setup;
        quirks = [.. setup.Seed.Quirks];
        Actor = Register(setup.Seed.ActingAs);
        foreach (var email in setup.Seed.KnownUsers)
            Register(email);
        ClarifeyeSeed.Load(setup.Seed, this);
    }

    public ClarifeyeUser Actor { get; }

    public bool PatchMerges => quirks.Contains(ClarifeyeQuirks.PatchMerges);

    public bool Profiles => quirks.Contains(ClarifeyeQuirks.Profiles);

    public bool NewestFirst => quirks.Contains(ClarifeyeQuirks.NewestFirst);

    public void Set(string quirk, bool on)
    {
        if (!ClarifeyeQuirks.All.Contains(quirk, StringComparer.Ordinal))
            throw new SandboxException($"unknown quirk '{quirk}'; known: {string.Join(", ", ClarifeyeQuirks.All)}");
        _ = on ? quirks.Add(quirk) : quirks.Remove(quirk);
    }

    public ClarifeyeProject? Project(string id) => projects.GetValueOrDefault(id);

    public bool Add(ClarifeyeProject project) => projects.TryAdd(project.Id, project);

    public bool IsRegistered(string email) => users.ContainsKey(email);

    public ClarifeyeMember AddMember(ClarifeyeProject project, string email, ClarifeyeAccess access)
    {
        var member = new ClarifeyeMember(setup.Ids.Next(), Register(email), access);
        project.Add(member);
        return member;
    }

    /// <summary>The caller has made sure that there is neither such a member nor such a pending invitation.</summary>
    public ClarifeyeInvite Invite(ClarifeyeProject project, string email, ClarifeyeAccess access)
    {
        var registered = IsRegistered(email);
        var invite = AddInvite(project, email, access, registered ? ClarifeyeInvite.Accepted : ClarifeyeInvite.Pending);
        if (registered)
            AddMember(project, email, access);
        setup.Mails.Send(project.Id, email);
        return invite;
    }

    public ClarifeyeInvite AddInvite(
        ClarifeyeProject project, string email, ClarifeyeAccess access, string status, DateTimeOffset? createdAt = null)
    {
        var invite = new ClarifeyeInvite(setup.Ids.Next(), email, access, status, createdAt ?? setup.Clock.GetUtcNow());
        project.Add(invite);
        return invite;
    }

    public void Accept(ClarifeyeProject project, ClarifeyeInvite invite)
    {
        project.Settle(invite, ClarifeyeInvite.Accepted, setup.Clock.GetUtcNow());
        if (project.Member(invite.Email) is null)
            AddMember(project, invite.Email, invite.Access);
    }

    public void Cancel(ClarifeyeProject project, ClarifeyeInvite invite) =>
        project.Settle(invite, ClarifeyeInvite.Cancelled, setup.Clock.GetUtcNow());

    private ClarifeyeUser Register(string email)
    {
        if (!users.TryGetValue(email, out var user))
            users.Add(email, user = new ClarifeyeUser(setup.Ids.Next(), email, ClarifeyeWire.Instant(setup.Clock.GetUtcNow())));
        return user;
    }
}

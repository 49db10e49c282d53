using Reconciler.Sandbox.Http;
using Reconciler.Sandbox.Records;
using Reconciler.Sandbox.Seeds;

namespace Reconciler.Sandbox;

/// <summary>
/// Controls one connection of a running sandbox: makes changes at the vendor without its API, and reads its state.
/// Methods throw <see cref="SandboxException"/> for unknown names. E-mail addresses are compared ignoring case.
/// Thread-safe.
/// </summary>
public sealed class SandboxConnection
{
    private readonly Lock gate = new();
    private readonly MailLog mails = new();
    private readonly QuirkSwitches quirks;
    private readonly IVendor vendor;
    private readonly VendorSetup setup;

    internal SandboxConnection(ConnectionSeed seed, TimeProvider clock)
    {
        Name = seed.Name;
        Type = seed.Vendor.Type;
        Root = $"/{seed.Name}{seed.Vendor.BasePath}";
        setup = new VendorSetup(seed, clock, mails);
        quirks = setup.Quirks;
        vendor = seed.Vendor.Create(setup);
    }

    /// <summary>The name of the connection.</summary>
    public string Name { get; }

    /// <summary>The type of the vendor.</summary>
    public string Type { get; }

    /// <summary>The path of the base URL.</summary>
    internal string Root { get; }

    /// <summary>
    /// Lists the members of a project, in the order in which they were added; at GoRules including people who have not
    /// joined the organisation yet.
    /// </summary>
    public IReadOnlyList<SandboxMember> Members(string projectId) => Locked(() => vendor.Members(projectId));

    /// <summary>
    /// Lists all invitations of a project, including answered ones, oldest first; at GoRules those of the organisation.
    /// </summary>
    public IReadOnlyList<SandboxInvitation> Invitations(string projectId) =>
        Locked(() => vendor.Invitations(projectId));

    /// <summary>Adds a member, as if by hand at the vendor.</summary>
    public void AddMember(string projectId, string email, SandboxAccess access) =>
        Locked(() => vendor.AddMember(projectId, email, access));

    /// <summary>Removes a member, as if they left or were removed by hand at the vendor.</summary>
    public void RemoveMember(string projectId, string email) => Locked(() => vendor.RemoveMember(projectId, email));

    /// <summary>Accepts an invitation.</summary>
    public void Accept(string projectId, string email) => Locked(() => vendor.Accept(projectId, email));

    /// <summary>
    /// Declines an invitation. At Clarifeye, which has no such status, it is cancelled. At GoRules, where nobody can
    /// decline, the invitation to the organisation is taken back together with its user.
    /// </summary>
    public void Decline(string projectId, string email) => Locked(() => vendor.Decline(projectId, email));

    /// <summary>
    /// Turns a switch of the vendor on or off; see <c>ClarifeyeQuirks</c>, <c>ConfidentQuirks</c>,
    /// <c>EquinixQuirks</c>, <c>GoRulesQuirks</c>.
    /// </summary>
    public void Set(string quirk, bool on) => Locked(() => quirks.Set(quirk, on));

    /// <summary>Replaces the accepted token.</summary>
    public void Rotate(string token) =>
        Locked(() =>
        {
            setup.Token = token;
        });

    /// <summary>Counts the mails to a person from this connection.</summary>
    public int MailsTo(string email) => Locked(() => mails.Count(email));

    /// <summary>Counts the mails to a person about one project.</summary>
    public int MailsTo(string projectId, string email) => Locked(() => mails.Count(projectId, email));

    /// <summary>Confident AI: the people who belong to another organization, and leave it by accepting.</summary>
    public IReadOnlyList<string> OtherOrganization => Locked(() => vendor.OtherOrganization);

    internal VendorAnswer Answer(VendorRequest request) => Locked(() => vendor.Answer(request));

    private T Locked<T>(Func<T> work)
    {
        lock (gate)
            return work();
    }

    private void Locked(Action work)
    {
        lock (gate)
            work();
    }
}

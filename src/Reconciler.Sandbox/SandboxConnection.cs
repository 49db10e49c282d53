using Reconciler.Sandbox.Http;
using Reconciler.Sandbox.Records;
using Reconciler.Sandbox.Seeds;

namespace Reconciler.Sandbox;

/// <summary>
/// One connection of a running sandbox: what happens at the vendor without the API, and a look at its state. A control
/// that names something absent throws <see cref="SandboxException"/>. E-mails are compared without case. Thread-safe.
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

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The vendor it imitates.</summary>
    public string Type { get; }

    /// <summary>The path of its base URL.</summary>
    internal string Root { get; }

    /// <summary>
    /// The members of a project, in the order they came; at GoRules also those who have yet to join the organisation.
    /// </summary>
    public IReadOnlyList<SandboxMember> Members(string projectId) => Locked(() => vendor.Members(projectId));

    /// <summary>
    /// All invitations of a project, settled ones too, oldest first; at GoRules those of the organisation.
    /// </summary>
    public IReadOnlyList<SandboxInvitation> Invitations(string projectId) =>
        Locked(() => vendor.Invitations(projectId));

    /// <summary>Somebody adds a member by hand.</summary>
    public void AddMember(string projectId, string email, SandboxAccess access) =>
        Locked(() => vendor.AddMember(projectId, email, access));

    /// <summary>A member leaves, or somebody removes them by hand.</summary>
    public void RemoveMember(string projectId, string email) => Locked(() => vendor.RemoveMember(projectId, email));

    /// <summary>The invited person accepts.</summary>
    public void Accept(string projectId, string email) => Locked(() => vendor.Accept(projectId, email));

    /// <summary>
    /// The invited person declines. At Clarifeye, which has no such status, the invitation is cancelled; at GoRules,
    /// where nobody can decline, somebody takes the invitation to the organisation back, and the user is gone.
    /// </summary>
    public void Decline(string projectId, string email) => Locked(() => vendor.Decline(projectId, email));

    /// <summary>
    /// Turns one of the vendor's switches, see <c>ClarifeyeQuirks</c>, <c>ConfidentQuirks</c>, <c>EquinixQuirks</c>,
    /// <c>GoRulesQuirks</c>.
    /// </summary>
    public void Set(string quirk, bool on) => Locked(() => quirks.Set(quirk, on));

    /// <summary>The vendor knows another token from now on, and the one before no more.</summary>
    public void Rotate(string token) =>
        Locked(() =>
        {
            setup.Token = token;
        });

    /// <summary>How many mails this person got from this connection.</summary>
    public int MailsTo(string email) => Locked(() => mails.Count(email));

    /// <summary>How many mails this person got about one project.</summary>
    public int MailsTo(string projectId, string email) => Locked(() => mails.Count(projectId, email));

    /// <summary>Confident AI: who belongs to another organization, and leaves it by accepting.</summary>
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

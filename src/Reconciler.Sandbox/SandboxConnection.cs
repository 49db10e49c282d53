using Reconciler.Sandbox.Http;
using Reconciler.Sandbox.Seeds;

namespace Reconciler.Sandbox;

/// <summary>
/// One connection of a running sandbox: what happens at the vendor without the API, and a look at its state. A control that
/// names something absent throws <see cref="SandboxException"/>. E-mails are compared without case. Thread-safe.
/// </summary>
public sealed class SandboxConnection
{
    private readonly Lock gate = new();
    private readonly MailLog mails = new();
    private readonly IVendor vendor;

    internal SandboxConnection(ConnectionSeed seed, TimeProvider clock)
    {
        Name = seed.Name;
        Type = seed.Vendor.Type;
        Root = $"/{seed.Name}{seed.Vendor.BasePath}";
        vendor = seed.Vendor.Create(new VendorSetup(seed, clock, mails));
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The vendor it imitates.</summary>
    public string Type { get; }

    /// <summary>The path of its base URL.</summary>
    internal string Root { get; }

    /// <summary>The members of a project, in the order they came.</summary>
    public IReadOnlyList<SandboxMember> Members(string projectId) => Locked(() => vendor.Members(projectId));

    /// <summary>All invitations of a project, settled ones too, oldest first.</summary>
    public IReadOnlyList<SandboxInvitation> Invitations(string projectId) => Locked(() => vendor.Invitations(projectId));

    /// <summary>Somebody adds a member by hand.</summary>
    public void AddMember(string projectId, string email, SandboxAccess access) => Locked(() => vendor.AddMember(projectId, email, access));

    /// <summary>A member leaves, or somebody removes them by hand.</summary>
    public void RemoveMember(string projectId, string email) => Locked(() => vendor.RemoveMember(projectId, email));

    /// <summary>The invited person accepts.</summary>
    public void Accept(string projectId, string email) => Locked(() => vendor.Accept(projectId, email));

    /// <summary>The invited person declines. At Clarifeye, which has no such status, the invitation is cancelled.</summary>
    public void Decline(string projectId, string email) => Locked(() => vendor.Decline(projectId, email));

    /// <summary>Turns one of the vendor's switches, see <c>ClarifeyeQuirks</c>.</summary>
    public void Set(string quirk, bool on) => Locked(() => vendor.Set(quirk, on));

    /// <summary>How many mails this person got from this connection.</summary>
    public int MailsTo(string email) => Locked(() => mails.Count(email));

    /// <summary>How many mails this person got about one project.</summary>
    public int MailsTo(string projectId, string email) => Locked(() => mails.Count(projectId, email));

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

using Reconciler.Sandbox.Http;
using Reconciler.Sandbox.Records;
using Reconciler.Sandbox.Seeds;

namespace Reconciler.Sandbox;

/// <summary>
/// One vendor's API over one connection's state. Every call is made under the connection's lock, so an implementation
/// is plain single-threaded code. A control that names something absent throws <see cref="SandboxException"/>.
/// </summary>
internal interface IVendor
{
    VendorAnswer Answer(VendorRequest request);

    IReadOnlyList<SandboxMember> Members(string projectId);

    IReadOnlyList<SandboxInvitation> Invitations(string projectId);

    void AddMember(string projectId, string email, SandboxAccess access);

    void RemoveMember(string projectId, string email);

    void Accept(string projectId, string email);

    void Decline(string projectId, string email);

    /// <summary>Who belongs to another organisation of the vendor's and would leave it by accepting.</summary>
    IReadOnlyList<string> OtherOrganization => [];
}

/// <summary>What a vendor is built from.</summary>
internal sealed record VendorSetup(ConnectionSeed Seed, TimeProvider Clock, MailLog Mails)
{
    /// <summary>The token that the vendor knows; null where it takes any.</summary>
    public string? Token { get; set; } = Seed.Token;

    public IdSequence Ids { get; } = new(Seed.Name);

    public QuirkSwitches Quirks { get; } = new(Seed.Vendor.Quirks, Seed.Quirks);

    public People People() => new(Ids, Clock);
}

/// <summary>A vendor the sandbox can imitate.</summary>
/// <param name="Type">Its name in seeds and manifests.</param>
/// <param name="BasePath">What follows the connection's name in its base URL.</param>
/// <param name="Quirks">The switches it knows.</param>
/// <param name="Create">Builds it, or throws <see cref="SandboxException"/> on a seed it cannot hold.</param>
internal sealed record VendorKind(
    string Type,
    string BasePath,
    IReadOnlyList<string> Quirks,
    Func<VendorSetup, IVendor> Create
)
{
    /// <summary>The switches that are on unless a seed turns them off.</summary>
    public IReadOnlyList<string> OnByDefault { get; init; } = [];

    /// <summary>The fields of seeds that only some vendors have a use for; all others are refused.</summary>
    public IReadOnlyList<string> SeedFields { get; init; } = [];
}

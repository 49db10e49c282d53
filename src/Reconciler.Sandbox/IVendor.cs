using Reconciler.Sandbox.Http;
using Reconciler.Sandbox.Records;
using Reconciler.Sandbox.Seeds;

namespace Reconciler.Sandbox;

/// <summary>
/// One vendor's API, with the state of one connection. All calls are made under the connection's lock, so
/// implementations need no locks. Controls throw <see cref="SandboxException"/> for unknown names.
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

    /// <summary>The people who belong to another organisation at the vendor and would leave it by accepting.</summary>
    IReadOnlyList<string> OtherOrganization => [];
}

/// <summary>The parameters for creating a vendor.</summary>
internal sealed record VendorSetup(ConnectionSeed Seed, TimeProvider Clock, MailLog Mails)
{
    /// <summary>The accepted token; null to accept any.</summary>
    public string? Token { get; set; } = Seed.Token;

    public IdSequence Ids { get; } = new(Seed.Name);

    public QuirkSwitches Quirks { get; } = new(Seed.Vendor.Quirks, Seed.Quirks);

    public People People() => new(Ids, Clock);
}

/// <summary>A vendor that the sandbox can imitate.</summary>
/// <param name="Type">The name of the vendor in seeds and manifests.</param>
/// <param name="BasePath">The part of the base URL after the connection's name.</param>
/// <param name="Quirks">The switches of the vendor.</param>
/// <param name="Create">Creates the vendor; throws <see cref="SandboxException"/> for an invalid seed.</param>
internal sealed record VendorKind(
    string Type,
    string BasePath,
    IReadOnlyList<string> Quirks,
    Func<VendorSetup, IVendor> Create
)
{
    /// <summary>The switches that are on by default.</summary>
    public IReadOnlyList<string> OnByDefault { get; init; } = [];

    /// <summary>The fields in seeds that only some vendors use and that this one accepts.</summary>
    public IReadOnlyList<string> SeedFields { get; init; } = [];
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using Reconciler.Core.Membership;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing.OpenApi;

namespace Reconciler.Testing.Contract;

/// <summary>
/// What the contract suite must know of a vendor. A new vendor gets the whole suite by one row in
/// <see cref="VendorRows"/>.
/// </summary>
/// <param name="Type">The vendor's type.</param>
/// <param name="ProjectId">An id in the vendor's form.</param>
public sealed record VendorRow(string Type, string ProjectId)
{
    private const string Domain = "@example.com";

    /// <summary>The definition that describes the vendor; null for the program's own provider.</summary>
    public string? Definition { get; init; }

    /// <summary>The name of the row.</summary>
    public string Name => Definition is null ? Type : $"{Type}, described";

    /// <summary>The vendor.</summary>
    public Vendor Vendor =>
        Definition is null ? ProgramVendors.Of(Type) : Definitions.GetOrAdd(Definition, DescribedVendors.Of);

    /// <summary>
    /// Whether the vendor invites people whom a manifest can name; elsewhere an added person is a member at once.
    /// </summary>
    public bool Invites =>
        Vendor.Description is null
        || (Vendor.Description.Invitations is { } list && (Vendor.Logins is null || list.Login is not null));

    /// <summary>Whether the list of projects has their names.</summary>
    public bool NamesProjects => ProjectsPath is not null && Vendor.Description is null or { Projects.Name: not null };

    /// <summary>The key by which the vendor knows a person: an address, or a login.</summary>
    /// <param name="name">The person's first name; an address stays one.</param>
    public string Key(string name) =>
        Vendor.Logins is null && !name.Contains('@', StringComparison.Ordinal) ? name + Domain : name;

    /// <summary>The person whose key it is.</summary>
    public static string NameOf(string key) =>
        key.EndsWith(Domain, StringComparison.Ordinal) ? key[..^Domain.Length] : key;

    /// <summary>The id of a further project, in the vendor's form.</summary>
    public string ProjectOf(Guid id) => Vendor.ProjectIds.MinParts > 1 ? $"acme/{id}" : id.ToString();

    private static ConcurrentDictionary<string, Vendor> Definitions { get; } = new(StringComparer.Ordinal);

    /// <summary>The sandbox's connection; its type is what the name begins with.</summary>
    public string Connection => $"{Type}-contract";

    /// <summary>Access as a manifest writes it, and one that is more.</summary>
    public required string Lesser { get; init; }

    public required string Greater { get; init; }

    /// <summary>The same two for the sandbox.</summary>
    public required SandboxAccess SeedLesser { get; init; }

    public required SandboxAccess SeedGreater { get; init; }

    /// <summary>People who have an account, where the vendor takes nobody without one.</summary>
    public ImmutableArray<string> KnownUsers =>
        Vendor.Logins is null && Vendor.Description?.People is null
            ? []
            : [.. ((string[])["ana", "bob", "carol", "dan", "dora", "eve"]).Select(Key)];

    /// <summary>What the sandbox's project needs besides people.</summary>
    public Func<SeedProject, SeedProject> Prepare { get; init; } = project => project;

    /// <summary>Method and a part of the path of the request that sends an invitation's mail.</summary>
    public string InviteMethod { get; init; } = "POST";

    public required string InvitePath { get; init; }

    /// <summary>A part of the path of the request that lists members.</summary>
    public required string MembersPath { get; init; }

    /// <summary>The end of the path of the request that lists projects; null where the vendor has none.</summary>
    public string? ProjectsPath { get; init; }

    /// <summary>
    /// Method and a part of the path of the requests that change, resend, revoke and remove; null where the vendor has
    /// none.
    /// </summary>
    public required (string Method, string Path) Update { get; init; }

    public (string Method, string Path)? Resend { get; init; }

    public (string Method, string Path)? Revoke { get; init; }

    public required (string Method, string Path) Remove { get; init; }

    /// <summary>Whether a removed person keeps a seat without access.</summary>
    public bool RemovalKeepsSeat { get; init; }

    /// <summary>The vendor's specification beside the repository; null where none is published.</summary>
    public string? Specification { get; init; }

    /// <summary>Paths that the specification counts from here.</summary>
    internal string SpecificationBase { get; init; } = "";

    /// <summary>Where vendor and specification differ, with the reason.</summary>
    public ImmutableArray<Deviation> Deviations { get; init; } = [];

    /// <summary>The requests of a pass over a converged project that fits on one page.</summary>
    public required int ReadsOfOnePage { get; init; }

    public override string ToString() => Type;
}

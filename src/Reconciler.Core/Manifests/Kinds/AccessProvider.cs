using Reconciler.Core.Manifests.Shapes;
using Reconciler.Core.Manifests.Values;

namespace Reconciler.Core.Manifests.Kinds;

/// <summary>A connection to one account of a vendor.</summary>
public sealed partial class AccessProvider : Manifest
{
    /// <summary>Which vendor, where, and with whose token.</summary>
    public required AccessProviderSpec Spec { get; init; }
}

/// <summary>Which vendor, where, and with whose token.</summary>
[AtMostOne("caFile", "caSecretRef")]
public sealed partial class AccessProviderSpec : ManifestPart
{
    /// <summary>The vendor, such as clarifeye or redmine.</summary>
    [Text(MaxLength = 63, Expected = "a vendor, such as clarifeye or redmine", Example = "clarifeye")]
    public required string Type { get; init; }

    /// <summary>
    /// Where the vendor's API is. Tokens go only to the vendor's published hosts, or to hosts that the runner allows;
    /// https, except on loopback.
    /// </summary>
    [Text(
        Pattern = "^https?://[^\\s]+$",
        Expected = "a URL",
        Example = "https://eu.app.clarifeye.ai/api/v1",
        IsCheckedLater = true
    )]
    public required string BaseUrl { get; init; }

    /// <summary>Where the token is found. A token never stands in a manifest.</summary>
    [Secret]
    public required Credentials Credentials { get; init; }

    /// <summary>Whose token it is: this person is never removed and never demoted.</summary>
    [Default("unknown, with a warning")]
    public EmailAddress? ActingAs { get; init; }

    /// <summary>
    /// Addresses of people who are not managed; <c>*</c> stands for any run of characters. The vendor's service users
    /// are never managed.
    /// </summary>
    [MaxItems(1000)]
    public IReadOnlyList<AddressPattern>? Ignore { get; init; }

    /// <summary>What holds for this provider's ProjectMemberships where they say nothing.</summary>
    public MembershipDefaults? Defaults { get; init; }

    /// <summary>The most requests a second; unlimited on loopback.</summary>
    [Number(1, 1000)]
    [Default("10")]
    public int? RequestsPerSecond { get; init; }

    /// <summary>The most requests to this vendor that are under way at one time.</summary>
    [Number(1, 64)]
    [Default("8")]
    public int? MaxConcurrency { get; init; }

    /// <summary>
    /// How long the vendor's lists may lag behind what was written. Until then a write that a list does not show is
    /// believed and not sent again, and <c>apply</c> reads again; <c>0s</c> takes every list as it is.
    /// </summary>
    [AtLeast("0s")]
    [Default("2m; 2s on loopback")]
    public Duration? SettleAfter { get; init; }

    /// <summary>
    /// A file below <c>--secrets-dir</c> with the certificates (PEM) of the authorities that the vendor's certificate
    /// may come from, instead of the system's.
    /// </summary>
    [Text(Example = "internal-ca.pem")]
    public string? CaFile { get; init; }

    /// <summary>
    /// A key of a Kubernetes Secret in the same namespace with the certificates (PEM) of the authorities that the
    /// vendor's certificate may come from; the operator's way to say what caFile says.
    /// </summary>
    public SecretReference? CaSecretRef { get; init; }

    /// <summary>Whether one invitation may name several projects of one organization (Equinix Metal).</summary>
    [Default("false")]
    public bool? CombineInvitations { get; init; }
}

/// <summary>What holds for a provider's ProjectMemberships where they say nothing.</summary>
[NotEmpty]
public sealed partial class MembershipDefaults : ManifestPart
{
    /// <summary>What happens to people who are declared nowhere.</summary>
    [Default("owned")]
    public PrunePolicy? Prune { get; init; }

    /// <summary>What deleting a ProjectMembership does.</summary>
    [Default("orphan")]
    public DeletionPolicy? DeletionPolicy { get; init; }

    /// <summary>How often a project is compared, by the worker and the operator.</summary>
    [AtLeast("30s")]
    [Default("10m")]
    public Duration? Interval { get; init; }

    /// <summary>What to do while an invitation waits.</summary>
    public InvitationRules? Invitations { get; init; }
}

/// <summary>Where a token is found.</summary>
public sealed partial class Credentials : ManifestPart
{
    /// <summary>The vendor's token or key.</summary>
    public required TokenSource Token { get; init; }
}

/// <summary>One place of a secret.</summary>
[ExactlyOne("env", "file", "secretRef")]
public sealed partial class TokenSource : ManifestPart
{
    /// <summary>
    /// An environment variable: one named RECONCILER_…, or one that the runner allows with --allow-env; never a
    /// setting of the program.
    /// </summary>
    [Text(
        Pattern = "^[A-Za-z_][A-Za-z0-9_]*$",
        Expected = "the name of an environment variable",
        MaxLength = 255,
        Example = "RECONCILER_CLARIFEYE_TOKEN"
    )]
    public string? Env { get; init; }

    /// <summary>A file below --secrets-dir; space around its content is cut off.</summary>
    [Text(Example = "clarifeye/token")]
    public string? File { get; init; }

    /// <summary>
    /// A key of a Kubernetes Secret in the same namespace, labelled <c>reconciler.dev/credential: "true"</c>; the
    /// operator's only way.
    /// </summary>
    public SecretReference? SecretRef { get; init; }
}

/// <summary>A key of a Kubernetes Secret.</summary>
public sealed partial class SecretReference : ManifestPart
{
    /// <summary>The name of the Kubernetes Secret.</summary>
    [Text(
        Pattern = "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        Expected = "a Secret's name",
        MaxLength = 253,
        Example = "clarifeye"
    )]
    public required string Name { get; init; }

    /// <summary>The key of the Secret whose value is read.</summary>
    [Text(Pattern = "^[-._A-Za-z0-9]+$", Expected = "a Secret's key", MaxLength = 253, Example = "token")]
    public required string Key { get; init; }
}

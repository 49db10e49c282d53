using Reconciler.Core.Manifests.Shapes;

namespace Reconciler.Core.Manifests.Kinds;

/// <summary>A document of the group <c>reconciler.dev</c>.</summary>
public abstract class Manifest : ManifestPart
{
    /// <summary>The version of the format these types read.</summary>
    public const string ApiVersion = "reconciler.dev/v1alpha1";

    /// <summary>The document's name, namespace, labels and annotations.</summary>
    public required Metadata Metadata { get; init; }

    /// <summary><c>namespace/name</c>.</summary>
    [NotAField]
    public string Id => $"{Metadata.NamespaceOrDefault}/{Metadata.Name}";
}

/// <summary>A document's name, namespace, labels and annotations.</summary>
public sealed partial class Metadata : ManifestPart
{
    /// <summary>The pattern of a name.</summary>
    public const string Label = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";

    /// <summary>The longest name, in characters.</summary>
    public const int LongestLabel = 63;

    internal const string LabelExpected =
        "lower-case letters, digits and dashes, beginning and ending with a letter or digit, at most 63 characters";

    /// <summary>The document's name; unique among the documents of its kind and namespace.</summary>
    [Text(Pattern = Label, Expected = LabelExpected, MaxLength = LongestLabel, Example = "fraud-detection")]
    public required string Name { get; init; }

    /// <summary>The namespace that the document and everything it refers to belong to.</summary>
    [Text(Pattern = Label, Expected = LabelExpected, MaxLength = LongestLabel, Example = "default")]
    [Default("default")]
    public string? Namespace { get; init; }

    /// <summary>Labels, which Guardrails select ProjectMemberships by.</summary>
    [Text(
        Pattern = "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$",
        Expected = "letters, digits, dashes, underscores and dots, at most 63 characters",
        MinLength = 0,
        MaxLength = 63
    )]
    [MaxItems(64)]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Notes of people and tools.</summary>
    [Text(MinLength = 0, MaxLength = 262_144, Lines = true)]
    [MaxItems(256)]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>The namespace, or <c>default</c>.</summary>
    [NotAField]
    public string NamespaceOrDefault => Namespace ?? "default";
}

/// <summary>What happens to people who are in a project, but declared nowhere.</summary>
public enum PrunePolicy
{
    /// <summary>They stay, and are listed as unmanaged.</summary>
    Never,

    /// <summary>Those go whom Reconciler granted access; others stay and are listed as unmanaged.</summary>
    Owned,

    /// <summary>They all go.</summary>
    All,
}

/// <summary>What deleting a ProjectMembership does to the access it granted.</summary>
public enum DeletionPolicy
{
    /// <summary>The access stays; Reconciler forgets the project.</summary>
    Orphan,

    /// <summary>The access that Reconciler granted is taken away.</summary>
    Revoke,
}

/// <summary>How a pending invitation's mail is sent again.</summary>
public enum ResendBy
{
    /// <summary>By the vendor's own resend, where it has one.</summary>
    Vendor,

    /// <summary>By revoking the invitation and inviting again.</summary>
    Reinvite,
}

/// <summary>What to do while an invitation waits.</summary>
[NotEmpty]
public sealed partial class InvitationRules : ManifestPart
{
    /// <summary>How long after the last mail another is sent.</summary>
    [AtLeast("1h", Unit = 'h')]
    [Default("never")]
    public Reconciler.Core.Manifests.Values.Duration? ResendAfter { get; init; }

    /// <summary>How many mails are sent after the first; then the invitation is given up.</summary>
    [Number(0, 20)]
    [Default("3")]
    public int? MaxResends { get; init; }

    /// <summary>How long after the first mail the invitation is given up: it is revoked and reported.</summary>
    [AtLeast("1h", Unit = 'd')]
    [Default("never")]
    public Reconciler.Core.Manifests.Values.Duration? ExpireAfter { get; init; }

    /// <summary>Whether people who declined are invited again.</summary>
    [Default("false")]
    public bool? ReinviteDeclined { get; init; }

    /// <summary>
    /// Whether people are invited again each time their invitation expires, where the vendor lists expired ones
    /// (GitHub repositories).
    /// </summary>
    [Default("false")]
    public bool? ReinviteExpired { get; init; }

    /// <summary>Whether people who were members and left are invited again.</summary>
    [Default("false")]
    public bool? ReinviteLeft { get; init; }

    /// <summary>How a mail is sent again.</summary>
    [Default("vendor")]
    public ResendBy? ResendBy { get; init; }

    /// <summary>A text in the mail, where the vendor has one (Equinix Metal).</summary>
    [Text(MaxLength = 1000, Lines = true, Example = "Welcome to the platform team")]
    public string? Message { get; init; }
}

using Reconciler.Core.Manifests.Shapes;
using Reconciler.Core.Manifests.Values;

namespace Reconciler.Core.Manifests.Kinds;

/// <summary>
/// Releases one hold, once. It belongs to the person who runs Reconciler, never among the manifests: the author of a
/// change must not release it. In Kubernetes, people who may create one in a namespace may release its holds.
/// </summary>
public sealed partial class Approval : Manifest
{
    /// <summary>What is approved, why, and until when.</summary>
    public required ApprovalSpec Spec { get; init; }
}

/// <summary>What is approved, why, and until when.</summary>
public sealed partial class ApprovalSpec : ManifestPart
{
    /// <summary>The longest that an approval is good, from when it was first seen.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary>How long an approval is good that states no end.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromHours(24);

    /// <summary>The digest of the hold, as a plan, a status or a message shows it.</summary>
    [Text(
        Pattern = "^hold:sha256:[0-9a-f]{64}$",
        Expected = "the digest of a hold, hold:sha256: and 64 hexadecimal digits",
        MaxLength = 76,
        Example = "hold:sha256:0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f"
    )]
    public required string Hold { get; init; }

    /// <summary>Why it may happen, for reviewers and auditors.</summary>
    [Text(MaxLength = 500, Lines = true, Example = "SEC-1234: the contractors left")]
    public required string Reason { get; init; }

    /// <summary>When the approval ends, at most 7 days after it was first seen.</summary>
    [Default("24 hours after it was first seen; needed where no state is kept")]
    public Expiry? Expires { get; init; }
}

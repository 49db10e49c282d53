using Reconciler.Core.Manifests;

namespace Reconciler.Core.Membership;

/// <summary>
/// The form of a vendor's ids of projects. An id without slashes is one segment of a path; a path of names, such as
/// GitHub's <c>owner/repository</c>, is as many segments as it has names, or one in which the slashes are escaped.
/// </summary>
/// <param name="MinParts">The fewest names between slashes.</param>
/// <param name="MaxParts">The most names between slashes.</param>
/// <param name="IsOneSegment">Whether the slashes are escaped, so that the whole id is one segment.</param>
public sealed record ProjectIdForm(int MinParts, int MaxParts, bool IsOneSegment)
{
    /// <summary>Whether ids that differ in the case of letters alone are one project.</summary>
    public bool IgnoresCase { get; init; }

    /// <summary>Ids without slashes.</summary>
    public static ProjectIdForm Plain { get; } = new(1, 1, IsOneSegment: true);

    /// <summary>Why an id is invalid; null if it is valid.</summary>
    /// <param name="id">The id as a manifest or a vendor wrote it.</param>
    /// <param name="uuid">Whether the vendor's ids are UUIDs.</param>
    public string? Problem(string id, bool uuid)
    {
        if (MaxParts == 1)
            return VendorId.Problem(id, uuid);
        var parts = id.Split('/');
        if (parts.Length < MinParts || parts.Length > MaxParts)
            return $"is {ProblemText.Quote(id)}; expected {Shape}";
        return parts.Any(p => VendorId.Problem(p, uuid: false) is not null)
            ? $"is {ProblemText.Quote(id)}; expected {Shape}, "
                + "each name without dots alone, spaces, control characters and any of \\ % ? #"
            : null;
    }

    /// <summary>The segments of a path that an id becomes, not yet escaped.</summary>
    /// <param name="id">An id without a <see cref="Problem"/>.</param>
    public IReadOnlyList<string> Segments(string id) => IsOneSegment ? [id] : id.Split('/');

    private string Shape =>
        MinParts == MaxParts
            ? $"{MinParts} names with / between, such as {string.Join('/', Enumerable.Repeat("name", MinParts))}"
            : $"{MinParts} to {MaxParts} names with / between, such as group/project";
}

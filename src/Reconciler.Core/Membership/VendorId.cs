using Reconciler.Core.Manifests;

namespace Reconciler.Core.Membership;

/// <summary>
/// Checks vendors' ids. An id becomes one path segment of a URL, so an id that could lead to another path is refused
/// before anything is sent.
/// </summary>
public static class VendorId
{
    /// <summary>Normalises an id: the case of a UUID does not matter.</summary>
    /// <param name="id">The id as a manifest or a vendor wrote it.</param>
    /// <param name="uuid">Whether the vendor's ids are uuids.</param>
    public static string Normal(string id, bool uuid) => uuid ? id.ToLowerInvariant() : id;

    /// <summary>Why an id is invalid; null if it is valid.</summary>
    /// <param name="id">The id as a manifest or a vendor wrote it.</param>
    /// <param name="uuid">Whether the vendor's ids are uuids.</param>
    public static string? Problem(string id, bool uuid)
    {
        if (uuid && !Guid.TryParseExact(id, "D", out _))
            return $"is {ProblemText.Quote(id)}; expected a uuid such as 3c90c3cc-0d44-4b50-8888-8dd25736052a";
        if (
            id is "" or "." or ".."
            || id.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '/' or '\\' or '%' or '?' or '#')
        )
        {
            return $"is {ProblemText.Quote(id)}; "
                + "expected an id without spaces, control characters and any of / \\ % ? #";
        }

        return null;
    }
}

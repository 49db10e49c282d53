using System.Collections.Immutable;

namespace Reconciler.Core.Membership;

/// <summary>What a role or group permits in a project, in the vendor's own words.</summary>
/// <param name="Field">The field, such as <c>groups</c>.</param>
/// <param name="Word">The role's or group's name.</param>
/// <param name="Description">The vendor's description; null if there is none.</param>
/// <param name="Permits">What it permits; empty if the vendor does not tell.</param>
public sealed record GrantMeaning(string Field, string Word, string? Description, ImmutableArray<string> Permits)
{
    /// <summary>Whether anything is known.</summary>
    public bool IsKnown => Description is not null || !Permits.IsEmpty;

    /// <summary>Returns the description and the permissions in one line.</summary>
    public override string ToString()
    {
        var permits = string.Join(", ", Permits);
        return Description is null ? permits
            : Permits.IsEmpty ? Description
            : $"{Description} ({permits})";
    }

    /// <summary>Returns a text of a vendor without the spaces around it; null for an empty one.</summary>
    /// <param name="text">The text.</param>
    public static string? TextOf(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Core.Offboarding;

/// <summary>The kind of line that names a person.</summary>
public enum MentionKind
{
    /// <summary>A member of a ProjectMembership.</summary>
    Member,

    /// <summary>A member of a Team.</summary>
    TeamMember,

    /// <summary>A Person.</summary>
    Person,

    /// <summary>A Person who has departed.</summary>
    DepartedPerson,
}

/// <summary>A line that names a person.</summary>
/// <param name="At">The place.</param>
/// <param name="Kind">The kind of line.</param>
/// <param name="Name">The name of the document: the ProjectMembership's, the Team's or the Person's.</param>
public sealed record ManifestReference(Position At, MentionKind Kind, string Name);

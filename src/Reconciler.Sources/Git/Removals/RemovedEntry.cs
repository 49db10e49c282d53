using System.Collections.Immutable;

namespace Reconciler.Sources.Git.Removals;

/// <summary>A person whom a project's manifests declared once and do not declare any more.</summary>
/// <param name="Document">The namespace and name of the ProjectMembership.</param>
/// <param name="Address">The person's address or login.</param>
public sealed record RemovedEntry(string Document, string Address)
{
    /// <summary>Other words that name the person in manifests: addresses, in any case, and vendors' ids.</summary>
    public ImmutableArray<string> Aliases { get; init; } = [];

    /// <summary>The names of the person's Persons, with their namespaces.</summary>
    public ImmutableArray<string> Persons { get; init; } = [];

    /// <summary>Whether the whole document is gone.</summary>
    public bool IsDeleted { get; init; }
}

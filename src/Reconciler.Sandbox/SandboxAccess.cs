using System.Collections.Immutable;

namespace Reconciler.Sandbox;

/// <summary>
/// Access in a vendor's own words: names (<c>permissions</c>, <c>profile</c>, <c>role</c>…) with their values. A single
/// value is a list with one item.
/// </summary>
public sealed class SandboxAccess
{
    private readonly ImmutableSortedDictionary<string, ImmutableArray<string>> words;

    private SandboxAccess(ImmutableSortedDictionary<string, ImmutableArray<string>> words) => this.words = words;

    /// <summary>No access.</summary>
    public static SandboxAccess None { get; } =
        new(ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty.WithComparers(StringComparer.Ordinal));

    /// <summary>The names that are set, in ordinal order.</summary>
    public IEnumerable<string> Names => words.Keys;

    /// <summary>The values of a name; empty where the name is not set.</summary>
    public ImmutableArray<string> this[string name] => words.GetValueOrDefault(name, []);

    /// <summary>Creates access at Clarifeye: a set of permissions.</summary>
    public static SandboxAccess Permissions(params ReadOnlySpan<string> permissions) =>
        None.With("permissions", permissions);

    /// <summary>Creates access at Confident AI: one role.</summary>
    public static SandboxAccess Role(string role) => None.With("role", role);

    /// <summary>Creates access at Equinix Metal: a set of roles.</summary>
    public static SandboxAccess Roles(params ReadOnlySpan<string> roles) => None.With("roles", roles);

    /// <summary>Creates access at GoRules: a set of groups, and whether the member owns the project.</summary>
    public static SandboxAccess Groups(bool owner, params ReadOnlySpan<string> groups) =>
        None.With("groups", groups).With("owner", owner ? "true" : "false");

    /// <summary>Creates the same access with other values for one name.</summary>
    public SandboxAccess With(string name, params ReadOnlySpan<string> values) => new(words.SetItem(name, [.. values]));

    /// <summary>Creates the same access without the values of one name.</summary>
    public SandboxAccess Without(string name) => new(words.Remove(name));

    /// <summary>Formats the access for messages: <c>permissions: A, B; profile: tech</c>.</summary>
    public override string ToString() =>
        string.Join("; ", words.Select(word => $"{word.Key}: {string.Join(", ", word.Value)}"));
}

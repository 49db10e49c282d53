using System.Collections.Immutable;

namespace Reconciler.Sandbox;

/// <summary>
/// Access in a vendor's own words: names (<c>permissions</c>, <c>profile</c>, <c>role</c>…) with the values of each.
/// A single value is a list of one.
/// </summary>
public sealed class SandboxAccess
{
    private readonly ImmutableSortedDictionary<string, ImmutableArray<string>> words;

    private SandboxAccess(ImmutableSortedDictionary<string, ImmutableArray<string>> words) => this.words = words;

    /// <summary>No access at all.</summary>
    public static SandboxAccess None { get; } =
        new(ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty.WithComparers(StringComparer.Ordinal));

    /// <summary>The names in use, in ordinal order.</summary>
    public IEnumerable<string> Names => words.Keys;

    /// <summary>The values under a name; empty where the name is absent.</summary>
    public ImmutableArray<string> this[string name] => words.GetValueOrDefault(name, []);

    /// <summary>Clarifeye's access: a set of permissions.</summary>
    public static SandboxAccess Permissions(params ReadOnlySpan<string> permissions) =>
        None.With("permissions", permissions);

    /// <summary>Confident AI's access: one role.</summary>
    public static SandboxAccess Role(string role) => None.With("role", role);

    /// <summary>Equinix Metal's access: a set of roles.</summary>
    public static SandboxAccess Roles(params ReadOnlySpan<string> roles) => None.With("roles", roles);

    /// <summary>GoRules' access: a set of groups, and whether the member owns the project.</summary>
    public static SandboxAccess Groups(bool owner, params ReadOnlySpan<string> groups) =>
        None.With("groups", groups).With("owner", owner ? "true" : "false");

    /// <summary>The same access with one name set to the given values.</summary>
    public SandboxAccess With(string name, params ReadOnlySpan<string> values) => new(words.SetItem(name, [.. values]));

    /// <summary>For messages: <c>permissions: A, B; profile: tech</c>.</summary>
    public override string ToString() =>
        string.Join("; ", words.Select(word => $"{word.Key}: {string.Join(", ", word.Value)}"));
}

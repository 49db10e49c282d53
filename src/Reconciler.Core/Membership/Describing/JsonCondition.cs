using System.Collections.Immutable;
using System.Text.Json;

namespace Reconciler.Core.Membership.Describing;

/// <summary>What holds of a JSON value.</summary>
/// <param name="At">Where the value is.</param>
public sealed record JsonCondition(JsonPointer At)
{
    /// <summary>The texts of which the value has one; empty if that is not asked.</summary>
    public ImmutableArray<string> Is { get; init; } = [];

    /// <summary>The texts of which the value has none; empty if that is not asked.</summary>
    public ImmutableArray<string> Not { get; init; } = [];

    /// <summary>Whether there is a value; null if that is not asked.</summary>
    public bool? Present { get; init; }

    /// <summary>Whether it holds.</summary>
    /// <param name="root">Where the pointer begins.</param>
    public bool Holds(JsonElement root)
    {
        var isThere = At.TryFind(root, out var found);
        if (Present is { } present)
            return present == isThere;
        var text = isThere ? JsonPointer.TextOf(found) : null;
        return Is.IsEmpty ? text is null || !Not.Contains(text) : text is not null && Is.Contains(text);
    }
}

using System.Collections.Immutable;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Planning;

/// <summary>
/// Keys of people who are treated apart, such as those whom Guardrails protect. Everybody in a project is compared with
/// them, so that the usual cases, one key and no ids, must cost nothing.
/// </summary>
internal sealed class PersonKeys(ImmutableHashSet<string> keys)
{
    private readonly string? _only = keys.Count == 1 ? keys.First() : null;
    private readonly bool _hasIds = keys.Any(k => k.StartsWith(PersonIdentity.KeyOfId(""), StringComparison.Ordinal));

    public bool IsEmpty { get; } = keys.IsEmpty;

    public bool Has(string key) => _only is null ? keys.Contains(key) : _only == key;

    public bool HasId(string? id) => _hasIds && id is not null && Has(PersonIdentity.KeyOfId(id));
}

using System.Collections.Frozen;
using System.Collections.Immutable;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Planning;

/// <summary>
/// Keys of people who are treated apart, such as those whom Guardrails protect. Everybody in a project is compared with
/// them, so a comparison allocates nothing where the keys hold no vendor's id.
/// </summary>
internal sealed class PersonKeys(ImmutableHashSet<string> keys)
{
    private readonly FrozenSet<string> _keys = keys.ToFrozenSet(StringComparer.Ordinal);
    private readonly bool _hasIds = keys.Any(k => k.StartsWith(PersonIdentity.KeyOfId(""), StringComparison.Ordinal));

    public bool IsEmpty => _keys.Count == 0;

    public bool Has(string key) => _keys.Contains(key);

    public bool HasId(string? id) => _hasIds && id is not null && Has(PersonIdentity.KeyOfId(id));
}

using System.Text.Json;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Operator.Caching;
using Reconciler.Operator.Resources;

namespace Reconciler.Operator.Vendors;

/// <summary>
/// Finds the namespaces in which a change of a VendorDefinition means something: their AccessProviders are of that
/// type, an AccessRole, a Guardrail or a Person has words or logins for it, or a membership let people in under its
/// name.
/// </summary>
/// <param name="cache">The resources.</param>
/// <param name="rules">The runner's Guardrails, which hold in every namespace.</param>
internal sealed class VendorUsers(ResourceCache cache, OperatorRules rules)
{
    /// <summary>The namespaces that name a vendor.</summary>
    /// <param name="name">The definition's name.</param>
    /// <param name="states">The vendor before and after; null where there was none.</param>
    public IReadOnlyCollection<string> NamespacesOf(string name, params IEnumerable<Vendor?> states)
    {
        HashSet<string> names = [name, .. states.Select(v => v?.Logins?.Site).OfType<string>()];
        var isLimited = rules.Guardrails.Any(g => Mentions(g.Spec, name));
        var naming = cache.Namespaces.Where(n => isLimited || cache.Others(n).Any(d => Mentions(d, name, names)));
        // A deletion may wait for the definition after the last AccessProvider of its type is gone.
        var remembering = cache.Memberships.Where(m => Remembers(m.Resource, name)).Select(m => m.Resource.Namespace);
        return [.. naming.Union(remembering, StringComparer.Ordinal)];
    }

    private static bool Mentions(GuardrailSpec limits, string name) =>
        limits.ForbiddenAccess?.ContainsKey(name) == true
        || limits.Temporary?.Any(t => t.Access.ContainsKey(name)) == true;

    private static bool Mentions(ClusterDocument document, string name, HashSet<string> names) =>
        document.Kind.Type == typeof(AccessProvider)
            ? document.Resource.SpecWord("type") == name
            : document.Resource.Spec is { } spec && HasField(spec, names);

    private static bool Remembers(ClusterResource membership, string name) =>
        membership.Status is { ValueKind: JsonValueKind.Object } status
        && (
            IsOfType(status, name)
            || (
                status.TryGetProperty("former", out var former)
                && former.ValueKind == JsonValueKind.Array
                && former.EnumerateArray().Any(f => IsOfType(f, name))
            )
        );

    private static bool IsOfType(JsonElement node, string name) =>
        node.ValueKind == JsonValueKind.Object
        && node.TryGetProperty("project", out var project)
        && project.ValueKind == JsonValueKind.Object
        && project.TryGetProperty("type", out var type)
        && type.ValueKind == JsonValueKind.String
        && type.ValueEquals(name);

    private static bool HasField(JsonElement node, HashSet<string> names) =>
        node.ValueKind switch
        {
            JsonValueKind.Object => node.EnumerateObject().Any(p => names.Contains(p.Name) || HasField(p.Value, names)),
            JsonValueKind.Array => node.EnumerateArray().Any(item => HasField(item, names)),
            _ => false,
        };
}

using Reconciler.Core.Manifests.Kinds;
using Reconciler.Operator.Caching;
using Reconciler.Operator.Resources;

namespace Reconciler.Operator.Evaluating;

/// <summary>Finds the documents that a membership uses, by itself or through teams.</summary>
internal static class UsedDocuments
{
    /// <summary>Returns the paths of their positions.</summary>
    public static HashSet<string> Of(ProjectMembership membership, NamespaceResources @namespace)
    {
        var own = membership.Metadata.NamespaceOrDefault;
        var used = new HashSet<string>(StringComparer.Ordinal)
        {
            membership.Metadata.Origin.Position.Path,
            Path(nameof(AccessProvider), membership.Spec.Provider),
        };
        var addresses = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in membership.Spec.Members ?? [])
        {
            if (entry.Role is { } role)
                used.Add(Path(nameof(AccessRole), role));
            Use(entry.Email?.Key ?? entry.Login?.Key, entry.Person, entry.Team);
        }

        foreach (var (path, document) in @namespace.Documents)
        {
            if (document.Kind.Type == typeof(Guardrail))
                used.Add(path);
            if (document.Manifest is Person person && IsMeant(person))
                used.Add(path);
        }

        return used;

        string Path(string kind, string name) => ClusterDocument.PathOf(kind, own, name);

        bool IsMeant(Person person) =>
            person.Spec.Departed == true
            || addresses.Contains(person.Spec.Email.Key)
            || (person.Spec.Aliases ?? []).Any(a => addresses.Contains(a.Key))
            || (person.Spec.Logins?.Values ?? []).Any(l => addresses.Contains(l.Key));

        void Use(string? address, string? person, string? team)
        {
            if (address is not null)
                addresses.Add(address);
            if (person is not null)
                used.Add(Path(nameof(Person), person));
            if (team is null || !used.Add(Path(nameof(Team), team)))
                return;
            if (@namespace.Find(nameof(Team), own, team)?.Manifest is not Team found)
                return;
            foreach (var entry in found.Spec.Members)
                Use(entry.Email?.Key ?? entry.Login?.Key, entry.Person, entry.Team);
        }
    }
}

using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Importing;

/// <summary>
/// Names repeated access: by an existing AccessRole with exactly that meaning, else by a proposed one.
/// </summary>
internal static class RoleProposals
{
    private const int LongestName = 40;

    /// <summary>Returns the projects with roles in their entries, and the roles to write.</summary>
    public static (ImmutableArray<ProjectDraft> Projects, ImmutableArray<RoleDraft> Roles) Fold(
        ImmutableArray<ProjectDraft> projects,
        DesiredProvider provider,
        IReadOnlyList<AccessRole> existing
    )
    {
        var known = Known(provider, existing);
        var names = new DocumentNames(existing.Select(r => r.Metadata.Name));
        var recurring = projects
            .SelectMany(p => p.Entries)
            .GroupBy(e => e.Access)
            .Where(g => g.Count() > 1 && !known.ContainsKey(g.Key))
            .Select(g => g.Key);
        var roles = recurring
            .OrderBy(a => a.ToString(), StringComparer.Ordinal)
            .Select(a => new RoleDraft(names.Take(NameFor(a), provider.Name), a))
            .ToImmutableArray();
        var byAccess = known.Concat(roles.ToDictionary(r => r.Access, r => r.Name)).ToDictionary();
        return (
            [
                .. projects.Select(p =>
                    p with
                    {
                        Entries = [.. p.Entries.Select(e => e with { Role = byAccess.GetValueOrDefault(e.Access) })],
                    }
                ),
            ],
            roles
        );
    }

    // Of several roles with the same meaning the first by name wins, whatever the order of files.
    private static Dictionary<Access, string> Known(DesiredProvider provider, IReadOnlyList<AccessRole> existing)
    {
        var known = new Dictionary<Access, string>();
        foreach (var role in existing.OrderBy(r => r.Metadata.Name, StringComparer.Ordinal))
        {
            if (role.Spec.Access.GetValueOrDefault(provider.Vendor.Type) is not { } words)
                continue;
            var access = provider.Vendor.Access.Read(words, new Problems());
            if (access is not null && Decides(provider.Vendor.Access, access))
                known.TryAdd(access.Grants, role.Metadata.Name);
        }

        return known;
    }

    // Whether the role decides about the same fields as an entry with its grants spelled out.
    private static bool Decides(AccessVocabulary words, DesiredAccess access) =>
        words.Fields.All(f =>
            access.Fields.Contains(f.Name) == (!f.LeftAloneWhenAbsent || access.Grants.Words(f.Name).Any())
        );

    private static string NameFor(Access access)
    {
        var labels = access.Grants.Select(g => DocumentNames.LabelOf(g.Label)).Where(l => l.Length > 0).ToList();
        if (labels.Count == 0)
            return "";
        var all = string.Join('-', labels);
        return labels.Count == 1 || all.Length <= LongestName
            ? all
            : string.Create(CultureInfo.InvariantCulture, $"{labels[0]}-and-{labels.Count - 1}-more");
    }
}

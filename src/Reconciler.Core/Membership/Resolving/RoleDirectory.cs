using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Ports;

namespace Reconciler.Core.Membership.Resolving;

/// <summary>Reads the AccessRoles: what a role means at a vendor; each role and vendor once.</summary>
internal sealed class RoleDirectory
{
    private readonly ManifestSet _set;
    private readonly Problems _problems;
    private readonly Dictionary<(string Role, string Vendor), DesiredAccess?> _access = [];

    public RoleDirectory(ManifestSet set, RunnerRules rules, Problems problems)
    {
        (_set, _problems) = (set, problems);
        foreach (var role in set.All<AccessRole>())
        {
            foreach (var (type, words) in Words.Known(role.Spec.Access, role.Spec.Origin.At("access"), rules, problems))
            {
                _access[(role.Id, type.Type)] = type.Access.Read(words, problems);
            }
        }
    }

    /// <summary>The access of a role at a vendor; null with a problem where there is none.</summary>
    public DesiredAccess? Find(Manifest from, string name, Vendor vendor, Node at)
    {
        if (_set.Find<AccessRole>(from, name) is not { } role)
        {
            if (!_set.IsBroken<AccessRole>(from, name)) _problems.Error(at, $"no AccessRole is named {ProblemText.Quote(name)}{ProblemText.DidYouMean(name, _set.Names<AccessRole>(from))}");
            return null;
        }

        if (_access.TryGetValue((role.Id, vendor.Type), out var access)) return access;
        _problems.Error(at, $"the AccessRole {name} says nothing of {vendor.Type}; expected {vendor.Type} below its spec.access, at {role.Spec.Origin.At("access").Position}");
        return null;
    }
}

/// <summary>Mappings from vendors' names to their words.</summary>
internal static class Words
{
    /// <summary>The entries whose vendor is known; the others become problems.</summary>
    public static IEnumerable<(Vendor Vendor, AccessWords Words)> Known(IReadOnlyDictionary<string, AccessWords>? map, Node at, RunnerRules rules, Problems problems)
    {
        foreach (var (type, words) in map ?? new Dictionary<string, AccessWords>())
        {
            var vendor = rules.Vendors.FirstOrDefault(v => v.Type == type);
            if (vendor is not null) yield return (vendor, words);
            else problems.Error(Key(at, type), $"unknown vendor; expected {string.Join(", ", rules.Vendors.Select(v => v.Type))}{ProblemText.DidYouMean(type, rules.Vendors.Select(v => v.Type))}");
        }
    }

    private static Node Key(Node at, string name) => at is MappingNode map ? map.Entries.Where(e => e.Name == name).Select(e => e.Key).FirstOrDefault() ?? at : at;
}

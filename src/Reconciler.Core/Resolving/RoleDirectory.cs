using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Resolving;

/// <summary>Reads the access of AccessRoles; each role once per vendor.</summary>
internal sealed class RoleDirectory
{
    private readonly ManifestSet _set;
    private readonly Problems _problems;
    private readonly Dictionary<(string Namespace, string Role, string? Vendor), DesiredAccess?> _access = [];

    public RoleDirectory(ManifestSet set, RunnerRules rules, Problems problems)
    {
        (_set, _problems) = (set, problems);
        foreach (var role in set.Readable<AccessRole>().Where(r => r.Spec is not null))
        {
            foreach (var (type, words) in Words.Known(role.Spec.Access, role.Spec.Origin.At("access"), rules, problems))
            {
                var access = type.Access.Read(words, problems) is { } read
                    ? read with
                    {
                        Places = [words.Origin.Position],
                    }
                    : null;
                // What refers to a broken role is not judged: the role's own problem is reported.
                if (set.Find<AccessRole>(role, role.Metadata.Name) == role)
                    _access[(role.Metadata.NamespaceOrDefault, role.Metadata.Name, type.Type)] = access;
            }
        }
    }

    /// <summary>Finds the access of a role at a vendor; if there is none, reports a problem and returns null.</summary>
    /// <param name="from">The document that refers to the role.</param>
    /// <param name="name">The role's name.</param>
    /// <param name="vendor">The vendor; null if it is not known, so that only the name is checked.</param>
    /// <param name="at">The reference.</param>
    public DesiredAccess? Find(Manifest from, string name, Vendor? vendor, FieldPlace at)
    {
        if (_access.TryGetValue((from.Metadata.NamespaceOrDefault, name, vendor?.Type), out var access))
            return access;
        if (_set.Find<AccessRole>(from, name) is not { } role)
        {
            if (!_set.IsBroken<AccessRole>(from, name))
                _problems.MissingReference(
                    at.Node,
                    $"no AccessRole is named {ProblemText.Quote(name)}{DidYouMean(from, name, vendor)}"
                );
            return null;
        }

        if (vendor is null)
            return null;
        _problems.Error(
            at.Node,
            $"the AccessRole {name} says nothing of {vendor.Type}; expected {vendor.Type} below its spec.access, "
                + $"at {role.Spec.Origin.At("access").Position}"
        );
        return null;
    }

    // Do not suggest a role without access for this vendor: it would only be the next error.
    private string DidYouMean(Manifest from, string name, Vendor? vendor) =>
        ProblemText.DidYouMean(
            name,
            _set.Names<AccessRole>(from)
                .Where(n => vendor is null || _set.Find<AccessRole>(from, n)!.Spec.Access.ContainsKey(vendor.Type))
        );
}

/// <summary>Reads mappings from vendors' names to their words.</summary>
internal static class Words
{
    /// <summary>Returns the entries whose vendor is known; reports the others as problems.</summary>
    public static IEnumerable<(Vendor Vendor, AccessWords Words)> Known(
        IReadOnlyDictionary<string, AccessWords>? map,
        Node at,
        RunnerRules rules,
        Problems problems
    )
    {
        foreach (var (type, words) in map ?? new Dictionary<string, AccessWords>())
        {
            var vendor = rules.Vendors.Find(type);
            if (vendor is not null)
                yield return (vendor, words);
            // Its words cannot be judged now, and nothing is sent to it. Other vendors' words still count.
            else if (!rules.UnusableVendors.ContainsKey(type))
            {
                var types = rules.Vendors.Types.ToList();
                var free = types.Where(t => !map!.ContainsKey(t));
                problems.Error(
                    Key(at, type),
                    $"unknown vendor; expected {string.Join(", ", types)}{ProblemText.DidYouMean(type, free)}"
                );
            }
        }
    }

    private static Node Key(Node at, string name) =>
        at is MappingNode map ? map.Entries.Where(e => e.Name == name).Select(e => e.Key).FirstOrDefault() ?? at : at;
}

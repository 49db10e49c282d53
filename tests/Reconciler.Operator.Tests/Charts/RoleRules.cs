using YamlDotNet.RepresentationModel;

namespace Reconciler.Operator.Tests.Charts;

/// <summary>One right: one verb on one resource.</summary>
/// <param name="Verb">Such as <c>patch</c>.</param>
/// <param name="Resource">Such as <c>projectmemberships/status</c>.</param>
/// <param name="Group">The API group; empty for the oldest kinds.</param>
/// <param name="Name">The only object that is meant; null for all.</param>
internal sealed record RoleRule(string Verb, string Resource, string Group, string? Name)
{
    /// <summary>As <c>RECONCILER_TEST_WITHOUT_RULE</c> names it.</summary>
    public override string ToString() => $"{Verb} {Resource}";
}

/// <summary>Reads the rights of a role, and takes one away.</summary>
internal static class RoleRules
{
    /// <summary>Every right of a role by itself.</summary>
    public static IReadOnlyList<RoleRule> Of(YamlNode role) =>
        [
            .. from rule in Chart.Items(role, "rules")
            from verb in Texts(rule, "verbs")
            from resource in Texts(rule, "resources")
            from name in Texts(rule, "resourceNames").DefaultIfEmpty()
            select new RoleRule(verb, resource, Texts(rule, "apiGroups").Single(), name),
        ];

    /// <summary>Takes one right out of a role; whether it was there.</summary>
    public static bool Remove(YamlMappingNode role, string right)
    {
        var rules = (YamlSequenceNode)role["rules"];
        var found = Of(role).Any(r => r.ToString() == right);
        var parts = rules.Children.Cast<YamlMappingNode>().SelectMany(rule => Split(rule, right)).ToList();
        rules.Children.Clear();
        foreach (var part in parts)
            rules.Add(part);
        return found;
    }

    // A rule is every verb on every resource: without one pair it is two rules.
    private static IEnumerable<YamlMappingNode> Split(YamlMappingNode rule, string right)
    {
        foreach (var resource in Texts(rule, "resources"))
        {
            var verbs = Texts(rule, "verbs")
                .Where(v => $"{v} {resource}" != right)
                .Select(v => (YamlNode)new YamlScalarNode(v))
                .ToList();
            if (verbs.Count == 0)
                continue;
            var part = new YamlMappingNode(rule.Children);
            part.Children["resources"] = new YamlSequenceNode(new YamlScalarNode(resource));
            part.Children["verbs"] = new YamlSequenceNode(verbs);
            yield return part;
        }
    }

    private static IEnumerable<string> Texts(YamlNode rule, string key) =>
        Chart.Items(rule, key).Select(t => ((YamlScalarNode)t).Value!);
}

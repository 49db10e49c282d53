using System.Text.Json.Nodes;
using Cel;
using Reconciler.Core.Manifests;
using Reconciler.Core.Resolving;
using Reconciler.Manifests;
using Reconciler.Manifests.Loading;
using Reconciler.Manifests.Writing;
using Reconciler.Operator.Schemas;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Operator.Schemas;

namespace Reconciler.Operator.Tests.Schemas;

/// <summary>
/// The rules in CEL, which API servers know from 1.25 on, evaluated here by a library: each says our words against what
/// the reader refuses too, and costs far less than an API server allows.
/// </summary>
public sealed class CrdRuleTests
{
    private const int Documents = 60;

    /// <summary>
    /// The most that an API server lets a rule cost, by its own estimate: the cost of one evaluation, as often as the
    /// lists and mappings around it may have entries.
    /// </summary>
    private const long MostOfARule = 10_000_000;

    /// <summary>The most that an API server lets all rules of a definition cost, by the same estimate.</summary>
    private const long MostOfADefinition = 100_000_000;

    /// <summary>What the rules may really cost while one object is checked.</summary>
    private const long MostOfAnObject = 10_000_000;

    // Stands in a path for the names of a mapping that its writers choose.
    private const string AnyName = "*";

    private const string Member = "provider: p, projectId: x, members";
    private const string Url = "baseUrl: https://eu.app.clarifeye.ai/api/v1";

    // Access in a membership is judged by the vendor of its provider.
    private const string Provider = $$"""
        apiVersion: reconciler.dev/v1alpha1
        kind: AccessProvider
        metadata: {name: p}
        spec: {type: clarifeye, {{Url}}, credentials: {token: {env: RECONCILER_T} } }
        """;

    private static readonly CelEnvironment Environment = new(null, "");

    private static readonly ILookup<string, (string Path, string Rule, string Message, long Times)> Rules = CrdFiles
        .All([.. ProgramVendors.All])
        .Where(f =>
            f.Path.Contains("/crds-cel/", StringComparison.Ordinal)
            || f.Path.EndsWith("-cel/vendordefinitions.yaml", StringComparison.Ordinal)
        )
        .Select(f => YamlTree.One(f.Content))
        .SelectMany(
            d => Inside("", SchemaOf(d), 1),
            (d, rule) => (Kind: (string)d["spec"]!["names"]!["kind"]!, Rule: rule)
        )
        .ToLookup(r => r.Kind, r => r.Rule, StringComparer.Ordinal);

    /// <summary>What each rule is against: kind, spec, the field that is wrong, and our words.</summary>
    public static TheoryData<string, string, string, string> Wrong =>
        new()
        {
            {
                "ProjectMembership",
                $"{Member}: [{{role: r}}]",
                "spec.members[0]",
                "exactly one of email, person, login, team, userId is expected"
            },
            {
                "ProjectMembership",
                $"{Member}: [{{email: a@example.com, role: r}}, {{email: a@example.com, person: b, role: r}}]",
                "spec.members[1]",
                "exactly one of email, person, login, team, userId is expected"
            },
            {
                "ProjectMembership",
                $"{Member}: [{{email: a@example.com}}]",
                "spec.members[0]",
                "exactly one of role, access is expected"
            },
            {
                "ProjectMembership",
                $"{Member}: [{{email: a@example.com, role: r, access: {{role: Member}}}}]",
                "spec.members[0]",
                "exactly one of role, access is expected"
            },
            {
                "ProjectMembership",
                $"{Member}: [{{email: a@example.com, access: {{}}}}]",
                "spec.members[0].access",
                "grants nothing; expected at least one of permissions, role, roles, level, groups, owner: true, orgRole"
            },
            {
                "ProjectMembership",
                $"{Member}: [{{email: a@example.com, access: {{permissions: [], profile: tech}}}}]",
                "spec.members[0].access",
                "grants nothing; expected at least one of permissions, role, roles, level, groups, owner: true, orgRole"
            },
            {
                "ProjectMembership",
                $"{Member}: [{{email: a@example.com, access: {{owner: false}}}}]",
                "spec.members[0].access",
                "grants nothing; expected at least one of permissions, role, roles, level, groups, owner: true, orgRole"
            },
            {
                "AccessProvider",
                $"type: clarifeye, {Url}, credentials: {{token: {{env: A}}}}, caFile: a, "
                    + "caSecretRef: {name: a, key: b}",
                "spec",
                "at most one of caFile, caSecretRef is expected"
            },
            {
                "AccessProvider",
                $"type: clarifeye, {Url}, credentials: {{token: {{env: A, file: b}}}}",
                "spec.credentials.token",
                "exactly one of env, file, secretRef is expected"
            },
            {
                "AccessRole",
                "access: {clarifeye: {permissions: [], profile: tech}}",
                "spec.access.clarifeye",
                "grants nothing; expected at least one of permissions"
            },
            {
                "AccessRole",
                "access: {gorules: {groups: [], owner: false}}",
                "spec.access.gorules",
                "grants nothing; expected at least one of groups, owner: true"
            },
            {
                "AccessRole",
                "access: {equinix-metal: {roles: []}}",
                "spec.access.equinix-metal",
                "grants nothing; expected at least one of roles"
            },
            {
                "Team",
                "members: [{email: a@example.com, team: b}]",
                "spec.members[0]",
                "exactly one of email, person, login, team is expected"
            },
            {
                "Guardrail",
                "selector: {}, maxRemovals: {count: 1, percentFrom: 4}",
                "spec.maxRemovals",
                "percentFrom stands without percent; expected percent beside it"
            },
            {
                "Guardrail",
                "selector: {matchExpressions: [{key: tier, operator: In}]}",
                "spec.selector.matchExpressions[0]",
                "In and NotIn need values; Exists and DoesNotExist have none"
            },
            {
                "Guardrail",
                "selector: {matchExpressions: [{key: tier, operator: Exists, values: [a]}]}",
                "spec.selector.matchExpressions[0]",
                "In and NotIn need values; Exists and DoesNotExist have none"
            },
            {
                "Guardrail",
                "selector: {}, forbiddenAccess: {clarifeye: {}}",
                "spec.forbiddenAccess.clarifeye",
                "names no access; expected at least one of permissions, profile"
            },
            {
                "VendorDefinition",
                "title: A, members: {machine: {at: /type}}",
                "spec.members.machine",
                "exactly one of is, not, present is expected"
            },
            {
                "VendorDefinition",
                "title: A, members: {access: {role: {at: /role, inherited: {at: /up, present: true, is: [a]}}}}",
                "spec.members.access.role.inherited",
                "exactly one of is, not, present is expected"
            },
            {
                "VendorDefinition",
                "title: A, calls: {remove: {proof: {where: [{at: /a, is: [a], not: [b]}]}}}",
                "spec.calls.remove.proof.where[0]",
                "exactly one of is, not, present is expected"
            },
        };

    /// <summary>A manifest of this spec.</summary>
    internal static JsonObject Manifest(string kind, string spec) =>
        YamlTree.One(
            $"apiVersion: reconciler.dev/v1alpha1\nkind: {kind}\nmetadata: {{name: wrong}}\nspec: {{{spec}}}\n"
        );

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_rule_says_our_words_of_a_field_that_the_reader_refuses(
        string kind,
        string spec,
        string field,
        string says
    )
    {
        var manifest = Manifest(kind, spec);

        Assert.Equal([$"{field}: {says}"], Broken(manifest));
        Assert.Contains(Refusals(manifest), p => p.Contains($" {field}", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_rule_is_tried_against_something_wrong()
    {
        var tried = Wrong
            .Select(row => row.Data)
            .Select(row => (Kind: row.Item1, Path: Plain(row.Item3), Message: row.Item4))
            .ToHashSet();
        // What is said of each vendor's words, and of conditions in a definition, is one rule in several places.
        var missing = Rules
            .SelectMany(g => g, (g, r) => (Kind: g.Key, r.Path, r.Message))
            .Where(r => !r.Path.Contains("ccess", StringComparison.Ordinal) && !tried.Contains(r))
            .Where(r => r.Kind != "VendorDefinition" || !tried.Any(t => t.Kind == r.Kind && t.Message == r.Message))
            .ToList();

        Assert.Empty(missing);
        Assert.True(Rules.SelectMany(g => g).Count() > tried.Count);
    }

    [Fact]
    public void What_breaks_a_rule_is_refused_by_reader_or_resolver_too()
    {
        foreach (var kind in ManifestKind.All)
        {
            for (var seed = 0; seed < Documents; seed++)
            {
                var document = new ManifestValues(new(seed)).Document(kind);
                Assert.All(
                    Broken(document),
                    b => Assert.Contains(Refusals(document), r => r.Contains($" {b.Split(": ")[0]}"))
                );
            }
        }
    }

    [Fact]
    public void Every_rule_costs_far_less_than_an_API_server_allows()
    {
        foreach (var definition in Rules)
        {
            Assert.All(definition, r => Assert.InRange(CostOf(r.Rule) * r.Times, 1, MostOfARule / 4));
            var sum = definition.Sum(r => CostOf(r.Rule) * r.Times);
            Assert.InRange(sum, 1, MostOfADefinition / 4);
            Assert.InRange(sum, 1, MostOfAnObject);
        }
    }

    [Theory]
    [InlineData("has(self.a)", 2)]
    [InlineData("self.operator in ['In', 'NotIn']", 14)]
    public void The_cost_of_a_rule_is_not_estimated_too_low(string rule, long least) =>
        Assert.InRange(CostOf(rule), least, 10 * least);

    private static string Plain(string field) =>
        System.Text.RegularExpressions.Regex.Replace(
            field,
            @"\[\d+\]",
            "[]",
            System.Text.RegularExpressions.RegexOptions.NonBacktracking
        );

    // Each name, operator and call costs 1 in CEL, a list 10, and comparing texts a tenth of their length. Brackets and
    // commas are counted too, so that the estimate is never too low.
    private static long CostOf(string rule)
    {
        var (cost, at) = (0L, 0);
        while (at < rule.Length)
        {
            var start = at++;
            if (char.IsWhiteSpace(rule[start]))
                continue;
            if (rule[start] == '\'')
            {
                at = rule.IndexOf('\'', at) + 1;
                cost += 1 + ((at - start) / 10);
            }
            else if (char.IsLetterOrDigit(rule[start]))
            {
                while (at < rule.Length && char.IsLetterOrDigit(rule[at]))
                    at++;
            }

            cost += rule[start] == '[' ? 10 : 1;
        }

        return cost;
    }

    private static IEnumerable<string> Refusals(JsonObject manifest)
    {
        var (set, problems) = (new ManifestSet(), new Problems());
        ManifestReader.ReadText("a.yaml", YamlBlock.Write(manifest), set, problems);
        ManifestReader.ReadText("p.yaml", Provider, set, problems);
        if (!problems.HasErrors)
            Resolver.Resolve(set, new(ProgramVendors.All, DateTimeOffset.UnixEpoch), problems);
        return problems.Sorted.Select(p => p.ToString());
    }

    private static List<string> Broken(JsonObject manifest) =>
        [
            .. Rules[(string)manifest["kind"]!]
                .SelectMany(rule =>
                    At(manifest, "", rule.Path.Split('.'), 0)
                        .Where(found => !Holds(rule.Rule, found.Value))
                        .Select(found => $"{found.Path}: {rule.Message}")
                ),
        ];

    private static bool Holds(string rule, JsonNode value) =>
        Assert.IsType<bool>(Environment.Compile(rule)(new Dictionary<string, object?> { ["self"] = Plain(value) }));

    // The values at a path such as spec.members[].access, with the numbers of their entries.
    private static IEnumerable<(string Path, JsonNode Value)> At(JsonNode value, string path, string[] steps, int step)
    {
        if (step == steps.Length)
            return [(path, value)];
        if (steps[step] == AnyName)
            return value is not JsonObject map
                ? []
                : map.Where(p => p.Value is not null).SelectMany(p => At(p.Value!, $"{path}.{p.Key}", steps, step + 1));
        var name = steps[step].TrimEnd(']', '[');
        if ((value as JsonObject)?[name] is not { } inner)
            return [];
        var whole = path.Length == 0 ? name : $"{path}.{name}";
        return steps[step].EndsWith(']')
            ? inner
                .AsArray()
                .OfType<JsonNode>()
                .Select((item, number) => (Item: item, Path: $"{whole}[{number}]"))
                .SelectMany(i => At(i.Item, i.Path, steps, step + 1))
            : At(inner, whole, steps, step + 1);
    }

    private static object? Plain(JsonNode? value) =>
        value switch
        {
            // The library takes an empty mapping for an absent one, and a server does not.
            JsonObject { Count: 0 } => new Dictionary<string, object?> { ["-"] = true },
            JsonObject mapping => mapping.ToDictionary(p => p.Key, p => Plain(p.Value), StringComparer.Ordinal),
            JsonArray list => list.Select(Plain).ToList(),
            JsonValue scalar when scalar.TryGetValue<bool>(out var flag) => flag,
            JsonValue scalar when scalar.TryGetValue<long>(out var number) => number,
            JsonValue scalar when scalar.TryGetValue<int>(out var number) => (long)number,
            JsonValue scalar when scalar.TryGetValue<double>(out var number) => number,
            _ => (string?)value,
        };

    private static JsonObject SchemaOf(JsonObject definition) =>
        definition["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!.AsObject();

    private static IEnumerable<(string Path, string Rule, string Message, long Times)> Inside(
        string path,
        JsonObject schema,
        long times
    )
    {
        foreach (var rule in (schema["x-kubernetes-validations"] as JsonArray ?? []).OfType<JsonObject>())
            yield return (path, (string)rule["rule"]!, (string)rule["message"]!, times);
        var inner = (schema["properties"]?.AsObject() ?? []).Select(p =>
            (Path: path.Length == 0 ? p.Key : $"{path}.{p.Key}", Schema: p.Value!.AsObject(), Times: times)
        );
        if (schema["items"] is JsonObject items)
            inner = inner.Append(($"{path}[]", items, times * (long)(double)schema["maxItems"]!));
        if (schema["additionalProperties"] is JsonObject values)
            inner = inner.Append(($"{path}.{AnyName}", values, times * (long)(double)schema["maxProperties"]!));
        foreach (var found in inner.SelectMany(i => Inside(i.Path, i.Schema, i.Times)))
            yield return found;
    }
}

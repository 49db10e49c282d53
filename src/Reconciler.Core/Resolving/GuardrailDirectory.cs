using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Resolving;

/// <summary>A Guardrail whose access words have been read.</summary>
/// <param name="Manifest">The Guardrail.</param>
/// <param name="Origin">Whether it is the runner's own, or one among the manifests.</param>
/// <param name="Forbidden">The forbidden access, by vendor.</param>
/// <param name="Temporary">The access that may only be given for a time, by vendor.</param>
internal sealed record ReadGuardrail(
    Guardrail Manifest,
    LimitOrigin Origin,
    ImmutableDictionary<string, Access> Forbidden,
    ImmutableArray<(TemporaryRule Rule, ImmutableDictionary<string, Access> Access)> Temporary
)
{
    /// <summary>
    /// Its name in messages, with its origin, because the runner and the manifests may use the same name.
    /// </summary>
    public string Source =>
        $"{(Origin == LimitOrigin.Runner ? "the runner's Guardrail" : "the Guardrail")} {Manifest.Metadata.Name}";

    public bool HasRules => Manifest.Spec.AllowedDomains is not null || !Forbidden.IsEmpty || !Temporary.IsEmpty;
}

/// <summary>Reads the Guardrails and finds those that apply to a project.</summary>
internal sealed class GuardrailDirectory
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly RunnerRules _rules;
    private readonly PeopleDirectory _people;
    private readonly ImmutableArray<ReadGuardrail> _manifests;
    private readonly ImmutableArray<ReadGuardrail> _runner;
    private readonly Dictionary<(string Vendor, string Space), RunnerLimits> _limits = [];

    public GuardrailDirectory(ManifestSet set, RunnerRules rules, PeopleDirectory people, Problems problems)
    {
        (_rules, _people) = (rules, people);
        var read = set.Readable<Guardrail>()
            .Where(g => g.Spec is not null)
            .Select(g => Read(g, LimitOrigin.Manifests, rules, problems))
            .ToList();
        _manifests = [.. read.Where(g => !set.HasProblem(g.Manifest))];
        _runner = [.. rules.Guardrails.Select(g => Read(g, LimitOrigin.Runner, rules, problems))];
    }

    public ImmutableArray<ReadGuardrail> For(ProjectMembership project) =>
        For(project.Metadata.NamespaceOrDefault, project.Metadata.Labels);

    public ImmutableArray<ReadGuardrail> For(string space, IReadOnlyDictionary<string, string>? labels) =>
        [
            .. _runner
                .Concat(_manifests.Where(g => g.Manifest.Metadata.NamespaceOrDefault == space))
                .Where(g => g.Manifest.Spec.Selector.Matches(labels)),
        ];

    /// <summary>The keys of the addresses that Guardrails protect, as they name them.</summary>
    public static IEnumerable<string> Protected(ImmutableArray<ReadGuardrail> guardrails) =>
        guardrails.SelectMany(g => g.Manifest.Spec.Protected ?? []).Select(p => p.Key);

    /// <summary>Returns the limits that manifests cannot raise, for projects of one vendor in a namespace.</summary>
    public RunnerLimits RunnerOf(string vendor, string space)
    {
        if (_limits.TryGetValue((vendor, space), out var known))
            return known;
        var guardrails = _runner.Select(g => (g.Manifest.Spec.Selector, LimitsOf(g, vendor, space)));
        return _limits[(vendor, space)] = new([.. guardrails], _rules.MaxRemovals, _rules.LiftsBuiltInLimits);
    }

    /// <summary>
    /// Returns the limits that the Guardrails of the manifests state for a project of one vendor in a namespace.
    /// </summary>
    public Limits DeclaredOf(ImmutableArray<ReadGuardrail> guardrails, string vendor, string space) =>
        guardrails
            .Where(g => g.Origin == LimitOrigin.Manifests)
            .Aggregate(Limits.None, (sum, g) => sum.And(LimitsOf(g, vendor, space)));

    private Limits LimitsOf(ReadGuardrail guardrail, string vendor, string space)
    {
        var (spec, source, origin) = (guardrail.Manifest.Spec, guardrail.Source, guardrail.Origin);
        return new()
        {
            ProjectRemovals = spec.MaxRemovals is { } removals ? [ProjectLimit(removals, source, origin)] : [],
            ProviderRemovals = spec.MaxRemovalsPerProvider is { } limit
                ? [new(source, limit.Count, limit.Window?.Value ?? Hour) { Origin = origin }]
                : [],
            ProjectInvitations = spec.MaxInvitations is { } invitations
                ? [new(source, invitations.Count) { Origin = origin }]
                : [],
            Destroying = spec.MayDestroy is { } mayDestroy ? [new(source, mayDestroy) { Origin = origin }] : [],
            MinAdmins = spec.MinAdmins is { } least ? [new(source, least) { Origin = origin }] : [],
            Protected = _people.Widen(
                space,
                (spec.Protected ?? []).Select(p => p.Key),
                vendor,
                _rules.Vendors.Find(vendor)?.Logins?.Site
            ),
            Rules = RulesOf(guardrail, vendor),
        };
    }

    private static GrantRules RulesOf(ReadGuardrail guardrail, string vendor)
    {
        var (source, origin) = (guardrail.Source, guardrail.Origin);
        var temporary = guardrail.Temporary.Select(t =>
            (t.Rule, Access: t.Access.GetValueOrDefault(vendor) ?? Access.None)
        );
        return new()
        {
            Domains = guardrail.Manifest.Spec.AllowedDomains is { } domains
                ?
                [
                    new(source, [.. domains.Select(d => d.Key).Distinct().Order(StringComparer.Ordinal)])
                    {
                        Origin = origin,
                    },
                ]
                : [],
            Forbidden =
                guardrail.Forbidden.TryGetValue(vendor, out var forbidden) && !forbidden.IsNone
                    ? [new(source, forbidden) { Origin = origin }]
                    : [],
            Temporary =
            [
                .. temporary
                    .Where(t => !t.Access.IsNone)
                    .Select(t => new TemporaryLimit(source, t.Access, t.Rule.Max.Value, t.Rule.RequireReason == true)
                    {
                        Origin = origin,
                    }),
            ],
        };
    }

    private static ProjectRemovalLimit ProjectLimit(RemovalLimit limit, string source, LimitOrigin origin) =>
        new(source, limit.Count, limit.Percent, limit.PercentFrom ?? 3) { Origin = origin };

    private static ReadGuardrail Read(Guardrail guardrail, LimitOrigin origin, RunnerRules rules, Problems problems)
    {
        var spec = guardrail.Spec;
        foreach (var condition in spec.Selector?.MatchExpressions ?? [])
            CheckCondition(condition, problems);
        // percentFrom without percent limits nothing, which its author would not expect.
        if (spec.MaxRemovals is { PercentFrom: not null, Percent: null } limit)
            problems.Error(limit.Origin.At("percentFrom"), "stands without percent; expected percent beside it");
        var temporary = (spec.Temporary ?? []).Select(rule =>
            (rule, ReadWords(rule.Access, rule.Origin.At("access"), rules, problems))
        );
        return new(
            guardrail,
            origin,
            ReadWords(spec.ForbiddenAccess, spec.Origin.At("forbiddenAccess"), rules, problems),
            [.. temporary]
        );
    }

    // A condition that can never be true would silently lift the limits.
    private static void CheckCondition(LabelCondition condition, Problems problems)
    {
        // If the operator is invalid, it is unknown whether values belong here.
        if (!Enum.GetNames<LabelOperator>().Contains((condition.Origin["operator"] as ScalarNode)?.Text))
            return;
        var needsValues = condition.Operator is LabelOperator.In or LabelOperator.NotIn;
        if (needsValues == (condition.Values is { Count: > 0 }))
            return;
        problems.Error(
            condition.Origin,
            "values",
            needsValues
                ? $"is missing or empty; expected the values that {condition.Operator} compares with"
                : $"stands beside {condition.Operator}, which compares with none; expected no values"
        );
    }

    private static ImmutableDictionary<string, Access> ReadWords(
        IReadOnlyDictionary<string, AccessWords>? map,
        Node at,
        RunnerRules rules,
        Problems problems
    ) =>
        Words
            .Known(map, at, rules, problems)
            .ToImmutableDictionary(
                w => w.Vendor.Type,
                w => w.Vendor.Access.ReadRule(w.Words, problems),
                StringComparer.Ordinal
            );
}

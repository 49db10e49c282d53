using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Text;

namespace Reconciler.Core.Planning;

/// <summary>
/// The limits that a change of the manifests loosens. A change must not loosen the limits that judge it, so the limits
/// last applied still count in its own apply, and the looser ones from the next apply on.
/// </summary>
/// <param name="Earlier">The limits that are stricter than what is declared now; they still count.</param>
/// <param name="Texts">One sentence for each limit that is loosened.</param>
public sealed record LimitChange(Limits Earlier, ImmutableArray<string> Texts)
{
    /// <summary>Nothing is loosened.</summary>
    public static LimitChange None { get; } = new(Limits.None, []);

    /// <summary>
    /// Whether the limits last applied are unknown; then no Guardrail of the manifests relaxes a built-in limit.
    /// </summary>
    public bool IsUnknown { get; init; }

    /// <inheritdoc/>
    public bool Equals(LimitChange? other) =>
        other is not null
        && IsUnknown == other.IsUnknown
        && Earlier.Equals(other.Earlier)
        && Texts.AsSpan().SequenceEqual(other.Texts.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Earlier, IsUnknown, Texts.Length);

    /// <summary>Finds what a project's document and its Guardrails loosen compared with the last apply.</summary>
    /// <param name="project">The project as declared.</param>
    /// <param name="ledger">The ledger of the project, with the limits last applied.</param>
    public static LimitChange Of(DesiredProject project, ProjectLedger ledger)
    {
        // A deleted project is judged by the limits last applied anyway.
        if (project.Runner is not { } runner || project.IsDeleted)
            return None;
        var last = ledger.Applied is { Limits: not null } applied ? applied : null;
        var before = runner.With(last is null ? project.Labels : last.Labels, last?.Limits ?? Limits.None);
        var change = Between(before, project.Limits, last is null);
        return last is null || change.Texts.IsEmpty
            ? change
            : change with
            {
                Texts = [.. change.Texts, .. Moves(last, project)],
            };
    }

    /// <summary>Returns the project with the stricter of the limits last applied and those declared now.</summary>
    /// <param name="project">The project as declared.</param>
    public DesiredProject WithEarlierLimits(DesiredProject project) =>
        // Access that breaks a rule declared now was already reported as an error, so only the earlier rules are
        // judged.
        project.Runner
            is null
            ? project
            : project with
            {
                Limits = (project.Limits with { Rules = GrantRules.None }).And(Earlier),
            };

    /// <summary>Finds what is looser now than before.</summary>
    /// <param name="before">The limits that held.</param>
    /// <param name="now">The limits that are declared.</param>
    /// <param name="isUnknown">Whether only the runner's and the built-in limits of before are known.</param>
    public static LimitChange Between(Limits before, Limits now, bool isUnknown = false)
    {
        var (earlier, texts) = (Limits.None, new List<string>());
        earlier = earlier with
        {
            ProjectRemovals =
            [
                .. before.ProjectRemovals.Select(l => Left(l, now, texts)).OfType<ProjectRemovalLimit>(),
            ],
            ProviderRemovals = [.. before.ProviderRemovals.Where(l => IsLoosened(l, now, texts)).Select(Named)],
            ProjectInvitations = [.. before.ProjectInvitations.Where(l => IsLoosened(l, now, texts)).Select(Named)],
            Destroying = [.. before.Destroying.Where(l => IsLoosened(l, now, texts, isUnknown)).Select(Named)],
            MinAdmins = [.. before.MinAdmins.Where(l => IsLoosened(l, now, texts)).Select(Named)],
            KeepsLastMember = before.KeepsLastMember && !now.KeepsLastMember,
            Protected = before.Protected.Except(now.Protected),
            Rules = RuleChange.Left(before.Rules, now.Rules, texts),
        };
        // Before the first apply, a Guardrail with limits of its own is not reported as a change; it is reported when
        // it holds a plan.
        if (earlier.KeepsLastMember && !isUnknown)
            texts.Add("the last accepted member was kept by the built-in limit; now it may be removed");
        texts.AddRange(
            earlier.Protected.Order(StringComparer.Ordinal).Select(p => $"{p} was protected; now it is not")
        );
        return new(earlier, [.. texts.Distinct(StringComparer.Ordinal)]) { IsUnknown = isUnknown };
    }

    /// <summary>Names a limit that was last applied, to tell it from the same Guardrail's limit now.</summary>
    internal static string Named(string source, LimitOrigin origin) =>
        origin == LimitOrigin.BuiltIn ? source : $"{source}, as last applied,";

    private static WindowedRemovalLimit Named(WindowedRemovalLimit limit) =>
        limit with
        {
            Source = Named(limit.Source, limit.Origin),
        };

    private static ProjectInvitationLimit Named(ProjectInvitationLimit limit) =>
        limit with
        {
            Source = Named(limit.Source, limit.Origin),
        };

    private static DestroyLimit Named(DestroyLimit limit) => limit with { Source = Named(limit.Source, limit.Origin) };

    private static MinimumAdmins Named(MinimumAdmins limit) =>
        limit with
        {
            Source = Named(limit.Source, limit.Origin),
        };

    private static ProjectRemovalLimit? Left(ProjectRemovalLimit limit, Limits now, List<string> texts)
    {
        var (count, percent) = (limit.Count, limit.Percent);
        if (now.ProjectRemovals.Any(n => n.Count <= limit.Count))
            count = null;
        if (now.ProjectRemovals.Any(n => n.Percent <= limit.Percent && n.PercentFrom <= limit.PercentFrom))
            percent = null;
        if (count is not null)
        {
            var before = TextNames.Count(count.Value, "removal", "removals");
            var what = Allowed(now.ProjectRemovals.Select(n => n.Count).DefaultIfEmpty().Min());
            texts.Add(Text($"{limit.Source} allowed {before} per project; now {what}"));
        }

        if (percent is not null)
        {
            var next = now
                .ProjectRemovals.Where(n => n.Percent is not null)
                .OrderBy(n => n.Percent)
                .ThenBy(n => n.PercentFrom)
                .FirstOrDefault();
            var what = next is null
                ? "nothing limits their share"
                : Text($"{next.Percent}% from {next.PercentFrom} on are allowed");
            texts.Add(Text($"{limit.Source} allowed {percent}% from {limit.PercentFrom} removals on; now {what}"));
        }

        if (count is null && percent is null)
            return null;
        return limit with { Source = Named(limit.Source, limit.Origin), Count = count, Percent = percent };
    }

    private static bool IsLoosened(WindowedRemovalLimit limit, Limits now, List<string> texts)
    {
        if (now.ProviderRemovals.Any(n => n.Count <= limit.Count && n.Window >= limit.Window))
            return false;
        var next = now.ProviderRemovals.OrderBy(n => n.Count).FirstOrDefault();
        var what = next is null
            ? "nothing limits them"
            : Text($"{next.Count} in {PlanText.Length(next.Window)} are allowed by {next.Source}");
        var window = PlanText.Length(limit.Window);
        var before = TextNames.Count(limit.Count, "removal", "removals");
        texts.Add(Text($"{limit.Source} allowed {before} per provider in {window}; now {what}"));
        return true;
    }

    private static bool IsLoosened(ProjectInvitationLimit limit, Limits now, List<string> texts)
    {
        if (now.ProjectInvitations.Any(n => n.Count <= limit.Count))
            return false;
        var before = TextNames.Count(limit.Count, "invitation", "invitations");
        var what = Allowed(now.ProjectInvitations.Select(n => (int?)n.Count).DefaultIfEmpty().Min());
        texts.Add(Text($"{limit.Source} allowed {before} per project; now {what}"));
        return true;
    }

    private static bool IsLoosened(DestroyLimit limit, Limits now, List<string> texts, bool isUnknown)
    {
        if (limit.IsAllowed || now.Destroying.Any(n => !n.IsAllowed))
            return false;
        // Before the first apply nothing was told of it, and no plan needs to tell it unless something is held.
        if (!isUnknown)
            texts.Add($"{limit.Source} held calls that destroy more than access; now they are made");
        return true;
    }

    private static string Allowed(int? least) =>
        least is { } count ? Text($"{TextNames.Count(count, "is", "are")} allowed") : "nothing limits their number";

    private static bool IsLoosened(MinimumAdmins limit, Limits now, List<string> texts)
    {
        if (limit.Count == 0 || now.MinAdmins.Any(n => n.Count >= limit.Count))
            return false;
        var next = now.MinAdmins.Select(n => n.Count).DefaultIfEmpty().Max();
        texts.Add(Text($"{limit.Source} asked for {limit.Count} administrators; now {next} are asked for"));
        return true;
    }

    private static IEnumerable<string> Moves(LastApplied last, DesiredProject project)
    {
        var (was, now) = (Space(last.Document), Space(project.Id));
        if (was != now)
            yield return $"the document moved from the namespace {was} to {now}, where other Guardrails hold";
        if (last.Labels.SequenceEqual(project.Labels))
            yield break;
        yield return $"the labels changed from {Labels(last.Labels)} to {Labels(project.Labels)}, "
            + "so other Guardrails may select the project";
    }

    private static string Space(string id) =>
        id.Contains('/', StringComparison.Ordinal) ? id[..id.IndexOf('/', StringComparison.Ordinal)] : "";

    private static string Labels(ImmutableSortedDictionary<string, string> labels) =>
        labels.IsEmpty ? "none" : string.Join(", ", labels.Select(l => $"{l.Key}={l.Value}"));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Finds the grant rules that a change loosens.</summary>
internal static class RuleChange
{
    /// <summary>Returns the earlier rules that are stricter than those declared now.</summary>
    public static GrantRules Left(GrantRules before, GrantRules now, List<string> texts)
    {
        var forbidden = Access.Of(now.Forbidden.SelectMany(r => r.Access.Grants));
        return new()
        {
            Domains = [.. before.Domains.Where(r => IsLoosened(r, now, texts)).Select(Named)],
            Forbidden = [.. before.Forbidden.Select(r => Left(r, forbidden, texts)).OfType<ForbiddenRule>()],
            Temporary = [.. before.Temporary.Select(r => Left(r, now, forbidden, texts)).OfType<TemporaryLimit>()],
        };
    }

    private static DomainRule Named(DomainRule rule) =>
        rule with
        {
            Source = LimitChange.Named(rule.Source, rule.Origin),
        };

    private static bool IsLoosened(DomainRule rule, GrantRules now, List<string> texts)
    {
        if (now.Domains.Any(n => n.Domains.All(rule.Domains.Contains)))
            return false;
        var added = now
            .Domains.SelectMany(n => n.Domains)
            .Except(rule.Domains, StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToList();
        var what = now.Domains.IsEmpty ? "now any domain is" : $"now {string.Join(", ", added)} too";
        texts.Add($"{rule.Source} allowed only the domains {string.Join(", ", rule.Domains)}; {what}");
        return true;
    }

    private static ForbiddenRule? Left(ForbiddenRule rule, Access forbidden, List<string> texts)
    {
        var left = rule.Access.Without(forbidden);
        if (left.IsNone)
            return null;
        texts.Add($"{rule.Source} forbade {left}; now it may be given");
        return rule with { Source = LimitChange.Named(rule.Source, rule.Origin), Access = left };
    }

    private static TemporaryLimit? Left(TemporaryLimit rule, GrantRules now, Access forbidden, List<string> texts)
    {
        var stricter = now
            .Temporary.Where(n => n.Max <= rule.Max && (n.RequireReason || !rule.RequireReason))
            .SelectMany(n => n.Access.Grants);
        var left = rule.Access.Without(forbidden).Without(Access.Of(stricter));
        if (left.IsNone)
            return null;
        var reason = rule.RequireReason ? " and with a reason" : "";
        texts.Add(
            $"{rule.Source} let {left} be given for at most {PlanText.Length(rule.Max)}{reason}; now that is looser"
        );
        return rule with { Source = LimitChange.Named(rule.Source, rule.Origin), Access = left };
    }
}

using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Core.Actions;
using Reconciler.Core.Membership;
using Reconciler.Core.Text;

namespace Reconciler.Core.Planning;

/// <summary>
/// Checks grants against the rules last applied that are stricter than those declared now. A grant that breaks a rule
/// declared now is an error before anything is planned. A grant that breaks a rule which the same change loosens is
/// held until an apply has stored the looser rule.
/// </summary>
internal static class RuleJudge
{
    /// <summary>Returns a hold, for the person alone, for each grant that breaks a rule.</summary>
    /// <param name="project">The project, with the rules that judge it.</param>
    /// <param name="actions">The actions.</param>
    /// <param name="now">The time of the reconcile.</param>
    public static IEnumerable<Hold> Holds(
        DesiredProject project,
        IReadOnlyCollection<PlannedAction> actions,
        DateTimeOffset now
    )
    {
        var rules = project.Limits.Rules;
        if (rules.IsEmpty)
            return [];
        var members = project.Members.ToDictionary(m => m.Person.Key, StringComparer.Ordinal);
        return actions
            .Where(a => a is { Phase: Phase.Grant, IsReminder: false, Access: not null })
            .SelectMany(a =>
                Broken(a, members.GetValueOrDefault(a.Person.Key), rules, project.Provider.Vendor, now).Take(1)
            );
    }

    private static IEnumerable<Hold> Broken(
        PlannedAction action,
        DesiredMember? member,
        GrantRules rules,
        Vendor vendor,
        DateTimeOffset now
    )
    {
        // A login has no domain.
        foreach (var rule in rules.Domains.Where(r => vendor.Logins is null && !IsInside(action.Person, r)))
        {
            var text =
                $"{action.Person.Label} is outside the domains that {rule.Source} allows: "
                + $"{string.Join(", ", rule.Domains)}";
            yield return Of(action, text, $"{rule.Source}: allowedDomains", rule.Origin);
        }

        foreach (var rule in rules.Forbidden)
        {
            var granted = Common(action.Access!.Grants, rule.Access);
            var text = $"{action.Person.Label} would be given {granted}, which {rule.Source} forbids";
            if (!granted.IsNone)
                yield return Of(action, text, $"{rule.Source}: forbiddenAccess", rule.Origin);
        }

        foreach (var rule in rules.Temporary)
        {
            var granted = Common(action.Access!.Grants, rule.Access);
            if (granted.IsNone || Keeps(rule, member, now))
                continue;
            var reason = rule.RequireReason ? " and with a reason" : "";
            var text = string.Create(
                CultureInfo.InvariantCulture,
                $"{action.Person.Label} would be given {granted}; "
                    + $"{rule.Source} allows that for at most {PlanText.Length(rule.Max)}{reason}"
            );
            yield return Of(action, text, $"{rule.Source}: temporary", rule.Origin);
        }
    }

    private static Hold Of(PlannedAction action, string text, string limit, LimitOrigin origin) =>
        new(HoldScope.Person, $"{text}; what the same change loosens counts from the next apply on")
        {
            Limit = limit,
            Origin = origin,
            Person = action.Person.Key,
        };

    private static bool Keeps(TemporaryLimit rule, DesiredMember? member, DateTimeOffset now) =>
        member?.ExpiresAt - now <= rule.Max && (!rule.RequireReason || member?.Reason is not null);

    // Aliases are checked as well, because the account that lives under an alias is the person's and gets the access.
    private static bool IsInside(PersonIdentity person, DomainRule rule) =>
        person.Email is not null
        && person
            .Aliases.Prepend(person.Email.Key)
            .All(a => rule.Domains.Contains(DomainOf(a), StringComparer.OrdinalIgnoreCase));

    private static string DomainOf(string address) => address[(address.IndexOf('@', StringComparison.Ordinal) + 1)..];

    private static Access Common(Access access, Access other) => access.Without(access.Without(other));
}

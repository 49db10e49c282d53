using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Resolving;

/// <summary>Checks entries against the rules of the Guardrails that apply to their project.</summary>
internal sealed class RuleCheck(
    ImmutableArray<ReadGuardrail> guardrails,
    Vendor vendor,
    DateTimeOffset now,
    Problems problems
)
{
    public bool HasRules { get; } = guardrails.Any(g => g.HasRules);

    /// <summary>Checks one entry.</summary>
    /// <param name="person">The person that it names.</param>
    /// <param name="access">
    /// The access that it gives; null if it cannot be read, so that only the person is checked.
    /// </param>
    /// <param name="expiresAt">When it ends; null if it does not.</param>
    /// <param name="reason">Why it is given; null if no reason is stated.</param>
    /// <param name="at">The entry.</param>
    public void Check(PersonIdentity person, Access? access, DateTimeOffset? expiresAt, string? reason, Node at)
    {
        foreach (var guardrail in guardrails)
        {
            CheckDomain(guardrail, person, at);
            if (access is null)
                continue;
            CheckIds(guardrail, access, at);
            CheckForbidden(guardrail, access, at);
            foreach (var (rule, words) in guardrail.Temporary)
            {
                var granted = Common(access, words.GetValueOrDefault(vendor.Type));
                if (!granted.IsNone)
                    CheckTemporary(guardrail, rule, granted, expiresAt, reason, at);
            }
        }
    }

    private void CheckDomain(ReadGuardrail guardrail, PersonIdentity person, Node at)
    {
        // A login has no domain.
        if (guardrail.Manifest.Spec.AllowedDomains is not { } domains || vendor.Logins is not null)
            return;
        if (person.Email is null)
        {
            problems.Error(
                at,
                $"names {person.Label} by the vendor's id; {guardrail.Source} allows some domains only, "
                    + "so an address is needed"
            );
            return;
        }

        // Aliases are checked as well, because the account that lives under an alias is the person's and gets the
        // access.
        foreach (var address in person.Aliases.Prepend(person.Email.Key))
        {
            var domain = address[(address.IndexOf('@', StringComparison.Ordinal) + 1)..];
            if (domains.Any(d => d.Key == domain))
                continue;
            var shown = address == person.Email.Key ? person.Email.Text : address;
            var names = domains.Select(d => d.Text).ToList();
            problems.Error(
                at,
                $"{shown} is outside the domains that {guardrail.Source} allows; "
                    + $"expected {ProblemText.List(names)}{ProblemText.DidYouMean(domain, names)}"
            );
        }
    }

    // A rule names roles, and the role of an id is not known without calling the vendor.
    private void CheckIds(ReadGuardrail guardrail, Access access, Node at)
    {
        var named = guardrail
            .Temporary.Select(t => t.Access)
            .Append(guardrail.Forbidden)
            .Select(w => w.GetValueOrDefault(vendor.Type))
            .OfType<Access>()
            .SelectMany(w => w.Grants)
            .Select(g => g.Field)
            .ToHashSet(StringComparer.Ordinal);
        foreach (
            var grant in access.Grants.Where(g => named.Contains(g.Field) && vendor.Access.Field(g.Field)!.NamedById)
        )
        {
            if (!Guid.TryParse(grant.Word, out _))
                continue;
            problems.Error(
                at,
                $"names the {grant.Field} {grant.Word} by its id; {guardrail.Source} has rules about names, "
                    + "so expected its name"
            );
        }
    }

    private void CheckForbidden(ReadGuardrail guardrail, Access access, Node at)
    {
        var granted = Common(access, guardrail.Forbidden.GetValueOrDefault(vendor.Type));
        if (!granted.IsNone)
            problems.Error(at, $"grants {granted}, which {guardrail.Source} forbids");
    }

    private void CheckTemporary(
        ReadGuardrail guardrail,
        TemporaryRule rule,
        Access granted,
        DateTimeOffset? expiresAt,
        string? reason,
        Node at
    )
    {
        if (expiresAt is null)
            problems.Error(
                at,
                $"grants {granted} without an end; {guardrail.Source} asks for expiresAt, at most {rule.Max} ahead"
            );
        else if (expiresAt - now > rule.Max.Value)
            problems.Error(
                at,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"grants {granted} until {expiresAt:yyyy-MM-dd}; "
                        + $"{guardrail.Source} allows at most {rule.Max} ahead, until {now + rule.Max.Value:yyyy-MM-dd}"
                )
            );
        if (rule.RequireReason == true && reason is null)
            problems.Error(at, $"grants {granted} without a reason; {guardrail.Source} asks for one");
    }

    private static Access Common(Access access, Access? other) =>
        other is null ? Access.None : access.Without(access.Without(other));
}

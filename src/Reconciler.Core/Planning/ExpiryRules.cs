using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Planning;

/// <summary>What is to be known before access ends. These rows decide nothing, so the rows after them still apply.</summary>
internal static class ExpiryRules
{
    /// <summary>
    /// How long before its end access is reported as expiring: 14 days, enough to ask for more in working hours.
    /// </summary>
    public static readonly TimeSpan Notice = TimeSpan.FromDays(14);

    public static void Warn(PersonCase person, PersonDecision decision)
    {
        if (person.Declared?.ExpiresAt is not { } end || end - decision.Now > Notice)
            return;
        decision.AddFinding(
            FindingKind.Expiring,
            person.Person,
            $"has access until {Expiry.Words(end)}; renew expiresAt, or let it end"
        );
    }

    /// <summary>
    /// Nothing may be taken from protected people, so the vendor is told no sooner end than it has for them.
    /// </summary>
    public static void KeepOpen(PersonCase person, PersonDecision decision)
    {
        var words = decision.Project.Provider.Vendor.Access;
        if (
            person.Declared is not { } declared
            || words.DayOf(declared.Access.Grants) is not { } day
            || Exceptions.Protection(person, decision) is null
        )
            return;
        var live = person.Member?.Access ?? person.Invitation?.Access ?? Access.None;
        if (words.DayOf(live) is { } kept && !AccessEnd.IsSooner(day, kept))
            return;
        person.Declared = declared with
        {
            Access = declared.Access with { Grants = words.WithoutEnd(declared.Access.Grants).With(words.EndOf(live)) },
        };
    }
}

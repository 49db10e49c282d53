using Reconciler.Core.Manifests.Values;

namespace Reconciler.Core.Planning;

/// <summary>Warns before access ends. The row decides nothing, so the rows after it still apply.</summary>
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
}

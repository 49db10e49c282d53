using Reconciler.Core.Manifests.Values;

namespace Reconciler.Core.Planning;

/// <summary>
/// Warns before access ends. It decides nothing: whatever else is to be done about the person is done.
/// </summary>
internal static class ExpiryRows
{
    /// <summary>
    /// How long before its end access is shown as expiring: long enough to ask for more in working hours.
    /// </summary>
    public static readonly TimeSpan Notice = TimeSpan.FromDays(14);

    public static void Warn(PersonCase person, Verdict verdict)
    {
        if (person.Declared?.ExpiresAt is not { } end || end - verdict.Now > Notice)
            return;
        verdict.Find(
            FindingKind.Expiring,
            person.Person,
            $"has access until {Expiry.Words(end)}; renew expiresAt, or let it end"
        );
    }
}

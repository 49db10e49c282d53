using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Reconciler.Core.Actions;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Planning;

/// <summary>
/// Computes the digest that an approval names: SHA-256 over the held actions of one project, the live state that each
/// starts from, and each limit with the amount that was shown. Applying other actions or a reminder that falls due does
/// not change it, and neither does what other projects ask for or did: a limit of the account counts them too, and the
/// digest would change with every minute although this plan stays as it is. It differs from the digest of a plan
/// (<see cref="PlanDigest"/>) by its prefix.
/// </summary>
public static class HoldDigest
{
    /// <summary>What the digest of a hold begins with.</summary>
    public const string Prefix = "hold:";

    private const string Full = "hold:sha256:";
    private const int Digits = 64;

    /// <summary>Whether a text is written as the digest of a hold.</summary>
    /// <param name="text">The text.</param>
    public static bool IsOne(string? text) =>
        text is not null
        && text.Length == Full.Length + Digits
        && text.StartsWith(Full, StringComparison.Ordinal)
        && text.Skip(Full.Length).All(char.IsAsciiHexDigitLower);

    /// <summary>Returns the digest of the held actions of a plan; null if nothing is held.</summary>
    /// <param name="plan">The plan.</param>
    public static string? Of(ProjectPlan plan) => plan.Holds.IsEmpty ? null : Of(Actions(plan), plan.Holds);

    /// <summary>Returns the digest of held actions under given holds.</summary>
    /// <param name="actions">The held actions, as <see cref="Actions"/> names them.</param>
    /// <param name="holds">The holds, whatever their order.</param>
    internal static string Of(string actions, IEnumerable<Hold> holds)
    {
        var text = new StringBuilder();
        ActionDigest.Add(text, actions);
        foreach (var limit in holds.Select(Limit).Order(StringComparer.Ordinal))
            ActionDigest.Add(text, limit);
        return Prefix + ActionDigest.Hash(text);
    }

    /// <summary>
    /// Returns a text that identifies the held actions of a plan and the live state that each starts from.
    /// </summary>
    /// <param name="plan">The plan.</param>
    internal static string Actions(ProjectPlan plan)
    {
        var key = plan.Project.Key;
        var text = new StringBuilder();
        ActionDigest.Add(text, key.VendorType, key.BaseUrl, key.ProjectId);
        var names = plan
            .Actions.Where(a => !a.IsReminder && plan.IsStopped(a))
            .Select(a => ActionDigest.Of(plan.Project, a));
        foreach (var name in names.Order(StringComparer.Ordinal))
            ActionDigest.Add(text, name);
        return ActionDigest.Hash(text);
    }

    private static string Limit(Hold hold)
    {
        var text = new StringBuilder();
        var amount = hold.Scope == HoldScope.Removals ? "" : hold.Amount.ToString(CultureInfo.InvariantCulture);
        ActionDigest.Add(text, hold.Scope.ToString(), hold.Limit, amount, hold.ComparedWith, hold.Person ?? "");
        return text.ToString();
    }
}

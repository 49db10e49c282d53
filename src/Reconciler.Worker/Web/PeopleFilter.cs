using System.Globalization;
using Reconciler.Engine.Reviews;
using Reconciler.Reports.Review;

namespace Reconciler.Worker.Web;

/// <summary>Which rows of the review a reader asks for, beside the words of a search: as on the page of a report.
/// </summary>
internal sealed record PeopleFilter
{
    /// <summary>No filter.</summary>
    public static PeopleFilter None { get; } = new();

    /// <summary>The states that a reader may ask for.</summary>
    public static IReadOnlyList<string> States { get; } = ["member", "invited", "absent"];

    /// <summary>What manifests may say of a row.</summary>
    public static IReadOnlyList<string> Standings { get; } = ["declared", "unmanaged", "leaving", "not managed"];

    /// <summary>What a reviewer looks at first.</summary>
    public static IReadOnlyList<(string Value, string Words)> Risks { get; } =
    [("no-reason", "administrators without a reason"), ("no-end", "access without an end")];

    /// <summary>The namespace and name of the AccessProvider; empty for all.</summary>
    public string Provider { get; init; } = "";

    /// <summary>What manifests say; empty for anything.</summary>
    public string Standing { get; init; } = "";

    /// <summary>The risk; empty for everything.</summary>
    public string Risk { get; init; } = "";

    /// <summary>Whether only administrators are asked for.</summary>
    public bool Admins { get; init; }

    /// <summary>Whether only access that ends soon is asked for.</summary>
    public bool EndsSoon { get; init; }

    /// <summary>How many days an invitation must have waited; null for any row.</summary>
    public int? WaitsOver { get; init; }

    /// <summary>Reads a request. Whatever makes no sense is taken for not said.</summary>
    /// <param name="value">The value of a field of the address; empty where it is not said.</param>
    public static PeopleFilter Of(Func<string, string> value) =>
        new()
        {
            Provider = value("provider"),
            Standing = value("standing"),
            Risk = value("risk"),
            Admins = value("admin") == "yes",
            EndsSoon = value("ends") == "yes",
            WaitsOver = int.TryParse(value("waits"), NumberStyles.None, CultureInfo.InvariantCulture, out var days)
                ? days
                : null,
        };

    /// <summary>Its part of a link.</summary>
    public IEnumerable<string> Parts()
    {
        if (Provider.Length > 0)
            yield return $"provider={Uri.EscapeDataString(Provider)}";
        if (Standing.Length > 0)
            yield return $"standing={Uri.EscapeDataString(Standing)}";
        if (Risk.Length > 0)
            yield return $"risk={Uri.EscapeDataString(Risk)}";
        if (Admins)
            yield return "admin=yes";
        if (EndsSoon)
            yield return "ends=yes";
        if (WaitsOver is { } days)
            yield return string.Create(CultureInfo.InvariantCulture, $"waits={days}");
    }

    /// <summary>Whether a row is asked for.</summary>
    /// <param name="row">The row.</param>
    /// <param name="review">The review, which knows what is soon.</param>
    public bool Fits(ReviewRow row, AccessReview review) =>
        (Provider.Length == 0 || row.Project.Provider == Provider)
        && (Standing.Length == 0 || ReviewWords.Of(row.Standing) == Standing)
        && (!Admins || row.Admin)
        && (!EndsSoon || review.EndsSoon(row))
        && (WaitsOver is not { } days || ReviewWords.Days(row.Waits) > days)
        && IsRisk(row);

    private bool IsRisk(ReviewRow row) =>
        Risk switch
        {
            "no-reason" => row is { Admin: true, State: not ReviewState.Absent, Reason: null or "" },
            "no-end" => row.State != ReviewState.Absent && row.Standing != ReviewStanding.Leaving && row.Until is null,
            _ => true,
        };
}

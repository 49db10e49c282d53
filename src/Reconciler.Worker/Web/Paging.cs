namespace Reconciler.Worker.Web;

/// <summary>Which rows of many a page shows.</summary>
/// <param name="Query">What was asked for.</param>
/// <param name="Rows">How many rows there are.</param>
/// <param name="Of">What they are called.</param>
internal sealed record Paging(StatusQuery Query, int Rows, string Of)
{
    /// <summary>How many rows a page has.</summary>
    public const int Length = 100;

    /// <summary>How many pages there are.</summary>
    public int Pages => Math.Max(1, (Rows + Length - 1) / Length);

    /// <summary>The page that was asked for; the last one where there is no such page.</summary>
    public int At => Math.Min(Query.Number, Pages);

    /// <summary>Which rows are shown, in words.</summary>
    public string Range
    {
        get
        {
            var last = Math.Min(Rows, At * Length);
            return $"{StatusWords.Number(Before + 1)} to {StatusWords.Number(last)} of {StatusWords.Number(Rows)}";
        }
    }

    /// <summary>The link to the page before; null where there is none.</summary>
    public string? Previous => At > 1 ? (Query with { Number = At - 1 }).Link : null;

    /// <summary>The link to the page after; null where there is none.</summary>
    public string? Next => At < Pages ? (Query with { Number = At + 1 }).Link : null;

    /// <summary>The rows shown.</summary>
    public IEnumerable<T> Shown<T>(IEnumerable<T> rows) => rows.Skip(Before).Take(Length);

    private int Before => (At - 1) * Length;
}

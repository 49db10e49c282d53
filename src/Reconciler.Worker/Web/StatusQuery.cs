using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Reconciler.Worker.Web;

/// <summary>What a reader of the status page asks to see. Whatever makes no sense is taken for not said.</summary>
/// <param name="Path">The page.</param>
internal sealed record StatusQuery(string Path)
{
    private const int LongestSearch = 200;

    /// <summary>The words that rows must have; empty for all.</summary>
    public string Search { get; init; } = "";

    /// <summary>The state that rows must have; empty for any.</summary>
    public string State { get; init; } = "";

    /// <summary>The filters of the list of people.</summary>
    public PeopleFilter People { get; init; } = PeopleFilter.None;

    /// <summary>Which page of the rows, from 1.</summary>
    public int Number { get; init; } = 1;

    /// <summary>Whether the page stays as it is, instead of being loaded anew by itself.</summary>
    public bool IsStill { get; init; }

    /// <summary>The words one by one, in lower case.</summary>
    public string[] Words =>
        Search.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The link to what is asked for.</summary>
    public string Link
    {
        get
        {
            var parts = new List<string>();
            if (Search.Length > 0)
                parts.Add($"q={Uri.EscapeDataString(Search)}");
            if (State.Length > 0)
                parts.Add($"state={Uri.EscapeDataString(State)}");
            parts.AddRange(People.Parts());
            if (Number > 1)
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"page={Number}"));
            if (IsStill)
                parts.Add("refresh=off");
            return parts.Count == 0 ? Path : $"{Path}?{string.Join('&', parts)}";
        }
    }

    /// <summary>Reads a request.</summary>
    public static StatusQuery Of(HttpRequest request)
    {
        string Value(string name) => request.Query[name] is { Count: > 0 } values ? values[0] ?? "" : "";
        var search = Value("q").Trim();
        return new(request.Path.Value ?? "/")
        {
            Search = search.Length > LongestSearch ? search[..LongestSearch] : search,
            State = Value("state"),
            People = PeopleFilter.Of(Value),
            Number =
                int.TryParse(Value("page"), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number > 0
                    ? number
                    : 1,
            IsStill = Value("refresh") == "off",
        };
    }

    /// <summary>The link to one project.</summary>
    /// <param name="id">The document's namespace and name.</param>
    public static string Project(string id) =>
        $"/projects/{string.Join('/', id.Split('/').Select(Uri.EscapeDataString))}";

    /// <summary>The link to everything that somebody has.</summary>
    /// <param name="person">The person.</param>
    public static string Person(string person) => new StatusQuery("/people") { Search = person }.Link;
}

using System.Globalization;
using System.Text.Json.Nodes;
using Reconciler.Core.Manifests;
using Reconciler.Providers.Http;

namespace Reconciler.Providers.Described;

/// <summary>The names of roles or groups with the vendor's ids, as far as they are known.</summary>
internal sealed class NameTable
{
    private readonly Dictionary<string, string> _nameById = new(StringComparer.Ordinal);
    private readonly HashSet<string> _numbers = new(StringComparer.Ordinal);

    /// <summary>Adds an id.</summary>
    /// <param name="id">The id.</param>
    /// <param name="isNumber">Whether the vendor writes it as a number.</param>
    /// <param name="name">Its name.</param>
    public void Add(string id, bool isNumber, string name)
    {
        _nameById[id] = name;
        if (isNumber)
            _numbers.Add(id);
    }

    /// <summary>The id as the vendor writes it.</summary>
    public JsonNode Written(string id) =>
        _numbers.Contains(id) && long.TryParse(id, CultureInfo.InvariantCulture, out var number) ? number : id;

    /// <summary>The name of an id; null if it is not known.</summary>
    public string? NameOf(string id) => _nameById.GetValueOrDefault(id);

    /// <summary>The id of a name; null if none or several have it.</summary>
    public string? IdOf(string name)
    {
        string? found = null;
        foreach (var (id, known) in _nameById)
        {
            if (known != name)
                continue;
            if (found is not null)
                return null;
            found = id;
        }

        return found;
    }

    /// <summary>What is wrong with a word that a manifest declares; null if it names one.</summary>
    /// <param name="word">The word.</param>
    public string? Problem(string word)
    {
        var names = _nameById.Values.Order(StringComparer.Ordinal).ToList();
        return names.Count(n => n == word) switch
        {
            0 => $"the vendor knows no {ProblemText.Quote(word)}; expected one of "
                + $"{ProblemText.List(names.Distinct(StringComparer.Ordinal).Select(n => VendorText.Clean(n)))}"
                + ProblemText.DidYouMean(word, names),
            1 => null,
            var count => string.Create(
                CultureInfo.InvariantCulture,
                $"{count} have the name {ProblemText.Quote(word)} at the vendor; "
                    + $"expected a name that only one has: rename the others there"
            ),
        };
    }
}

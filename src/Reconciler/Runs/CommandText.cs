using Reconciler.Core.Text;
using Reconciler.Manifests.Loading;
using Reconciler.Options;

namespace Reconciler.Runs;

/// <summary>Writes the command that does something next, as it can be pasted into a shell.</summary>
internal static class CommandText
{
    /// <summary>The command that does the same with the same manifests and lets holds pass.</summary>
    public static string Release(
        ManifestRequest request,
        StateRequest state,
        IEnumerable<string> holds,
        params IEnumerable<string> verb
    )
    {
        var words = Words(request, verb);
        Add(words, "--state", state.Given.Typed);
        if (state.Path is null)
            words.Add("--no-state");
        return Joined([.. words, .. holds.SelectMany(h => new[] { "--approve", h })]);
    }

    /// <summary>The command that does something with the same manifests.</summary>
    public static string Of(ManifestRequest request, params IEnumerable<string> verb) => Joined(Words(request, verb));

    private static string Joined(IEnumerable<string> words) => string.Join(' ', words.Select(ShellText.Word));

    private static List<string> Words(ManifestRequest request, IEnumerable<string> verb)
    {
        var words = new List<string>(["reconciler", .. verb]);
        words.AddRange(
            request.Paths.Where(p => p != "." || request.Paths.Count > 1).Select(p => p.StartsWith('-') ? $"./{p}" : p)
        );
        AddAll("--exclude", request.Exclude);
        AddAll("--provider", request.Providers);
        AddAll("--project", request.Projects);
        AddAll("--allow-host", request.AllowedHosts);
        AddAll("--base-url", request.BaseUrls);
        AddAll("--allow-env", request.AllowedVariables);
        Add(words, "--connections", request.Connections);
        Add(words, "--vendors", request.Vendors);
        AddAll("--override-vendor", request.OverriddenVendors);
        Add(words, "--secrets-dir", request.SecretsFolder);
        Add(words, "--guardrails", request.Guardrails);
        Add(words, "--approvals", request.Approvals);
        Add(
            words,
            "--max-removals",
            request.LiftsBuiltInLimits
                ? "none"
                : request.MaxRemovals?.ToString(System.Globalization.CultureInfo.InvariantCulture)
        );
        Add(words, "--baseline", request.Baseline);
        if (request.AllowsEmpty)
            words.Add("--allow-empty");
        return words;

        void AddAll(string option, IEnumerable<string> values)
        {
            foreach (var value in values)
                Add(words, option, value);
        }
    }

    private static void Add(List<string> words, string option, string? value)
    {
        if (value is null)
            return;
        // A word that begins with a dash is read as an option unless it follows an equals sign.
        if (value.StartsWith('-'))
            words.Add($"{option}={value}");
        else
            words.AddRange([option, value]);
    }
}

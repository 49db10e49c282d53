using System.Text.RegularExpressions;

namespace Reconciler.Worker.Web;

/// <summary>
/// Names the settings of a worker where a message names options of the command line: whoever reads a page has no
/// command line.
/// </summary>
internal static partial class SettingNames
{
    private static readonly Dictionary<string, string> Settings = new(StringComparer.Ordinal)
    {
        ["allow-empty"] = "allowEmpty",
        ["allow-env"] = "allowEnv",
        ["allow-host"] = "allowHosts",
        ["approvals"] = "approvals",
        ["base-url"] = "baseUrls",
        ["connections"] = "connections",
        ["exclude"] = "exclude",
        ["guardrails"] = "guardrails",
        ["max-removals"] = "maxRemovals",
        ["override-vendor"] = "overrideVendors",
        ["secrets-dir"] = "secretsDir",
        ["state"] = "state",
        ["vendors"] = "vendors",
    };

    /// <summary>The message with settings instead of options.</summary>
    public static string InsteadOfOptions(string message) =>
        message.Contains("--", StringComparison.Ordinal)
            ? Option().Replace(message, m => Setting(message, m))
            : message;

    // Dashes inside a word are no option.
    private static string Setting(string message, Match match)
    {
        var (start, end) = (match.Groups["option"].Index, match.Index + match.Length);
        var isInside = (start > 0 && IsOfWord(message[start - 1])) || (end < message.Length && IsOfWord(message[end]));
        if (isInside || !Settings.TryGetValue(match.Groups["name"].Value, out var setting))
            return match.Value;
        return match.Groups["run"].Success ? $"set {setting}" : $"the setting {setting}";
    }

    private static bool IsOfWord(char sign) => char.IsLetterOrDigit(sign) || sign == '-';

    [GeneratedRegex(
        "(?<run>run with )?(?<option>--(?<name>[a-z]+(-[a-z]+)*))",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Option();
}

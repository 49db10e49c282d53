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
        ["secrets-dir"] = "secretsDir",
        ["state"] = "state",
    };

    /// <summary>The message with settings instead of options.</summary>
    public static string InsteadOfOptions(string message) =>
        message.Contains("--", StringComparison.Ordinal)
            ? Option()
                .Replace(
                    message,
                    m =>
                        !Settings.TryGetValue(m.Groups["name"].Value, out var setting) ? m.Value
                        : m.Groups["run"].Success ? $"set {setting}"
                        : $"the setting {setting}"
                )
            : message;

    [GeneratedRegex(
        "(?<run>run with )?(?<![A-Za-z0-9-])--(?<name>[a-z]+(-[a-z]+)*)(?![A-Za-z0-9-])",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex Option();
}

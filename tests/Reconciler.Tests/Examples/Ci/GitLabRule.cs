using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Reconciler.Tests.Examples.Ci;

/// <summary>Decides by its rules whether a job is in a pipeline: https://docs.gitlab.com/ci/jobs/job_rules.</summary>
internal static partial class GitLabRule
{
    /// <summary>When the job runs: on_success, on_failure, always or never.</summary>
    public static string When(YamlMappingNode job, IReadOnlyDictionary<string, string> variables)
    {
        foreach (var rule in ((YamlSequenceNode)job["rules"]).Children.Cast<YamlMappingNode>())
        {
            if (Holds(CiWorkflow.Scalar(rule, "if")!, variables))
                return CiWorkflow.Scalar(rule, "when") ?? "on_success";
        }

        return "never";
    }

    /// <summary>Whether a condition of comparisons, joined by "and" before "or", holds.</summary>
    public static bool Holds(string condition, IReadOnlyDictionary<string, string> variables) =>
        condition
            .Split("||", StringSplitOptions.TrimEntries)
            .Any(any =>
                any.Split("&&", StringSplitOptions.TrimEntries)
                    .All(all =>
                    {
                        var parts = Comparison().Match(all);
                        Assert.True(parts.Success, $"{all} is no comparison");
                        var same =
                            Value(parts.Groups["one"].Value, variables)
                            == Value(parts.Groups["other"].Value, variables);
                        return same == (parts.Groups["sign"].Value == "==");
                    })
            );

    // A variable that is not set is null, which is no empty text.
    private static string? Value(string word, IReadOnlyDictionary<string, string> variables) =>
        word[0] == '$' ? variables.GetValueOrDefault(word[1..]) : word.Trim('"');

    [GeneratedRegex(
        "^(?<one>\\$\\w+) (?<sign>==|!=) (?<other>\\$\\w+|\"[^\"]*\")$",
        RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex Comparison();
}

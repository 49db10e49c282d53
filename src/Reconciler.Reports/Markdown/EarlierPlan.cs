using System.Collections.Immutable;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Reconciler.Engine.Planning;
using Reconciler.Reports.Masking;

namespace Reconciler.Reports.Markdown;

/// <summary>
/// A plan that was shown earlier as Markdown, such as the comment that a reviewer read. It is compared line by line, so
/// it needs no file besides the comment, and shows no more than the comment did.
/// </summary>
/// <param name="Digest">The digest of the plan; null where manifests had problems and nothing was planned.</param>
/// <param name="Lines">Its changes, holds and failures.</param>
/// <param name="IsCut">Whether some were left out for lack of room.</param>
public sealed partial record EarlierPlan(string? Digest, ImmutableArray<PlanLine> Lines, bool IsCut)
{
    /// <summary>The maximum size of a file, in bytes. GitHub and GitLab take comments of at most a million.</summary>
    public const int LargestFile = 4 * 1024 * 1024;

    /// <summary>Reads a file that <c>plan --format markdown</c> wrote; null, with the problem, where it is none.</summary>
    /// <param name="path">The path of the file, for messages.</param>
    /// <param name="read">Reads its content; may throw <see cref="IOException"/>.</param>
    /// <param name="problem">Describes what is wrong.</param>
    public static EarlierPlan? Read(string path, Func<byte[]> read, out string problem)
    {
        problem = "";
        try
        {
            if (Parse(Encoding.UTF8.GetString(read())) is { } plan)
                return plan;
            problem =
                $"{path} is no plan; expected a file that plan --format markdown wrote, whose first line is "
                + $"{MarkdownPlan.Marker} digest=… -->";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            problem = $"the earlier plan {path} cannot be read: {unreadable.Message}";
        }

        return null;
    }

    /// <summary>Reads the text of a comment; null where it is no plan.</summary>
    /// <param name="text">The text; GitLab and GitHub may give it back with other line ends.</param>
    public static EarlierPlan? Parse(string text)
    {
        var lines = text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n');
        var marker = FirstLine().Match(lines[0]);
        if (!marker.Success)
            return null;
        var digest = marker.Groups["digest"].Value;
        return digest == "none"
            ? new(null, [], IsCut: false)
            : new(
                digest,
                [.. LinesOf(lines)],
                lines.Any(l => l.StartsWith(MarkdownPlan.LeftOutWord, StringComparison.Ordinal))
            );
    }

    /// <summary>Masks every line, for a run that shows no address; returns the plan itself without a mask.</summary>
    public EarlierPlan Masked(AddressMask? mask) =>
        mask is null
            ? this
            : this with
            {
                Lines = [.. Lines.Select(l => new PlanLine(mask.Text(l.Project), mask.Text(l.Text)))],
            };

    /// <summary>Finds what a plan has and this one did not have, and the other way round.</summary>
    /// <param name="fresh">The plan as it is now, masked as it is shown.</param>
    public PlanChanges Compare(RunPlan fresh)
    {
        var now = Parse(MarkdownPlan.Of(fresh, int.MaxValue, verbose: false))!;
        return new(this, now.Digest!, Without(now.Lines, Lines), Without(Lines, now.Lines));
    }

    private static IEnumerable<PlanLine> LinesOf(IEnumerable<string> lines)
    {
        var (project, fence) = ("", (string?)null);
        foreach (var line in lines)
        {
            if (fence is null && Summary().Match(line) is { Success: true } summary)
                project = WebUtility.HtmlDecode(summary.Groups["name"].Value);
            else if (fence is null && OpensFence().Match(line) is { Success: true } opens)
                fence = opens.Groups["fence"].Value;
            else if (line == fence)
                fence = null;
            else if (fence is not null && project.Length > 0 && line is ['+' or '-' or '!', ' ', ..])
                yield return new(project, line);
        }
    }

    // A line may occur twice where names are cut or masked, so each counts as often as it occurs.
    private static ImmutableArray<PlanLine> Without(IEnumerable<PlanLine> lines, IEnumerable<PlanLine> others)
    {
        var left = others.CountBy(l => l.Key).ToDictionary(StringComparer.Ordinal);
        var rest = ImmutableArray.CreateBuilder<PlanLine>();
        foreach (var line in lines)
        {
            if (left.TryGetValue(line.Key, out var count) && count > 0)
                left[line.Key] = count - 1;
            else
                rest.Add(line);
        }

        return rest.ToImmutable();
    }

    [GeneratedRegex(
        "^<!-- reconciler\\.dev/plan/v1 digest=(?<digest>none|sha256:[0-9a-f]{64}) -->$",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex FirstLine();

    [GeneratedRegex(
        "^<summary><code>(?<name>[^<>]*)</code>",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Summary();

    [GeneratedRegex("^(?<fence>`{3,})diff$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex OpensFence();
}

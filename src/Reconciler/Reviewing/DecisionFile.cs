using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Text;
using Reconciler.Manifests.Files;
using Reconciler.Manifests.Yaml;

namespace Reconciler.Reviewing;

/// <summary>
/// Reads the JSON that an access review page exports. It is read as the YAML that JSON is, so that each problem has its
/// line.
/// </summary>
internal static class DecisionFile
{
    /// <summary>The shape of the file.</summary>
    public const string Version = "reconciler.dev/access-review-decisions/v1";

    private const string AText = "a text";

    private static readonly string[] Words = ["keep", "revoke"];
    private static readonly string[] Times = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>Reads a file; null where it has problems.</summary>
    /// <param name="path">The file as the user named it.</param>
    /// <param name="folder">The folder that relative paths start from.</param>
    /// <param name="clock">Measures how long a pipe takes.</param>
    /// <param name="problems">Gets every problem found.</param>
    public static ReviewDecisions? Read(string path, string folder, TimeProvider clock, Problems problems)
    {
        byte[] bytes;
        try
        {
            bytes = UserFile.ReadNamed(Path.GetFullPath(path, Path.GetFullPath(folder)), YamlLimits.Bytes, clock);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            problems.Error(new Position(path, 0, 0), $"cannot be read: {unreadable.Message}");
            return null;
        }

        var documents = new List<Node>();
        if (
            SourceText.Decode(path, bytes, problems) is not { } text
            || !YamlTreeReader.Read(path, text, problems, documents)
        )
            return null;
        if (documents is not [MappingNode root])
        {
            problems.Error(new Position(path, 1, 1), "holds no decisions; expected what the review page exports");
            return null;
        }

        var read = Of(root, problems);
        return problems.HasErrors ? null : read;
    }

    private static ReviewDecisions? Of(MappingNode root, Problems problems)
    {
        if (Text(root, "version", problems) is { } version && version != Version)
            problems.Error(
                root,
                "version",
                $"is {ProblemText.Quote(version)}; expected {Version}, as the page exports"
            );
        if (problems.HasErrors)
            return null;
        var review = Part(root, "review", problems);
        var provenance = review is null ? null : Part(review, "provenance", problems);
        if (provenance is null)
            return null;
        if (Flag(provenance, "masked", problems))
            problems.Error(
                provenance,
                "masked",
                "is true: addresses are masked, so the decisions name nobody; decide on a page that was made without "
                    + "--mask-emails"
            );
        var manifests = Part(provenance, "manifests", problems);
        ImmutableArray<SourceFile> files = manifests is null ? [] : Files(manifests, problems);
        return new(files, [.. List(root, "decisions", problems).Select(d => Decision(d, problems))])
        {
            ReviewedAt = Time(review!, "at", problems),
            Commit = OptionalText(provenance, "commit", problems),
            Reviewer = OneLine(OptionalText(root, "reviewer", problems)),
        };
    }

    private static ImmutableArray<SourceFile> Files(MappingNode manifests, Problems problems)
    {
        var (files, paths) = (new List<SourceFile>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var file in List(manifests, "files", problems))
        {
            if (Text(file, "path", problems) is not { } path || Text(file, "digest", problems) is not { } digest)
                continue;
            if (paths.Add(path))
                files.Add(new(path, digest));
            else
                problems.Error(file, "path", $"repeats {ProblemText.Quote(path)}; expected each file once");
        }

        return [.. files];
    }

    private static ReviewDecision Decision(MappingNode row, Problems problems)
    {
        const string expected = "keep, revoke or null";
        var word = OptionalText(row, "decision", problems, expected);
        if (word.Length > 0 && !Words.Contains(word, StringComparer.Ordinal))
            problems.Error(row, "decision", $"is {ProblemText.Quote(word)}; expected {expected}");
        return new(
            Text(row, "person", problems) ?? "",
            Text(row, "provider", problems) ?? "",
            Text(row, "project", problems) ?? "",
            Text(row, "projectId", problems) ?? "",
            word == "revoke",
            row.Position
        )
        {
            Keeps = word == "keep",
            Comment = OneLine(OptionalText(row, "comment", problems)),
            Standing = OptionalText(row, "standing", problems),
            State = OptionalText(row, "state", problems),
            Account = OptionalText(row, "account", problems),
            Owned = Flag(row, "owned", problems),
        };
    }

    private static MappingNode? Part(MappingNode from, string field, Problems problems)
    {
        if (from[field] is MappingNode found)
            return found;
        problems.Error(from, field, $"{Found(from[field])}; expected a mapping, as the page exports");
        return null;
    }

    private static IEnumerable<MappingNode> List(MappingNode from, string field, Problems problems)
    {
        if (from[field] is not SequenceNode list)
        {
            problems.Error(from, field, $"{Found(from[field])}; expected a list, as the page exports");
            yield break;
        }

        foreach (var item in list.Items)
        {
            if (item is MappingNode mapping)
                yield return mapping;
            else
                problems.Error(item, $"is {item.Describe()}; expected a mapping");
        }
    }

    private static string? Text(MappingNode from, string field, Problems problems, string expected = AText)
    {
        if (from[field] is ScalarNode { Kind: ScalarKind.Text } found)
            return found.Text;
        problems.Error(from, field, $"{Found(from[field])}; expected {expected}");
        return null;
    }

    private static string OptionalText(MappingNode from, string field, Problems problems, string expected = AText) =>
        IsNothing(from[field]) ? "" : Text(from, field, problems, expected) ?? "";

    private static bool Flag(MappingNode from, string field, Problems problems)
    {
        if (IsNothing(from[field]))
            return false;
        if (from[field] is ScalarNode { Kind: ScalarKind.Flag, Text: "true" or "false" } flag)
            return flag.Text == "true";
        problems.Error(from, field, $"{Found(from[field])}; expected true or false");
        return false;
    }

    // The day becomes a part of the branch's name.
    private static DateTimeOffset Time(MappingNode from, string field, Problems problems)
    {
        if (Text(from, field, problems) is not { } text)
            return default;
        var (culture, style) = (CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        if (DateTimeOffset.TryParseExact(text, Times, culture, style, out var time))
            return time;
        problems.Error(from, field, $"is {ProblemText.Quote(text)}; expected a time such as 2026-11-30T12:00:00Z");
        return default;
    }

    private static bool IsNothing(Node? node) => node is null or ScalarNode { Kind: ScalarKind.Nothing };

    private static string Found(Node? node) => node is null ? "is missing" : $"is {node.Describe()}";

    // These texts stand in a commit message, where a line of its own could be taken for something else.
    private static string OneLine(string text) =>
        TerminalText.Escape(string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
}

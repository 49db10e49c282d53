using System.Text.RegularExpressions;
using Reconciler.Manifests;

namespace Reconciler.Sources.Git;

/// <summary>The ref to follow: a branch, a tag, or the default branch.</summary>
/// <param name="Name">The full name at the repository.</param>
/// <param name="Words">Its name for people.</param>
/// <param name="Suffix">
/// The suffix of the origin. Another branch is another source, so manifests that it lacks were not deleted.
/// </param>
public sealed partial record GitRef(string Name, string Words, string Suffix)
{
    /// <summary>The tag's own name; null for branches.</summary>
    internal string? Tag =>
        Name.StartsWith("refs/tags/", StringComparison.Ordinal) ? Name["refs/tags/".Length..] : null;

    /// <summary>Makes the ref of a branch or a tag.</summary>
    /// <exception cref="SourceException">Both are given, or git does not allow the name.</exception>
    public static GitRef Of(string? branch, string? tag) =>
        (branch, tag) switch
        {
            (not null, not null) => throw new SourceException("a branch and a tag are given; expected one of them"),
            (not null, _) => new($"refs/heads/{Checked("branch", branch)}", $"branch {branch}", $"#{branch}"),
            (_, not null) => new($"refs/tags/{Checked("tag", tag)}", $"tag {tag}", $"#tags/{tag}"),
            _ => new("HEAD", "default branch", ""),
        };

    // The rules of git check-ref-format. A colon or an asterisk would turn the name into another refspec.
    private static string Checked(string what, string name)
    {
        if (name.StartsWith("refs/", StringComparison.Ordinal))
            throw new SourceException($"the {what} begins with refs/; expected its short name");
        var wrong =
            name.Length is 0 or > 250
            || name.StartsWith('-')
            || name == "@"
            || name.EndsWith('.')
            || Forbidden().IsMatch(name)
            || name.Split('/')
                .Any(part =>
                    part.Length == 0 || part.StartsWith('.') || part.EndsWith(".lock", StringComparison.Ordinal)
                );
        return wrong
            ? throw new SourceException(
                $"the name of the {what} is none that git knows; expected a name such as main or release/v1"
            )
            : name;
    }

    [GeneratedRegex(@"\.\.|@\{|[\x00-\x20\x7f~^:?*\[\\]", RegexOptions.NonBacktracking)]
    private static partial Regex Forbidden();
}

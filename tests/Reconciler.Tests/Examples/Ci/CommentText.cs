using System.Text.RegularExpressions;

namespace Reconciler.Tests.Examples.Ci;

/// <summary>What somebody takes from a comment in order to start an apply by hand.</summary>
internal static partial class CommentText
{
    public static string DigestOf(string comment) => Digest().Match(comment).Groups["digest"].Value;

    public static string HoldOf(string comment) => Hold().Match(comment).Value;

    [GeneratedRegex("digest=(?<digest>sha256:[0-9a-f]{64})", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Digest();

    [GeneratedRegex("hold:sha256:[0-9a-f]{64}", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Hold();
}

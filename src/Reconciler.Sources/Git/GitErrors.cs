using System.Text.RegularExpressions;
using Reconciler.Manifests;

namespace Reconciler.Sources.Git;

/// <summary>
/// Turns git's errors of a fetch into a sentence that says what to do. Git has no error codes, so its English messages
/// are matched.
/// </summary>
internal static partial class GitErrors
{
    private const int MostText = 300;

    // The first match decides, so the most specific messages come first.
    private static readonly (string[] Said, Func<GitSettings, GitRef, string> Sentence)[] Known =
    [
        (
            ["couldn't find remote ref"],
            (_, follow) =>
                follow.Name == "HEAD"
                    ? "is empty, or its default branch does not exist"
                    : $"has no {follow.Words}; was it deleted or renamed?"
        ),
        (
            ["returned error: 3"],
            (_, _) =>
                "answers with a redirect, which is not followed, since it would take the token elsewhere; "
                + "use the address that it leads to"
        ),
        (
            ["could not read Username", "could not read Password", "Authentication failed", "returned error: 401"],
            (settings, _) =>
                settings.TokenFile is { } file
                    ? $"refuses the token of {file}; is it valid, and may it read the repository?"
                    : "wants credentials; give a token file"
        ),
        (
            ["returned error: 403"],
            (settings, _) =>
                settings.TokenFile is { } file
                    ? $"forbids reading it with the token of {file}"
                    : "forbids reading it; give a token file"
        ),
        (
            ["returned error: 404", "Repository not found", "' not found", "does not appear to be a git repository"],
            (_, _) => "is not there, or these credentials may not see it"
        ),
        (
            ["Host key verification failed"],
            (settings, _) =>
                $"has a host key that {settings.KnownHostsFile} does not list; add it there once you have compared it "
                + "with the host's own"
        ),
        (
            ["UNPROTECTED PRIVATE KEY FILE", "bad permissions"],
            (settings, _) =>
                $"cannot be asked: the key file {settings.SshKeyFile} may be read by others, "
                + "and ssh refuses such keys; its mode must be 0600"
        ),
        (
            ["Permission denied (publickey"],
            (settings, _) => $"refuses the key of {settings.SshKeyFile}; is it added there, and without a passphrase?"
        ),
        (["Could not resolve host"], (_, _) => "cannot be reached: its host's name is not known"),
        (["certificate"], (_, _) => "has a certificate that is not trusted; give a file of authorities"),
        (
            [
                "Failed to connect",
                "Connection refused",
                "timed out",
                "Connection reset",
                "Couldn't connect",
                "No route to host",
                "Network is unreachable",
                "early EOF",
                "hung up unexpectedly",
            ],
            (_, _) => "cannot be reached"
        ),
        (["returned error: 5"], (_, _) => "answers with an error of the server"),
        (["dubious ownership"], (_, _) => "belongs to another user of this machine, and git refuses to read it"),
        (["fsck", "index-pack"], (_, _) => "holds an object that is malformed, and git refuses it"),
        (["not allowed"], (_, _) => "leads to a protocol that is refused"),
    ];

    /// <summary>Returns the sentence; null if git's message is not known, and the local copy may be broken.</summary>
    public static string? Explain(string errors, GitSettings settings, GitRef follow)
    {
        foreach (var (said, sentence) in Known)
        {
            if (said.Any(s => errors.Contains(s, StringComparison.OrdinalIgnoreCase)))
                return sentence(settings, follow);
        }

        return null;
    }

    /// <summary>
    /// Returns the hash of a repository that is not the one of the copy; null if the message is about something else.
    /// </summary>
    public static string? HashOfServer(string errors) =>
        OtherHash().Match(errors) is { Success: true } other ? other.Groups["server"].Value : null;

    /// <summary>Whether the message is about malformed objects, fetched or in the local copy.</summary>
    public static bool IsAboutObjects(string errors) =>
        errors.Contains("fsck", StringComparison.Ordinal) || errors.Contains("index-pack", StringComparison.Ordinal);

    /// <summary>Returns git's own message, shortened and without secrets.</summary>
    public static string Text(string errors, IReadOnlyList<string> secrets)
    {
        foreach (var secret in secrets)
            errors = errors.Replace(secret, "…", StringComparison.Ordinal);
        var lines = errors
            .Split('\n')
            .Select(l => Controls().Replace(l, " ").Trim())
            .Where(l => l.Length > 0)
            .ToArray();
        var telling = lines
            .Where(l =>
                l.StartsWith("fatal: ", StringComparison.Ordinal) || l.StartsWith("error: ", StringComparison.Ordinal)
            )
            .ToArray();
        var text = string.Join("; ", telling.Length > 0 ? telling : lines.TakeLast(2));
        return text.Length > MostText ? text[..MostText] + "…" : text;
    }

    /// <summary>Makes the error of a fetch that failed.</summary>
    public static SourceException Failed(string where, string sentence, string text) =>
        new(text.Length > 0 ? $"{where} {sentence} (git says: {text})" : $"{where} {sentence}");

    // "fatal: mismatched algorithms: client sha1; server sha256"
    [GeneratedRegex(
        "mismatched algorithms: client [a-z0-9]+; server (?<server>[a-z0-9]+)",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex OtherHash();

    [GeneratedRegex(@"\p{C}", RegexOptions.NonBacktracking)]
    private static partial Regex Controls();
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Ports;
using Reconciler.Manifests;

namespace Reconciler.Sources.Git;

/// <summary>
/// Asks git who wrote the lines of a checkout: once per file, and only when an audit entry is written. It only reads,
/// uses no network and runs no hook. If git does not know, because there is no repository, no git or no time, the
/// returned words say so.
/// </summary>
/// <param name="folder">The folder that the manifests' paths are relative to.</param>
/// <param name="paths">The manifests' files and folders.</param>
public sealed class CheckoutHistory(string folder, IReadOnlyList<string> paths) : IDeclarationHistory
{
    /// <summary>The author if the history ends before the commit that wrote the line.</summary>
    public const string Shallow = "author unknown (shallow)";

    /// <summary>The author without a git history.</summary>
    public const string NoHistory = "author unknown (no git history)";

    /// <summary>The author of a line that is not committed.</summary>
    internal const string NotCommitted = "author unknown (not committed)";

    private static readonly LineOrigin Unknown = new("", NoHistory);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, Lazy<Task<IReadOnlyDictionary<int, LineOrigin>>>> _files = new(
        StringComparer.Ordinal
    );
    private readonly Lock _lock = new();
    private Task<ManifestOrigin>? _origin;

    /// <inheritdoc/>
    public Task<ManifestOrigin> OriginAsync(CancellationToken cancellation)
    {
        lock (_lock)
            _origin ??= FindOriginAsync();
        return _origin.WaitAsync(cancellation);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<Position, LineOrigin>> LinesAsync(
        IReadOnlyCollection<Position> lines,
        CancellationToken cancellation
    )
    {
        var found = new Dictionary<Position, LineOrigin>();
        foreach (var file in lines.GroupBy(l => Full(l.Path), StringComparer.Ordinal))
        {
            var known = await _files
                .GetOrAdd(file.Key, path => new(() => BlameAsync(path)))
                .Value.WaitAsync(cancellation);
            foreach (var line in file)
                found[line] = known.GetValueOrDefault(line.Line, Unknown);
        }

        return found;
    }

    private string Full(string path) => Path.GetFullPath(path, Path.GetFullPath(folder));

    private async Task<ManifestOrigin> FindOriginAsync()
    {
        var first = Full(paths.Count > 0 ? paths[0] : ".");
        var at = Directory.Exists(first) ? first : Path.GetDirectoryName(first) ?? first;
        if (await GitAsync(at, "rev-parse", "--verify", "--quiet", "HEAD") is not { } head)
            return new(at, "", "");
        var remote = (await GitAsync(at, "config", "--get", "remote.origin.url"))?.Trim() ?? "";
        var root = (await GitAsync(at, "rev-parse", "--show-toplevel"))?.Trim() ?? at;
        var changes = await GitAsync(at, ["status", "--porcelain", "--", .. paths.Select(Full)]);
        return new(remote.Length > 0 ? PlainAddress.Of(remote) : root, head.Trim() + State(changes), "");
    }

    private static string State(string? changes) =>
        changes switch
        {
            "" => "",
            null => "+unknown",
            _ => "+changes",
        };

    private static async Task<IReadOnlyDictionary<int, LineOrigin>> BlameAsync(string file)
    {
        var (at, name) = (Path.GetDirectoryName(file)!, Path.GetFileName(file));
        if (!File.Exists(file) || await GitAsync(at, "blame", "--porcelain", "--", name) is not { } blame)
            return new Dictionary<int, LineOrigin>();
        return BlameText.Read(blame, await CutOffAsync(at));
    }

    // In a shallow copy the oldest commits seem to have written everything.
    private static async Task<IReadOnlySet<string>> CutOffAsync(string at)
    {
        var path = (await GitAsync(at, "rev-parse", "--git-path", "shallow"))?.Trim();
        if (string.IsNullOrEmpty(path))
            return new HashSet<string>();
        var file = Path.GetFullPath(path, at);
        try
        {
            return File.Exists(file)
                ? File.ReadLines(file).Select(l => l.Trim()).ToHashSet(StringComparer.Ordinal)
                : new HashSet<string>();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new HashSet<string>();
        }
    }

    // Returns null if git fails: then the author is unknown in the audit trail, and nothing else fails.
    private static async Task<string?> GitAsync(string at, params string[] words)
    {
        using var limit = new CancellationTokenSource(Deadline);
        try
        {
            var git = new ChildProcess("git", GitEnvironment.OfCheckout());
            var (ended, output) = await git.RunAsync(["-C", at, .. words], limit.Token);
            return ended.IsGood ? Encoding.UTF8.GetString(output) : null;
        }
        catch (Exception failed)
            when (failed is SourceException or OperationCanceledException or IOException or InvalidOperationException)
        {
            return null;
        }
    }
}

/// <summary>Parses the output of <c>git blame --porcelain</c>.</summary>
internal static class BlameText
{
    private const int HashLength = 40;
    private static readonly string None = new('0', HashLength);

    /// <summary>Returns who wrote each line, by its number from 1.</summary>
    /// <param name="text">The output.</param>
    /// <param name="cutOff">The commits at which a shallow history ends.</param>
    public static IReadOnlyDictionary<int, LineOrigin> Read(string text, IReadOnlySet<string> cutOff)
    {
        var (authors, lines) = (
            new Dictionary<string, (string Name, string Mail)>(StringComparer.Ordinal),
            new List<(int Line, string Commit)>()
        );
        var commit = "";
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split(' ');
            if (line.StartsWith('\t'))
                commit = "";
            else if (
                commit.Length == 0
                && words.Length >= 3
                && words[0].Length >= HashLength
                && Number(words[2]) is { } number
            )
                lines.Add((number, commit = words[0]));
            else if (line.StartsWith("author ", StringComparison.Ordinal))
                authors[commit] = (line["author ".Length..], "");
            else if (line.StartsWith("author-mail ", StringComparison.Ordinal))
                authors[commit] = authors.GetValueOrDefault(commit) with { Mail = line["author-mail ".Length..] };
        }

        return lines.ToDictionary(l => l.Line, l => OriginOf(l.Commit, authors.GetValueOrDefault(l.Commit), cutOff));
    }

    private static int? Number(string word) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static LineOrigin OriginOf(string commit, (string Name, string Mail) author, IReadOnlySet<string> cutOff)
    {
        if (commit.StartsWith(None, StringComparison.Ordinal))
            return new("", CheckoutHistory.NotCommitted);
        return cutOff.Contains(commit)
            ? new("", CheckoutHistory.Shallow)
            : new(commit, $"{author.Name} {author.Mail}".Trim());
    }
}

/// <summary>Removes credentials from addresses before they are stored.</summary>
public static class PlainAddress
{
    /// <summary>Returns the address without user, password, query and fragment, because each may be a token.</summary>
    /// <param name="address">The address.</param>
    public static string Of(string address) => Shown(address, "");

    /// <summary>
    /// Returns the address of a CI run without user and password. The query is kept, because it may identify the run.
    /// </summary>
    /// <param name="address">The address.</param>
    public static string OfRun(string address) =>
        Shown(address, Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri.Query : "");

    private static string Shown(string address, string query)
    {
        if (!address.Contains("://", StringComparison.Ordinal))
            return address;
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri))
            return "";
        return uri.IsFile ? uri.AbsoluteUri : $"{uri.Scheme}://{uri.Authority}{uri.AbsolutePath}{query}";
    }
}

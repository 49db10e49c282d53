using System.Collections.Concurrent;
using Reconciler.Testing.Sources.Git;

namespace Reconciler.Tests.Examples.Ci;

/// <summary>What somebody wrote on a pull request.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Author">Who wrote it.</param>
/// <param name="Body">The text.</param>
internal sealed record ForgeComment(int Id, string Author, string Body);

/// <summary>
/// The memory of a host of repositories, for both systems: comments, merged pull requests, and releases. Its repository
/// is a real one.
/// </summary>
internal sealed class Forge(GitRepository repository)
{
    /// <summary>Who the workflows are, in comments.</summary>
    public const string Bot = "github-actions[bot]";

    private int _last;

    public GitRepository Repository { get; } = repository;

    /// <summary>The comments of each pull request, oldest first.</summary>
    public ConcurrentDictionary<int, List<ForgeComment>> Comments { get; } = [];

    /// <summary>Which pull request a commit of main came from.</summary>
    public ConcurrentDictionary<string, int> MergedBy { get; } = [];

    /// <summary>The folder with a folder for each release.</summary>
    public string? Releases { get; set; }

    /// <summary>Whether comments are refused, as in an outage.</summary>
    public bool RefusesComments { get; set; }

    /// <summary>The requests that came, with what they said about themselves.</summary>
    public ConcurrentQueue<(string Request, string Authorization)> Requests { get; } = [];

    public IReadOnlyList<ForgeComment> CommentsOf(int number) =>
        Comments.TryGetValue(number, out var comments) ? comments : [];

    /// <summary>The one comment of the workflows with a marker.</summary>
    public string Only(int number, string marker) =>
        Assert
            .Single(
                CommentsOf(number),
                c => c.Author == Bot && c.Body.StartsWith($"<!-- reconciler.dev/{marker}/v1", StringComparison.Ordinal)
            )
            .Body;

    public void Write(int number, string author, string body) =>
        Comments.GetOrAdd(number, _ => []).Add(new(Interlocked.Increment(ref _last), author, body));

    public void Rewrite(int id, string body)
    {
        var comments = Comments.Values.Single(c => c.Exists(one => one.Id == id));
        var place = comments.FindIndex(c => c.Id == id);
        comments[place] = comments[place] with { Body = body };
    }
}

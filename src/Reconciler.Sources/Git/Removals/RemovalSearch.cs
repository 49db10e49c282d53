using System.Text.RegularExpressions;

namespace Reconciler.Sources.Git.Removals;

/// <summary>
/// Follows the history of manifests backwards, commit by commit, to the one that took a person out of a project. A
/// person is in a project through its document or a team that it names, so the teams that count are followed too.
/// Where the history and the manifests do not agree, no commit is named.
/// </summary>
internal sealed partial class RemovalSearch
{
    private readonly RemovedEntry _entry;
    private readonly string _document;
    private readonly string _namespace;
    private readonly Func<string, bool> _names;
    private readonly Func<string, bool> _mentions;
    private readonly HashSet<string> _persons;

    // The teams that the project names, and those that the person is in, as of the commit that was read last.
    private readonly HashSet<string> _teams;
    private readonly HashSet<string> _memberOf;

    public RemovalSearch(RemovedEntry entry, TeamsNow now)
    {
        _entry = entry;
        _document = ChangedDocument.KeyOf("ProjectMembership", entry.Document);
        _namespace = entry.Document[..entry.Document.IndexOf('/', StringComparison.Ordinal)];
        _persons = [.. entry.Persons];
        string[] words = [entry.Address, .. entry.Aliases];
        // A login or an id may be any word, such as that of a role, so that it counts as the value of its field alone.
        _names = line =>
            Accounts(line).Any(a => words.Contains(a, StringComparer.OrdinalIgnoreCase))
            || Person(line) is { } name && _persons.Contains($"{_namespace}/{name}");
        _mentions = line => words.Any(w => Says(line, w));
        _teams = [.. now.TeamsOf(_document)];
        _memberOf = [.. words.SelectMany(now.TeamsWith)];
    }

    /// <summary>The commit, once it is found.</summary>
    public CommitChanges? Found { get; private set; }

    /// <summary>Whether there is nothing more to look for.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Looks at the next older commit.</summary>
    public void Look(CommitChanges changes)
    {
        if (_entry.IsDeleted)
        {
            if (changes.Deletes(_document))
                Find(changes);
            return;
        }

        LearnPersons(changes);
        var own = changes.Of(_document, _names);
        if (own != 0)
        {
            End(changes, isOut: own < 0);
            return;
        }

        // Before the commit, the person was in these teams as well, or was not.
        var left = TeamsChanged(changes, isOut: true).ToList();
        if (left.Any(_teams.Contains) || LostTeam(changes, left))
            Find(changes);
        else if (TeamsChanged(changes, isOut: false).Any(_teams.Contains))
            IsOver = true;
        _memberOf.ExceptWith(TeamsChanged(changes, isOut: false));
        _memberOf.UnionWith(left);
        Rewind(changes);
    }

    // A project or one of its teams stopped naming a team that the person was in.
    private bool LostTeam(CommitChanges changes, List<string> left) =>
        Referring(changes).Any(f => f.IsOut && (_memberOf.Contains(f.Team) || left.Contains(f.Team)));

    private void Rewind(CommitChanges changes)
    {
        foreach (var (team, isOut) in Referring(changes).ToList())
        {
            if (isOut)
                _teams.Add(team);
            else
                _teams.Remove(team);
        }
    }

    private IEnumerable<(string Team, bool IsOut)> Referring(CommitChanges changes) =>
        _teams
            .Append(_document)
            .SelectMany(key => changes.Field(key, TeamName))
            .Select(f => (ChangedDocument.KeyOf("Team", $"{_namespace}/{f.Word}"), f.IsOut));

    private IEnumerable<string> TeamsChanged(CommitChanges changes, bool isOut) =>
        changes
            .Documents.Where(d => d.StartsWith("Team ", StringComparison.Ordinal))
            .Where(d => changes.Of(d, _names) == (isOut ? -1 : 1));

    // A Person that a commit took out named the person until then.
    private void LearnPersons(CommitChanges changes)
    {
        const string kind = "Person ";
        foreach (var document in changes.Documents.Where(d => d.StartsWith(kind, StringComparison.Ordinal)))
        {
            if (changes.Deletes(document) && changes.Of(document, _mentions) < 0)
                _persons.Add(document[kind.Length..]);
        }
    }

    private void End(CommitChanges changes, bool isOut)
    {
        if (isOut)
            Find(changes);
        IsOver = true;
    }

    private void Find(CommitChanges changes)
    {
        Found = changes;
        IsOver = true;
    }

    // The word stands alone, so that ana@x.example is not found in joana@x.example.
    private static bool Says(string line, string word)
    {
        for (
            var at = line.IndexOf(word, StringComparison.OrdinalIgnoreCase);
            at >= 0;
            at = line.IndexOf(word, at + 1, StringComparison.OrdinalIgnoreCase)
        )
        {
            var end = at + word.Length;
            if ((at == 0 || !IsPart(line[at - 1])) && (end == line.Length || !IsPart(line[end])))
                return true;
        }

        return false;
    }

    private static bool IsPart(char letter) =>
        char.IsLetterOrDigit(letter) || letter is '@' or '.' or '-' or '_' or '+';

    private static string? TeamName(string line) =>
        TeamField().Match(line) is { Success: true } team ? team.Groups["word"].Value : null;

    private static string? Person(string line) =>
        PersonField().Match(line) is { Success: true } person ? person.Groups["word"].Value : null;

    // An address may hold an apostrophe, so only one at the end belongs to the quotes.
    private static IEnumerable<string> Accounts(string line) =>
        AccountField().Matches(line).Select(m => m.Groups["word"].Value.TrimEnd('\''));

    [GeneratedRegex(
        "[\\s{,-][\"']?(email|login|userId|id)[\"']?:\\s*[\"']?(?<word>[^\\s\",}]+)",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex AccountField();

    [GeneratedRegex(
        "[\\s{,-]team:\\s*[\"']?(?<word>[A-Za-z0-9.-]+)",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex TeamField();

    [GeneratedRegex(
        "[\\s{,-]person:\\s*[\"']?(?<word>[A-Za-z0-9.-]+)",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex PersonField();
}

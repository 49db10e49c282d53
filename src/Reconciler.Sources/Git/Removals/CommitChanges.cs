namespace Reconciler.Sources.Git.Removals;

/// <summary>What one commit changed in the documents of its files: by document, the lines taken out and added.</summary>
/// <param name="commit">The commit's full hash.</param>
/// <param name="author">The author's name.</param>
/// <param name="subject">The first line of the message.</param>
internal sealed class CommitChanges(string commit, string author, string subject)
{
    private readonly Dictionary<string, (List<string> Out, List<string> In)> _changed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _before = new(StringComparer.Ordinal);
    private readonly HashSet<string> _after = new(StringComparer.Ordinal);
    private ChangedDocument _old = new();
    private ChangedDocument _new = new();

    public string Commit => commit;

    public string Author => author;

    public string Subject => subject;

    /// <summary>Adds a line of a file's difference, with its mark.</summary>
    public void Add(string line)
    {
        var (mark, text) = (line[0], line[1..]);
        if (mark is not ('+' or '-' or ' '))
            return;
        var isEnd = text.StartsWith("---", StringComparison.Ordinal);
        if (mark != '+')
        {
            if (isEnd)
                EndOld();
            else
                _old.Add(text, isChanged: mark == '-');
        }

        if (mark == '-')
            return;
        if (isEnd)
            EndNew();
        else
            _new.Add(text, isChanged: mark == '+');
    }

    /// <summary>Ends the documents of a file.</summary>
    public void EndFile()
    {
        EndOld();
        EndNew();
    }

    /// <summary>The keys of the documents that changed.</summary>
    public IEnumerable<string> Documents => _changed.Keys;

    /// <summary>Whether the commit took a whole document out, and did not move it to another file.</summary>
    public bool Deletes(string key) => _before.Contains(key) && !_after.Contains(key);

    /// <summary>
    /// How a document changed what it says of a word: -1 where its lines with the word were taken out, 1 where some
    /// were added, 0 where neither.
    /// </summary>
    public int Of(string key, Func<string, bool> says)
    {
        if (!_changed.TryGetValue(key, out var lines))
            return 0;
        return Math.Sign(lines.In.Count(says) - lines.Out.Count(says));
    }

    /// <summary>The words of one field that a document's changed lines took out or added.</summary>
    public IEnumerable<(string Word, bool IsOut)> Field(string key, Func<string, string?> word)
    {
        if (!_changed.TryGetValue(key, out var lines))
            return [];
        var (taken, added) = (lines.Out.Select(word).OfType<string>(), lines.In.Select(word).OfType<string>());
        return taken.Except(added).Select(w => (w, true)).Concat(added.Except(taken).Select(w => (w, false)));
    }

    private void EndOld()
    {
        if (_old.IsNamed)
        {
            _before.Add(_old.Key);
            LinesOf(_old.Key).Out.AddRange(_old.Changed);
        }

        _old = new();
    }

    private void EndNew()
    {
        if (_new.IsNamed)
        {
            _after.Add(_new.Key);
            LinesOf(_new.Key).In.AddRange(_new.Changed);
        }

        _new = new();
    }

    private (List<string> Out, List<string> In) LinesOf(string key)
    {
        if (!_changed.TryGetValue(key, out var lines))
            _changed[key] = lines = ([], []);
        return lines;
    }
}

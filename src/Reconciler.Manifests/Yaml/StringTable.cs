namespace Reconciler.Manifests.Yaml;

/// <summary>
/// Keeps one copy of each text of a reading: keys, names of roles and teams, and addresses stand in many entries. Files
/// that are read at one time share it.
/// </summary>
internal sealed class StringTable
{
    // Longer texts, such as annotations, hardly recur.
    private const int Longest = 128;

    private readonly Part[] _parts = [.. Enumerable.Range(0, 32).Select(_ => new Part())];

    /// <summary>The one copy of a text.</summary>
    public string Of(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > Longest)
            return text.ToString();
        var hash = string.GetHashCode(text, StringComparison.Ordinal);
        var part = _parts[hash & 31];
        lock (part)
            return part.Of(text, hash);
    }

    private sealed class Part
    {
        private string?[] _texts = new string?[32];
        private int _count;

        public string Of(ReadOnlySpan<char> text, int hash)
        {
            var at = Free(_texts, hash, text);
            if (_texts[at] is { } known)
                return known;
            var made = text.ToString();
            _texts[at] = made;
            if (++_count * 2 > _texts.Length)
                Grow();
            return made;
        }

        private void Grow()
        {
            var larger = new string?[_texts.Length * 2];
            foreach (var text in _texts)
            {
                if (text is not null)
                    larger[Free(larger, string.GetHashCode(text, StringComparison.Ordinal), text)] = text;
            }

            _texts = larger;
        }

        // The place of a text, or the free place where it belongs.
        private static int Free(string?[] texts, int hash, ReadOnlySpan<char> text)
        {
            var at = (hash >>> 5) & (texts.Length - 1);
            while (texts[at] is { } other && !text.SequenceEqual(other))
                at = (at + 1) & (texts.Length - 1);
            return at;
        }
    }
}

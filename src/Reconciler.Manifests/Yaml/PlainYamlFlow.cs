using System.Buffers;
using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Manifests.Yaml;

/// <summary>Reads the words of <see cref="PlainYaml"/>, and its flow collections, which end on their line.</summary>
internal sealed class PlainYamlFlow(string text, StringTable texts, NodeTableBuilder pieces, PlainYamlLine line)
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

    private static readonly SearchValues<char> FlowLetters = SearchValues.Create($"{Letters} ./@+-$~");

    /// <summary>How many pieces were read, of all documents.</summary>
    public int Count { get; set; }

    /// <summary>Adds a word of the present line.</summary>
    public void Add(int at, string word, bool quoted)
    {
        Count++;
        pieces.AddScalar(line.Number, line.ColumnOf(at), word, quoted);
    }

    /// <summary>Reads a word; returns where it ends, -1 if only the parser can read it.</summary>
    public int ReadWord(int at, bool isInFlow)
    {
        var rest = line.From(at);
        if (rest.IsEmpty)
            return -1;
        if (rest[0] is '"' or '\'')
            return ReadQuoted(at, rest);
        if (!char.IsAsciiLetterOrDigit(rest[0]) && rest[0] is not ('_' or '.' or '/' or '~' or '+' or '$'))
            return -1;
        var length = isInFlow ? LengthInFlow(rest) : LengthInBlock(rest);
        if (length < 0)
            return -1;
        var word = rest[..length].TrimEnd(' ');
        Add(at, texts.Of(word), quoted: false);
        return at + word.Length;
    }

    /// <summary>Reads a flow collection; returns where it ends, -1 if only the parser can read it.</summary>
    public int Read(int at, int depth)
    {
        if (depth >= YamlLimits.Depth)
            return -1;
        return text[at] == '[' ? ReadSequence(at, depth + 1) : ReadMapping(at, depth + 1);
    }

    private int ReadQuoted(int at, ReadOnlySpan<char> rest)
    {
        var mark = rest[0];
        var length = rest[1..].IndexOfAny(mark, mark == '"' ? '\\' : mark);
        // A backslash begins an escape; a doubled apostrophe is one in the text.
        if (length < 0 || rest[length + 1] != mark || (length + 2 < rest.Length && rest[length + 2] == mark))
            return -1;
        Add(at, texts.Of(rest.Slice(1, length)), quoted: true);
        return at + length + 2;
    }

    private static int LengthInFlow(ReadOnlySpan<char> rest)
    {
        var length = rest.IndexOfAnyExcept(FlowLetters);
        return length < 0 || rest[length] is not (',' or ':' or ']' or '}') ? -1 : length;
    }

    // A colon before a space would begin a mapping; without one, it is part of the word.
    private static int LengthInBlock(ReadOnlySpan<char> rest)
    {
        for (var at = 0; at < rest.Length; at++)
        {
            var next = rest[at..].IndexOfAny(':', '#');
            if (next < 0)
                return rest.Length;
            at += next;
            if (rest[at] == '#' && rest[at - 1] == ' ')
                return at;
            if (rest[at] == ':' && (at + 1 == rest.Length || rest[at + 1] == ' '))
                return -1;
        }

        return rest.Length;
    }

    private int ReadSequence(int at, int depth)
    {
        Count++;
        pieces.BeginSequence(line.Number, line.ColumnOf(at));
        at = line.AfterSpaces(at + 1);
        while (!Is(at, ']'))
        {
            at = ReadValue(at, depth);
            if (at < 0)
                return -1;
            at = AfterEntry(at, ']');
            if (at < 0)
                return -1;
        }

        pieces.End();
        return at + 1;
    }

    private int ReadMapping(int at, int depth)
    {
        Count++;
        var mapping = pieces.BeginMapping(line.Number, line.ColumnOf(at));
        at = line.AfterSpaces(at + 1);
        while (!Is(at, '}'))
        {
            var colon = ReadKey(at, mapping);
            if (colon < 0)
                return -1;
            at = ReadValue(line.AfterSpaces(colon + 1), depth);
            if (at < 0)
                return -1;
            at = AfterEntry(at, '}');
            if (at < 0)
                return -1;
        }

        pieces.End();
        return at + 1;
    }

    private int ReadKey(int at, int mapping)
    {
        var colon = line.EndOfKey(at);
        if (colon < 0 || line.From(colon).Length < 2)
            return -1;
        var name = texts.Of(text.AsSpan(at, colon - at));
        if (pieces.HasKey(mapping, name))
            return -1;
        Add(at, name, quoted: false);
        return colon;
    }

    private int ReadValue(int at, int depth) =>
        Is(at, '[') || Is(at, '{') ? Read(at, depth) : ReadWord(at, isInFlow: true);

    // Goes on to the next entry, or to the mark that ends the collection.
    private int AfterEntry(int at, char mark)
    {
        at = line.AfterSpaces(at);
        if (Is(at, mark))
            return at;
        if (!Is(at, ','))
            return -1;
        at = line.AfterSpaces(at + 1);
        return Is(at, mark) ? -1 : at;
    }

    private bool Is(int at, char mark) => line.From(at) is [var first, ..] && first == mark;
}

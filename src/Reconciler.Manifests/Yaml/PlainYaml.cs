using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Manifests.Yaml;

/// <summary>
/// Reads the YAML that nearly all manifests consist of, much faster than the YAML parser does: block mappings and lists
/// of words on one line, flow collections on one line, comments, several documents. Whatever else a text holds (an
/// anchor, an escape, a block of text, a tab, an error of any kind), the whole text is left to the parser, which alone
/// reports problems. Both read the same nodes from what both accept; a test compares them.
/// </summary>
internal sealed class PlainYaml
{
    // Comparing each new key with all before it would take too long in a larger mapping.
    private const int MostKeys = 100;

    private readonly string _text;
    private readonly StringTable _texts;
    private readonly NodeTableBuilder _pieces;
    private readonly PlainYamlLine _line;
    private readonly PlainYamlFlow _flow;
    private int _depth;

    private PlainYaml(string path, string text, StringTable texts)
    {
        (_text, _texts, _pieces, _line) = (text, texts, new(path), new(text));
        _flow = new(text, texts, _pieces, _line);
    }

    /// <summary>Reads all documents of a text.</summary>
    /// <param name="path">The name of the text in problems.</param>
    /// <param name="text">The text, which <see cref="SourceText.IsText"/> has checked.</param>
    /// <param name="texts">Keeps texts that recur once.</param>
    /// <param name="documents">Gets the documents.</param>
    /// <returns>False if the text must be read by the parser; then there are no documents.</returns>
    public static bool TryRead(string path, string text, StringTable texts, List<Node> documents)
    {
        if (text.AsSpan().ContainsAny('\t', '\uFEFF'))
            return false;
        var before = documents.Count;
        if (new PlainYaml(path, text, texts).Read(documents))
            return true;
        documents.RemoveRange(before, documents.Count - before);
        return false;
    }

    private bool Read(List<Node> documents)
    {
        _line.Next();
        while (_line.Indent != PlainYamlLine.End)
        {
            if (_line.Indent == PlainYamlLine.Marker)
                _line.Next();
            if (_line.Indent != 0 || !ReadCollection(0, _line.Start))
                return false;
            if (_line.Indent is not (PlainYamlLine.End or PlainYamlLine.Marker) || _flow.Count > YamlLimits.Nodes)
                return false;
            documents.Add(_pieces.Finish());
        }

        return true;
    }

    // Each of these leaves the line at the first that does not belong to what it read.
    private bool ReadCollection(int column, int at)
    {
        if (++_depth > YamlLimits.Depth)
            return false;
        var isRead = _line.IsEntry(at) ? ReadSequence(column, at) : ReadMapping(column, at);
        _depth--;
        return isRead;
    }

    private bool ReadSequence(int column, int at)
    {
        _flow.Count++;
        _pieces.BeginSequence(_line.Number, column + 1);
        do
        {
            var value = _line.AfterSpaces(at + 1);
            if (_line.IsOver(value))
            {
                _line.Next();
                if (_line.Indent <= column || !ReadCollection(_line.Indent, _line.Start))
                    return false;
            }
            else if (!ReadInline(value, isKeyPossible: true))
                return false;
            at = _line.Start;
        } while (_line.Indent == column && _line.IsEntry(at));

        _pieces.End();
        return _line.Indent <= column;
    }

    private bool ReadMapping(int column, int at)
    {
        _flow.Count++;
        var mapping = _pieces.BeginMapping(_line.Number, column + 1);
        for (var keys = 0; ; at = _line.Start)
        {
            var colon = _line.EndOfKey(at);
            if (colon < 0 || ++keys > MostKeys)
                return false;
            var name = _texts.Of(_text.AsSpan(at, colon - at));
            if (_pieces.HasKey(mapping, name))
                return false;
            _flow.Add(at, name, quoted: false);
            var value = _line.AfterSpaces(colon + 1);
            if (_line.IsOver(value) ? !ReadBelow(column, colon) : !ReadInline(value, isKeyPossible: false))
                return false;
            if (_line.Indent != column)
                break;
        }

        _pieces.End();
        return _line.Indent < column;
    }

    // The value of a key that stands alone on its line; a list may begin below the key itself.
    private bool ReadBelow(int column, int colon)
    {
        var (number, place) = (_line.Number, _line.ColumnOf(colon) + 1);
        _line.Next();
        if (_line.Indent > column || (_line.Indent == column && _line.IsEntry(_line.Start)))
            return ReadCollection(_line.Indent, _line.Start);
        _flow.Count++;
        _pieces.AddScalar(number, place, "", quoted: false);
        return true;
    }

    private bool ReadInline(int at, bool isKeyPossible)
    {
        if (isKeyPossible && (_line.IsEntry(at) || _line.EndOfKey(at) >= 0))
            return ReadCollection(_line.ColumnOf(at) - 1, at);
        var end = _text[at] is '[' or '{' ? _flow.Read(at, _depth) : _flow.ReadWord(at, isInFlow: false);
        if (end < 0 || !_line.IsOver(_line.AfterSpaces(end)))
            return false;
        // A deeper line would go on with this value, which the check of the indentation refuses.
        _line.Next();
        return true;
    }
}

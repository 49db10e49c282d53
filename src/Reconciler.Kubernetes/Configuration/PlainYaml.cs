using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Reconciler.Kubernetes.Configuration;

/// <summary>
/// Reads a YAML document into dictionaries, lists and texts. The parser has no limits (deep nesting crashes the
/// process, aliases multiply the size), so depth and size are limited here, and aliases are refused.
/// </summary>
internal sealed class PlainYaml
{
    private const int Characters = 4 * 1024 * 1024;
    private const int Depth = 32;
    private const int Nodes = 100_000;
    private readonly Parser _parser;
    private readonly string _name;
    private int _depth;
    private int _nodes;

    private PlainYaml(string name, string text) => (_name, _parser) = (name, new(new StringReader(text)));

    /// <summary>Reads the mapping of a document; an empty one for an empty text.</summary>
    public static YamlMapping Read(string name, string text)
    {
        if (text.Length > Characters)
            throw new ConfigurationException($"{name} is longer than {Characters} characters");
        var reader = new PlainYaml(name, text);
        try
        {
            reader.Next();
            if (reader.Next() is not DocumentStart)
                return new([]);
            return reader.Value(reader.Next()) switch
            {
                YamlMapping mapping => mapping,
                "" => new([]),
                _ => throw new ConfigurationException($"{name} is no mapping"),
            };
        }
        catch (Exception broken) when (broken is not (ConfigurationException or OutOfMemoryException))
        {
            // The parser's message may quote the line, which may contain a token.
            var place = broken is YamlException at ? $"{name}, line {at.Start.Line}:" : name;
            throw new ConfigurationException($"{place} is not YAML");
        }
    }

    private ParsingEvent Next() =>
        _parser.MoveNext() ? _parser.Current! : throw new ConfigurationException($"{_name} ends in the middle");

    private object Value(ParsingEvent start)
    {
        if (++_nodes > Nodes)
            throw new ConfigurationException($"{_name} has more than {Nodes} values");
        // No path, variable or argument can hold one.
        if (start is Scalar { Value: { } value } && value.Contains('\0', StringComparison.Ordinal))
            throw new ConfigurationException($"{_name}, line {start.Start.Line}: a text holds a NUL character");
        if (start is Scalar scalar)
            return scalar is { Style: ScalarStyle.Plain, Value: "null" or "~" } ? "" : scalar.Value;
        if (start is AnchorAlias)
            throw new ConfigurationException($"{_name}, line {start.Start.Line}: aliases are not read");
        if (++_depth > Depth)
            throw new ConfigurationException($"{_name}, line {start.Start.Line}: nested deeper than {Depth}");
        object items = start is SequenceStart ? Sequence() : Mapping();
        _depth--;
        return items;
    }

    private List<object> Sequence()
    {
        var items = new List<object>();
        while (Next() is var next and not SequenceEnd)
            items.Add(Value(next));
        return items;
    }

    private YamlMapping Mapping()
    {
        var entries = new Dictionary<string, object>(StringComparer.Ordinal);
        while (Next() is var next and not MappingEnd)
        {
            var line = next.Start.Line;
            if (Value(next) is not string key)
                throw new ConfigurationException($"{_name}, line {line}: a key is no text");
            if (!entries.TryAdd(key, Value(Next())))
                throw new ConfigurationException($"{_name}, line {line}: the key \"{key}\" stands twice");
        }

        return new(entries);
    }
}

/// <summary>
/// A mapping of <see cref="PlainYaml"/>. Absent, null and empty values are null; unknown fields are ignored.
/// </summary>
internal sealed class YamlMapping(Dictionary<string, object> entries)
{
    public string? Text(string key) => entries.GetValueOrDefault(key) as string is { Length: > 0 } text ? text : null;

    public bool Flag(string key) => string.Equals(Text(key), "true", StringComparison.OrdinalIgnoreCase);

    public YamlMapping? Mapping(string key) => entries.GetValueOrDefault(key) as YamlMapping;

    public IEnumerable<YamlMapping> Mappings(string key) => Items(key).OfType<YamlMapping>();

    public IReadOnlyList<string> Texts(string key) => [.. Items(key).OfType<string>()];

    private IEnumerable<object> Items(string key) => entries.GetValueOrDefault(key) as List<object> ?? [];
}

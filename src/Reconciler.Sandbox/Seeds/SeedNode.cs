using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Reconciler.Sandbox.Seeds;

/// <summary>A YAML node, with its line.</summary>
internal abstract record SeedNode(long Line);

/// <summary>A scalar; null where the text is <c>null</c>, <c>~</c> or empty without quotes.</summary>
internal sealed record SeedScalar(long Line, string? Value) : SeedNode(Line);

/// <summary>A sequence.</summary>
internal sealed record SeedList(long Line, List<SeedNode> Items) : SeedNode(Line);

/// <summary>A mapping.</summary>
internal sealed record SeedMap(long Line, List<KeyValuePair<string, SeedNode>> Fields) : SeedNode(Line);

/// <summary>
/// Builds nodes directly from the parser's events, so that a seed with thousands of members loads quickly.
/// </summary>
internal static class SeedNodes
{
    private const int DeepestNesting = 32;

    public static SeedNode Parse(string yaml)
    {
        var parser = new Parser(new StringReader(yaml));
        try
        {
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
                return new SeedMap(1, []);
            parser.Consume<DocumentStart>();
            var root = Read(parser, 0);
            parser.Consume<DocumentEnd>();
            if (parser.Current is DocumentStart second)
                throw Problem(second.Start, "a seed is one document");
            return root;
        }
        catch (YamlException error)
        {
            throw Problem(error.Start, error.InnerException?.Message ?? error.Message);
        }
    }

    private static SeedNode Read(Parser parser, int depth)
    {
        if (depth > DeepestNesting)
            throw Problem(parser.Current!.Start, "nested too deeply");
        if (parser.TryConsume<Scalar>(out var scalar))
            return new SeedScalar(scalar.Start.Line, IsNull(scalar) ? null : scalar.Value);
        if (parser.TryConsume<SequenceStart>(out var sequence))
        {
            var items = new List<SeedNode>();
            while (!parser.TryConsume<SequenceEnd>(out _))
                items.Add(Read(parser, depth + 1));
            return new SeedList(sequence.Start.Line, items);
        }

        if (parser.TryConsume<MappingStart>(out var mapping))
        {
            var fields = new List<KeyValuePair<string, SeedNode>>();
            while (!parser.TryConsume<MappingEnd>(out _))
                fields.Add(new(parser.Consume<Scalar>().Value, Read(parser, depth + 1)));
            return new SeedMap(mapping.Start.Line, fields);
        }

        throw Problem(parser.Current!.Start, "anchors and aliases are not for seeds");
    }

    private static bool IsNull(Scalar scalar) =>
        scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null";

    private static SandboxException Problem(Mark at, string message) => new($"line {at.Line}: {message}");
}

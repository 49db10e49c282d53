using Reconciler.Core.Manifests.Tree;
using Reconciler.Testing.Sources;

namespace Reconciler.Manifests.Tests;

/// <summary>
/// Most texts are read without the YAML parser. A comment with a tab at the end makes the parser read the same text.
/// </summary>
public sealed class PlainYamlTests
{
    private const string ForParser = "#\t\n";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_texts_are_read_as_the_parser_reads_them(int seed)
    {
        var random = new RandomManifests(seed);
        for (var i = 0; i < 3_000; i++)
            AssertSame(random.Text());
    }

    [Theory]
    [InlineData("a: b\n")]
    [InlineData("a:\n  b: c # d\n\n  # e\n  f:\n  - g\n  - h: i\n    j: k\n")]
    [InlineData("a:\nb:\n- c\n- - d\n  - e\n-\n  f: g\n")]
    [InlineData("a: {b: c, d: [e, \"f\", {}], g: []} # h\n")]
    [InlineData("a: https://example.com/b#c\nd: 12:30\ne: 'f: g'\n")]
    [InlineData("---\n# a\nb: c\n---\nd: e\n")]
    [InlineData("a: b  \nc:  d e   # f\r\ng: h\r\n")]
    [InlineData("a: b\n c: d\n")]
    [InlineData("a: b\n\n  c\n")]
    [InlineData("a: b\n- c\n")]
    [InlineData("- a\nb: c\n")]
    [InlineData("a: [b,]\nc: [d: e]\nf: {g}\nh: {i : j}\n")]
    [InlineData("a: \"b\"c\n")]
    [InlineData("a: 'b' # c\nd: 'e'#f\n")]
    [InlineData("a: {b: c}: d\n")]
    [InlineData("a:b\nc\n")]
    [InlineData("a: b\na: c\n")]
    [InlineData("a: b\n--- c\n")]
    [InlineData("a: b\n...\n")]
    [InlineData("a: -\nb: - c\nd: -e\n")]
    [InlineData("? a\n: b\n")]
    [InlineData("a: ''\nb: \"\"\nc: ''''\nd: \"\" \"\"\n")]
    [InlineData("a: [b\n  , c]\n")]
    [InlineData("  a: b\n  c: d\n")]
    [InlineData("a: b\n  - c\n")]
    public void A_form_is_read_as_the_parser_reads_it(string text) => AssertSame(text);

    [Fact]
    public void Deep_and_wide_texts_are_read_as_the_parser_reads_them()
    {
        foreach (var depth in (int[])[30, 31, 32, 33])
        {
            AssertSame(string.Concat(Enumerable.Range(0, depth).Select(i => $"{new string(' ', i)}a:\n")));
            AssertSame($"a: {new string('[', depth)}{new string(']', depth)}\n");
        }

        AssertSame(string.Concat(Enumerable.Range(0, 300).Select(i => $"k{i % 290}: v\n")));
        AssertSame($"{new string('k', 1100)}: v\n");
        AssertSame($"a: {{{new string('k', 1100)}: v}}\n");
    }

    private static void AssertSame(string text)
    {
        var (plain, problems, isWhole) = Reading.Tree(text);
        var (parsed, expected, isParsedWhole) = Reading.Tree(
            text.EndsWith('\n') ? $"{text}{ForParser}" : $"{text}\n{ForParser}"
        );
        // What is broken differs at the end, where the comment stands, and only the parser reads it.
        if (isWhole || isParsedWhole)
        {
            Assert.True(isWhole == isParsedWhole, text);
            Assert.Equal(expected, problems);
            Assert.Equal(parsed.Select(Shown), plain.Select(Shown));
        }
    }

    private static string Shown(Node node) =>
        $"{node.Path}@{node.Position.Line}:{node.Position.Column} "
        + node switch
        {
            ScalarNode scalar => $"{(scalar.Quoted ? "quoted" : "plain")} <{scalar.Text}>",
            SequenceNode list => $"[{string.Join(", ", list.Items.Select(Shown))}]",
            MappingNode map => $"{{{string.Join(", ", map.Entries.Select(e => $"{Shown(e.Key)}: {Shown(e.Value)}"))}}}",
            _ => throw new InvalidOperationException(),
        };
}

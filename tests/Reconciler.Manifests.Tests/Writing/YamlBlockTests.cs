using System.Text.Json.Nodes;
using Reconciler.Manifests.Writing;
using Reconciler.Testing.Operator.Schemas;

namespace Reconciler.Manifests.Tests.Writing;

public sealed class YamlBlockTests
{
    [Fact]
    public void Blocks_short_lists_and_folded_sentences() =>
        Assert.Equal(
            """
            name: a
            "yes": "1"
            count: 3
            none: {}
            short: [a, "b c", 2, true]
            items:
            - first: 1
              inner:
                deep: x
            - [a]
            -
              - b: 1
            text: >-
              word word word word word word word word word word word word word word word word word word word word word word
              word word word: #

            """.ReplaceLineEndings("\n"),
            YamlBlock.Write(
                new()
                {
                    ["name"] = "a",
                    ["yes"] = "1",
                    ["count"] = 3,
                    ["none"] = new JsonObject(),
                    ["short"] = new JsonArray("a", "b c", 2, true),
                    ["items"] = new JsonArray(
                        new JsonObject
                        {
                            ["first"] = 1,
                            ["inner"] = new JsonObject { ["deep"] = "x" },
                        },
                        new JsonArray("a"),
                        new JsonArray(new JsonObject { ["b"] = 1 })
                    ),
                    ["text"] = string.Join(' ', Enumerable.Repeat("word", 24)) + " word: #",
                }
            )
        );

    [Theory]
    [InlineData("")]
    [InlineData(
        " a long sentence that begins with a space and so cannot be folded without losing it, which would be a pity, would it not"
    )]
    [InlineData(
        "a long sentence with  two spaces that folding would not keep, and with a line\nbreak inside, which it would not keep either"
    )]
    [InlineData(
        "a long sentence that folds: with - dashes, # signs, \"quotes\", 'apostrophes', {braces}, [brackets], & | > % @ ` and \\ in it"
    )]
    [InlineData(
        "- a long sentence that begins with a dash, and goes on and on until it is long enough to be folded into two lines of text"
    )]
    public void Text_reads_back_as_it_was(string text)
    {
        var document = new JsonObject { ["a"] = text, ["list"] = new JsonArray(text, new JsonObject { ["b"] = text }) };

        Assert.True(JsonNode.DeepEquals(document, YamlTree.One(YamlBlock.Write(document))), YamlBlock.Write(document));
    }
}

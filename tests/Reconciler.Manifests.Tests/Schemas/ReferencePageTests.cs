using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Membership;
using Reconciler.Manifests.Schemas;

namespace Reconciler.Manifests.Tests.Schemas;

public sealed class ReferencePageTests
{
    [Theory]
    [InlineData("a|b", @"a\|b")]
    [InlineData("*.yaml <b> `x` [y](z) # _", @"\*.yaml \<b\> \`x\` \[y\](z) \# \_")]
    [InlineData("two\nlines", "two lines")]
    public void Text_is_escaped(string text, string markdown) => Assert.Equal(markdown, MarkdownText.Escape(text));

    [Theory]
    [InlineData("a|b", @"`a\|b`")]
    [InlineData("a`b", "`` a`b ``")]
    [InlineData("``", "``` `` ```")]
    public void Code_is_fenced(string text, string markdown) => Assert.Equal(markdown, MarkdownText.Code(text));

    [Fact]
    public void Every_row_has_as_many_cells_as_its_head()
    {
        AccessVocabulary hostile = new([
            new("a|b", AccessForm.Words, "x | y\n| z |") { Known = ["p|q", "<script>"], Open = true },
        ]);
        ImmutableArray<Vendor> vendors = [new("evil|type", "Evil | Vendor", hostile, new())];

        var page = new ReferencePage(vendors).Write();

        string? head = null;
        foreach (var line in page.Split('\n'))
        {
            head = line.StartsWith('|') ? head ?? line : null;
            if (head is not null)
                Assert.Equal(Cells(head), Cells(line));
        }

        Assert.DoesNotContain("| <script>", page, StringComparison.Ordinal);
    }

    private static int Cells(string line) => line.Replace(@"\|", "", StringComparison.Ordinal).Count(c => c == '|');
}

using Reconciler.Manifests.Schemas;
using Reconciler.Testing.Sources;

namespace Reconciler.Manifests.Tests.Schemas;

/// <summary>Stands for a documented type.</summary>
public sealed class XmlDocsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Plain text.", "Plain text.")]
    [InlineData("\n  Over\n  two   lines.\n  ", "Over two lines.")]
    [InlineData("The <c>prune</c> of <see cref=\"P:Some.Type.Prune\"/>.", "The prune of Prune.")]
    [InlineData(
        "See <see cref=\"M:Some.Type.Run(System.Int32)\">the run</see>, <see langword=\"null\"/>, <paramref name=\"x\"/>.",
        "See the run, null, x."
    )]
    [InlineData("One.<para>Two.</para>Three.", "One. Two. Three.")]
    [InlineData("a &lt; b &amp; c", "a < b & c")]
    public void Summaries_become_plain_text(string summary, string plain)
    {
        var file = _folder.Write(
            "docs.xml",
            $"<doc><members><member name=\"T:{typeof(XmlDocsTests).FullName}\"><summary>{summary}</summary></member></members></doc>"
        );

        Assert.Equal(plain, XmlDocs.Read(file).Of(typeof(XmlDocsTests)));
    }

    [Theory]
    [InlineData("not xml")]
    [InlineData("")]
    public void A_file_that_is_not_XML_says_so(string text)
    {
        var docs = XmlDocs.Read(_folder.Write("docs.xml", text));

        Assert.NotNull(docs.Missing);
        Assert.Empty(docs.Of(typeof(XmlDocsTests)));
    }
}

using System.Net;
using Reconciler.Core.Text;
using Reconciler.Worker.Web;

namespace Reconciler.Worker.Tests.Web;

public sealed class VisibleHtmlEncoderTests
{
    private const int PointsTried = 0x11000;

    [Fact]
    public void A_character_is_encoded_in_the_same_way_however_it_is_written()
    {
        var buffer = new char[VisibleHtmlEncoder.Instance.MaxOutputCharactersPerInputCharacter];
        for (var point = 0; point < PointsTried; point++)
        {
            var isHalf = point is >= 0xd800 and <= 0xdfff;
            var text = isHalf ? ((char)point).ToString() : char.ConvertFromUtf32(point);
            var expected = WebUtility.HtmlEncode(TerminalText.Escape(text));
            Assert.Equal(expected, VisibleHtmlEncoder.Instance.Encode(text));
            Assert.Equal(expected, Written(text));
            if (isHalf)
                continue;
            VisibleHtmlEncoder.Instance.Encode(text, buffer, out _, out var length);
            Assert.Equal(expected, new string(buffer, 0, length));
        }
    }

    [Theory]
    [InlineData("<b> & \"'", "&lt;b&gt; &amp; &quot;&#39;")]
    [InlineData("a\u202eb\u0000c\n", @"a\u202eb\u0000c\u000a")]
    [InlineData("\U000e0041", @"\U000e0041")]
    public void What_nobody_sees_is_spelled_out(string text, string encoded) => Assert.Equal(encoded, Written(text));

    private static string Written(string text)
    {
        using var writer = new StringWriter();
        VisibleHtmlEncoder.Instance.Encode(writer, text);
        return writer.ToString();
    }
}

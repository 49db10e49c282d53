using System.Text;
using Reconciler.Kubernetes.Events;

namespace Reconciler.Kubernetes.Tests.Events;

public sealed class EventTextTests
{
    [Theory]
    [InlineData("short", 10, "short")]
    [InlineData("0123456789", 10, "0123456789")]
    [InlineData("0123456789A", 10, "0123456…")]
    [InlineData("😀😀😀", 12, "😀😀😀")]
    [InlineData("😀😀😀", 11, "😀😀…")]
    [InlineData("😀😀😀", 10, "😀…")]
    [InlineData("a\u001b[31mb\nc", 20, "a [31mb c")]
    public void A_text_is_cut_between_characters(string text, int bytes, string expected) =>
        Assert.Equal(expected, EventText.Cut(text, bytes));

    [Fact]
    public void No_text_of_any_length_is_longer_than_it_may_be_or_broken()
    {
        for (var length = 0; length < 700; length++)
        {
            var cut = EventText.Cut(string.Concat(Enumerable.Repeat("aé€😀", length)), EventText.Note);
            Assert.InRange(Encoding.UTF8.GetByteCount(cut), 0, EventText.Note);
            Assert.DoesNotContain('\ufffd', cut);
        }
    }
}

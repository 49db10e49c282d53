using Reconciler.Worker.Notifications;

namespace Reconciler.Worker.Tests.Notifications;

public sealed class ChatTextTests
{
    [Theory]
    [InlineData("<!channel> look", "`&lt;!channel&gt; look`")]
    [InlineData(
        "<@U123|bob> & <https://evil.example|here>",
        "`&lt;@\u2060U123|bob&gt; &amp; &lt;https://evil.example|here&gt;`"
    )]
    [InlineData("&lt;!here&gt;", "`&amp;lt;!here&amp;gt;`")]
    [InlineData("@here", "`@\u2060here`")]
    [InlineData("all of @channel, @@everyone", "`all of @\u2060channel, @\u2060@\u2060everyone`")]
    [InlineData("bob@everyone", "`bob@\u2060everyone`")]
    [InlineData("x \uff20here", "`x \uff20\u2060here`")]
    [InlineData("ana+x@example.com", "`ana+x@example.com`")]
    [InlineData("end` *bold* ![x](https://evil.example/x.png) `", "`end' *bold* ![x](https://evil.example/x.png) '`")]
    [InlineData("two\r\nlines\u001b[31m\u202e", "`two\\u000d\\u000alines\\u001b[31m\\u202e`")]
    [InlineData("", "`(empty)`")]
    public void A_hostile_text_stays_text(string text, string expected) =>
        Assert.Equal(expected, ChatText.Code(text, 200));

    [Fact]
    public void A_very_long_text_is_cut_and_says_so() =>
        Assert.Equal("`aaaaaaaaaa… (990 characters more)`", ChatText.Code(new string('a', 1_000), 10));
}

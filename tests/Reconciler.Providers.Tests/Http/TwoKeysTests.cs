using Reconciler.Core.Ports;
using Reconciler.Providers.Http;

namespace Reconciler.Providers.Tests.Http;

/// <summary>Tokens that are two keys, each in a header of its own.</summary>
public sealed class TwoKeysTests
{
    private const string First = "f1rst-key";
    private const string Second = "s3cond-key";

    private static TokenHeader Header { get; } = new("X-Api-Key", Second: "X-Application-Key");

    [Fact]
    public void Each_key_is_in_its_header()
    {
        Assert.Equal([("X-Api-Key", First), ("X-Application-Key", Second)], Header.Of($"{First}:{Second}"));
        Assert.Equal([("Authorization", "Bearer a:b")], TokenHeader.Bearer.Of("a:b"));
    }

    [Theory]
    [InlineData(First)]
    [InlineData($"{First}:")]
    [InlineData($":{Second}")]
    [InlineData($"{First}:{Second}:third-key")]
    public async Task A_token_that_is_not_two_keys_is_refused_and_not_shown(string token)
    {
        var reading = new VendorToken(Header, _ => ValueTask.FromResult(token));

        var failure = await Assert.ThrowsAsync<ProviderException>(async () =>
            await reading.ReadAsync(TestContext.Current.CancellationToken)
        );

        Assert.Equal(ProviderFault.Configuration, failure.Fault);
        Assert.Contains(
            "the token is not two keys, of X-Api-Key and X-Application-Key, with a colon between",
            failure.Message,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(First, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_quote_of_one_key_is_struck_out()
    {
        var reading = new VendorToken(Header, _ => ValueTask.FromResult($"{First}:{Second}"));

        await reading.ReadAsync(TestContext.Current.CancellationToken);

        Assert.Equal("no key ***", QuotedToken.Strike($"no key {Second}", reading.Known));
        Assert.Equal("no key ***", VendorText.Clean($"no key {First}", $"{First}:{Second}"));
    }

    [Fact]
    public async Task A_key_that_is_too_short_to_be_searched_for_is_struck_with_the_whole_token()
    {
        var reading = new VendorToken(Header, _ => ValueTask.FromResult($"k3y:{Second}"));

        await reading.ReadAsync(TestContext.Current.CancellationToken);

        Assert.Equal("no token ***", QuotedToken.Strike($"no token k3y:{Second}", reading.Known));
    }

    [Fact]
    public async Task What_stands_before_the_colon_of_one_key_may_be_in_lists()
    {
        var reading = new VendorToken(TokenHeader.Bearer, _ => ValueTask.FromResult($"bot@example.com:{Second}"));

        await reading.ReadAsync(TestContext.Current.CancellationToken);

        Assert.False(QuotedToken.Holds("bot@example.com", reading.Known));
        Assert.True(QuotedToken.Holds($"bot@example.com:{Second}", reading.Known));
    }
}

using System.Text.Json;

namespace Reconciler.Kubernetes.Tests;

public sealed class MicroTimeTests
{
    private static readonly JsonSerializerOptions Options = new() { Converters = { new MicroTime() } };

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_234_567)]
    [InlineData(9_999_999)]
    public void A_time_is_written_with_exactly_six_fractional_digits(long ticks)
    {
        var at = new DateTimeOffset(2026, 11, 22, 3, 4, 5, TimeSpan.FromHours(2)).AddTicks(ticks);
        Assert.Matches("^\"2026-11-22T01:04:05[.][0-9]{6}Z\"$", JsonSerializer.Serialize(at.UtcDateTime, Options));
    }

    [Theory]
    [InlineData("2026-11-22T01:04:05Z")]
    [InlineData("2026-11-22T01:04:05.000000Z")]
    [InlineData("2026-11-22T03:04:05.0000000+02:00")]
    public void Every_form_that_a_server_writes_is_read(string text) =>
        Assert.Equal(
            new DateTimeOffset(2026, 11, 22, 1, 4, 5, TimeSpan.Zero),
            new DateTimeOffset(JsonSerializer.Deserialize<DateTime>($"\"{text}\"", Options))
        );

    [Fact]
    public void Another_text_is_refused() =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<DateTime>("\"yesterday\"", Options));
}

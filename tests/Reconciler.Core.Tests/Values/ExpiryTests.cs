using System.Globalization;
using Reconciler.Core.Manifests.Values;

namespace Reconciler.Core.Tests.Values;

/// <summary>An end that is written is read as the same end.</summary>
public sealed class ExpiryTests
{
    [Theory]
    [InlineData("2027-01-01T00:00:00Z", "2026-12-31")]
    [InlineData("2027-01-01T10:00:00Z", "2027-01-01T10:00:00Z")]
    [InlineData("2027-01-01T00:00:00+14:00", "2026-12-31T10:00:00Z")]
    public void An_end_is_written_as_a_manifest_states_it(string end, string text)
    {
        var at = DateTimeOffset.Parse(end, CultureInfo.InvariantCulture);

        Assert.Equal(text, Expiry.TextOf(at));
        Assert.Equal(at, Expiry.Parse(text)!.At);
    }
}

using Reconciler.Testing.Core;

namespace Reconciler.Core.Tests;

/// <summary>
/// A number where a duration belongs: the advice names a unit that fits the field, and passes when it is followed.
/// </summary>
public sealed class DurationAdviceTests
{
    // A number where a duration belongs.
    [Fact]
    public void Number_for_duration()
    {
        var resolved = Resolved.From(
            Resolved.Provider,
            Resolved.Membership("", more: ", prune: all, interval: 5, invitations: {resendAfter: 72}")
        );

        Assert.Collection(
            resolved.Errors,
            error =>
                Assert.EndsWith(
                    "spec.interval: 5 has no unit; write 5m for five minutes",
                    error,
                    StringComparison.Ordinal
                ),
            error =>
                Assert.EndsWith(
                    "spec.invitations.resendAfter: 72 has no unit; write 72h for 72 hours",
                    error,
                    StringComparison.Ordinal
                )
        );
    }

    [Theory]
    [InlineData("interval: 1", "1 has no unit; write 1m for one minute")]
    [InlineData("interval: \"10\"", "10 has no unit; write 10m for ten minutes")]
    [InlineData("interval: 010", "010 has no unit; write 10m for ten minutes")]
    [InlineData("invitations: {expireAfter: 14}", "14 has no unit; write 14d for 14 days")]
    [InlineData("invitations: {resendAfter: 1}", "1 has no unit; write 1h for one hour")]
    public void The_advice_passes_when_it_is_followed(string field, string advice)
    {
        var error = Assert.Single(Resolved.From(Resolved.Provider, Resolved.Membership("", more: $", {field}")).Errors);
        Assert.EndsWith(advice, error, StringComparison.Ordinal);
        var (name, written) = (field[..field.LastIndexOf(':')], advice.Split(' ')[5]);

        Resolved
            .From(
                Resolved.Provider,
                Resolved.Membership("", more: $", {name}: {written}{(field.EndsWith('}') ? "}" : "")}")
            )
            .Accepted();
    }

    [Theory]
    [InlineData("interval: 0")]
    [InlineData("interval: -5")]
    [InlineData("interval: 1.5")]
    [InlineData("interval: 99999999")]
    [InlineData("interval: true")]
    public void What_no_unit_helps_gets_no_advice_that_fails(string field)
    {
        var error = Assert.Single(Resolved.From(Resolved.Provider, Resolved.Membership("", more: $", {field}")).Errors);
        Assert.DoesNotContain("quotes", error, StringComparison.Ordinal);
        Assert.DoesNotContain("no unit", error, StringComparison.Ordinal);
        Assert.Contains("expected a duration such as", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Guardrails_advise_their_own_units()
    {
        var guardrail =
            "kind: Guardrail\nmetadata: {name: g}\nspec: {selector: {}, maxRemovalsPerProvider: {count: 1, "
            + "window: 2}, temporary: [{access: {acme: {permissions: [admin]}}, max: 90}]}";
        Assert.Collection(
            Resolved.From(Resolved.Provider, guardrail).Errors,
            error => Assert.EndsWith("2 has no unit; write 2h for two hours", error, StringComparison.Ordinal),
            error => Assert.EndsWith("90 has no unit; write 90d for 90 days", error, StringComparison.Ordinal)
        );
    }
}

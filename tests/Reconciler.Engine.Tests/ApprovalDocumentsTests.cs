using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Engine.Planning;
using Reconciler.Manifests;
using Reconciler.Testing.Core;

namespace Reconciler.Engine.Tests;

/// <summary>An Approval states what it releases and why, and ends.</summary>
public sealed class ApprovalDocumentsTests
{
    private static readonly string Hold = $"hold:sha256:{new string('a', 64)}";
    private static readonly DateTimeOffset Now = World.Now;

    [Fact]
    public void Without_an_end_it_is_good_for_a_day_from_when_it_was_first_seen()
    {
        var approval = Of("", Now.AddHours(-5));
        Assert.Equal((Hold, Now.AddHours(19), null), (approval.Hold, approval.Ends, approval.Problem));
        Assert.Equal("the Approval default/leavers at approvals/a.yaml:3:11: SEC-1", approval.By);
    }

    [Fact]
    public void Without_an_end_and_without_a_state_it_is_not_used()
    {
        var approval = Of("", firstSeen: null);
        Assert.Contains(
            "no state remembers when it was first seen; expected expires",
            approval.Problem,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("2026-06-16T12:00:00Z", true)]
    [InlineData("2026-06-22T12:00:00Z", true)]
    [InlineData("2026-06-22T12:00:01Z", false)]
    [InlineData("2027-01-01", false)]
    public void An_end_lies_at_most_seven_days_ahead(string expires, bool isUsed)
    {
        Assert.Equal(isUsed, Of($", expires: {expires}", firstSeen: null).Problem is null);
        Assert.Equal(isUsed, Of($", expires: {expires}", firstSeen: Now).Problem is null);
        // Seven days from when it was first seen, not from now: nobody gets more by waiting.
        Assert.NotNull(Of($", expires: {expires}", firstSeen: Now.AddDays(-7)).Problem);
    }

    [Theory]
    [InlineData("hold: hold:sha256:abc, reason: x", "spec.hold")]
    [InlineData(
        "hold: sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, reason: x",
        "spec.hold"
    )]
    [InlineData("reason: x", "spec.hold")]
    [InlineData("hold: HOLD", "spec.reason")]
    [InlineData("hold: HOLD, reason: ''", "spec.reason")]
    public void A_hold_and_a_reason_are_required(string spec, string field)
    {
        var problems = new Problems();
        ManifestReader.ReadText("a.yaml", Text(spec), new(), problems);
        Assert.Contains(field, string.Join('\n', problems.Sorted), StringComparison.Ordinal);
    }

    private static GivenApproval Of(string more, DateTimeOffset? firstSeen)
    {
        var (set, problems) = (new ManifestSet(), new Problems());
        ManifestReader.ReadText("approvals/a.yaml", Text($"hold: HOLD, reason: SEC-1{more}"), set, problems);
        Assert.Empty(problems.Sorted);
        return Assert.Single(ApprovalDocuments.Of(set.All<Approval>(), _ => firstSeen, Now).Given);
    }

    private static string Text(string spec) =>
        "apiVersion: reconciler.dev/v1alpha1\nkind: Approval\nmetadata: {name: leavers}\n"
        + $"spec: {{{spec.Replace("HOLD", Hold, StringComparison.Ordinal)}}}\n";
}

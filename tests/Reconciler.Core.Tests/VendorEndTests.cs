using Reconciler.Core.Actions;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Testing.Core;

namespace Reconciler.Core.Tests;

/// <summary>A vendor that ends access by itself is told when; see <see cref="AccessEnd"/>.</summary>
public sealed class VendorEndTests
{
    private const string Ana = "ana@x.example";

    private static readonly Vendor Vendor = TestVendors.Acme with
    {
        Access = TestVendors.Acme.Access with { End = new("ends", IsInclusive: false, TimeSpan.Zero) },
    };

    [Fact]
    public void An_invitation_and_a_change_tell_the_day()
    {
        var project = Project("expiresAt: 2026-12-31");

        Plan(project).Does($"Invite {Ana} +ends 2027-01-01 +read");
        Plan(project, "").Does($"Update {Ana} +ends 2027-01-01");
        Plan(project, "2026-12-01").Does($"Update {Ana} +ends 2027-01-01 -ends 2026-12-01");
        Plan(project, "2027-01-01").Does();
    }

    [Fact]
    public void A_later_day_and_no_day_are_given_and_take_nothing_away()
    {
        var sooner = Assert.Single(Plan(Project("expiresAt: 2026-08-31"), "2027-01-01").Actions);
        var never = Assert.Single(Plan(Project(""), "2027-01-01").Actions);

        Assert.Equal((Phase.Grant, "declared with another end"), (sooner.Phase, sooner.Reason));
        Assert.Equal((Phase.Grant, "declared without an end"), (never.Phase, never.Reason));
        Assert.All([sooner, never], a => Assert.False(a.CountsAsRemoval));
    }

    [Fact]
    public void Less_access_with_another_day_is_a_demotion_still()
    {
        var project = Project("expiresAt: 2026-12-31");

        var action = Assert.Single(Plan(project, "2026-12-01", "read write").Actions);

        Assert.Equal((Phase.Demotion, "declared with other access"), (action.Phase, action.Reason));
    }

    [Theory]
    [InlineData("expiresAt: 2026-12-31", "expiresAt: 2026-08-31", "2027-01-01")]
    [InlineData("expiresAt: 2026-08-31", "expiresAt: 2026-12-31", "2027-01-01")]
    [InlineData("expiresAt: 2026-12-31", "", null)]
    [InlineData("", "expiresAt: 2026-12-31", null)]
    public void The_entry_that_ends_last_says_the_day_and_one_without_an_end_says_none(
        string first,
        string second,
        string? day
    )
    {
        var member = Assert.Single(Project(first, second).Members);

        Assert.Equal(day, member.Access.Grants.Words("ends").SingleOrDefault());
    }

    [Theory]
    [InlineData(
        "kind: Guardrail\nmetadata: {name: g}\nspec: {selector: {}, protected: [ana@x.example]}",
        "bot@x.example"
    )]
    [InlineData("kind: Guardrail\nmetadata: {name: g}\nspec: {selector: {}}", Ana)]
    public void Nobody_who_is_protected_and_not_the_account_that_acts_is_given_a_day(string guardrail, string actor)
    {
        var project = Resolve(
            ["expiresAt: 2026-12-31"],
            Resolved.Provider.Replace("bot@x.example", actor, StringComparison.Ordinal),
            guardrail
        );

        Plan(project, "").Does();
        Plan(project, "2026-12-01").Does();
        Plan(project, "2026-12-01", "").Does($"Update {Ana} +read");
    }

    [Fact]
    public void Another_day_has_another_digest() =>
        Assert.NotEqual(Plan(Project("expiresAt: 2026-12-31")).Digest, Plan(Project("expiresAt: 2026-12-30")).Digest);

    [Fact]
    public void A_vendor_that_ends_nothing_is_told_nothing()
    {
        var project = Resolved
            .Members($"{{email: {Ana}, access: {{permissions: [read]}}, expiresAt: 2026-12-31}}")
            .Project;

        Assert.Equal("read", $"{Assert.Single(project.Members).Access.Grants}");
    }

    private static DesiredProject Project(params string[] ends) => Resolve(ends, Resolved.Provider);

    private static DesiredProject Resolve(string[] ends, params string[] documents)
    {
        var entries = ends.Select(e => $"{{email: {Ana}, access: {{permissions: [read]}}, {e}}}");
        var resolved = Resolved.From(
            r => r with { Vendors = [Vendor] },
            [.. documents, Resolved.Membership(string.Join(", ", entries))]
        );
        resolved.Accepted();
        return resolved.Project;
    }

    private static ProjectPlan Plan(DesiredProject project, string? day = null, string words = "read")
    {
        var access = Vendor.Grants(words);
        if (day is { Length: > 0 })
            access = access.With(Access.Of([Vendor.Access.Grant("ends", day)]));
        LiveMember[] members = day is null ? [] : [new("m1", "u1", Ana, access)];
        return Planner.Plan(project, new([.. members], []), ProjectLedger.None, World.Now);
    }
}

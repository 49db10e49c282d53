using Reconciler.Core.Actions;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Recording;
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

    [Theory]
    [InlineData("expiresAt: 2026-12-31", "2026-08-31", Phase.Grant, "declared with another end")]
    [InlineData("", "2027-01-01", Phase.Grant, "declared without an end")]
    [InlineData("expiresAt: 2026-08-31", "2027-01-01", Phase.Demotion, "declared with another end")]
    [InlineData("expiresAt: 2026-08-31", "", Phase.Demotion, "declared with an end")]
    public void A_later_day_and_none_are_given_and_no_limit_counts_a_day(
        string entry,
        string live,
        Phase phase,
        string reason
    )
    {
        var action = Assert.Single(Plan(Project(entry), live).Actions);

        Assert.Equal((phase, reason), (action.Phase, action.Reason));
        Assert.False(action.CountsAsRemoval);
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
    public void Nobody_from_whom_nothing_may_be_taken_is_given_a_sooner_day(string guardrail, string actor)
    {
        var provider = Resolved.Provider.Replace("bot@x.example", actor, StringComparison.Ordinal);
        var project = Resolve(["expiresAt: 2026-12-31"], provider, guardrail);

        Plan(project, "").Does();
        Plan(project, "2027-05-01").Does();
        Plan(project, "2027-05-01", "").Does($"Update {Ana} +read");
        Plan(project, "2026-12-01").Does($"Update {Ana} +ends 2027-01-01 -ends 2026-12-01");
        Plan(Resolve([""], provider, guardrail), "2026-12-01").Does($"Update {Ana} -ends 2026-12-01");
        // The records judge by the same end: what is not told does not count as a change that was undone.
        var repeated = new PersonRecord(Ana)
        {
            State = PersonState.Member,
            Change = "a change",
            Repeats = 2,
        };
        Assert.Equal((true, 0), Judged(Remembered(Plan(project, "2027-05-01"), repeated)));
    }

    private static (bool, int) Judged(PersonRecord record) => (record.Owned, record.Repeats);

    [Fact]
    public void The_day_that_a_change_told_is_remembered_at_once()
    {
        var plan = Plan(Project("expiresAt: 2026-12-31"), "2026-12-01");

        var after = LedgerUpdate.After(new(OwnershipSource.Ledger, []), plan, plan.Actions, World.Now);

        Assert.Equal("2027-01-01", Vendor.Access.DayOf(Assert.Single(after.People).Asked!));
    }

    [Fact]
    public void An_invitation_is_not_sent_again_because_of_its_day()
    {
        var project = Project("expiresAt: 2026-12-31");

        Invited(project, "read").OnlyFinds($"Waiting {Ana}");
        Invited(project, "write").Does($"Replace {Ana} +read -write");
    }

    [Fact]
    public void An_invitation_that_was_given_up_is_not_sent_again_because_of_its_day()
    {
        var record = new PersonRecord(Ana) { State = PersonState.GaveUp, Asked = Vendor.Grants("read") };

        Gone(record).OnlyFinds($"GaveUp {Ana}");
    }

    [Fact]
    public void Somebody_whose_access_the_vendor_ended_is_invited_when_the_entry_is_renewed()
    {
        var record = new PersonRecord(Ana) { Owned = true, State = PersonState.Member };

        Gone(record with { Asked = Until("read", "2026-06-15") }).Does($"Invite {Ana} +ends 2027-01-01 +read");
        Gone(record with { Asked = Until("read", "2026-06-16") }).OnlyFinds($"Left {Ana}");
        Gone(record with { Asked = Until("read", "") }).OnlyFinds($"Left {Ana}");
    }

    [Fact]
    public void Somebody_who_is_gone_before_the_day_left_whatever_day_comes_later()
    {
        var record = new PersonRecord(Ana) { Owned = true, State = PersonState.Member };
        var project = Project("expiresAt: 2026-12-31");
        var early = record with { Asked = Until("read", "2026-06-16") };
        var over = record with { Asked = Until("read", "2026-06-15") };

        Assert.Equal("read", $"{Remembered(Gone(early), early).Asked}");
        Assert.Equal("ends 2026-06-15, read", $"{Remembered(Gone(over), over).Asked}");
        // What the vendor has is remembered, and not what it may never be told.
        Assert.Equal("ends 2026-12-01, read", $"{Remembered(Plan(project, "2026-12-01"), record).Asked}");
    }

    [Fact]
    public void A_protected_person_who_keeps_more_than_declared_is_told_a_later_day_with_it()
    {
        const string Protection =
            "kind: Guardrail\nmetadata: {name: g}\nspec: {selector: {}, protected: [ana@x.example]}";
        var project = Resolve(["expiresAt: 2026-12-31"], Resolved.Provider, Protection);

        var plan = Plan(project, "2026-12-01", "read admin");

        plan.Does($"Update {Ana} +ends 2027-01-01 -ends 2026-12-01");
        Assert.Equal("admin, ends 2027-01-01, read", Sorted(plan.Actions[0].Access!.Grants));
        plan.Finds($"Protected {Ana}");
        Plan(project, "2027-05-01", "read admin").OnlyFinds($"Protected {Ana}");
    }

    [Fact]
    public void A_year_of_five_digits_is_a_late_one() =>
        Assert.Equal(
            Phase.Demotion,
            Assert.Single(Plan(Project("expiresAt: 2026-12-31"), "10000-01-01").Actions).Phase
        );

    [Fact]
    public void A_day_that_the_vendor_changes_back_is_a_change_that_repeats()
    {
        var record = new PersonRecord(Ana)
        {
            Owned = true,
            State = PersonState.Member,
            Change = "a change",
            Repeats = 2,
        };
        var project = Project("expiresAt: 2026-12-31");

        Assert.Equal(2, Remembered(Plan(project, "2026-12-01"), record).Repeats);
        Assert.Equal(0, Remembered(Plan(project, "2027-01-01"), record).Repeats);
    }

    [Fact]
    public void An_end_keeps_the_places_of_a_role() =>
        Assert.Equal(
            3,
            Vendor.Access.WithEnd(Vendor.Asked("read") with { Places = [new("a", 3, 1)] }, World.Now).Places[0].Line
        );

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
        LiveMember[] members = day is null ? [] : [new("m1", "u1", Ana, Until(words, day))];
        return Planner.Plan(project, new([.. members], []), ProjectLedger.None, World.Now);
    }

    private static string Sorted(Access access) =>
        string.Join(", ", access.Grants.Select(g => g.Label).Order(StringComparer.Ordinal));

    private static Access Until(string words, string day) =>
        day.Length == 0
            ? Vendor.Grants(words)
            : Vendor.Grants(words).With(Access.Of([Vendor.Access.Grant("ends", day)]));

    private static ProjectPlan Invited(DesiredProject project, string words) =>
        Planner.Plan(
            project,
            new([], [new("i1", Ana, Vendor.Grants(words), InvitationState.Pending, World.Now.AddDays(-1))]),
            ProjectLedger.None,
            World.Now
        );

    private static ProjectPlan Gone(PersonRecord record) =>
        Planner.Plan(Project("expiresAt: 2026-12-31"), new([], []), new(OwnershipSource.Ledger, [record]), World.Now);

    private static PersonRecord Remembered(ProjectPlan plan, params PersonRecord[] before) =>
        Assert.Single(new LedgerUpdate(new(OwnershipSource.Ledger, [.. before]), plan, World.Now).Value.People);
}

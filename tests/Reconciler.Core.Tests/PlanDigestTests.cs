using Reconciler.Core.Actions;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Membership.Describing;
using Reconciler.Core.Planning;
using Reconciler.Testing.Core;

namespace Reconciler.Core.Tests;

/// <summary>A digest names exactly one plan.</summary>
public sealed class PlanDigestTests
{
    [Fact]
    public void A_digest_is_sha256_in_lower_case() => Assert.Matches("^sha256:[0-9a-f]{64}$", Busy().Plan().Digest);

    [Fact]
    public void The_same_plan_has_the_same_digest_whatever_the_order() =>
        Assert.Equal(Busy().Plan().Digest, Busy().Reversed().Plan().Digest);

    [Fact]
    public void Every_other_action_has_another_digest()
    {
        World[] worlds =
        [
            Busy(),
            Busy().Declare("new2@x.example", "read"),
            Busy().Member("gone2@x.example", "read"),
            Busy("read write"),
            Busy("read owner"),
            Busy("read", liveWords: "admin write"),
            Busy("read", memberId: "other"),
            Busy("read", invitationId: "other"),
            new World().Prune(PrunePolicy.All),
        ];
        Assert.Distinct(worlds.Select(w => w.Plan().Digest));
    }

    [Fact]
    public void Fields_that_are_decided_about_are_part_of_the_digest()
    {
        var vendor = TestVendors.Acme;
        var kept = new World().Declare("ana@x.example", "read").Member("ana@x.example", "write owner");
        var taken = kept.Desired with
        {
            Members = [kept.Desired.Members[0] with { Access = new(vendor.Grants("read"), ["permissions", "owner"]) }],
        };
        Assert.NotEqual(kept.Plan().Digest, Planner.Plan(taken, kept.Live, kept.Ledger, World.Now).Digest);
    }

    [Fact]
    public void Another_definition_of_the_vendor_has_another_digest_of_the_plan_its_actions_and_its_hold()
    {
        var plans = new[] { null, "sha256:1", "sha256:2" }.Select(Described).ToList();

        Assert.Distinct(plans.Select(p => p.Digest));
        Assert.Distinct(plans.Select(p => ActionDigest.Of(p.Project, p.Actions[0])));
        Assert.Distinct(plans.Select(p => HoldDigest.Of(p)!));

        static ProjectPlan Described(string? digest)
        {
            var pointer = JsonPointer.Whole;
            var members = new DescribedMembers(new([], pointer), pointer, []);
            var vendor = TestVendors.Acme with
            {
                Description = digest is null ? null : new(digest, members) { TokenHeader = "X-Key" },
            };
            return new World(vendor)
                .Limited(Limits.None with { ProjectRemovals = [new("the Guardrail g", 0, null, 1)] })
                .Prune(PrunePolicy.All)
                .Member("gone@x.example", "read")
                .Plan();
        }
    }

    [Fact]
    public void Another_project_has_another_digest()
    {
        var plan = Busy().Plan();
        Assert.Distinct([
            plan.Digest,
            PlanDigest.Of(plan with { Project = plan.Project with { ProjectId = "p-2" } }),
            OtherUrl(plan).Digest,
        ]);
    }

    [Fact]
    public void A_resend_that_falls_due_does_not_change_the_digest()
    {
        var before = Busy().Invitations(i => i with { ResendAfter = TimeSpan.FromDays(3) });
        var due = Busy(pendingDaysAgo: 4).Invitations(i => i with { ResendAfter = TimeSpan.FromDays(3) });
        Assert.Contains(due.Plan().Actions, a => a.Kind == ActionKind.Resend);
        Assert.Equal(before.Plan().Digest, due.Plan().Digest);
    }

    [Fact]
    public void A_reinvitation_that_falls_due_does_not_change_the_digest_but_one_with_other_access_does()
    {
        World With(double daysAgo, string words) =>
            new World()
                .Declare("ana@x.example", "read")
                .Pending("ana@x.example", words, daysAgo)
                .Cannot(ActionKind.Resend)
                .Invitations(i => i with { ResendAfter = TimeSpan.FromDays(3), ResendBy = ResendBy.Reinvite });
        Assert.Equal(With(1, "read").Plan().Digest, With(4, "read").Plan().Digest);
        Assert.NotEqual(With(1, "read").Plan().Digest, With(1, "write").Plan().Digest);
    }

    [Theory]
    [InlineData("ab", "c", "a", "bc")]
    [InlineData("a;1:b", "c", "a", "1:b;c")]
    [InlineData("1:a", "", "1", "a")]
    [InlineData("a\n", "b", "a", "\nb")]
    public void No_two_plans_collide_by_putting_texts_together(
        string membershipId,
        string email,
        string otherMembershipId,
        string otherEmail
    )
    {
        var live = TestVendors.Acme.Grants("read");
        string Digest(string id, string address)
        {
            var world = new World();
            var member = new LiveMember(id, "u1", address, live);
            var action = new PlannedAction(ActionKind.Remove, Phase.Removal, new("k", null), "why")
            {
                Email = address,
                Member = member,
            };
            return PlanDigest.Of(new ProjectPlan(world.Desired, new([member], []), [action], []));
        }

        Assert.NotEqual(Digest(membershipId, email), Digest(otherMembershipId, otherEmail));
    }

    [Fact]
    public void Grants_do_not_pass_from_the_access_before_to_the_access_after()
    {
        string Digest(string from, string to) =>
            new World().Declare("a@x.example", to).Member("a@x.example", from).Plan().Digest;
        Assert.Distinct([
            Digest("read", "write"),
            Digest("write", "read"),
            Digest("read write", "read"),
            Digest("read", "read write"),
            Digest("", "read"),
        ]);
    }

    [Fact]
    public void A_run_has_the_digest_of_its_projects_whatever_their_order()
    {
        var plans = new[] { Busy().Plan(), OtherUrl(Busy().Plan()) };
        Assert.Equal(PlanDigest.Of(plans), PlanDigest.Of(plans.Reverse()));
        Assert.NotEqual(PlanDigest.Of(plans), PlanDigest.Of(plans.Take(1)));
    }

    private static ProjectPlan OtherUrl(ProjectPlan plan)
    {
        var other = plan with
        {
            Project = plan.Project with
            {
                Provider = plan.Project.Provider with { BaseUrl = new("https://eu.acme.example/") },
            },
        };
        return other with { Digest = PlanDigest.Of(other) };
    }

    private static World Busy(
        string words = "read",
        string liveWords = "write",
        string? memberId = null,
        string? invitationId = null,
        double pendingDaysAgo = 1
    ) =>
        new World(TestVendors.Acme with { Capabilities = new Capabilities() })
            .Prune(PrunePolicy.All)
            .Declare("new@x.example", "read")
            .Declare("ana@x.example", words)
            .Member("ana@x.example", liveWords, memberId)
            .Declare("wait@x.example", "read")
            .Pending("wait@x.example", "read", pendingDaysAgo)
            .Pending("gone@x.example", "read", id: invitationId)
            .Member("old@x.example", "read");
}

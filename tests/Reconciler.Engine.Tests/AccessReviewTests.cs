using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Ports;
using Reconciler.Engine.Planning;
using Reconciler.Engine.Reviews;
using Reconciler.Testing.Core;

namespace Reconciler.Engine.Tests;

/// <summary>What a review says of the people of a plan.</summary>
public sealed class AccessReviewTests
{
    [Fact]
    public void Every_account_every_invitation_and_everybody_absent_has_a_row()
    {
        var world = new World()
            .Declare(World.Person("ana@x.example", null, "ana.old@x.example"), "read")
            .Member("ana@x.example", "read")
            .Member("ana.old@x.example", "admin")
            .Pending("ana@x.example", "write")
            .Declare("bob@x.example", "read")
            .Pending("bob@x.example", "read", 2, "new")
            .Pending("bob@x.example", "admin", 9, "old")
            .Declare("carol@x.example", "write")
            .Member("dave@x.example", "read");
        Assert.Equal(
            [
                "ana@x.example ana@x.example Member Declared read",
                "ana@x.example ana.old@x.example Member Declared admin!",
                "ana@x.example ana@x.example Invited Declared write",
                "bob@x.example bob@x.example Invited Declared read",
                "bob@x.example bob@x.example Invited Declared admin!",
                "carol@x.example  Absent Declared write",
                "dave@x.example dave@x.example Member Unmanaged read",
            ],
            Review(world)
                .Rows.Select(r => $"{r.Person} {r.Account} {r.State} {r.Standing} {r.Access}{(r.Admin ? "!" : "")}")
        );
    }

    [Theory]
    [InlineData(PrunePolicy.Never, true, "Unmanaged", "")]
    [InlineData(PrunePolicy.Owned, false, "Unmanaged", "")]
    [InlineData(PrunePolicy.Owned, true, "Leaving", "remove")]
    [InlineData(PrunePolicy.All, false, "Leaving", "remove")]
    public void Somebody_undeclared_is_unmanaged_or_leaves_as_the_plan_says(
        PrunePolicy prune,
        bool owned,
        string standing,
        string change
    )
    {
        var world = new World().Prune(prune).Member("eve@x.example", "read");
        var row = Assert.Single(Review(owned ? world.Owned("eve@x.example") : world).Rows);
        Assert.Equal((standing, change, owned), (row.Standing.ToString(), row.Change, row.Owned));
    }

    [Fact]
    public void Ignored_protected_and_machine_accounts_are_left_alone()
    {
        var world = new World()
            .Prune(PrunePolicy.All)
            .Ignore("*@vendor.example")
            .Protect("root@x.example")
            .ActingAs("bot@x.example")
            .Member("help@vendor.example", "read")
            .Member("root@x.example", "admin")
            .Member("bot@x.example", "admin")
            .Member("machine@x.example", "read", service: true);
        Assert.All(Review(world).Rows, r => Assert.Equal((ReviewStanding.LeftAlone, ""), (r.Standing, r.Change)));
    }

    [Fact]
    public void A_held_or_dry_change_is_said_to_be_held()
    {
        var world = new World().Prune(PrunePolicy.All).Member("eve@x.example", "read").DryRun();
        Assert.True(Assert.Single(Review(world).Rows).Held);
    }

    [Fact]
    public void An_invitation_waits_since_its_first_mail_and_says_how_often_it_was_sent_again()
    {
        var row = Assert.Single(
            Review(
                new World()
                    .Declare("ana@x.example", "read")
                    .Pending("ana@x.example", "read", 1)
                    .Invited("ana@x.example", 9, 2, 3)
            ).Rows
        );
        Assert.Equal(
            (TimeSpan.FromDays(9), World.Now.AddDays(-3), 2),
            (row.Waits!.Value, row.LastMailAt!.Value, row.Resends)
        );
    }

    [Fact]
    public void The_trail_says_since_when_and_by_which_plan_and_forgets_whoever_lost_access()
    {
        var world = new World()
            .Declare("ana@x.example", "read")
            .Member("ana@x.example", "read")
            .Declare("bob@x.example", "read")
            .Member("bob@x.example", "read")
            .Member("eve@x.example", "read")
            .Prune(PrunePolicy.Never);
        AuditEntry[] trail =
        [
            Entry(world, 2, "update", "Ana@x.example", "second"),
            Entry(world, 9, "invite", "ana@x.example", "first"),
            Entry(world, 1, "update", "ana@x.example", "third", AuditOutcome.Failed),
            Entry(world, 5, "revoke", "ana@x.example", "left over"),
            Entry(world, 8, "invite", "bob@x.example", "old"),
            Entry(world, 7, "remove", "bob@x.example", "gone") with
            {
                CountsAsRemoval = true,
            },
            Entry(world, 6, "invite", "bob@x.example", "again", AuditOutcome.SettledDone),
            Entry(world, 8, "invite", "eve@x.example", "elsewhere") with
            {
                Project = world.Desired.Key with { ProjectId = "other" },
            },
        ];
        var rows = Review(world, trail).Rows;
        Assert.Equal(
            (World.Now.AddDays(-9), World.Now.AddDays(-2), "second"),
            (rows[0].Since!.Value, rows[0].ChangedAt!.Value, rows[0].Plan)
        );
        Assert.Equal((World.Now.AddDays(-6), null, "again"), (rows[1].Since!.Value, rows[1].ChangedAt, rows[1].Plan));
        Assert.Equal((null, null, ""), (rows[2].Since, rows[2].ChangedAt, rows[2].Plan));
    }

    [Fact]
    public void What_was_not_read_is_listed_with_why_and_has_no_rows()
    {
        var failed = new PlannedProject(
            new World().Named("failed").Declare("ana@x.example", "read").Desired,
            null,
            new ProviderException(ProviderFault.Unavailable, "no answer")
        );
        var suspended = new PlannedProject(
            new World().Named("suspended").Declare("ana@x.example", "read").Desired with
            {
                Suspended = true,
            },
            null,
            null
        );
        var review = AccessReview.Of(new RunPlan([failed, suspended], World.Now, false), [], ReviewGrouping.Person);
        Assert.Empty(review.Rows);
        Assert.Equal(
            [(ReviewReading.Failed, "no answer"), (ReviewReading.Suspended, "suspend: true")],
            review.Projects.Select(p => (p.Reading, p.Message!))
        );
    }

    [Fact]
    public void The_rows_are_the_same_whatever_the_order_of_pages()
    {
        static World Some() =>
            new World()
                .Prune(PrunePolicy.All)
                .Declare("ana@x.example", "read")
                .Member("zoe@x.example", "read")
                .Member("ana@x.example", "write")
                .Pending("bob@x.example", "read")
                .Pending("bob@x.example", "write", 3, "other");
        foreach (var by in Enum.GetValues<ReviewGrouping>())
        {
            var (one, other) = (Review(Some(), by: by).Rows, Review(Some().Reversed(), by: by).Rows);
            Assert.Equal(
                one.Select(r => (r.Person, r.State, r.Access.ToString(), r.Change)),
                other.Select(r => (r.Person, r.State, r.Access.ToString(), r.Change))
            );
        }
    }

    private static AccessReview Review(
        World world,
        AuditEntry[]? trail = null,
        ReviewGrouping by = ReviewGrouping.Project
    ) =>
        AccessReview.Of(
            new RunPlan(
                [new(world.Desired, world.Plan(), null) { Memory = new(world.Ledger, null, []) }],
                World.Now,
                true
            ),
            trail ?? [],
            by
        );

    private static AuditEntry Entry(
        World world,
        int daysAgo,
        string action,
        string person,
        string plan,
        AuditOutcome outcome = AuditOutcome.Done
    ) =>
        new(World.Now.AddDays(-daysAgo), world.Desired.Key, world.Id, action, outcome) { Person = person, Plan = plan };
}

using System.Globalization;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Engine.Planning;
using Reconciler.Engine.Reviews;
using Reconciler.Testing.Core;

namespace Reconciler.Reports.Tests.Review;

/// <summary>
/// Reviews of made-up companies, as large as a test needs, with somebody of every kind in each project.
/// </summary>
internal static class ReviewSample
{
    private static readonly string[] Providers = ["default/acme-eu", "default/acme-us", "default/build-farm"];

    public static AccessReview Of(int projects, int people, ReviewGrouping by = ReviewGrouping.Project) =>
        AccessReview.Of(
            new RunPlan(
                [.. Enumerable.Range(0, projects).Select(p => Project(p, people)), Failed()],
                World.Now,
                HasOwnershipRecord: true
            ),
            Trail(projects),
            by
        );

    /// <summary>Where the samples come from.</summary>
    public static ReviewProvenance Provenance { get; } =
        new(
            new AuditOrigin
            {
                Actor = "kim",
                Host = "desk",
                Program = "reconciler 1.2.3",
                Repository = "https://git.example/access.git",
                Revision = "9f1c2e4b7a8d0c3e5f6a7b8c9d0e1f2a3b4c5d6e",
            },
            [new("people/project-0.yaml", "sha256:0"), new("people/project-1.yaml", "sha256:1")]
        );

    public static AccessReview Of(RunPlan plan, ReviewGrouping by = ReviewGrouping.Project) =>
        AccessReview.Of(plan, [], by);

    private static PlannedProject Project(int number, int people)
    {
        var world = new World().Named(Text($"project-{number}")).Prune(PrunePolicy.Owned);
        for (var i = 0; i < people; i++)
            Add(world, i, Text($"person-{(number * 7) + i}@example.com"));
        var declared = world.Desired;
        var desired = declared with
        {
            ProjectId = Text($"p-{number}"),
            Provider = declared.Provider with { Id = Providers[number % Providers.Length] },
            Members =
            [
                .. declared.Members.Select(
                    (m, i) =>
                        m with
                        {
                            ExpiresAt = i % 3 == 0 ? World.Now.AddHours(12).AddDays(10 + (i * 17 % 500)) : null,
                            Reason = i % 4 == 0 ? Text($"SEC-{1000 + i}, asked for by the team") : null,
                            Declared = [new(Text($"people/project-{number}.yaml"), 10 + i, 5)],
                        }
                ),
            ],
        };
        var plan = Planner.Plan(
            desired,
            world.Live with
            {
                Name = Text($"Project no. {number}"),
            },
            world.Ledger,
            World.Now
        );
        return new(desired, plan, null) { Memory = new(world.Ledger, null, []) };
    }

    private static void Add(World world, int i, string email) =>
        _ = (i % 10) switch
        {
            0 => world.Declare(email, "admin").Member(email, "admin"),
            1 => world.Declare(email, "read").Pending(email, "read", daysAgo: i),
            2 => world.Declare(email, "write"),
            3 => world.Member(email, "read write"),
            4 => world.Declare(email, "write").Member(email, "read"),
            5 => world.Member(email, "read").Owned(email),
            _ => world.Declare(email, "read").Member(email, "read"),
        };

    private static PlannedProject Failed() =>
        new(
            new World().Named("broken").Desired,
            null,
            new(Reconciler.Core.Ports.ProviderFault.Unavailable, "GET /projects/p-1 answered 503")
        );

    private static IReadOnlyCollection<AuditEntry> Trail(int projects) =>
        [
            .. Enumerable
                .Range(0, projects)
                .Select(p => new AuditEntry(
                    World.Now.AddDays(-40 - p),
                    new ProjectKey("acme", "https://api.acme.example/v1/", Text($"p-{p}")),
                    "",
                    "invite",
                    AuditOutcome.Done
                )
                {
                    Person = Text($"person-{(p * 7) + 6}@example.com"),
                    Plan = "sha256:x",
                }),
        ];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

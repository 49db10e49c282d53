using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;
using Reconciler.Hosting.Reconciling;
using Reconciler.Testing.Core;

namespace Reconciler.Worker.Tests.Web;

/// <summary>A worker of a made-up company, with a project in every state.</summary>
internal static class WorkerSample
{
    public static DateTimeOffset Now => World.Now;

    /// <summary>Six projects at two providers, a project in each state.</summary>
    public static WorkerStatus Status() =>
        Of(
            Passed("fraud-detection", ProjectState.Held, Held()),
            Passed(
                "billing",
                ProjectState.Failing,
                Unread(),
                failures: 3,
                error: "GET /projects/p-7/members answered 503 three times; the vendor's status page may say why"
            ),
            Passed("churn", ProjectState.Drifted, Drifted()),
            Passed("credit-risk", ProjectState.Converged, Converged()) with
            {
                IsRunning = true,
                RunningSince = Now.AddSeconds(-3),
            },
            new(Project("onboarding", new World().Declare("maria@example.com", "read"), Second), ProjectState.New)
            {
                NextAt = Now.AddSeconds(-4),
                KnownSince = Now.AddHours(-4),
            },
            new(Project("archive", new World(), Second) with { Suspended = true }, ProjectState.Suspended)
        );

    public static WorkerStatus Of(params ProjectStatus[] projects) =>
        new(Now.AddHours(-5), Source())
        {
            BeatAt = Now.AddSeconds(-2),
            Projects =
            [
                .. projects
                    .OrderBy(p => p.Project.Provider.Id, StringComparer.Ordinal)
                    .ThenBy(p => p.Project.Id, StringComparer.Ordinal),
            ],
            Providers =
            [
                .. projects
                    .Select(p => p.Project.Provider)
                    .Distinct()
                    .OrderBy(p => p.Id, StringComparer.Ordinal)
                    .Select(p =>
                        p.Id == Second
                            ? new ProviderStatus(p)
                            {
                                ReadAt = Now.AddMinutes(-31),
                                IsReachable = false,
                                Error = "no answer within 15 s from https://api.acme.example",
                            }
                            : new ProviderStatus(p) { ReadAt = Now.AddMinutes(-2), IsReachable = true }
                    ),
            ],
        };

    /// <summary>A worker that has nothing yet.</summary>
    public static WorkerStatus Starting() => new(Now.AddSeconds(-10), new("https://git.example/people.git"));

    /// <summary>As many projects as a test needs, each with ten people.</summary>
    public static WorkerStatus Large(int count) =>
        Of([
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                {
                    var world = new World();
                    for (var n = 0; n < 10; n++)
                        world
                            .Declare(Text($"person-{((i * 3) + n)}@example.com"), "read")
                            .Member(Text($"person-{(i * 3) + n}@example.com"), "read");
                    return Passed(Text($"project-{i:000}"), ProjectState.Converged, world);
                }),
        ]);

    /// <summary>A project whose last pass ended two minutes ago.</summary>
    public static ProjectStatus Passed(
        string name,
        ProjectState state,
        World world,
        int failures = 0,
        string? error = null
    )
    {
        var project = Project(name, world, First);
        var plan = error is null
            ? Planner.Plan(project, world.Live with { Name = Text($"{name} (EU)") }, world.Ledger, Now)
            : null;
        return Passed(
            project,
            state,
            new PlannedProject(
                project,
                plan,
                error is null ? null : new ProviderException(ProviderFault.Unavailable, error)
            )
            {
                Memory = new(world.Ledger, null, []),
            }
        ) with
        {
            Failures = failures,
            Error = error,
        };
    }

    public static ProjectStatus Passed(DesiredProject project, ProjectState state, PlannedProject planned) =>
        new(project, state)
        {
            Planned = planned,
            PassedAt = Now.AddMinutes(-2),
            Took = TimeSpan.FromSeconds(1.4),
            PassId = "01J8ZQ4W",
            NextAt = Now.AddMinutes(8),
        };

    /// <summary>What became of a plan, with an outcome of each kind in turn.</summary>
    public static ProjectResult ResultOf(ProjectPlan plan) =>
        new(
            plan,
            [
                .. plan.Actions.Select(
                    (a, i) =>
                        (i % 3) switch
                        {
                            0 => new ActionOutcome(a, OutcomeKind.Done),
                            1 => new ActionOutcome(
                                a,
                                OutcomeKind.Failed,
                                "POST /members answered 422: the seat limit of the account is reached"
                            ),
                            _ => new ActionOutcome(a, OutcomeKind.Skipped, "something before it failed"),
                        }
                ),
            ]
        );

    private const string First = "default/acme-eu";
    private const string Second = "default/acme-us";

    private static SourceStatus Source() =>
        new("https://git.example/people.git, main")
        {
            Revision = "9f1c2e4b7a8d0c3e5f6a7b8c9d0e1f2a3b4c5d6e",
            InForceSince = Now.AddHours(-4),
            FetchedAt = Now.AddSeconds(-20),
            FailingSince = Now.AddMinutes(-12),
            BrokenRevision = "c0ffee4b7a8d0c3e5f6a7b8c9d0e1f2a3b4c5d6e",
            Problems =
            [
                new(
                    Severity.Error,
                    new("people/churn.yaml", 12, 7),
                    "spec.members[3].email",
                    "\"jo@example\" is no address; expected name@domain"
                ),
            ],
        };

    private static DesiredProject Project(string name, World world, string provider)
    {
        var desired = world.Desired;
        return desired with
        {
            Id = $"default/{name}",
            ProjectId = $"p-{name}",
            Provider = desired.Provider with { Id = provider },
            Declared = new($"people/{name}.yaml", 3, 1),
            Members =
            [
                .. desired.Members.Select(
                    (m, i) =>
                        m with
                        {
                            Declared = [new($"people/{name}.yaml", 10 + i, 5)],
                            ExpiresAt = i == 0 ? Now.AddDays(9) : null,
                            Reason = i % 2 == 0 ? "SEC-1204" : null,
                        }
                ),
            ],
        };
    }

    private static World Converged() =>
        new World()
            .Declare("ana@example.com", "admin")
            .Member("ana@example.com", "admin")
            .Declare("ben@example.com", "read")
            .Member("ben@example.com", "read")
            .Declare("chi@example.com", "write")
            .Pending("chi@example.com", "write", daysAgo: 12);

    private static World Drifted() =>
        new World()
            .DryRun()
            .Declare("ana@example.com", "admin")
            .Member("ana@example.com", "admin")
            .Declare("dora@example.com", "read")
            .Declare("eli@example.com", "write")
            .Member("eli@example.com", "read")
            .Member("old.contractor@partner.example", "admin");

    private static World Held()
    {
        var world = new World()
            .Prune(PrunePolicy.All)
            .Limited(
                Limits.None with
                {
                    ProjectRemovals = [new("Guardrail default/company-wide (maxRemovals: 2)", 2, null, 0)],
                }
            )
            .Declare("ana@example.com", "admin")
            .Member("ana@example.com", "admin")
            .Declare("newcomer@example.com", "read");
        for (var i = 1; i <= 4; i++)
            world.Member(Text($"leaver-{i}@example.com"), "read write").Owned(Text($"leaver-{i}@example.com"));
        return world;
    }

    private static World Unread() => new World().Declare("ana@example.com", "admin");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

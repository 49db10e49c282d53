using Reconciler.Sandbox;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing.Contract;

namespace Reconciler.Tests;

/// <summary><c>import</c> over real HTTP, and the plan right after it.</summary>
public sealed class ImportVerbTests : ImportScene
{
    public static TheoryData<string> Vendors => VendorRows.BuiltIn;

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task A_plan_right_after_importing_500_people_changes_nothing(string vendor)
    {
        var row = VendorRows.Of(vendor);
        var projects = Crowd(row, people: 500, projects: 6, waiting: 40);
        await using var server = await StartAsync(row, projects);
        await ProviderAsync(row);

        var (code, said) = await RunAsync(server, row, ["import", .. Which(row, projects)]);
        Assert.True(code == ExitCode.Done, said);
        Assert.Equal(0, server.NonGetCount);

        var plan = await PlanAsync(server, row);
        Assert.Equal((0, 0, 0, 0, 0, 0), plan.Changes);
        Assert.Equal(projects.Sum(p => p.Invitations.Length), plan.Waiting);
        Assert.Equal(projects.Sum(p => p.Members.Length), plan.Memberships);
        Assert.Equal(
            projects.Sum(p => p.Members.Length) + projects.Sum(p => p.Invitations.Length),
            plan.Memberships + plan.Findings
        );
        Assert.Contains(
            "kind: Team",
            await File.ReadAllTextAsync(At(vendor, "teams.yaml"), Cancellation),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "kind: AccessRole",
            await File.ReadAllTextAsync(At(vendor, "roles.yaml"), Cancellation),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task Importing_again_finds_everything_declared_and_writes_nothing(string vendor)
    {
        var row = VendorRows.Of(vendor);
        var projects = Crowd(row, people: 12, projects: 3, waiting: 2);
        await using var server = await StartAsync(row, projects);
        await ProviderAsync(row);
        await RunAsync(server, row, ["import", .. Which(row, projects)]);
        var before = Snapshot();

        var (code, said) = await RunAsync(server, row, ["import", .. Which(row, projects)]);
        Assert.True(code == ExitCode.Done, said);
        Assert.Contains("Skipped: 3 projects are declared already.\n", said, StringComparison.Ordinal);
        Assert.EndsWith("Nothing to import.\n", said, StringComparison.Ordinal);
        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public async Task A_chosen_name_replaces_the_long_one_and_no_heading_says_a_name_twice()
    {
        var row = VendorRows.Of("confident-ai");
        var named = "Retrieval quality of the claims handling assistant";
        await using var server = await StartAsync(
            row,
            new("p1", row.Connection)
            {
                Name = named,
                Members = [new("owner@example.com", SandboxAccess.Role("Owner"))],
            },
            new("p2", row.Connection)
            {
                Name = "Churn",
                Members = [new("owner@example.com", SandboxAccess.Role("Owner"))],
            }
        );
        await ProviderAsync(row);
        var (code, said) = await RunAsync(server, row, "import", "--all", "--name", "p1=retrieval");
        Assert.True(code == ExitCode.Done, said);
        Assert.Contains("projects/retrieval.yaml", said, StringComparison.Ordinal);
        Assert.Contains("projects/churn.yaml", said, StringComparison.Ordinal);
        Assert.Contains(
            "  name: retrieval\n",
            await File.ReadAllTextAsync(At("confident-ai", "projects", "retrieval.yaml"), Cancellation),
            StringComparison.Ordinal
        );
        var (_, report) = await RunAsync(server, row, "report", "people");
        Assert.Contains("confident-ai: churn (p2)\n", report, StringComparison.Ordinal);
        Assert.Contains("confident-ai: retrieval (p1)\n", report, StringComparison.Ordinal);

        var (again, taken) = await RunAsync(server, row, "import", "people", "--project", "p1", "--name", "churn");
        Assert.True(again == ExitCode.Failed, taken);
        Assert.Contains("the ProjectMembership churn is there already", taken, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_written_is_what_a_reviewer_would_write()
    {
        var row = VendorRows.Of("confident-ai");
        SeedMember[] members =
        [
            new("cy@example.com", row.SeedLesser),
            new("ana@example.com", row.SeedLesser),
            new("bob@example.com", row.SeedLesser),
        ];
        await using var server = await StartAsync(
            row,
            new(row.ProjectId, row.Connection)
            {
                Name = "Fraud: “EU”\n#1",
                Members = [.. members, new("Owner@example.com", SandboxAccess.Role("Owner"))],
                Invitations =
                [
                    new("dan@example.com", row.SeedGreater) { CreatedAt = new(2026, 11, 1, 9, 0, 0, TimeSpan.Zero) },
                ],
            },
            new("p2", row.Connection) { Name = "Churn", Members = [.. members] }
        );
        await ProviderAsync(row);
        await RunAsync(server, row, "import", "--all");
        Assert.Equal(
            """
            # Fraud: “EU”\u000a#1
            apiVersion: reconciler.dev/v1alpha1
            kind: ProjectMembership
            metadata:
              name: fraud-eu-1
            spec:
              provider: confident-ai
              projectId: project-uuid-1
              # Nobody is removed yet: people who are not declared below are listed by plan. To tighten, write
              # owned (whom Reconciler let in goes with their entry) or all (everybody who is not declared goes).
              prune: never
              members:
              - {team: churn-team, role: member}
              - {email: dan@example.com, access: {role: Manager}}  # invited 2026-11-01, not accepted yet
              - {email: Owner@example.com, access: {role: Owner}}

            """,
            await File.ReadAllTextAsync(At("confident-ai", "projects/fraud-eu-1.yaml"), Cancellation)
        );
        Assert.Equal(
            """
            # Proposed: these people have the same access in churn, fraud-eu-1.
            # Give the team the name that people use, here and where it is named.
            apiVersion: reconciler.dev/v1alpha1
            kind: Team
            metadata:
              name: churn-team
            spec:
              members:
              - {email: ana@example.com}
              - {email: bob@example.com}
              - {email: cy@example.com}

            """,
            await File.ReadAllTextAsync(At("confident-ai", "teams.yaml"), Cancellation)
        );
    }

    [Fact]
    public async Task What_a_Guardrail_refuses_is_told_and_left_out_and_the_rest_is_imported()
    {
        var row = VendorRows.Of("equinix-metal");
        await using var server = await StartAsync(
            row,
            new SeedProject(row.ProjectId, row.Connection)
            {
                Members =
                [
                    new("ana@example.com", row.SeedLesser),
                    new("eve@evil.example", row.SeedLesser),
                    new("bob@example.com", row.SeedGreater),
                ],
            }
        );
        await ProviderAsync(
            row,
            """
            ---
            apiVersion: reconciler.dev/v1alpha1
            kind: Guardrail
            metadata: {name: everywhere}
            spec: {selector: {}, allowedDomains: [example.com], forbiddenAccess: {equinix-metal: {roles: [admin]}}}
            """
        );
        var (code, said) = await RunAsync(server, row, "import", "--all");
        Assert.True(code == ExitCode.Done, said);
        Assert.Contains(
            "not declared: 3c90c3cc-0d44-4b50-8888-8dd25736052a: bob@example.com is refused: grants admin, "
                + "which the Guardrail everywhere forbids",
            said,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "eve@evil.example is outside the domains that the Guardrail everywhere allows",
            said,
            StringComparison.Ordinal
        );
        var plan = await PlanAsync(server, row);
        Assert.Equal((0, 0, 0, 0, 0, 0), plan.Changes);
        Assert.Equal(1, plan.Memberships);
    }

    [Fact]
    public async Task An_invitation_that_is_left_over_is_told_since_the_next_apply_revokes_it()
    {
        var row = VendorRows.Of("equinix-metal");
        await using var server = await StartAsync(
            row,
            new SeedProject(row.ProjectId, row.Connection)
            {
                Members = [new("ana@example.com", row.SeedLesser)],
                Invitations = [new("ana@example.com", row.SeedLesser)],
            }
        );
        await ProviderAsync(row);
        var (_, said) = await RunAsync(server, row, "import", "--all");
        Assert.Contains(
            "the next apply changes: 3c90c3cc-0d44-4b50-8888-8dd25736052a: ⊘ revoke  ana@example.com: left over: "
                + "the person is a member",
            said,
            StringComparison.Ordinal
        );
    }
}

using System.Collections.Immutable;
using System.Text.Json;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Faults;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing.Contract;

namespace Reconciler.Tests;

/// <summary><c>import</c> over real HTTP, and the plan right after it.</summary>
public sealed class ImportVerbTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-import-");

    public static TheoryData<string> Vendors => VendorRows.BuiltIn;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

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
            "the next apply changes: 3c90c3cc-0d44-4b50-8888-8dd25736052a: ⊘ revoke  ana@example.com: left over: the person is a member",
            said,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_file_that_is_in_the_way_is_never_replaced_without_force_and_nothing_else_is_written_then()
    {
        var row = VendorRows.Of("confident-ai");
        await using var server = await StartAsync(row, Crowd(row, people: 6, projects: 2, waiting: 0));
        await ProviderAsync(row);
        var file = At("out", "confident-ai/roles.yaml");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, "mine", Cancellation);
        string[] import = ["import", "people", "--all", "--out", "out"];

        var (code, said) = await RunAsync(server, row, import);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("is there already: out/confident-ai/roles.yaml", said, StringComparison.Ordinal);
        Assert.Equal(["roles.yaml"], Files("out"));
        Assert.Equal("mine", await File.ReadAllTextAsync(file, Cancellation));

        Assert.Equal(ExitCode.Done, (await RunAsync(server, row, [.. import, "--dry-run"])).Code);
        Assert.Equal(["roles.yaml"], Files("out"));

        Assert.Equal(ExitCode.Done, (await RunAsync(server, row, [.. import, "--force"])).Code);
        Assert.Contains("kind: AccessRole", await File.ReadAllTextAsync(file, Cancellation), StringComparison.Ordinal);
        Assert.DoesNotContain(Files("out"), f => f.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_to_leaves_nothing_half_written()
    {
        var row = VendorRows.Of("confident-ai");
        await using var server = await StartAsync(row, Crowd(row, people: 6, projects: 2, waiting: 0));
        await ProviderAsync(row);
        await File.WriteAllTextAsync(
            Path.Combine(Directory.CreateDirectory(At("out", "confident-ai")).FullName, "projects"),
            "a file where a folder belongs",
            Cancellation
        );
        var (code, said) = await RunAsync(server, row, "import", "people", "--all", "--out", "out");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("error: cannot write: ", said, StringComparison.Ordinal);
        Assert.Equal(["projects"], Files("out"));
    }

    [Fact]
    public async Task A_project_that_cannot_be_read_is_told_and_the_others_are_written()
    {
        var row = VendorRows.Of("confident-ai");
        await using var server = await StartAsync(
            row,
            [
                .. Crowd(row, people: 6, projects: 2, waiting: 0),
                new("p9", row.Connection) { Name = "Closed", Forbidden = true },
            ]
        );
        await ProviderAsync(row);
        var (code, said) = await RunAsync(server, row, "import", "--all");
        Assert.Equal(ExitCode.Partly, code);
        Assert.Contains(
            "not read: “Closed” (p9): GET /v1/projects/p9/invitations answered 403",
            said,
            StringComparison.Ordinal
        );
        Assert.Equal((0, 0, 0, 0, 0, 0), (await PlanAsync(server, row)).Changes);
    }

    [Theory]
    [InlineData(
        "clarifeye",
        "Clarifeye's documents know no call that lists projects, so each has to be named by its id: pass --project ID"
    )]
    [InlineData(
        "gorules",
        "GoRules' documents know no call that lists projects, so each has to be named by its id: pass --project ID"
    )]
    public async Task A_vendor_without_a_list_of_projects_says_what_to_do_instead(string vendor, string message)
    {
        var row = VendorRows.Of(vendor);
        await using var server = await StartAsync(row, Crowd(row, people: 3, projects: 1, waiting: 0));
        await ProviderAsync(row);
        var (code, said) = await RunAsync(server, row, "import", "--all");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains(message, said, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_list_of_projects_that_cannot_be_read_imports_nothing()
    {
        var row = VendorRows.Of("confident-ai");
        await using var server = await StartAsync(row, Crowd(row, people: 3, projects: 1, waiting: 0));
        server.Inject(new(FaultKind.CutJson) { Path = "/v1/projects", Times = null });
        await ProviderAsync(row);
        var before = Snapshot();
        Assert.Equal(ExitCode.Failed, (await RunAsync(server, row, "import", "--all")).Code);
        Assert.Equal(before, Snapshot());
    }

    [Theory]
    [InlineData("import", ExitCode.Usage, "expected either --project ID")]
    [InlineData("import --all --project p1", ExitCode.Usage, "expected either --project ID")]
    [InlineData("import --all --provider confident", ExitCode.Failed, "no AccessProvider is named \"confident\"")]
    [InlineData("import --project a/b", ExitCode.Failed, "--project is \"a/b\"; expected an id")]
    [InlineData("import --all --name x", ExitCode.Usage, "--name x: expected ID=NAME, since no --project is given")]
    [InlineData(
        "import --all --name a=Big",
        ExitCode.Usage,
        "\"Big\" is no document's name; expected lower-case letters"
    )]
    [InlineData(
        "import --all --name nothing=x",
        ExitCode.Failed,
        "--name nothing=x: no project \"nothing\" is imported"
    )]
    public async Task A_wrong_question_is_answered_with_what_was_expected(string line, int expected, string message)
    {
        var row = VendorRows.Of("confident-ai");
        await using var server = await StartAsync(row, Crowd(row, people: 3, projects: 1, waiting: 0));
        await ProviderAsync(row);
        var (code, said) = await RunAsync(server, row, line.Split(' '));
        Assert.Equal(expected, code);
        Assert.Contains(message, said, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    // Everybody in two projects or three, a sixth of them with more access, so that groups and access recur.
    private static SeedProject[] Crowd(VendorRow row, int people, int projects, int waiting) =>
        [
            .. Enumerable
                .Range(0, projects)
                .Select(p =>
                    row.Prepare(new(Id(row, p), row.Connection) { Name = $"Project {p}: \"#{p}\"" }) with
                    {
                        Members =
                        [
                            .. Enumerable
                                .Range(0, people)
                                .Where(i => i % projects == p || i % 3 == p % 3)
                                .Select(i => new SeedMember(
                                    $"P{i:000}@example.com",
                                    i % 6 == 0 ? row.SeedGreater : row.SeedLesser
                                )),
                        ],
                        Invitations =
                            row.Type == "gorules" && p > 0
                                ? []
                                :
                                [
                                    .. Enumerable
                                        .Range(0, waiting)
                                        .Select(i => new SeedInvitation(
                                            $"w{i:00}+{p}@example.com",
                                            i % 2 == 0 ? row.SeedLesser : row.SeedGreater
                                        )),
                                ],
                    }
                ),
        ];

    private static string Id(VendorRow row, int project) =>
        row.ProjectId.Length == 36 ? $"{project:00000000}{row.ProjectId[8..]}" : $"{row.ProjectId}-{project}";

    private static string[] Which(VendorRow row, SeedProject[] projects) =>
        row.ProjectsPath is null ? [.. projects.SelectMany(p => (string[])["--project", p.Id])] : ["--all"];

    private static Task<SandboxServer> StartAsync(VendorRow row, params SeedProject[] projects) =>
        SandboxServer.StartAsync(
            new()
            {
                Seed = new()
                {
                    Token = "t0ken",
                    Connections = [new(row.Connection)],
                    Projects = [.. projects],
                },
            },
            Cancellation
        );

    private string At(params string[] parts) =>
        Path.Combine([_folder.FullName, parts[0] == "out" ? "" : "people", .. parts]);

    private IEnumerable<string> Files(string folder) =>
        Directory
            .EnumerateFiles(At(folder), "*", SearchOption.AllDirectories)
            .Select(f => Path.GetFileName(f))
            .Order(StringComparer.Ordinal);

    private ImmutableArray<string> Snapshot() =>
        [
            .. Directory
                .EnumerateFiles(_folder.FullName, "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(f => $"{f}\n{File.ReadAllText(f)}"),
        ];

    private async Task ProviderAsync(VendorRow row, string more = "")
    {
        Directory.CreateDirectory(At(""));
        await File.WriteAllTextAsync(
            At("connections.yaml"),
            $$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessProvider
            metadata: {name: {{row.Type}}}
            spec: {type: {{row.Type}}, baseUrl: https://{{row.Type}}.example, actingAs: bot@example.com,
            """
                + $$"""
                 credentials: {token: {env: RECONCILER_T} } }
                {{more}}
                """,
            Cancellation
        );
    }

    private async Task<Planned> PlanAsync(SandboxServer server, VendorRow row)
    {
        var (code, json) = await RunAsync(
            server,
            row,
            "plan",
            "people",
            "--format",
            "json",
            "--detailed-exitcode",
            "-v"
        );
        Assert.True(code == ExitCode.Done, json);
        using var document = JsonDocument.Parse(json[json.IndexOf("{\n", StringComparison.Ordinal)..]);
        var summary = document.RootElement.GetProperty("summary");
        int Of(string name) => summary.GetProperty(name).GetInt32();
        var findings = summary.GetProperty("findings");
        return new(
            (Of("invite"), Of("update"), Of("replace"), Of("resend"), Of("revoke"), Of("remove")),
            Of("memberships"),
            findings.GetProperty("waiting").GetInt32(),
            findings.EnumerateObject().Sum(f => f.Value.GetInt32())
        );
    }

    private async Task<(int Code, string Said)> RunAsync(SandboxServer server, VendorRow row, params string[] words)
    {
        using var said = new StringWriter { NewLine = "\n" };
        var (output, error) = words[0] == "plan" ? (said, TextWriter.Null) : (said, said);
        var environment = new CliEnvironment
        {
            Out = output,
            Error = error,
            In = TextReader.Null,
            Variable = _ => "t0ken",
            Folder = _folder.FullName,
        };
        string[] args = words[0] == "import" && !words.Contains("people") ? ["import", "people", .. words[1..]] : words;
        var code = await Cli.RunAsync(
            [.. args, "--base-url", $"{row.Type}={server.BaseUrl(row.Connection)}"],
            environment,
            Cancellation
        );
        return (code, said.ToString());
    }

    private sealed record Planned((int, int, int, int, int, int) Changes, int Memberships, int Waiting, int Findings);
}

using System.Collections.Immutable;
using System.Text.Json;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Faults;
using Reconciler.Sandbox.Seeds;

namespace Reconciler.Tests;

/// <summary>
/// <c>offboard</c> over real HTTP: Dave is in declared and undeclared projects of four vendors, under two addresses.
/// </summary>
public sealed class OffboardVerbTests : IDisposable
{
    private const string Dave = "dave@example.com";
    private const string Old = "dave.old@example.com";
    private const string Clarifeye = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
    private const string Metal = "93125c2a-8b78-4d4f-a3c4-7367d6b7cca8";
    private const string MetalShadow = "a3125c2a-8b78-4d4f-a3c4-7367d6b7cca8";
    private const string MetalThird = "b3125c2a-8b78-4d4f-a3c4-7367d6b7cca8";
    private const string GoRules = "9b2e7a34-1c5d-4e8f-a6b0-3d4c5e6f7a88";

    private static readonly string[] Connections = ["clarifeye-eu", "confident-ai-eu", "equinix-metal", "gorules-acme"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-offboard-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Somebody_is_taken_out_of_declared_and_undeclared_projects_under_every_address()
    {
        await using var server = await StartAsync();
        await WriteAsync();
        var (code, said) = await RunAsync(server, null, "offboard", "DAVE.old@example.com", "--yes");
        Assert.True(code == ExitCode.Done, said);
        Assert.StartsWith(
            "Offboarding DAVE.old@example.com (also dave@example.com, Person dave)\n",
            said[said.IndexOf("Offboarding", StringComparison.Ordinal)..],
            StringComparison.Ordinal
        );
        Assert.Equal([], Left(server));
        Assert.Contains(
            "clarifeye-eu: 1 declared project only, since the vendor lists none",
            said,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "equinix-metal: 1 declared project, 2 that no manifest declares",
            said,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Clarifeye's documents know no call that lists projects, so each has to be named by its id: look by hand",
            said,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "who leaves a project stays a member of its organization: remove the person there",
            said,
            StringComparison.Ordinal
        );
        Assert.Equal(0, server.Connection("equinix-metal").MailsTo(Dave));

        var (again, nothing) = await RunAsync(server, null, "offboard", Dave, "--yes");
        Assert.True(again == ExitCode.Done, nothing);
        Assert.Contains("Nothing to take away in 7 projects.", nothing, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_whom_manifests_still_declare_is_not_touched_and_every_line_is_named()
    {
        await using var server = await StartAsync();
        await WriteAsync(
            member: "{person: dave, access: {permissions: [CAN_VIEW_DATA]}}",
            team: "{email: dave@example.com}"
        );
        foreach (var way in new[] { "--yes", "--dry-run" })
        {
            var (code, said) = await RunAsync(server, null, "offboard", Dave, way);
            Assert.Equal(ExitCode.Held, code);
            Assert.Contains("manifests.yaml:8:5  a member of fraud\n", said, StringComparison.Ordinal);
            Assert.Contains("manifests.yaml:15:5  a member of the Team platform\n", said, StringComparison.Ordinal);
            Assert.Contains(
                "people.yaml:3:18  the Person dave: delete it, or set departed: true\n",
                said,
                StringComparison.Ordinal
            );
            Assert.Contains(
                "Held: nothing is applied, since the manifests still declare dave@example.com in fraud, "
                    + "evals, and the next reconcile would invite the person again.",
                said,
                StringComparison.Ordinal
            );
        }

        Assert.Equal(0, server.NonGetCount);
    }

    [Fact]
    public async Task A_departed_person_may_stay_in_the_manifests()
    {
        await using var server = await StartAsync();
        await WriteAsync(member: "{person: dave, access: {permissions: [CAN_VIEW_DATA]}}", departed: "departed: true");
        var (code, said) = await RunAsync(server, null, "offboard", Dave, "--yes");
        Assert.True(code == ExitCode.Done, said);
        Assert.Contains("the Person dave, departed", said, StringComparison.Ordinal);
        Assert.Equal([], Left(server));
    }

    [Fact]
    public async Task A_project_that_would_lose_its_last_member_is_held_and_the_others_go_on()
    {
        await using var server = await StartAsync(shadow: []);
        await WriteAsync();
        var (code, said) = await RunAsync(server, null, "offboard", Dave, "--yes");
        Assert.Equal(ExitCode.Held, code);
        Assert.Contains(
            "held: no accepted member would be left; the built-in limit keeps one",
            said,
            StringComparison.Ordinal
        );
        Assert.Equal([$"equinix-metal {MetalShadow} {Dave}"], Left(server));
    }

    [Fact]
    public async Task Protected_people_are_left_in_projects_that_no_manifest_declares_too()
    {
        await using var server = await StartAsync();
        await WriteAsync(
            more: """
            ---
            apiVersion: reconciler.dev/v1alpha1
            kind: Guardrail
            metadata: {name: everywhere}
            spec: {selector: {}, protected: [dave@example.com]}
            """
        );
        var (code, said) = await RunAsync(server, null, "offboard", Dave, "--yes");
        Assert.True(code == ExitCode.Done, said);
        Assert.Contains(
            "is protected by a Guardrail, so nothing is taken away; offboarding dave@example.com",
            said,
            StringComparison.Ordinal
        );
        Assert.Equal(0, server.NonGetCount);
    }

    [Fact]
    public async Task More_projects_than_a_provider_may_lose_people_in_are_held()
    {
        SeedProject[] many =
        [
            .. Enumerable
                .Range(0, 26)
                .Select(i => new SeedProject(new Guid(i + 1, 0, 0, new byte[8]).ToString(), "equinix-metal")
                {
                    Members = [Member(Dave), Member("ana@example.com")],
                }),
        ];
        await using var server = await StartAsync(more: many);
        await WriteAsync();
        var (code, said) = await RunAsync(server, null, "offboard", Dave, "--yes");
        Assert.Equal(ExitCode.Held, code);
        Assert.Contains(
            "removals over the provider's projects; the built-in limit allows 25 in an hour",
            said,
            StringComparison.Ordinal
        );
        Assert.All(Left(server), l => Assert.StartsWith("equinix-metal", l, StringComparison.Ordinal));
        Assert.Equal(
            ExitCode.Done,
            (await RunAsync(server, null, "offboard", Dave, "--yes", "--max-removals", "100")).Code
        );
        Assert.Equal([], Left(server));
    }

    [Theory]
    [InlineData("clarifeye-eu")]
    [InlineData("confident-ai-eu")]
    [InlineData("equinix-metal")]
    [InlineData("gorules-acme")]
    public async Task One_provider_that_is_down_stops_no_other(string down)
    {
        await using var server = await StartAsync();
        await WriteAsync();
        server.Inject(Fault.Answer(500) with { Connection = down, Times = null });
        var (code, said) = await RunAsync(server, null, "offboard", Dave, "--yes");
        Assert.True(code == ExitCode.Partly, said);
        Assert.Contains($"not read: {down}: ", said, StringComparison.Ordinal);
        Assert.NotEmpty(Left(server));
        Assert.All(Left(server), l => Assert.StartsWith(down, l, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_list_of_projects_that_cannot_be_read_is_told_and_declared_projects_are_still_looked_at()
    {
        await using var server = await StartAsync();
        await WriteAsync();
        server.Inject(
            new(FaultKind.CutJson)
            {
                Connection = "equinix-metal",
                Path = "/projects?",
                Times = null,
            }
        );
        var (code, said) = await RunAsync(server, null, "offboard", Dave, "--yes");
        Assert.True(code == ExitCode.Partly, said);
        Assert.Contains(
            "equinix-metal: 1 declared project; the others could not be listed: GET /projects",
            said,
            StringComparison.Ordinal
        );
        Assert.Equal(
            [$"equinix-metal {MetalShadow} {Dave}", $"equinix-metal {MetalThird} invited {Old}"],
            Left(server)
        );
        Assert.Equal(ExitCode.Failed, (await RunAsync(server, null, "offboard", Dave, "--dry-run")).Code);
    }

    [Fact]
    public async Task What_the_vendor_leaves_to_a_human_is_listed_and_is_no_failure()
    {
        await using var server = await StartAsync(
            more:
            [
                new("owned", "confident-ai-eu")
                {
                    Name = "Owned",
                    Members =
                    [
                        new(Dave, SandboxAccess.Role("Owner")),
                        new("ana@example.com", SandboxAccess.Role("Manager")),
                    ],
                },
                new("c3125c2a-8b78-4d4f-a3c4-7367d6b7cca8", "equinix-metal")
                {
                    Name = "Shared",
                    Members = [Member("ana@example.com")],
                    Invitations = [new(Dave, SandboxAccess.Roles("collaborator")) { AlsoProjects = [MetalShadow] }],
                },
            ]
        );
        await WriteAsync();
        var (code, said) = await RunAsync(server, null, "offboard", Dave, "--yes");
        Assert.True(code == ExitCode.Done, said);
        Assert.Contains(
            "confident-ai-eu: Owned: dave@example.com is the vendor's Owner, so nothing is taken away",
            said,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "equinix-metal: Shadow, Shared: dave@example.com offboarding dave@example.com; "
                + "the invitation names other projects too, so it is not revoked: revoke it by hand",
            said,
            StringComparison.Ordinal
        );
        Assert.Equal(
            [$"confident-ai-eu owned {Dave}", $"equinix-metal {MetalShadow} invited {Dave}"],
            Left(server),
            StringComparer.OrdinalIgnoreCase
        );
    }

    [Theory]
    [InlineData("yes", ExitCode.Done, 0)]
    [InlineData("no", ExitCode.Failed, 6)]
    public async Task A_person_is_asked_before_anything_is_applied(string answer, int expected, int left)
    {
        await using var server = await StartAsync();
        await WriteAsync();
        var (code, said) = await RunAsync(server, answer, "offboard", Dave);
        Assert.Equal(expected, code);
        Assert.Contains(
            "Apply these changes? 6 changes take access away. Only \"yes\" is accepted: ",
            said,
            StringComparison.Ordinal
        );
        Assert.Equal(left, Left(server).Length);
    }

    [Fact]
    public async Task The_plan_and_its_outcome_are_one_JSON_document()
    {
        await using var server = await StartAsync();
        await WriteAsync();
        var planned = await JsonAsync(server, ExitCode.Done, "offboard", Dave, "--format", "json");
        Assert.Equal("planned", planned.GetProperty("state").GetString());
        Assert.Equal(0, server.NonGetCount);
        Assert.Equal(
            (5, 1),
            (
                planned.GetProperty("summary").GetProperty("remove").GetInt32(),
                planned.GetProperty("summary").GetProperty("revoke").GetInt32()
            )
        );
        Assert.Equal(["default/dave"], planned.GetProperty("persons").EnumerateArray().Select(p => p.GetString()));

        var applied = await JsonAsync(server, ExitCode.Done, "offboard", Dave, "--format", "json", "--yes");
        Assert.Equal("applied", applied.GetProperty("state").GetString());
        Assert.Equal(
            Enumerable.Repeat("done", 6),
            applied.GetProperty("outcomes").EnumerateArray().Select(o => o.GetProperty("outcome").GetString())
        );

        await WriteAsync(member: "{person: dave, access: {permissions: [CAN_VIEW_DATA]}}");
        var declared = await JsonAsync(server, ExitCode.Held, "offboard", Dave, "--format", "json", "--yes");
        Assert.Equal(
            ("declared", "default/fraud"),
            (declared.GetProperty("state").GetString(), declared.GetProperty("stillDeclared")[0].GetString())
        );
    }

    [Fact]
    public async Task An_entry_that_names_the_persons_id_is_found_once_the_person_is()
    {
        await using var server = await StartAsync();
        var id = server.Connection("clarifeye-eu").Members(Clarifeye).Single(m => m.Email == Dave).PersonId;
        await WriteAsync(member: $"{{userId: {id}, access: {{permissions: [CAN_VIEW_DATA]}}}}");
        var (_, said) = await RunAsync(server, null, "offboard", Dave, "--dry-run");
        Assert.Contains("manifests.yaml:8:5  a member of fraud\n", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task Nothing_that_is_printed_has_an_address_where_addresses_are_masked(string format)
    {
        await using var server = await StartAsync(shadow: []);
        await WriteAsync(member: "{person: dave, access: {permissions: [CAN_VIEW_DATA]}}");
        string[] masked = ["--format", format, "--mask-emails", "-vv"];
        Assert.Contains('@', (await RunAsync(server, null, "offboard", Old, "--dry-run", "--format", format)).Said);
        var (declared, refused) = await RunAsync(server, null, ["offboard", Old, .. masked]);
        Assert.Equal(ExitCode.Held, declared);
        Assert.DoesNotContain('@', refused);

        await WriteAsync();
        server.Inject(
            Fault.Answer(
                400,
                """{"errors":["ask chief@vendor.example"],"error":"ask chief@vendor.example","success":false}"""
            ) with
            {
                Method = "DELETE",
                Times = null,
            }
        );
        var (code, said) = await RunAsync(server, null, ["offboard", Old, "--yes", .. masked]);
        Assert.NotEqual(ExitCode.Done, code);
        Assert.DoesNotContain('@', said);
        Assert.DoesNotContain("chief", said, StringComparison.Ordinal);
        Assert.Contains("d…(at)e…#1", said, StringComparison.Ordinal);
        Assert.Contains("no accepted member would be left", said, StringComparison.Ordinal);
        if (format == "text")
            Assert.Contains(
                " --mask-emails",
                said[said.IndexOf("reconciler offboard d…(at)e…#1", StringComparison.Ordinal)..].Split('\n')[0],
                StringComparison.Ordinal
            );
    }

    [Fact]
    public async Task What_is_no_address_is_refused()
    {
        await using var server = await StartAsync();
        await WriteAsync();
        var (code, said) = await RunAsync(server, null, "offboard", "dave");
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("expected an e-mail address such as ana@example.com", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_no_manifest_could_declare_is_looked_for()
    {
        await using var server = await StartAsync();
        await WriteAsync();
        var (code, said) = await RunAsync(server, null, "offboard", "svc@exa_mple.com");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("svc@exa_mple.com", said, StringComparison.Ordinal);
        Assert.DoesNotContain("expected an e-mail address", said, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static SeedMember Member(string email) => new(email, SandboxAccess.Roles("collaborator"));

    // Dave is a member of six projects or invited to them, in one of them under his old address, and of one that nobody
    // can find.
    private static Task<SandboxServer> StartAsync(SeedMember[]? shadow = null, SeedProject[]? more = null) =>
        SandboxServer.StartAsync(
            new()
            {
                Seed = new()
                {
                    Token = "t0ken",
                    Connections = [.. Connections.Select(c => new SeedConnection(c))],
                    Projects =
                    [
                        new(Clarifeye, "clarifeye-eu")
                        {
                            Members =
                            [
                                new("ana@example.com", SandboxAccess.Permissions("CAN_VIEW_DATA")),
                                new(Dave, SandboxAccess.Permissions("CAN_VIEW_DATA")),
                            ],
                        },
                        new("evals", "confident-ai-eu")
                        {
                            Members =
                            [
                                new("ana@example.com", SandboxAccess.Role("Manager")),
                                new(Old, SandboxAccess.Role("Member")),
                            ],
                        },
                        new("hidden", "confident-ai-eu")
                        {
                            Name = "Hidden",
                            Members =
                            [
                                new("ana@example.com", SandboxAccess.Role("Manager")),
                                new("Dave@Example.com", SandboxAccess.Role("Member")),
                            ],
                        },
                        new(Metal, "equinix-metal") { Members = [Member("ana@example.com")] },
                        new(MetalShadow, "equinix-metal")
                        {
                            Name = "Shadow",
                            Members = [.. shadow ?? [Member("ana@example.com")], Member(Dave)],
                        },
                        new(MetalThird, "equinix-metal")
                        {
                            Members = [Member("ana@example.com")],
                            Invitations = [new(Old, SandboxAccess.Roles("collaborator"))],
                        },
                        new(GoRules, "gorules-acme")
                        {
                            Groups = [new("Editors")],
                            Members =
                            [
                                new("ana@example.com", SandboxAccess.Groups(true, "Editors")),
                                new(Dave, SandboxAccess.Groups(false, "Editors")),
                            ],
                        },
                        .. more ?? [],
                    ],
                },
            },
            Cancellation
        );

    // Everywhere the person still is, in a fixed order.
    private static ImmutableArray<string> Left(SandboxServer server)
    {
        var projects = new[]
        {
            ("clarifeye-eu", Clarifeye),
            ("confident-ai-eu", "evals"),
            ("confident-ai-eu", "hidden"),
            ("confident-ai-eu", "owned"),
            ("equinix-metal", Metal),
            ("equinix-metal", MetalShadow),
            ("equinix-metal", MetalThird),
            ("gorules-acme", GoRules),
        }.Concat(Enumerable.Range(0, 26).Select(i => ("equinix-metal", new Guid(i + 1, 0, 0, new byte[8]).ToString())));
        return
        [
            .. projects.SelectMany(p =>
                At(server.Connection(p.Item1), p.Item2).Select(text => $"{p.Item1} {p.Item2} {text}")
            ),
        ];
    }

    private static IEnumerable<string> At(SandboxConnection vendor, string project)
    {
        try
        {
            var members = vendor
                .Members(project)
                .Where(m => IsDave(m.Email) && (m.Access["groups"].Length > 0 || vendor.Type != "gorules"))
                .Select(m => m.Email);
            return
            [
                .. members,
                .. vendor
                    .Invitations(project)
                    .Where(i => IsDave(i.Email) && i.Status.Equals("pending", StringComparison.OrdinalIgnoreCase))
                    .Select(i => $"invited {i.Email}"),
            ];
        }
        catch (SandboxException)
        {
            return [];
        }
    }

    private static bool IsDave(string email) => email.Equals(Dave, StringComparison.OrdinalIgnoreCase) || email == Old;

    private async Task WriteAsync(
        string? member = null,
        string? team = null,
        string departed = "departed: false",
        string more = ""
    )
    {
        await File.WriteAllTextAsync(
            Path.Combine(_folder.FullName, "manifests.yaml"),
            $$$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: ProjectMembership
            metadata: {name: fraud}
            spec:
              provider: clarifeye-eu
              projectId: {{{Clarifeye}}}
              members:
              - {{{member ?? "{email: ana@example.com, access: {permissions: [CAN_VIEW_DATA]}}"}}}
            ---
            apiVersion: reconciler.dev/v1alpha1
            kind: Team
            metadata: {name: platform}
            spec:
              members:
              - {{{team ?? "{email: ana@example.com}"}}}
            ---
            apiVersion: reconciler.dev/v1alpha1
            kind: ProjectMembership
            metadata: {name: evals}
            spec: {provider: confident-ai-eu, projectId: evals, members: [{team: platform, access: {role: Manager}}]}
            ---
            apiVersion: reconciler.dev/v1alpha1
            kind: ProjectMembership
            metadata: {name: bare-metal}
            spec: {provider: equinix-metal, projectId: {{{Metal}}}, members: []}
            ---
            apiVersion: reconciler.dev/v1alpha1
            kind: ProjectMembership
            metadata: {name: pricing}
            spec: {provider: gorules-acme, projectId: {{{GoRules}}}}
            {{{more}}}
            """,
            Cancellation
        );
        await File.WriteAllTextAsync(
            Path.Combine(_folder.FullName, "people.yaml"),
            $$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: Person
            metadata: {name: dave}
            spec: {email: {{Dave}}, aliases: [{{Old}}], {{departed}}}
            """,
            Cancellation
        );
        await File.WriteAllLinesAsync(
            Path.Combine(_folder.FullName, "connections.yaml"),
            Connections.SelectMany(c =>
                (string[])
                    [
                        "---",
                        "apiVersion: reconciler.dev/v1alpha1",
                        "kind: AccessProvider",
                        $"metadata: {{name: {c}}}",
                        "spec: {type: "
                            + $"{c[..c.LastIndexOf('-')].Replace("equinix", "equinix-metal", StringComparison.Ordinal)}"
                            + ", baseUrl: https://vendor.example, actingAs: bot@example.com, "
                            + "credentials: {token: {env: RECONCILER_T}}}",
                    ]
            ),
            Cancellation
        );
    }

    private async Task<JsonElement> JsonAsync(SandboxServer server, int expected, params string[] words)
    {
        var (code, said) = await RunAsync(server, null, words);
        Assert.True(code == expected, said);
        return JsonDocument.Parse(said[said.IndexOf("{\n", StringComparison.Ordinal)..]).RootElement.Clone();
    }

    private async Task<(int Code, string Said)> RunAsync(SandboxServer server, string? answer, params string[] words)
    {
        using var said = new StringWriter { NewLine = "\n" };
        var environment = new CliEnvironment
        {
            Out = said,
            Error = said,
            In = new StringReader(answer ?? ""),
            CanAsk = answer is not null,
            Variable = _ => "t0ken",
            Folder = _folder.FullName,
        };
        var code = await Cli.RunAsync(
            [.. words, .. Connections.SelectMany(c => (string[])["--base-url", $"{c}={server.BaseUrl(c)}"])],
            environment,
            Cancellation
        );
        return (code, said.ToString());
    }
}

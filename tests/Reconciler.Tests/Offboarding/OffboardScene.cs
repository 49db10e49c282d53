using System.Collections.Immutable;
using System.Text.Json;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Seeds;

namespace Reconciler.Tests;

/// <summary>
/// Manifests, four imitated vendors, and the real program: Dave is in declared and undeclared projects under two
/// addresses.
/// </summary>
public abstract class OffboardScene : IDisposable
{
    protected const string Dave = "dave@example.com";
    protected const string Old = "dave.old@example.com";
    protected const string Clarifeye = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
    private const string Metal = "93125c2a-8b78-4d4f-a3c4-7367d6b7cca8";
    protected const string MetalShadow = "a3125c2a-8b78-4d4f-a3c4-7367d6b7cca8";
    protected const string MetalThird = "b3125c2a-8b78-4d4f-a3c4-7367d6b7cca8";
    private const string GoRules = "9b2e7a34-1c5d-4e8f-a6b0-3d4c5e6f7a88";

    private static readonly string[] Connections = ["clarifeye-eu", "confident-ai-eu", "equinix-metal", "gorules-acme"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-offboard-");

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _folder.Delete(recursive: true);
    }

    protected static SeedMember Member(string email) => new(email, SandboxAccess.Roles("collaborator"));

    // Dave is in six projects: a member of five and invited to one, in two of them under his old address.
    protected static Task<SandboxServer> StartAsync(SeedMember[]? shadow = null, SeedProject[]? more = null) =>
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
    protected static ImmutableArray<string> Left(SandboxServer server)
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

    protected async Task WriteAsync(
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

    protected async Task<JsonElement> JsonAsync(SandboxServer server, int expected, params string[] words)
    {
        var (code, said) = await RunAsync(server, null, words);
        Assert.True(code == expected, said);
        return JsonDocument.Parse(said[said.IndexOf("{\n", StringComparison.Ordinal)..]).RootElement.Clone();
    }

    protected async Task<(int Code, string Said)> RunAsync(SandboxServer server, string? answer, params string[] words)
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

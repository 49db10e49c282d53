using System.Collections.Immutable;
using System.Text.Json;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing.Contract;

namespace Reconciler.Tests;

/// <summary>A folder, an imitated vendor with a crowd of people, and the real program.</summary>
public abstract class ImportScene : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-import-");

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _folder.Delete(recursive: true);
    }

    // Everybody in two projects or three, a sixth of them with more access, so that groups and access recur.
    protected static SeedProject[] Crowd(VendorRow row, int people, int projects, int waiting) =>
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

    protected static string[] Which(VendorRow row, SeedProject[] projects) =>
        row.ProjectsPath is null ? [.. projects.SelectMany(p => (string[])["--project", p.Id])] : ["--all"];

    protected static Task<SandboxServer> StartAsync(VendorRow row, params SeedProject[] projects) =>
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

    protected string At(params string[] parts) =>
        Path.Combine([_folder.FullName, parts[0] == "out" ? "" : "people", .. parts]);

    protected IEnumerable<string> Files(string folder) =>
        Directory
            .EnumerateFiles(At(folder), "*", SearchOption.AllDirectories)
            .Select(f => Path.GetFileName(f))
            .Order(StringComparer.Ordinal);

    protected ImmutableArray<string> Snapshot() =>
        [
            .. Directory
                .EnumerateFiles(_folder.FullName, "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(f => $"{f}\n{File.ReadAllText(f)}"),
        ];

    protected async Task ProviderAsync(VendorRow row, string more = "")
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

    protected async Task<Planned> PlanAsync(SandboxServer server, VendorRow row)
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

    protected async Task<(int Code, string Said)> RunAsync(SandboxServer server, VendorRow row, params string[] words)
    {
        using var said = new StringWriter { NewLine = "\n" };
        using var shared = TextWriter.Synchronized(said);
        var environment = new CliEnvironment
        {
            Out = shared,
            Error = words[0] == "plan" ? TextWriter.Null : shared,
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

    protected sealed record Planned((int, int, int, int, int, int) Changes, int Memberships, int Waiting, int Findings);
}

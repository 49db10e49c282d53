using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Seeds;

namespace Reconciler.Tests;

/// <summary>
/// Five projects of one vendor over real HTTP, their manifests in a folder, and the command line beside them.
/// </summary>
internal sealed class RecordScene : IAsyncDisposable
{
    public const string Connection = "equinix-metal";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-record-");

    private RecordScene(SandboxServer sandbox) => Sandbox = sandbox;

    public SandboxServer Sandbox { get; }

    public string Folder => _folder.FullName;

    /// <summary>The environment of the run, beside the token.</summary>
    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    public FakeTimeProvider? Clock { get; init; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static string Project(int number) => new Guid(number, 0, 0, new byte[8]).ToString();

    /// <summary>Starts the vendor.</summary>
    /// <param name="members">Who is in each of the five projects, beside ana, who is an administrator.</param>
    public static async Task<RecordScene> StartAsync(params string[] members)
    {
        SeedMember[] all =
        [
            new("ana@example.com", SandboxAccess.Roles("admin")),
            .. members.Select(m => new SeedMember(m, SandboxAccess.Roles("collaborator"))),
        ];
        var seed = new SandboxSeed
        {
            Token = "t0ken",
            Connections = [new(Connection)],
            Projects =
            [
                .. Enumerable
                    .Range(1, 5)
                    .Select(i => new SeedProject(Project(i), Connection) { Name = $"P{i}", Members = [.. all] }),
            ],
        };
        var scene = new RecordScene(await SandboxServer.StartAsync(new() { Seed = seed }, Cancellation));
        scene.Declare(5);
        return scene;
    }

    /// <summary>Declares projects with ana and others.</summary>
    /// <param name="projects">How many of the five.</param>
    /// <param name="more">YAML of further documents.</param>
    /// <param name="spec">More of each project's spec, on lines of two spaces.</param>
    /// <param name="others">The others' entries, as YAML.</param>
    public void Declare(int projects, string more = "", string spec = "", params string[] others)
    {
        var people = string.Concat(others.Select(o => $"  - {o}\n"));
        var documents = Enumerable
            .Range(1, projects)
            .Select(i =>
                "---\napiVersion: reconciler.dev/v1alpha1\nkind: ProjectMembership\n"
                + $"metadata: {{name: p{i}}}\nspec:\n  provider: {Connection}\n"
                + $"  projectId: {Project(i)}\n{spec}  members:\n  - {{email: ana@example.com, access: {{roles: [admin]}}}}\n{people}"
            );
        Write("people.yaml", string.Concat(documents) + more);
        Write(
            "connections.yaml",
            $$$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessProvider
            metadata: {name: {{{Connection}}}}
            spec:
              type: equinix-metal
              baseUrl: https://vendor.example
              actingAs: bot@example.com
              credentials: {token: {env: RECONCILER_TOKEN}}
            """
        );
    }

    public void Write(string name, string text) => File.WriteAllText(Path.Combine(Folder, name), text);

    /// <summary>Runs a verb that reads the manifests.</summary>
    public async Task<(int Code, string Text)> RunAsync(params string[] words) =>
        await PlayAsync([.. words, "--base-url", $"{Connection}={Sandbox.BaseUrl(Connection)}"]);

    /// <summary>Runs any command line.</summary>
    public async Task<(int Code, string Text)> PlayAsync(params string[] words)
    {
        using var said = new StringWriter { NewLine = "\n" };
        var environment = new CliEnvironment
        {
            Out = said,
            Error = said,
            In = TextReader.Null,
            Variable = name => name == "RECONCILER_TOKEN" ? "t0ken" : Variables.GetValueOrDefault(name),
            Variables = Variables,
            Folder = Folder,
        };
        if (Clock is not null)
            environment = environment with { Clock = Clock };
        var code = await Cli.RunAsync(words, environment, Cancellation);
        return (code, said.ToString());
    }

    /// <summary>Runs a verb whose output is one JSON document.</summary>
    public async Task<(int Code, JsonElement Document)> JsonAsync(params string[] words)
    {
        var (code, text) = await RunAsync([.. words, "--format", "json"]);
        using var document = JsonDocument.Parse(text[text.IndexOf("{\n", StringComparison.Ordinal)..]);
        return (code, document.RootElement.Clone());
    }

    public async ValueTask DisposeAsync()
    {
        await Sandbox.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}

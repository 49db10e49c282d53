using Reconciler.Core.Manifests;
using Reconciler.Manifests.Loading;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing;
using Reconciler.Testing.Documentation;
using Reconciler.Testing.Sources;

namespace Reconciler.Tests.Described;

/// <summary>
/// A folder of manifests, the real program, and the sandbox that imitates described vendors: those of the catalogue,
/// the example of the page about describing one, and the guild, which has everything else.
/// </summary>
public abstract class ImitationTests : IAsyncDisposable
{
    protected const string Token = "s3cret-t0ken";

    private SandboxServer? _server;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected StandingClock Clock { get; } = new(new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));

    protected TemporaryFolder Folder { get; } = new();

    protected SandboxServer Server => _server!;

    /// <summary>What else the connection has.</summary>
    protected virtual string Connection => "  actingAs: bot@example.com";

    /// <summary>The options of every plan and apply.</summary>
    protected virtual string[] Limits => ["--max-removals", "none"];

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_server is not null)
            await _server.DisposeAsync();
        Folder.Dispose();
    }

    /// <summary>Starts the sandbox, in the place of one that runs already.</summary>
    protected async Task StartAsync(string seed)
    {
        if (_server is not null)
            await _server.DisposeAsync();
        var page = MarkdownPage.Of("docs/vendors/describe-your-vendor.md");
        Directory.CreateDirectory(Folder["vendors"]);
        Directory.CreateDirectory(Folder["people"]);
        await File.WriteAllTextAsync(
            Folder["vendors/boards.yaml"],
            page.Blocks.First(b => b.Text.Contains("kind: VendorDefinition", StringComparison.Ordinal)).Text,
            Cancellation
        );
        File.Copy(
            Repository.At("tests/Reconciler.Testing/Vendors/guild.yaml"),
            Folder["vendors/guild.yaml"],
            overwrite: true
        );
        var problems = new Problems();
        var vendors = VendorFolder.Read(
            new([]) { Vendors = "vendors", Folder = Folder.Path },
            ManifestLoaders.Vendors,
            problems
        );
        Assert.Empty(problems.Sorted);
        _server = await SandboxServer.StartAsync(
            new()
            {
                Seed = SandboxSeed.Parse(seed),
                Described = new(vendors, ManifestLoaders.Vendors),
                Clock = Clock,
            },
            Cancellation
        );
    }

    protected IEnumerable<string> Members(string vendor, string project) =>
        Server.Connection(vendor).Members(project).Select(m => $"{m.Email}: {m.Access}");

    /// <summary>Declares the people, plans without a write, applies, and plans again with nothing to do.</summary>
    protected async Task ConvergeAsync(
        string vendor,
        string project,
        string members,
        string applied,
        string settings = ""
    )
    {
        Declare(vendor, project, members, settings);
        var writes = Server.NonGetCount;
        var planned = await RunAsync(ExitCode.Changes, "plan", "--detailed-exitcode");
        Assert.Equal(writes, Server.NonGetCount);
        Assert.Contains("Plan: ", planned, StringComparison.Ordinal);
        Assert.Contains(applied, await RunAsync(ExitCode.Done, "apply", "--yes"), StringComparison.Ordinal);
        await NothingToDoAsync();
    }

    protected async Task NothingToDoAsync() =>
        Assert.Contains(
            "No changes",
            await RunAsync(ExitCode.Done, "plan", "--detailed-exitcode"),
            StringComparison.Ordinal
        );

    protected void Connect(string vendor) =>
        File.WriteAllText(
            Folder["people/people.yaml"],
            $$$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessProvider
            metadata: {name: {{{vendor}}}}
            spec:
              type: {{{vendor}}}
              baseUrl: https://vendor.example
              credentials: {token: {env: RECONCILER_TOKEN}}
            {{{Connection}}}

            """
        );

    protected void Declare(string vendor, string project, string members, string settings = "", string prune = "all")
    {
        Connect(vendor);
        File.AppendAllText(
            Folder["people/people.yaml"],
            $$$"""
            ---
            apiVersion: reconciler.dev/v1alpha1
            kind: ProjectMembership
            metadata: {name: project}
            spec:
              provider: {{{vendor}}}
              projectId: "{{{project}}}"
              prune: {{{prune}}}
            {{{settings}}}
              members:
            {{{members}}}

            """
        );
    }

    /// <summary>Runs the program over the manifests.</summary>
    /// <returns>What it printed.</returns>
    protected Task<string> RunAsync(int code, params string[] words) =>
        PlayAsync(
            code,
            [
                words[0],
                "people",
                .. words[1..],
                "--vendors",
                "vendors",
                .. Server.Connections.SelectMany(c => (string[])["--base-url", $"{c.Name}={Server.BaseUrl(c.Name)}"]),
                .. words[0] is "plan" or "apply" ? Limits : [],
            ]
        );

    /// <summary>Runs the program with these words alone.</summary>
    /// <returns>What it printed.</returns>
    protected async Task<string> PlayAsync(int code, params string[] words)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var environment = new CliEnvironment
        {
            Out = output,
            Error = output,
            In = TextReader.Null,
            Variable = name => name == "RECONCILER_TOKEN" ? Token : null,
            Folder = Folder.Path,
            Clock = Clock,
        };
        var ended = await Cli.RunAsync(words, environment, Cancellation);
        Assert.True(ended == code, $"exit {ended}\n{output}");
        return output.ToString();
    }
}

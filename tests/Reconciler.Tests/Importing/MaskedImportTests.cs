using Reconciler.Sandbox;
using Reconciler.Sandbox.Faults;
using Reconciler.Sandbox.Seeds;

namespace Reconciler.Tests;

/// <summary><c>import --mask-emails</c>: what is printed hides addresses, what is written must be true.</summary>
public sealed class MaskedImportTests : IAsyncLifetime
{
    private const string Connection = "confident-ai-eu";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-masked-import-");
    private SandboxServer _sandbox = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        SeedProject[] projects =
        [
            new("p1", Connection)
            {
                Name = "Sandbox of ana@example.com",
                Members =
                [
                    new("ana@example.com", SandboxAccess.Role("Owner")),
                    new("eve@evil.example", SandboxAccess.Role("Member")),
                ],
            },
            new("p2", Connection)
            {
                Name = "bob@example.com",
                Members = [new("ana@example.com", SandboxAccess.Role("Owner"))],
            },
        ];
        _sandbox = await SandboxServer.StartAsync(
            new()
            {
                Seed = new() { Token = "t", Projects = [.. projects] },
            },
            Cancellation
        );
        await File.WriteAllTextAsync(
            Path.Combine(_folder.CreateSubdirectory("people").FullName, "connections.yaml"),
            """
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessProvider
            metadata: {name: confident-ai-eu}
            spec:
              type: confident-ai
              baseUrl: https://eu.api.confident-ai.com
              credentials: {token: {env: RECONCILER_CONFIDENT_AI_TOKEN}}
              actingAs: bot@example.com
            ---
            apiVersion: reconciler.dev/v1alpha1
            kind: Guardrail
            metadata: {name: everywhere}
            spec: {selector: {}, allowedDomains: [example.com]}
            """,
            Cancellation
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("--dry-run")]
    [InlineData("--force")]
    [InlineData("-vv")]
    public async Task Nothing_that_is_printed_has_an_address_not_even_in_a_files_name(string option)
    {
        var open = await RunAsync(ExitCode.Done, "import", "people", "--all", "--dry-run");
        Assert.Contains(
            "people/confident-ai-eu/projects/sandbox-of-ana-example-com.yaml",
            open,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "eve@evil.example is refused: eve@evil.example is outside the domains",
            open,
            StringComparison.Ordinal
        );
        var masked = await RunAsync(ExitCode.Done, "import", "people", "--all", "--mask-emails", option);
        AssertHidden(masked);
        Assert.Contains("people/confident-ai-eu/projects/Sandbox of a…(at)e…#", masked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_written_has_the_addresses_and_is_the_same_as_without()
    {
        await RunAsync(ExitCode.Done, "import", "people", "--all", "--out", "open");
        await RunAsync(ExitCode.Done, "import", "people", "--all", "--out", "masked", "--mask-emails");
        var files = Directory
            .GetFiles(Path.Combine(_folder.FullName, "open"), "*.yaml", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Path.Combine(_folder.FullName, "open"), f))
            .ToList();
        Assert.Contains("confident-ai-eu/projects/bob-example-com.yaml", files);
        Assert.All(files, file => Assert.Equal(Text("open", file), Text("masked", file)));
        Assert.Contains(
            "email: ana@example.com",
            string.Concat(files.Select(f => Text("masked", f))),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_fails_is_told_without_addresses()
    {
        _sandbox.Inject(
            Fault.Answer(400, """{"success":false,"error":"ask ana@example.com"}""") with
            {
                Method = "GET",
                Path = "/members",
                Times = null,
            }
        );
        var failed = await RunAsync(ExitCode.Failed, "import", "people", "--all", "--mask-emails");
        Assert.Contains("not read: ", failed, StringComparison.Ordinal);
        AssertHidden(failed);
        AssertHidden(
            await RunAsync(ExitCode.Failed, "import", "people", "--project", "ana@example.com", "--mask-emails")
        );
    }

    [Fact]
    public async Task Help_says_that_the_files_hold_addresses() =>
        Assert.Contains(
            "the files that are written hold them all the same",
            (await RunAsync(ExitCode.Done, "import", "--help")).ReplaceLineEndings(" "),
            StringComparison.Ordinal
        );

    private static void AssertHidden(string text)
    {
        Assert.DoesNotContain('@', text);
        Assert.DoesNotContain("ana-example", text, StringComparison.Ordinal);
        Assert.DoesNotContain("bob-example", text, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", text, StringComparison.Ordinal);
    }

    private string Text(string folder, string file) => File.ReadAllText(Path.Combine(_folder.FullName, folder, file));

    private async Task<string> RunAsync(int expected, params string[] words)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var shared = TextWriter.Synchronized(output);
        var environment = new CliEnvironment
        {
            Out = shared,
            Error = shared,
            In = TextReader.Null,
            Folder = _folder.FullName,
            Variable = _ => "t",
        };
        string[] at = words.Contains("--help") ? [] : ["--base-url", $"{Connection}={_sandbox.BaseUrl(Connection)}"];
        var code = await Cli.RunAsync([.. words, .. at], environment, Cancellation);
        Assert.True(expected == code, $"{string.Join(' ', words)} exited with {code}:\n{output}");
        return output.ToString();
    }
}

using Reconciler.Sandbox;
using Reconciler.Sandbox.Faults;
using Reconciler.Testing.Sources;

namespace Reconciler.Tests;

/// <summary>
/// A vendor quotes the token in its answer: no format prints it, and nothing stores it.
/// </summary>
public sealed class QuotedTokenTests : IAsyncLifetime
{
    private const string ProjectId = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
    private const string Token = "Qu0ted-T0ken-123";

    private readonly TemporaryFolder _folder = new();
    private SandboxServer _sandbox = null!;

    public async ValueTask InitializeAsync()
    {
        _sandbox = await SandboxServer.StartAsync(
            new()
            {
                Seed = new() { Token = Token, Projects = [new(ProjectId, "clarifeye-eu")] },
            },
            Cancellation
        );
        _folder.Write(
            "people/a.yaml",
            $$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessProvider
            metadata: {name: clarifeye-eu}
            spec:
              type: clarifeye
              baseUrl: https://eu.app.clarifeye.ai/api/v1
              actingAs: bot@example.com
              credentials:
                token: {env: RECONCILER_TOKEN}
            ---
            apiVersion: reconciler.dev/v1alpha1
            kind: ProjectMembership
            metadata: {name: a}
            spec:
              provider: clarifeye-eu
              projectId: {{ProjectId}}
              prune: all
              members:
              - {email: ana@example.com, access: {permissions: [CAN_VIEW_DATA]} }
            """
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        _folder.Dispose();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("m-1", "old@example.com", Token)]
    [InlineData("m-1", "old@example.com", $"CAN_{Token}_DATA")]
    [InlineData(Token, "old@example.com", "CAN_VIEW_DATA")]
    [InlineData("m-1", $"{Token}@example.com", "CAN_VIEW_DATA")]
    public async Task Token_quoted_by_the_vendor(string id, string email, string permission)
    {
        _sandbox.Inject(
            new(FaultKind.Answer)
            {
                Method = "GET",
                Path = "/users/",
                Status = 200,
                Content =
                    $$"""{"count":1,"next":null,"results":["""
                    + $$"""{"id":"{{id}}","user":{"id":"u-1","email":"{{email}}"},"permissions":["{{permission}}"]}]}""",
                Times = null,
            }
        );
        foreach (
            var command in new[]
            {
                "plan",
                "plan --format json",
                "plan --format markdown",
                "plan --format github",
                "report",
                "apply --yes",
                "apply --yes --format json",
                "plan -vv",
            }
        )
        {
            var (code, output) = await RunAsync(command.Split(' '));

            Assert.NotEqual(ExitCode.Done, code);
            Assert.DoesNotContain(Token, output, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Equal(0, _sandbox.NonGetCount);
        foreach (var file in Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain(
                Token,
                System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, Cancellation)),
                StringComparison.OrdinalIgnoreCase
            );
    }

    [Fact]
    public async Task A_token_in_the_reason_of_a_refused_write_is_stored_struck_out()
    {
        _sandbox.Inject(
            new(FaultKind.Answer)
            {
                Method = "POST",
                Status = 400,
                Content = $$"""{"detail":"the key {{Token}} may not invite"}""",
                Times = null,
            }
        );

        var (code, output) = await RunAsync("apply", "--yes");

        Assert.Equal(ExitCode.Partly, code);
        Assert.Contains("the key *** may not invite", output, StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain(
                Token,
                System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, Cancellation)),
                StringComparison.OrdinalIgnoreCase
            );
    }

    private async Task<(int Code, string Output)> RunAsync(params string[] words)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var shared = TextWriter.Synchronized(output);
        var environment = new CliEnvironment
        {
            Out = shared,
            Error = shared,
            In = TextReader.Null,
            Folder = _folder.Path,
            Variable = name => name == "RECONCILER_TOKEN" ? Token : null,
        };
        var code = await Cli.RunAsync(
            [.. words, "people", "--base-url", $"clarifeye-eu={_sandbox.BaseUrl("clarifeye-eu")}"],
            environment,
            Cancellation
        );
        return (code, output.ToString());
    }
}

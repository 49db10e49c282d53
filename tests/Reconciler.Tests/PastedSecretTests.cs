using Reconciler.Testing.Sources;

namespace Reconciler.Tests;

/// <summary>
/// Somebody pastes the token itself where its place is to be named: no output shows it, whatever is wrong beside it.
/// </summary>
public sealed class PastedSecretTests : IDisposable
{
    private const string Secret = "sk-live-123";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // A token that was pasted, and what else may stand below credentials.
    public static TheoryData<string> Credentials =>
        [
            "{token: sk-live-123}",
            "{token: \"sk-live-123\"}",
            "{token: {env: sk-live-123}}",
            "{token: {file: sk-live-123}}",
            "{token: {file: /sk-live-123}}",
            "{token: {file: ../sk-live-123}}",
            "{token: {env: sk_live_123}}",
            "{token: {secretRef: sk-live-123}}",
            "{token: {secretRef: {name: SK-LIVE-123, key: a}}}",
            "{token: {secretRef: {name: sk-live-123, key: \"sk-live-123/\"}}}",
            "{token: [sk-live-123]}",
            "{token: {env: [sk-live-123]}}",
            "{token: {sk-live-123}}",
            "{token: {sk-live-123: x}}",
            "{token: {value: sk-live-123}}",
            "sk-live-123",
            "[sk-live-123]",
            "{sk-live-123}",
            "{sk-live-123: {env: A}}",
            "{apiKey: sk-live-123}",
            "{token: {env: RECONCILER_T}, sk-live-123: x}",
            "{token: {env: sk-live-123, file: sk-live-123}}",
            "{token: {env: {sk-live-123: x}}}",
            "{token: !sk-live-123 x}",
            "{token: *sk-live-123}",
            "{token: {env: &a sk-live-123, file: *a}}",
            "{token: {env: sk-live-123, env: sk-live-123}}",
            "{token: {sk-live-123: a, sk-live-123: b}}",
            "{token: {env: \"{{ sk-live-123 }}\"}}",
            "{token: {env: \"${sk-live-123}\"}}",
            "{token: sk-live-123: x}",
            "{token: 'sk-live-123'x}",
        ];

    [Theory]
    [MemberData(nameof(Credentials))]
    public async Task Pasted_token(string credentials)
    {
        _folder.Write("people/acme.yaml", Manifests(credentials));
        foreach (
            var command in new[]
            {
                "validate",
                "validate --format json",
                "validate --format github",
                "plan",
                "plan --format markdown",
                "plan --format json",
                "apply --yes",
            }
        )
        {
            var (code, output) = await RunAsync([.. command.Split(' '), "people"]);

            Assert.True(
                code is ExitCode.Problems or ExitCode.Failed
                    || (code == ExitCode.Done && command.StartsWith("validate", StringComparison.Ordinal)),
                $"{command}: {code} {output}"
            );
            AssertHidden(output);
        }
    }

    [Theory]
    [InlineData(
        "{token: sk-live-123}",
        "spec.credentials.token: is a text that is not shown here; expected a mapping with env, file, secretRef"
    )]
    [InlineData(
        "{token: {env: sk-live-123}}",
        "spec.credentials.token.env: is a text that is not shown here; expected the name of an environment variable"
    )]
    [InlineData(
        "{token: {env: AWS_SECRET_ACCESS_KEY}}",
        "spec.credentials.token.env: names another variable; "
            + "expected one that begins with RECONCILER_, or run with --allow-env and its name"
    )]
    [InlineData(
        "{token: {sk-live-123}}",
        "spec.credentials.token: has an unknown field; expected env, file, secretRef"
    )]
    public async Task The_field_and_what_is_expected_are_said(string credentials, string expected)
    {
        _folder.Write("people/acme.yaml", Manifests(credentials));

        var (_, output) = await RunAsync("validate", "people");

        Assert.Contains(expected, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("notifications: [{urlFile: sk-live-123, format: slack}]")]
    [InlineData("notifications: [{url: sk-live-123, format: slack}]")]
    [InlineData("notifications: [{url: ftp://hooks.example/sk-live-123, format: slack}]")]
    [InlineData("webhook: {listen: \"127.0.0.1:1\", secretFile: sk-live-123}")]
    [InlineData("webhook: {listen: \"127.0.0.1:1\", secretFile: [sk-live-123]}")]
    [InlineData("status: {listen: \"127.0.0.1:1\", tokenFile: sk-live-123}")]
    [InlineData("status: {listen: \"127.0.0.1:1\", tokenFile: !sk-live-123 x}")]
    [InlineData("credentials: {token: sk-live-123}")]
    [InlineData("source: {git: {url: \"https://sk-live-123@git.example/a.git\"}}")]
    [InlineData("source: {git: {url: \"https://git.example/a.git\", tokenFile: sk-live-123}}")]
    [InlineData("source: {git: {url: \"https://git.example/a.git\", tokenFile: {sk-live-123}}}")]
    [InlineData("source: {git: {url: \"ssh://git@git.example/a.git\", sshKeyFile: sk-live-123}}")]
    public async Task A_secret_pasted_into_the_settings_of_a_worker_is_not_shown(string settings)
    {
        _folder.Write(
            "worker.yaml",
            settings.StartsWith("source", StringComparison.Ordinal)
                ? settings
                : $"source: {{folder: {{path: {_folder.Path}}}}}\n{settings}\n"
        );

        var (code, output) = await RunAsync("worker", "--config", _folder["worker.yaml"], "--check");

        Assert.NotEqual(ExitCode.Done, code);
        AssertHidden(output);
    }

    [Fact]
    public async Task A_file_with_a_token_among_the_manifests_is_not_shown()
    {
        _folder.Write("people/token.yaml", $"{Secret}\n");

        var (code, output) = await RunAsync("validate", "people");

        Assert.Equal(ExitCode.Problems, code);
        AssertHidden(output);
    }

    private static void AssertHidden(string output)
    {
        Assert.DoesNotContain(Secret, output, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("sk_live_123", output, StringComparison.OrdinalIgnoreCase);
    }

    private static string Manifests(string credentials) =>
        $$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessProvider
            metadata: {name: c}
            spec:
              type: clarifeye
              baseUrl: https://eu.app.clarifeye.ai/api/v1
              credentials: {{credentials}}
              actingAs: bot@example.com
            ---
            apiVersion: reconciler.dev/v1alpha1
            kind: ProjectMembership
            metadata: {name: p}
            spec: {provider: c, projectId: 3c90c3cc-0d44-4b50-8888-8dd25736052a, members: []}
            """;

    private async Task<(int Code, string Output)> RunAsync(params string[] words)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var environment = new CliEnvironment
        {
            Out = output,
            Error = output,
            In = TextReader.Null,
            Variable = _ => null,
            Folder = _folder.Path,
        };
        return (await Cli.RunAsync(words, environment, TestContext.Current.CancellationToken), output.ToString());
    }
}

using System.Text.RegularExpressions;
using Reconciler.Core.Ports;
using Reconciler.Hosting;
using Reconciler.Runs;
using Reconciler.Testing;
using Reconciler.Testing.Sources;
using Reconciler.Worker.Settings;

namespace Reconciler.Tests;

/// <summary>
/// The program's own variables are no tokens: a manifest that names one would have a setting sent to a vendor.
/// </summary>
public sealed partial class OwnVariableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_setting_that_a_variable_can_give_is_in_the_list()
    {
        Assert.NotEmpty(SettingsField.All);
        Assert.All(SettingsField.All, field => Assert.Contains(field.Variable, OwnVariables.All));
    }

    // A variable that the sources name is a setting, the demo's token, or the beginning of others.
    [Fact]
    public void No_source_reads_a_variable_that_is_not_in_the_list()
    {
        var named = Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file =>
                !file.Contains(
                    $"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}",
                    StringComparison.Ordinal
                )
            )
            .SelectMany(file => Name().Matches(File.ReadAllText(file)).Select(m => m.Groups["name"].Value))
            .Where(name => !name.EndsWith('_'))
            .Distinct(StringComparer.Ordinal);
        Assert.All(
            named,
            name =>
                Assert.True(
                    OwnVariables.All.Contains(name) || name.EndsWith("_TOKEN", StringComparison.Ordinal),
                    $"{name} is read and not in the list"
                )
        );
    }

    public static TheoryData<string> Names =>
        [.. OwnVariables.All.Order(StringComparer.Ordinal), "reconciler_worker_source_git_url"];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_manifest_may_not_name_one(string name)
    {
        _folder.Write(
            "people/c.yaml",
            $$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessProvider
            metadata: {name: c}
            spec:
              type: clarifeye
              baseUrl: https://eu.app.clarifeye.ai/api/v1
              actingAs: bot@example.com
              credentials:
                token:
                  env: {{name}}
            """
        );
        using var output = new StringWriter { NewLine = "\n" };
        var environment = new CliEnvironment
        {
            Out = output,
            Error = output,
            In = TextReader.Null,
            Variable = _ => "value-of-it",
            Folder = _folder.Path,
        };

        var code = await Cli.RunAsync(
            ["validate", "people", "--allow-env", name],
            environment,
            TestContext.Current.CancellationToken
        );

        Assert.Equal(ExitCode.Problems, code);
        Assert.Contains(
            "spec.credentials.token.env: names a setting of this program, which is no token",
            output.ToString(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void None_is_read_for_a_token_even_if_nobody_checked_the_manifest(string name)
    {
        var refusal = Assert.Throws<ProviderException>(() =>
            new TokenReader(_ => "value-of-it", null, OwnVariables.All).Token(new() { Env = name })
        );
        Assert.Equal(ProviderFault.Configuration, refusal.Fault);
    }

    [Fact]
    public void Another_variable_of_that_beginning_is_read() =>
        Assert.Equal(
            "value-of-it",
            new TokenReader(_ => "value-of-it", null, OwnVariables.All).Token(
                new() { Env = "RECONCILER_CLARIFEYE_TOKEN" }
            )
        );

    [GeneratedRegex("\"(?<name>RECONCILER_[A-Z0-9_]+)\"", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Name();
}

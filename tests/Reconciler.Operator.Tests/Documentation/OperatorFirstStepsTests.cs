using System.Diagnostics;
using System.Text.RegularExpressions;
using Reconciler.Operator.Tests.Charts;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing;
using Reconciler.Testing.Documentation;
using Reconciler.Testing.Kubernetes.Servers;
using Reconciler.Testing.Sources;

namespace Reconciler.Operator.Tests.Documentation;

/// <summary>
/// <c>docs/operator/README.md</c>, played from top to bottom with a real kubectl at a real API server, beside the
/// imitated vendor.
/// </summary>
public sealed partial class OperatorFirstStepsTests(KubeApiServer server)
{
    private const string Connection = "confident-ai-demo";
    private const string Space = "access-demo";

    /// <summary>From this section on, another test plays the page.</summary>
    internal const string OwnProject = "On a project of your own";

    private const string Example = "examples/kubernetes-sandbox/people.yaml";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Whoever_follows_the_page_sees_what_it_shows()
    {
        var page = MarkdownPage.Of("docs/operator/README.md");
        var seed = page
            .Commands.Single(c => c.Line.StartsWith("reconciler sandbox ", StringComparison.Ordinal))
            .Line.Split(' ')[^1];
        await using var scene = await OperatorScene.SetAsync(
            server,
            SandboxSeed.Parse(await File.ReadAllTextAsync(Repository.At(seed), TestContext.Current.CancellationToken))
        );
        using var folder = new TemporaryFolder();
        folder.Write(
            Example,
            (await File.ReadAllTextAsync(Repository.At(Example), TestContext.Current.CancellationToken)).Replace(
                $"http://127.0.0.1:8765/{Connection}",
                scene.Sandbox.BaseUrl(Connection),
                StringComparison.Ordinal
            )
        );
        var kubeconfig = await server.KubeConfigAsync(folder.Path);
        scene.Start();

        var played = 0;
        foreach (
            var command in page
                .Blocks.TakeWhile(b => b.Section != OwnProject)
                .SelectMany(page.CommandsOf)
                .Where(c => PageRegister.IsPlayed(page.Path, c))
        )
        {
            await PlayAsync(command.Line, command.Output?.Split('\n') ?? [], folder.Path, kubeconfig, scene);
            played++;
        }

        Assert.True(played > 8, $"{played} commands were played");
        await scene.GoneAsync("support-bot");
    }

    /// <summary>Types a command of a page, which must show what the page shows.</summary>
    internal static async Task PlayAsync(
        string command,
        IReadOnlyList<string> shown,
        string folder,
        string kubeconfig,
        OperatorScene scene
    )
    {
        // Only commands that read are repeated until the expected output appears.
        var looks =
            command.StartsWith("kubectl get ", StringComparison.Ordinal)
            || command.StartsWith("kubectl describe ", StringComparison.Ordinal);
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var (code, output) = await RunAsync(
                command.Replace(Space, scene.Space, StringComparison.Ordinal),
                folder,
                kubeconfig
            );
            var missing = code == 0 ? Missing(shown, Neutral(output, scene)) : $"exit {code}";
            if (missing is null)
                return;
            Assert.True(
                looks && TimeProvider.System.GetElapsedTime(start) < Deadline,
                $"{command}\nlacks: {missing}\nshows:\n{output}\n{string.Join('\n', scene.Logs.TakeLast(20))}"
            );
            await Task.Delay(TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken);
        }
    }

    // … stands for lines that the page leaves out; between them the lines follow each other.
    private static string? Missing(IReadOnlyList<string> shown, string output)
    {
        var rest = output;
        foreach (
            var part in string.Concat(shown.Select(l => $"\n{Squeezed(l)}"))
                .Split("\n…")
                .Select(p => p.Trim('\n'))
                .Where(p => p.Length > 0)
        )
        {
            var at = rest.IndexOf(part, StringComparison.Ordinal);
            if (at < 0)
                return part;
            rest = rest[(at + part.Length)..];
        }

        return null;
    }

    private static async Task<(int Code, string Output)> RunAsync(string command, string folder, string kubeconfig)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"{command} 2>&1"])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        start.Environment["KUBECONFIG"] = kubeconfig;
        start.Environment["PATH"] =
            $"{Path.GetDirectoryName(KubeTools.Find("kubectl"))}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
        using var shell = Process.Start(start)!;
        var output = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (shell.ExitCode, output);
    }

    private static string Neutral(string output, OperatorScene scene) =>
        string.Join(
            '\n',
            output
                .Replace(scene.Space, Space, StringComparison.Ordinal)
                .Replace(
                    scene.Sandbox.BaseUrl(Connection),
                    $"http://127.0.0.1:8765/{Connection}",
                    StringComparison.Ordinal
                )
                .Split('\n')
                .Select(Squeezed)
        );

    // Widths of columns, ages, times and digests are another run's.
    private static string Squeezed(string line) =>
        Blanks()
            .Replace(
                Age().Replace(Day().Replace(Stamp().Replace(Digest().Replace(line, "sha256:…"), "TIME"), "DAY"), "AGE"),
                " "
            )
            .TrimEnd();

    [GeneratedRegex("sha256:[0-9a-f]{64}", RegexOptions.None, 60_000)]
    private static partial Regex Digest();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", RegexOptions.None, 60_000)]
    private static partial Regex Stamp();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d", RegexOptions.None, 60_000)]
    private static partial Regex Day();

    [GeneratedRegex(@"(?<= )(\d+[dhms]){1,2}(?= |$)", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Age();

    [GeneratedRegex(" +", RegexOptions.None, 60_000)]
    private static partial Regex Blanks();
}

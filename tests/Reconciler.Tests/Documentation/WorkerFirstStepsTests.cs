using System.Text.RegularExpressions;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing;
using Reconciler.Testing.Documentation;
using Reconciler.Testing.Hosts;
using Reconciler.Testing.Hosts.Crashes;

namespace Reconciler.Tests.Documentation;

/// <summary>
/// <c>docs/worker/README.md</c>, played from top to bottom with the real program beside the imitated vendor.
/// </summary>
[Trait("Runs", "Program")]
public sealed partial class WorkerFirstStepsTests
{
    private const string Connection = "confident-ai-demo";
    private const string Example = "examples/compose";

    private static MarkdownPage Page { get; } = MarkdownPage.Of("docs/worker/README.md");

    [Fact]
    public async Task Whoever_follows_the_page_sees_the_log_that_it_shows()
    {
        var seed = Page
            .Commands.Single(c => c.Line.StartsWith("reconciler sandbox ", StringComparison.Ordinal))
            .Line.Split(' ')[^1];
        await using var sandbox = await SandboxServer.StartAsync(
            new()
            {
                Seed = SandboxSeed.Parse(
                    await File.ReadAllTextAsync(Repository.At(seed), TestContext.Current.CancellationToken)
                ),
            },
            TestContext.Current.CancellationToken
        );
        // The sandbox and the worker are all that a reader starts.
        Assert.Equal(2, Page.Blocks.SelectMany(Page.CommandsOf).Count());
        using var folder = new DocumentFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "approvals"));
        foreach (
            var file in new[] { "manifests/connection.yaml", "manifests/people.yaml", "secrets/confident-ai-token" }
        )
            CopyFromExample(folder, file);
        var shown = new Queue<FencedBlock>(Page.Blocks.Where(b => Stamp().IsMatch(b.Lines[0])));
        using var worker = ProgramProcess.Start(folder.Path, "", Words(sandbox, folder));

        await SaysAsync(worker, 0, shown.Dequeue());
        await AfterAsync(
            worker,
            shown.Dequeue(),
            folder,
            text => text + "  - {email: ivan@example.com, access: {role: Member}}\n"
        );
        await AfterAsync(
            worker,
            shown.Dequeue(),
            folder,
            text => text.Replace("role: Manager", "roll: Manager", StringComparison.Ordinal)
        );
        await AfterAsync(worker, shown.Dequeue(), folder, text => GracesLine().Replace(text, ""));
        var digest = Digest().Matches(worker.Said)[^1].Value;
        var approval = Digest()
            .Replace(Page.Blocks.Single(b => b.Text.Contains("kind: Approval", StringComparison.Ordinal)).Text, digest);
        var from = worker.Said.Length;
        await File.WriteAllTextAsync(
            Path.Combine(folder.Path, "approvals/grace.yaml"),
            approval,
            TestContext.Current.CancellationToken
        );
        await SaysAsync(worker, from, shown.Dequeue());

        Assert.Empty(shown);
        Assert.DoesNotContain(
            sandbox.Connection(Connection).Members("cm2v7k0d20001"),
            m => m.Email == "grace@example.com"
        );
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals between processes");
        await worker.SignalAsync("TERM");
        Assert.True(await worker.EndAsync() == ExitCode.Done, worker.Said);
    }

    private static IEnumerable<string> Words(SandboxServer sandbox, DocumentFolder folder)
    {
        var words = CommandLines.WordsOf(
            Page.Commands.Single(c => c.Line.StartsWith("reconciler worker --follow", StringComparison.Ordinal)).Line
        );
        // The reader has the ports of the page, and time.
        return words
            .Select(w =>
                w.Replace($"http://127.0.0.1:8765/{Connection}", sandbox.BaseUrl(Connection), StringComparison.Ordinal)
                    .Replace("/tmp/worker-demo", folder.Path, StringComparison.Ordinal)
            )
            .Concat([
                "--listen",
                "127.0.0.1:0",
                "--set",
                "source.folder.interval=1s",
                "--set",
                "maxRemovals=0",
                "--set",
                $"approvals={folder.Path}/approvals",
            ]);
    }

    private static async Task AfterAsync(
        ProgramProcess worker,
        FencedBlock shown,
        DocumentFolder folder,
        Func<string, string> edit
    )
    {
        var (from, file, beside) = (
            worker.Said.Length,
            Path.Combine(folder.Path, Example, "manifests/people.yaml"),
            Path.Combine(folder.Path, "people.yaml")
        );
        await File.WriteAllTextAsync(
            beside,
            edit(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)),
            TestContext.Current.CancellationToken
        );
        File.Move(beside, file, overwrite: true);
        await SaysAsync(worker, from, shown);
    }

    // People of one phase come in any order.
    private static async Task SaysAsync(ProgramProcess worker, int from, FencedBlock shown)
    {
        foreach (var line in shown.Lines.Select(l => Neutral(l).TrimEnd('…', ' ')))
            await worker.UntilAsync(
                Eventually.Async(() => Neutral(worker.Said[from..]).Contains(line, StringComparison.Ordinal))
            );
    }

    // Times, ids and digests are another run's.
    private static string Neutral(string text) =>
        Digest().Replace(Id().Replace(Stamp().Replace(text, ""), ""), "sha256:…");

    private static void CopyFromExample(DocumentFolder folder, string file)
    {
        var target = Path.Combine(folder.Path, Example, file);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(Repository.At($"{Example}/{file}"), target);
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ ", RegexOptions.Multiline, 60_000)]
    private static partial Regex Stamp();

    [GeneratedRegex("(?<=revision |reconcile )[0-9a-f]{12}", RegexOptions.None, 60_000)]
    private static partial Regex Id();

    [GeneratedRegex("sha256:[0-9a-f]{64}", RegexOptions.None, 60_000)]
    private static partial Regex Digest();

    [GeneratedRegex(@"^.*grace@example\.com.*\n", RegexOptions.Multiline, 60_000)]
    private static partial Regex GracesLine();
}

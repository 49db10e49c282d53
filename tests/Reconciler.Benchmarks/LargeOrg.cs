using System.Diagnostics;
using System.Globalization;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Seeds;

namespace Reconciler.Benchmarks;

/// <summary>
/// The people of a real community, anonymised (774 projects): plan, apply and plan again over HTTP against the sandbox,
/// in this process. The data lies beside the repository, in shared/data/large-org.
/// </summary>
internal static class LargeOrg
{
    private const string Connection = "clarifeye-eu";

    public static async Task RunAsync()
    {
        Measure.Machine();
        var data = Find();
        if (data is null)
        {
            Console.WriteLine("skipped: shared/data/large-org is not there");
            return;
        }

        var seed = SandboxSeed.Parse(await File.ReadAllTextAsync(Path.Combine(data, "live-drifted.json")));
        await using var sandbox = await SandboxServer.StartAsync(
            new() { Seed = seed with { Projects = [.. seed.Projects.Where(p => p.Provider == Connection)] } }
        );
        var folder = Directory.CreateTempSubdirectory("reconciler-bench-");
        await StepAsync(sandbox, folder.FullName, "plan, drifted", "plan", data);
        await StepAsync(sandbox, folder.FullName, "apply", "apply", data, "--yes");
        await StepAsync(sandbox, folder.FullName, "plan, converged", "plan", data);
        await StepAsync(sandbox, folder.FullName, "plan again", "plan", data);
        folder.Delete(recursive: true);
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"peak memory, sandbox included: {process.PeakWorkingSet64 / 1024 / 1024} MiB"
            )
        );
    }

    private static async Task StepAsync(SandboxServer sandbox, string folder, string name, params string[] words)
    {
        sandbox.ForgetRequests();
        using var output = new StringWriter();
        var environment = new CliEnvironment
        {
            Out = output,
            Error = TextWriter.Null,
            In = TextReader.Null,
            Variable = _ => "token",
            Folder = folder,
        };
        string[] args =
        [
            .. words,
            "--provider",
            Connection,
            "--base-url",
            $"{Connection}={sandbox.BaseUrl(Connection)}",
            "--max-removals",
            "none",
        ];
        var code = ExitCode.Done;
        var cost = await Measure.OnceAsync(async () => code = await Cli.RunAsync(args, environment));
        var summary = output
            .ToString()
            .Split('\n')
            .LastOrDefault(l =>
                l.StartsWith("Plan:", StringComparison.Ordinal)
                || l.StartsWith("No changes", StringComparison.Ordinal)
                || l.StartsWith("Applied", StringComparison.Ordinal)
            );
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name, -16} {cost}; {sandbox.Count("GET")} reads, {sandbox.NonGetCount} writes; exit {code}; {summary}"
            )
        );
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "Reconciler.sln")))
                continue;
            var data = Path.Combine(folder.Parent!.FullName, "shared", "data", "large-org");
            return Directory.Exists(data) ? data : null;
        }

        return null;
    }
}

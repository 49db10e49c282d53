using System.CommandLine;
using Reconciler.Reports;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Seeds;

namespace Reconciler.Hosts.Verbs;

/// <summary><c>demo</c>: the whole story on the embedded sandbox, with the same commands that people type.</summary>
internal static class DemoVerb
{
    public static Command Create(CliEnvironment environment)
    {
        var noColour = new Option<bool>("--no-color") { Description = "Print without colour, as NO_COLOR does" };
        var command = new Command("demo", "Show the whole story on an embedded sandbox: plan, apply, accept, change, apply again");
        command.Options.Add(noColour);
        command.SetAction((parsed, cancellation) => RunAsync(environment, parsed.GetValue(noColour), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(CliEnvironment environment, bool noColour, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("reconciler-demo-");
        try
        {
            var options = new SandboxOptions { Seed = SandboxSeed.Parse(DemoStory.Seed), Clock = environment.Clock };
            await using var sandbox = await SandboxServer.StartAsync(options, cancellation);
            var inside = environment with { Folder = folder.FullName, Variable = name => name == DemoStory.Variable ? DemoStory.Token : environment.Variable(name) };
            return await new Story(inside, environment.Palette(noColour), noColour, sandbox, folder.FullName, cancellation).TellAsync();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private sealed class Story(CliEnvironment environment, Palette palette, bool noColour, SandboxServer sandbox, string folder, CancellationToken cancellation)
    {
        private readonly string _manifests = Path.Combine(folder, "people");
        private readonly string _baseline = Path.Combine(folder, "last-applied");

        public async Task<int> TellAsync()
        {
            Say("1. A folder in git declares who is in the project “Fraud detection” at Clarifeye.");
            Write(_manifests, DemoStory.Manifests);
            Show(DemoStory.Manifests);
            Say("2. Plan: read the live project, compare, show the difference. Nothing is written.");
            if (await ReconcilerAsync(ExitCode.Done, "plan", "people") is { } failed) return failed;
            Say("3. Apply: invite who is missing, change access that differs.");
            if (await ReconcilerAsync(ExitCode.Done, "apply", "people", "--yes") is { } applied) return applied;
            Say($"4. {DemoStory.Invited} accepts the invitation. Plan again: nothing is left to do.");
            sandbox.Connection(DemoStory.Connection).Accept(DemoStory.ProjectId, DemoStory.Invited);
            if (await ReconcilerAsync(ExitCode.Done, "plan", "people", "--detailed-exitcode") is { } converged) return converged;
            Say("5. A pull request makes Bob an administrator and takes Carol out.");
            Write(_baseline, DemoStory.Manifests);
            Write(_manifests, DemoStory.ChangedManifests);
            foreach (var line in DemoStory.Difference) environment.Out.WriteLine($"    {(line.StartsWith('+') ? palette.Good(line) : palette.Bad(line))}");
            Say("   The manifests as last applied are the record of whom Reconciler let in, so Carol goes and strangers stay.");
            if (await ReconcilerAsync(ExitCode.Done, "plan", "people", "--baseline", "last-applied") is { } changed) return changed;
            if (await ReconcilerAsync(ExitCode.Done, "apply", "people", "--baseline", "last-applied", "--yes") is { } reapplied) return reapplied;
            Say("6. Plan again: no changes.");
            if (await ReconcilerAsync(ExitCode.Done, "plan", "people", "--detailed-exitcode") is { } last) return last;
            environment.Out.WriteLine(palette.Good("The demo is over; nothing of it is left on this machine."));
            return ExitCode.Done;
        }

        private void Say(string text) => environment.Out.WriteLine($"\n{palette.Strong(text)}\n");

        private void Show(string manifests)
        {
            foreach (var line in manifests.Split('\n')) environment.Out.WriteLine($"    {line}");
        }

        private static void Write(string folder, string manifests)
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "acme.yaml"), manifests);
        }

        // The same entry as on a command line; the sandbox's address is left out of what is shown.
        private async Task<int?> ReconcilerAsync(int expected, params string[] words)
        {
            environment.Out.WriteLine(palette.Quiet($"$ reconciler {string.Join(' ', words)}"));
            string[] args = [.. words, "--base-url", $"{DemoStory.Connection}={sandbox.BaseUrl(DemoStory.Connection)}", .. noColour ? ["--no-color"] : Array.Empty<string>()];
            var code = await Cli.RunAsync(args, environment, cancellation);
            if (code == expected) return null;
            environment.Error.WriteLine($"The demo expected exit code {expected} and got {code}.");
            return code == ExitCode.Done ? ExitCode.Failed : code;
        }
    }
}

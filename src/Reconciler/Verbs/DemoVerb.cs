using System.CommandLine;
using Reconciler.Options;
using Reconciler.Reports;
using Reconciler.Sandbox;

namespace Reconciler.Verbs;

/// <summary>
/// <c>demo</c>: the whole story over all vendors on the embedded sandbox, with the same commands that people type.
/// </summary>
internal static class DemoVerb
{
    public static Command Create(CliEnvironment environment)
    {
        var noColour = OutputOptions.NoColourOption();
        var command = new Command(
            "demo",
            "Show the whole story on imitated vendors: plan, apply, accept, change, apply again"
        );
        command.Options.Add(noColour);
        command.SetAction((parsed, cancellation) => RunAsync(environment, parsed.GetValue(noColour), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(CliEnvironment environment, bool noColour, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("reconciler-demo-");
        try
        {
            await using var sandbox = await SandboxServer.StartAsync(
                DemoStory.Vendors(environment.Clock),
                cancellation
            );
            // A variable that names the state of the user's own runs must not count here.
            var inside = environment with
            {
                Folder = folder.FullName,
                Variables = new Dictionary<string, string>(StringComparer.Ordinal),
                Variable = name => name == DemoStory.Variable ? DemoStory.Token : environment.Variable(name),
            };
            return await new Story(
                inside,
                environment.Palette(noColour),
                noColour,
                sandbox,
                folder.FullName,
                cancellation
            ).TellAsync();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private sealed class Story(
        CliEnvironment environment,
        Palette palette,
        bool noColour,
        SandboxServer sandbox,
        string folder,
        CancellationToken cancellation
    )
    {
        private readonly string _manifests = Path.Combine(folder, "people");

        public async Task<int> TellAsync()
        {
            Say(
                "1. A folder in git declares a company: two teams, two roles, and a project at each of five vendors. "
                    + "Three are known in code; definitions in YAML describe Clarifeye and Redmine "
                    + "(reconciler vendors show redmine). Parts of the folder:"
            );
            Write(_manifests, DemoStory.Before);
            Show(string.Join("\n---\n", DemoStory.Teams, DemoStory.Analyst, DemoStory.FirstProject));
            Say("2. Plan: read the live projects, compare, show the difference. Nothing is written.");
            if (await ReconcilerAsync("plan", "people") is { } failed)
                return failed;
            Say("3. Apply: invite who is missing, change access that differs.");
            if (await ReconcilerAsync("apply", "people", "--yes") is { } applied)
                return applied;
            Say(
                $"4. {DemoStory.Invited} accepts the four invitations; Redmine has none. "
                    + "Plan again: nothing is left to do."
            );
            foreach (var (connection, project) in DemoStory.Inviting)
                sandbox.Connection(connection).Accept(project, DemoStory.Invited);
            if (await ReconcilerAsync("plan", "people", "--detailed-exitcode") is { } converged)
                return converged;
            return await ChangeAsync();
        }

        private async Task<int> ChangeAsync()
        {
            Say("5. A pull request makes Bob an administrator and takes Carol out, at all vendors at once.");
            Write(_manifests, DemoStory.After);
            foreach (var line in DemoStory.Difference)
                environment.Out.WriteLine($"    {Coloured(line)}");
            Say("   The state file remembers whom Reconciler let in, so Carol goes and strangers stay.");
            if (await ReconcilerAsync("plan", "people") is { } changed)
                return changed;
            environment.Out.WriteLine();
            if (await ReconcilerAsync("apply", "people", "--yes") is { } applied)
                return applied;
            Say("6. Plan again: no changes.");
            if (await ReconcilerAsync("plan", "people", "--detailed-exitcode") is { } last)
                return last;
            environment.Out.WriteLine($"\n{palette.Good("The demo is over; nothing of it is left on this machine.")}");
            return ExitCode.Done;
        }

        private void Say(string text) => environment.Out.WriteLine($"\n{palette.Strong(text)}\n");

        private void Show(string manifest)
        {
            foreach (var line in manifest.Split('\n'))
                environment.Out.WriteLine($"    {line}");
        }

        private string Coloured(string line) =>
            line[0] switch
            {
                '+' => palette.Good(line),
                '-' => palette.Bad(line),
                _ => line,
            };

        private static void Write(string folder, IReadOnlyDictionary<string, string> files)
        {
            Directory.CreateDirectory(folder);
            foreach (var (name, text) in files)
                File.WriteAllText(Path.Combine(folder, name), text);
        }

        // It runs the real command line, but shows neither the sandbox's addresses nor the plan that apply prints
        // first.
        private async Task<int?> ReconcilerAsync(params string[] words)
        {
            environment.Out.WriteLine(palette.Quiet($"$ reconciler {string.Join(' ', words)}"));
            string[] places =
            [
                .. DemoStory.Projects.SelectMany(p =>
                    (string[])["--base-url", $"{p.Connection}={sandbox.BaseUrl(p.Connection)}"]
                ),
            ];
            using var said = new StringWriter { NewLine = environment.Out.NewLine };
            var code = await Cli.RunAsync(
                [.. words, .. places, .. noColour ? ["--no-color"] : Array.Empty<string>()],
                environment with
                {
                    Out = said,
                },
                cancellation
            );
            var text = said.ToString();
            // The first line of progress, whose number is padded where there are ten actions.
            var planEnd =
                words[0] == "apply" && code == ExitCode.Done ? text.IndexOf("\n[", StringComparison.Ordinal) + 1 : 0;
            if (planEnd > 0)
                environment.Out.WriteLine(palette.Quiet("… the plan once more, and then:"));
            environment.Out.Write(planEnd > 0 ? text[planEnd..] : text);
            if (code == ExitCode.Done)
                return null;
            environment.Error.WriteLine($"The demo expected exit code {ExitCode.Done} and got {code}.");
            return code;
        }
    }
}

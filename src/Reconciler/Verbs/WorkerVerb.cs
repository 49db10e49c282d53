using System.CommandLine;
using System.Runtime.InteropServices;
using Reconciler.Core.Manifests;
using Reconciler.Hosting.Web;
using Reconciler.Manifests;
using Reconciler.Options;
using Reconciler.Reports;
using Reconciler.State;
using Reconciler.Worker;
using Reconciler.Worker.Settings;

namespace Reconciler.Verbs;

/// <summary>
/// <c>worker</c>: follows a repository or a folder and keeps the vendors' projects as it says, until it is stopped.
/// </summary>
internal static class WorkerVerb
{
    public static Command Create(CliEnvironment environment)
    {
        var config = new Option<string?>("--config")
        {
            Description = "The settings file (YAML); see docs/worker/settings.md",
        };
        var set = new Option<string[]>("--set")
        {
            Description = "SETTING=VALUE, such as source.git.branch=main; wins over the file and the environment",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var check = new Option<bool>("--check") { Description = "Check the settings, show every problem, and exit" };
        var shortcuts = Shortcuts().ToList();
        set.Validators.Add(result =>
        {
            foreach (var text in result.GetValueOrDefault<string[]>() ?? [])
            {
                if (!ManifestOptions.IsPair(text))
                    result.AddError($"--set {text}: expected SETTING=VALUE, such as source.git.branch=main");
            }
        });
        var command = new Command(
            "worker",
            "Follow a git repository or a folder and apply its manifests, until stopped"
        );
        foreach (var option in (Option[])[config, .. shortcuts.Select(s => s.Option), set, check])
            command.Options.Add(option);
        command.SetAction(
            (parsed, cancellation) =>
            {
                var file = parsed.GetValue(config) is { } path
                    ? Path.GetFullPath(path, Path.GetFullPath(environment.Folder))
                    : null;
                var given = shortcuts
                    .Where(s => parsed.GetValue(s.Option) is not null)
                    .Select(s => (s.Path, parsed.GetValue(s.Option)!, s.Option.Name))
                    .Concat(
                        (parsed.GetValue(set) ?? []).Select(s => s.Split('=', 2)).Select(s => (s[0], s[1], "--set"))
                    );
                var origins = new SettingsOrigins(file, environment.Variables, [.. given]);
                return RunAsync(environment, origins, parsed.GetValue(check), cancellation);
            }
        );
        return command;
    }

    private static IEnumerable<(string Path, Option<string?> Option)> Shortcuts() =>
        [
            ("source.git.url", new("--git") { Description = "The repository to follow, by https or ssh" }),
            (
                "source.git.branch",
                new("--branch") { Description = "Its branch (default: the repository's default branch)" }
            ),
            (
                "source.git.path",
                new("--path") { Description = "The folder of the repository with the manifests (default: its root)" }
            ),
            ("source.folder.path", new("--follow") { Description = "The folder to follow, instead of a repository" }),
            (
                "state",
                new("--state")
                {
                    Description =
                        "The state: who is owned, which mails were sent, what was done; a file, or "
                        + $"postgres://user@host/db (default: the variable {StatePlace.Variable}, else "
                        + $"{StateFile.DefaultPath})",
                }
            ),
            (
                "operations.listen",
                new("--listen") { Description = "Where health and metrics are served (default: 127.0.0.1:8080)" }
            ),
            ("log.format", new("--log-format") { Description = "text or json" }),
        ];

    private static async Task<int> RunAsync(
        CliEnvironment environment,
        SettingsOrigins origins,
        bool onlyCheck,
        CancellationToken cancellation
    )
    {
        if (Read(environment, origins, onlyCheck) is not { } settings)
            return ExitCode.Problems;
        if (onlyCheck)
        {
            await environment.Out.WriteLineAsync("The settings are right.");
            return ExitCode.Done;
        }

        try
        {
            return await FollowAsync(environment, settings, origins, cancellation);
        }
        catch (Exception refused) when (refused is SourceException or ListenerException)
        {
            ProblemReport.WriteError(environment.Error, environment.Palette(noColour: false), refused.Message);
            return ExitCode.Failed;
        }
    }

    private static async Task<int> FollowAsync(
        CliEnvironment environment,
        WorkerSettings settings,
        SettingsOrigins origins,
        CancellationToken cancellation
    )
    {
        await using var worker = WorkerHost.Create(settings, environment.Host);
        using var reload = OnReload(() =>
            worker.Reload(() =>
            {
                var problems = new Problems();
                return (SettingsReader.Read(origins, problems, folder: environment.Folder), problems);
            })
        );
        await worker.StartAsync(cancellation);
        await worker.WaitAsync(cancellation);
        await worker.StopAsync();
        // A stop that was asked for is a success; otherwise it is a failure, so that a supervisor starts the worker
        // again.
        return cancellation.IsCancellationRequested ? ExitCode.Done : ExitCode.Failed;
    }

    private static WorkerSettings? Read(CliEnvironment environment, SettingsOrigins origins, bool withFiles)
    {
        var problems = new Problems();
        var settings = SettingsReader.Read(
            origins,
            problems,
            withFiles ? environment.Folder : null,
            environment.Folder
        );
        ProblemReport.Write(
            environment.Error,
            environment.Palette(noColour: false),
            problems.Sorted,
            verbose: true,
            "the worker was not started"
        );
        return settings;
    }

    // Windows has no such signal: there a worker is started again.
    private static PosixSignalRegistration? OnReload(Action reload) =>
        OperatingSystem.IsWindows()
            ? null
            : PosixSignalRegistration.Create(
                PosixSignal.SIGHUP,
                context =>
                {
                    context.Cancel = true;
                    reload();
                }
            );
}

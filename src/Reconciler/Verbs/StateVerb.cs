using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Reconciler.Core.Text;
using Reconciler.Manifests;
using Reconciler.Options;
using Reconciler.Reports;
using Reconciler.Runs;
using Reconciler.State;

namespace Reconciler.Verbs;

/// <summary><c>state</c>: shows and corrects what is remembered between runs.</summary>
internal static class StateVerb
{
    public static Command Create(CliEnvironment environment)
    {
        var command = new Command(
            "state",
            "Show and correct what is remembered between runs: who is owned, which mails were sent, who got what and "
                + "why"
        );
        foreach (
            var sub in (Command[])
                [
                    Show(environment),
                    StateHistory.Create(environment),
                    StateEdit.Adopt(environment),
                    StateEdit.Abandon(environment),
                    StateErase.Create(environment),
                    StateVerify.Create(environment),
                    Backup(environment),
                    StateMoves.Restore(environment),
                    StateMoves.Migrate(environment),
                    Confirm(environment),
                ]
        )
        {
            command.Subcommands.Add(sub);
        }

        return command;
    }

    private static Command Show(CliEnvironment environment)
    {
        var (state, output) = (new StateOption(environment), new OutputOptions("text", "json"));
        var project = new Option<string?>("--project")
        {
            Description = "Only this project: its document's name, or the vendor's id",
        };
        var command = new Command("show", "Show each project and its people as they are remembered") { state, project };
        output.AddTo(command);
        command.SetAction(
            (parsed, cancellation) =>
            {
                var session = new StateSession(environment, output.NoColour(parsed), state.Read(parsed));
                return session.ReadAsync(async store =>
                {
                    var all = await store.LoadAllAsync(cancellation);
                    if (parsed.GetValue(project) is { } word)
                    {
                        if (session.Find(word, [.. StateSession.Named(all)], out var found) is { } refusal)
                            return session.Fail(refusal);
                        all = [.. all.Where(s => s.Key == found!.Key)];
                    }

                    if (output.Format(parsed) == "json")
                        await environment.Out.WriteLineAsync(StateReport.ToJson(all));
                    else
                        StateReport.Write(
                            environment.Out,
                            session.Palette,
                            all,
                            scope => ReadScope.Parse(scope)?.ToString() ?? scope
                        );
                    return ExitCode.Done;
                });
            }
        );
        return command;
    }

    private static Command Backup(CliEnvironment environment)
    {
        var (state, noColour) = (new StateOption(environment), OutputOptions.NoColourOption());
        var file = new Argument<string>("file") { Description = "The copy, which must not exist yet" };
        var command = new Command("backup", "Copy the state to a file, also while others use it")
        {
            file,
            state,
            noColour,
        };
        command.SetAction(
            (parsed, cancellation) =>
            {
                var session = new StateSession(environment, parsed.GetValue(noColour), state.Read(parsed));
                return session.GuardAsync(async () =>
                {
                    var target = Path.GetFullPath(parsed.GetValue(file)!, Path.GetFullPath(environment.Folder));
                    await StateStore.BackupAsync(session.FullPath, target, cancellation);
                    await environment.Out.WriteLineAsync(
                        $"Copied to {TerminalText.Escape(parsed.GetValue(file)!)}. "
                            + "It holds people's addresses: keep it as you keep those."
                    );
                    return ExitCode.Done;
                });
            }
        );
        return command;
    }

    private static Command Confirm(CliEnvironment environment)
    {
        var (state, noColour) = (new StateOption(environment), OutputOptions.NoColourOption());
        var command = new Command(
            "confirm",
            "Let a worker go on with this state file after the one that it wrote was deleted or replaced"
        )
        {
            state,
            noColour,
        };
        command.SetAction(
            (parsed, _) =>
            {
                var session = new StateSession(environment, parsed.GetValue(noColour), state.Read(parsed));
                return session.GuardAsync(async () =>
                {
                    await using var store = StateStore.OpenOrCreate(session.FullPath, mayBeOutdated: true);
                    store.Confirm();
                    await environment.Out.WriteLineAsync(
                        "Confirmed. The worker goes on with this file at its next look; "
                            + "people of whom it remembers nothing may be invited again."
                    );
                    return ExitCode.Done;
                });
            }
        );
        return command;
    }
}

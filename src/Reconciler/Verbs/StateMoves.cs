using System.CommandLine;
using Reconciler.Core.Ports;
using Reconciler.Core.Text;
using Reconciler.Options;
using Reconciler.Runs;
using Reconciler.State;

namespace Reconciler.Verbs;

/// <summary>
/// <c>state migrate</c> and <c>state restore</c>: a state goes on in another place, whole or not at all.
/// </summary>
internal static class StateMoves
{
    public static Command Migrate(CliEnvironment environment)
    {
        var noColour = OutputOptions.NoColourOption();
        var from = Place("--from", "The state: a file, or postgres://user@host/db");
        var to = Place("--to", "Where it goes on: a file that does not exist, or a schema that holds nothing");
        var command = new Command("migrate", "Move the state from a file to PostgreSQL, or back")
        {
            from,
            to,
            noColour,
        };
        command.SetAction(
            (parsed, cancellation) =>
            {
                var session = new StateSession(
                    environment,
                    parsed.GetValue(noColour),
                    new(parsed.GetValue(from)!, from.Name)
                );
                return session.GuardAsync(async () =>
                {
                    var target = StatePlace.Full(parsed.GetValue(to)!, environment.Folder);
                    await MoveAsync(environment, StateOptions.Real(session.FullPath), target, cancellation);
                    await environment.Out.WriteLineAsync(
                        $"{Shown(session.FullPath)} is kept, and no longer used: name the new place with --state "
                            + $"or {StatePlace.Variable}."
                    );
                    return ExitCode.Done;
                });
            }
        );
        return command;
    }

    public static Command Restore(CliEnvironment environment)
    {
        var (state, noColour) = (new StateOption(environment), OutputOptions.NoColourOption());
        var file = new Argument<string>("file") { Description = "The copy that state backup made" };
        var command = new Command("restore", "Bring a backup back, where no state is") { file, state, noColour };
        command.SetAction(
            (parsed, _) =>
            {
                var session = new StateSession(environment, parsed.GetValue(noColour), state.Read(parsed));
                return session.GuardAsync(async () =>
                {
                    var backup = StatePlace.Full(parsed.GetValue(file)!, environment.Folder);
                    await WriteAsync(environment, session.FullPath, StateMove.Restore(backup, session.FullPath));
                    return ExitCode.Done;
                });
            }
        );
        return command;
    }

    private static Option<string> Place(string name, string description)
    {
        var option = new Option<string>(name) { Description = description, Required = true };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } place && StatePlace.Problem(place) is { } problem)
                result.AddError($"{name}: {problem}");
        });
        return option;
    }

    // Nobody writes while it is moved: not even a worker that is only waiting for its next reconcile.
    private static async Task MoveAsync(
        CliEnvironment environment,
        string from,
        string to,
        CancellationToken cancellation
    )
    {
        if (StatePlace.IsServer(from))
        {
            // To look makes no schema where there is none.
            using (var there = StateStore.OpenExisting(from))
            {
                if (there is null)
                    throw new LedgerException($"{StatePlace.Name(from)} holds nothing, so there is nothing to move");
            }

            await using var server = StateStore.OpenOrCreate(from);
            using var right = await server.AcquireAllAsync("migrate", TimeProvider.System, cancellation);
            await WriteAsync(environment, to, StateMove.Move(server, to));
            return;
        }

        if (!StateFile.Exists(from))
            throw new LedgerException($"{from} does not exist, so there is nothing to move");
        using var alone = Take($"{from}.worker");
        using var held = Take(from);
        await using var store = StateStore.OpenOrCreate(from);
        await WriteAsync(environment, to, StateMove.Move(store, to));

        StateLock Take(string path) =>
            StateLock.TryAcquire(path, "migrate", environment.Clock, out var holder)
            ?? throw new LedgerException(
                $"{from} is in use by {holder?.ToString() ?? "another process"}; stop it and run again"
            );
    }

    private static Task WriteAsync(
        CliEnvironment environment,
        string to,
        IReadOnlyList<(string Table, long Rows)> counts
    ) =>
        environment.Out.WriteLineAsync(
            $"Copied to {Shown(to)}, and compared: "
                + string.Join(
                    ", ",
                    counts
                        .Where(c => c.Table is "projects" or "people" or "audit")
                        .Select(c =>
                            c.Table switch
                            {
                                "projects" => TextNames.Count((int)c.Rows, "project", "projects"),
                                "people" => TextNames.Count((int)c.Rows, "person", "people"),
                                _ => TextNames.Count(
                                    (int)c.Rows,
                                    "entry of the audit trail",
                                    "entries of the audit trail"
                                ),
                            }
                        )
                )
                + "."
        );

    private static string Shown(string place) => TerminalText.Escape(StatePlace.Name(place));
}

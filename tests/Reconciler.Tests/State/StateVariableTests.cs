using System.CommandLine;
using Reconciler.Options;
using Reconciler.Testing.Hosts;
using Reconciler.Testing.State;
using static Reconciler.Tests.RunEnd;

namespace Reconciler.Tests;

/// <summary>RECONCILER_STATE names the state of every command that does not get --state.</summary>
public sealed class StateVariableTests : IDisposable
{
    private const string Variable = "RECONCILER_STATE";
    private const string WithPassword = "postgres://ana:secret-7@db.example/access";
    private readonly TempFolder _folder = new();

    [Fact]
    public void Every_verb_with_the_option_takes_the_variable()
    {
        var verbs = Below(CommandLines.Root())
            .Select(c => (c.Name, Option: c.Options.SingleOrDefault(o => o.Name == "--state")))
            .Where(v => v.Option is not null)
            .ToList();
        // The worker reads it as it reads its settings.
        Assert.Equal(["worker"], verbs.Where(v => v.Option is not StateOption).Select(v => v.Name));
        Assert.True(verbs.Count > 12, string.Join(' ', verbs.Select(v => v.Name)));
    }

    [Fact]
    public async Task Verbs_read_and_write_the_state_that_it_names()
    {
        await using var scene = await RecordScene.StartAsync("bob@example.com");
        var (state, backup) = (_folder.At("shared.db"), _folder.At("backup.db"));
        scene.Variables[Variable] = state;
        await DoneAsync(scene.RunAsync("apply", "--yes"));
        Assert.True(File.Exists(state));
        await DoneAsync(scene.RunAsync("plan"));
        await DoneAsync(scene.RunAsync("report"));
        await DoneAsync(scene.RunAsync("explain", "ana@example.com"));
        Assert.Contains("ana@example.com", await DoneAsync(scene.PlayAsync("state", "show")), Sense);
        await DoneAsync(scene.PlayAsync("state", "history"));
        await DoneAsync(scene.PlayAsync("state", "verify"));
        await DoneAsync(scene.PlayAsync("state", "adopt", "p1", "bob@example.com", "--yes"));
        await DoneAsync(scene.PlayAsync("state", "abandon", "p1", "bob@example.com", "--yes"));
        await DoneAsync(scene.PlayAsync("state", "backup", backup));
        scene.Variables[Variable] = _folder.At("restored.db");
        await DoneAsync(scene.PlayAsync("state", "restore", backup));
        Assert.Contains("ana@example.com", await DoneAsync(scene.PlayAsync("state", "show")), Sense);
        Assert.False(Directory.Exists(Path.Combine(scene.Folder, ".reconciler")));
    }

    [Fact]
    public async Task An_option_wins_and_an_empty_variable_counts_as_absent()
    {
        await using var scene = await RecordScene.StartAsync();
        scene.Variables[Variable] = WithPassword;
        await DoneAsync(scene.RunAsync("apply", "--yes", "--state", _folder.File));
        Assert.True(File.Exists(_folder.File));
        await DoneAsync(scene.RunAsync("plan", "--no-state"));
        foreach (var empty in new[] { "", " " })
        {
            scene.Variables[Variable] = empty;
            await DoneAsync(scene.RunAsync("apply", "--yes"));
        }

        Assert.True(File.Exists(Path.Combine(scene.Folder, ".reconciler", "state.db")));
    }

    [Fact]
    public async Task What_is_wrong_with_it_is_said_with_its_name_and_without_a_password()
    {
        await using var scene = await RecordScene.StartAsync();
        scene.Variables[Variable] = WithPassword;
        foreach (var verb in new[] { new[] { "plan" }, ["apply"], ["state", "show"], ["state", "restore", "x.db"] })
        {
            var (code, said) = await scene.PlayAsync(verb);
            Assert.Equal(ExitCode.Usage, code);
            Assert.StartsWith("error: RECONCILER_STATE: a URL of PostgreSQL must not hold a password;", said, Sense);
            Assert.DoesNotContain("secret-7", said, Sense);
        }

        foreach (var asked in new[] { new[] { "plan", "--help" }, ["state", "show", "--help"] })
        {
            var said = await DoneAsync(scene.PlayAsync(asked));
            Assert.Contains(Variable, said, Sense);
            Assert.DoesNotContain("secret-7", said, Sense);
        }
    }

    [Fact]
    public async Task A_state_that_cannot_be_used_is_named_with_the_variable_that_named_it()
    {
        await using var scene = await RecordScene.StartAsync();
        var unused = PostgresProcess.FreePort();
        scene.Variables[Variable] = $"postgres://ana@127.0.0.1:{unused}/access";
        foreach (var verb in new[] { new[] { "plan" }, ["apply", "--yes"] })
            Assert.Contains(
                $"error: RECONCILER_STATE: postgres://ana@127.0.0.1:{unused}/access?schema=reconciler "
                    + "cannot be reached",
                await FailedAsync(scene.RunAsync(verb)),
                Sense
            );
        Assert.Contains(
            "error: RECONCILER_STATE: postgres://ana@127.0.0.1",
            await FailedAsync(scene.PlayAsync("state", "show")),
            Sense
        );
        scene.Variables[Variable] = _folder.At("none.db");
        Assert.Contains(
            "error: RECONCILER_STATE: nothing is remembered",
            await FailedAsync(scene.PlayAsync("state", "show")),
            Sense
        );
        Assert.Equal(0, scene.Sandbox.NonGetCount);
    }

    [Fact]
    public async Task A_worker_names_the_variable_of_a_state_that_cannot_be_used()
    {
        await using var scene = await RecordScene.StartAsync();
        scene.Variables[Variable] = scene.Folder;
        Assert.Contains(
            $"error: RECONCILER_STATE: {scene.Folder} is a folder",
            await FailedAsync(scene.PlayAsync("worker", "--follow", "people", "--listen", "127.0.0.1:0")),
            Sense
        );
    }

    [Fact]
    public async Task The_demo_leaves_that_state_alone()
    {
        await using var scene = await RecordScene.StartAsync();
        scene.Variables[Variable] = _folder.File;
        await DoneAsync(scene.PlayAsync("demo"));
        Assert.False(File.Exists(_folder.File));
    }

    public void Dispose() => _folder.Dispose();

    private const StringComparison Sense = StringComparison.Ordinal;

    private static IEnumerable<Command> Below(Command command) =>
        command.Subcommands.SelectMany(c => Below(c).Prepend(c));

    private static Task<string> DoneAsync(Task<(int, string)> run) => EndsAsync(run, ExitCode.Done);

    private static Task<string> FailedAsync(Task<(int, string)> run) => EndsAsync(run, ExitCode.Failed);
}

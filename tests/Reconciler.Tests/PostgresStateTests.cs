using Reconciler.State;
using Reconciler.Testing;
using Reconciler.Testing.Hosts.Crashes;
using Reconciler.Testing.State;

namespace Reconciler.Tests;

/// <summary>The command line with a state in PostgreSQL.</summary>
public sealed class PostgresStateTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_verb_of_the_state_reads_and_corrects_it_there()
    {
        var url = PostgresProcess.Shared.NewUrl();
        await using var scene = await CrashScene.StartAsync(concurrency: 4, url);
        var (code, said) = await scene.RunAsync(["apply", "--yes"]);
        Assert.True(code == ExitCode.Done, said);
        Assert.Contains("Audit head sha256:", said, StringComparison.Ordinal);
        (code, said) = await scene.RunAsync(["plan"]);
        Assert.True(code == ExitCode.Done, said);
        Assert.Contains("No changes", said, StringComparison.OrdinalIgnoreCase);
        (code, said) = await StateAsync("show", "--state", url);
        Assert.True(code == ExitCode.Done && said.Contains("invite-1@example.com", StringComparison.Ordinal), said);
        (code, said) = await StateAsync("history", "--person", "remove-1@example.com", "--state", url);
        Assert.True(code == ExitCode.Done && said.Contains("remove", StringComparison.Ordinal), said);
        (code, said) = await StateAsync("verify", "--state", url);
        Assert.True(code == ExitCode.Done, said);
        (code, said) = await StateAsync("abandon", "gorules-contract", "stay-1@example.com", "--yes", "--state", url);
        Assert.True(code == ExitCode.Done, said);
        (code, said) = await StateAsync("erase", "remove-1@example.com", "--yes", "--state", url);
        Assert.True(code == ExitCode.Done && said.Contains("Erased from", StringComparison.Ordinal), said);
        (code, said) = await StateAsync("verify", "--state", url);
        Assert.True(code == ExitCode.Done, said);
    }

    [Fact]
    public async Task A_state_is_moved_backed_up_and_restored()
    {
        var url = PostgresProcess.Shared.NewUrl();
        await using var scene = await CrashScene.StartAsync(concurrency: 4);
        var (code, said) = await StateAsync("migrate", "--from", scene.StateFile, "--to", url);
        Assert.True(code == ExitCode.Done, said);
        Assert.Contains("and compared: 4 projects, ", said, StringComparison.Ordinal);
        Assert.Contains(
            "is kept, and no longer used: name the new place with --state or RECONCILER_STATE.",
            said,
            StringComparison.Ordinal
        );
        (code, said) = await scene.RunAsync(["apply", "--yes"]);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("was moved to postgres://postgres@127.0.0.1", said, StringComparison.Ordinal);
        var backup = _folder.At("backup.db");
        (code, said) = await StateAsync("backup", backup, "--state", url);
        Assert.True(code == ExitCode.Done, said);
        (code, said) = await StateAsync("restore", backup, "--state", url);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("holds a state already", said, StringComparison.Ordinal);
        (code, said) = await StateAsync("restore", backup, "--state", PostgresProcess.Shared.NewUrl());
        Assert.True(code == ExitCode.Done, said);
        (code, said) = await StateAsync("migrate", "--from", url, "--to", _folder.At("back.db"));
        Assert.True(code == ExitCode.Done, said);
        (code, said) = await StateAsync("show", "--state", _folder.At("back.db"));
        Assert.True(code == ExitCode.Done && said.Contains("stay-1@example.com", StringComparison.Ordinal), said);
    }

    [Fact]
    public async Task A_state_that_is_in_use_is_not_moved()
    {
        var (url, target) = (PostgresProcess.Shared.NewUrl(), _folder.At("target.db"));
        await using var scene = await CrashScene.StartAsync(concurrency: 4);
        var link = _folder.At("link.db");
        File.CreateSymbolicLink(link, scene.StateFile);
        foreach (var locked in new[] { scene.StateFile, $"{scene.StateFile}.worker" })
        {
            using var held = StateLock.TryAcquire(locked, "worker", TimeProvider.System, out _);
            foreach (var from in new[] { scene.StateFile, link })
                await IsRefusedAsync(from);
        }

        var (code, said) = await StateAsync("migrate", "--from", link, "--to", url);
        Assert.True(code == ExitCode.Done, said);
        await using var store = StateStore.OpenOrCreate(url);
        var key = (await store.LoadAllAsync(Cancellation))[0].Key;
        using var right = await store.AcquireAsync(
            new("worker", [(key.VendorType, key.BaseUrl)]),
            TimeProvider.System,
            Cancellation
        );
        await IsRefusedAsync(url);

        async Task IsRefusedAsync(string from)
        {
            var (failed, why) = await StateAsync("migrate", "--from", from, "--to", target);
            Assert.Equal(ExitCode.Failed, failed);
            Assert.Contains("is in use by \"worker\" (process ", why, StringComparison.Ordinal);
            Assert.False(File.Exists(target));
        }
    }

    // What the backup lacks is read at the vendor: nobody is mailed again, and nobody loses more than was planned.
    [Fact]
    public async Task An_old_backup_that_is_restored_mails_nobody_again_and_removes_nobody_who_was_not_planned()
    {
        var backup = _folder.At("backup.db");
        await using var scene = await CrashScene.StartAsync(concurrency: 4, PostgresProcess.Shared.NewUrl());
        var (code, said) = await StateAsync("backup", backup, "--state", scene.State);
        Assert.True(code == ExitCode.Done, said);
        (code, said) = await scene.RunAsync(["apply", "--yes"]);
        Assert.True(code == ExitCode.Done, said);
        var (mails, people) = (scene.Mails(), scene.People());
        PostgresProcess.Shared.Run($"DROP SCHEMA {PostgresProcess.SchemaOf(scene.State)} CASCADE");
        (code, said) = await StateAsync("restore", backup, "--state", scene.State);
        Assert.True(code == ExitCode.Done, said);
        // The vendors of the scene date their invitations four days back.
        var manifests = Path.Combine(scene.Folder, "crash.yaml");
        await File.WriteAllTextAsync(
            manifests,
            (await File.ReadAllTextAsync(manifests, Cancellation)).Replace("24h", "30d", StringComparison.Ordinal),
            Cancellation
        );
        (code, said) = await scene.RunAsync(["apply", "--yes"]);
        Assert.True(code == ExitCode.Done, said);
        Assert.Equal(mails, scene.Mails());
        Assert.Equal(people, scene.People());
    }

    // Two people plan from the same state; the second plan no longer fits once the first was applied.
    [Fact]
    public async Task The_second_of_two_saved_plans_is_refused_with_what_differs_once_the_first_was_applied()
    {
        await using var scene = await RecordScene.StartAsync("bob@example.com");
        scene.Variables["RECONCILER_STATE"] = PostgresProcess.Shared.NewUrl();
        var (code, said) = await DeclareAsync(
            "{email: bob@example.com, access: {roles: [collaborator]}}",
            "apply",
            "-y"
        );
        Assert.True(code == ExitCode.Done, said);
        var (raise, leave) = (_folder.At("raise.plan"), _folder.At("leave.plan"));
        const string Raised = "{email: bob@example.com, access: {roles: [admin]}}";
        (code, said) = await DeclareAsync(Raised, "plan", "--out", raise);
        Assert.True(code == ExitCode.Done, said);
        (code, said) = await DeclareAsync(null, "plan", "--out", leave);
        Assert.True(
            code == ExitCode.Done && said.Contains("− remove  bob@example.com", StringComparison.Ordinal),
            said
        );
        (code, said) = await DeclareAsync(Raised, "apply", "-y", "--plan", raise);
        Assert.True(code == ExitCode.Done, said);
        var written = scene.Sandbox.NonGetCount;

        (code, said) = await DeclareAsync(null, "apply", "-y", "--plan", leave);
        Assert.True(code == ExitCode.Held, said);
        Assert.Contains("The plan is stale: things have changed since it was made.", said, StringComparison.Ordinal);
        Assert.Contains("not in the saved plan: p1: remove bob@example.com", said, StringComparison.Ordinal);
        Assert.Contains(
            "in the saved plan, and not to be done now: p1: remove bob@example.com",
            said,
            StringComparison.Ordinal
        );
        Assert.Equal(written, scene.Sandbox.NonGetCount);

        Task<(int Code, string Text)> DeclareAsync(string? bob, params string[] words)
        {
            scene.Declare(1, others: bob is null ? [] : [bob]);
            return scene.RunAsync(words);
        }
    }

    [Fact]
    public async Task A_password_on_the_command_line_is_refused_and_not_repeated()
    {
        foreach (var verb in new[] { new[] { "plan" }, ["apply"], ["state", "show"], ["offboard", "a@x.example"] })
        {
            var (code, said) = await RunAsync([.. verb, "--state", "postgres://ana:secret-7@db.example/access"]);
            Assert.Equal(ExitCode.Usage, code);
            Assert.Contains("a URL of PostgreSQL must not hold a password", said, StringComparison.Ordinal);
            Assert.DoesNotContain("secret-7", said, StringComparison.Ordinal);
        }
    }

    public void Dispose() => _folder.Dispose();

    private Task<(int Code, string Said)> StateAsync(params string[] words) => RunAsync(["state", .. words]);

    private async Task<(int Code, string Said)> RunAsync(string[] words)
    {
        await using var said = new StringWriter { NewLine = "\n" };
        var environment = new CliEnvironment
        {
            Out = said,
            Error = said,
            In = TextReader.Null,
            Variable = _ => null,
            Folder = _folder.Path,
        };
        return (await Cli.RunAsync(words, environment, Cancellation), said.ToString());
    }
}

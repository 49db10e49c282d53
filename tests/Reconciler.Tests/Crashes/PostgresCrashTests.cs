using System.Globalization;
using Reconciler.Sandbox;
using Reconciler.Testing.Crashes;
using Reconciler.Testing.Hosts.Crashes;
using Reconciler.Testing.State;

namespace Reconciler.Tests.Crashes;

/// <summary>Applies with a state in PostgreSQL that are killed, cut off, or meet each other.</summary>
public sealed class PostgresCrashTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("equinix-metal-contract", 6, SandboxPhase.Arrived)]
    [InlineData("gorules-contract", 5, SandboxPhase.Handled)]
    public async Task An_apply_that_was_killed_is_completed_by_the_next_one_which_waits_for_what_it_sent(
        string connection,
        int request,
        SandboxPhase phase
    )
    {
        var undisturbed = await Undisturbed.Async();
        await using var scene = await CrashScene.StartAsync(concurrency: 1, PostgresProcess.Shared.NewUrl());
        var underWay = scene.Gate.StopAt(new(connection, request, phase));
        using (var killed = scene.Start("apply", "--yes"))
        {
            await killed.UntilAsync(underWay);
            await killed.KillAsync();
        }

        scene.Gate.Open();
        var (code, said) = await scene.RunAsync(["apply", "--yes"]);
        Assert.True(code == ExitCode.Done, said);
        Assert.Contains(
            "Waiting 15 s: the run before did not end in order, and a request of it may be under way.",
            said,
            StringComparison.Ordinal
        );
        Assert.Empty(await undisturbed.DifferencesAsync(scene));
    }

    [Fact]
    public async Task An_apply_whose_database_was_killed_sends_nothing_more_and_the_next_one_completes_it()
    {
        var undisturbed = await Undisturbed.Async();
        using var server = new PostgresProcess();
        await using var scene = await CrashScene.StartAsync(concurrency: 1, server.Url("reconciler"));
        var underWay = scene.Gate.StopAt(new("equinix-metal-contract", 6, SandboxPhase.Handled));
        var apply = scene.RunAsync(["apply", "--yes"]);
        await underWay;
        server.Kill();
        var before = scene.Server.NonGetCount;
        scene.Gate.GoOn();

        var (code, said) = await apply;

        Assert.True(
            code is ExitCode.Partly or ExitCode.Failed,
            string.Create(CultureInfo.InvariantCulture, $"{code}: {said}")
        );
        Assert.Contains("cannot be reached", said, StringComparison.Ordinal);
        // Each vendor may have one write under way whose intent was saved.
        Assert.InRange(scene.Server.NonGetCount - before, 0, 4);
        server.Start();
        (code, said) = await scene.RunAsync(["apply", "--yes"]);
        Assert.True(code == ExitCode.Done, said);
        Assert.Empty(await undisturbed.DifferencesAsync(scene));
    }

    // The lock ended with the server: an apply that goes on has a new connection, and no right to write.
    [Theory]
    [InlineData("equinix-metal-contract", 6, SandboxPhase.Arrived)]
    [InlineData("confident-ai-contract", 7, SandboxPhase.Handled)]
    public async Task An_apply_whose_database_was_killed_and_started_again_ends_or_is_completed_by_the_next_one(
        string connection,
        int request,
        SandboxPhase phase
    )
    {
        var undisturbed = await Undisturbed.Async();
        _ = PostgresProcess.Shared;
        using var server = new PostgresProcess();
        await using var scene = await CrashScene.StartAsync(concurrency: 1, server.Url("reconciler"));
        var underWay = scene.Gate.StopAt(new(connection, request, phase));
        var apply = scene.RunAsync(["apply", "--yes"]);
        await underWay;
        server.Kill();
        server.Start();
        scene.Gate.GoOn();
        var (code, said) = await apply;
        Assert.True(code is ExitCode.Done or ExitCode.Partly or ExitCode.Failed, said);
        StatementScene.GiveBack(server, "reconciler");
        (code, said) = await scene.RunAsync(["apply", "--yes"]);
        Assert.True(code == ExitCode.Done, said);
        Assert.Empty(await undisturbed.DifferencesAsync(scene));
    }

    // An invitation or a replacement may take two requests, and the right may be lost between them. One request of
    // three is taken, so that the test does not last for minutes.
    [Theory]
    [InlineData("clarifeye-contract")]
    [InlineData("confident-ai-contract")]
    [InlineData("equinix-metal-contract")]
    [InlineData("gorules-contract")]
    public async Task An_apply_whose_right_is_lost_after_any_request_is_completed_by_the_next_one(string connection)
    {
        var undisturbed = await Undisturbed.Async();
        _ = PostgresProcess.Shared;
        using var server = new PostgresProcess();
        var step = EachPoint.TakesAll ? 1 : 3;
        for (var request = step; request <= undisturbed.Requests[connection]; request += step)
        {
            var schema = string.Create(CultureInfo.InvariantCulture, $"lost_{request}");
            await using var scene = await CrashScene.StartAsync(concurrency: 1, server.Url(schema));
            var underWay = scene.Gate.StopAt(new(connection, request, SandboxPhase.Handled) { StopsAll = false });
            var apply = scene.RunAsync(["apply", "--yes"]);
            await Task.WhenAny(underWay, apply);
            server.EndLockSessions();
            // The program hears of it at once, by a connection that nothing else tells of.
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Cancellation);
            scene.Gate.GoOn();
            var (_, lost) = await apply;
            StatementScene.GiveBack(server, schema);
            var (code, said) = await scene.RunAsync(["apply", "--yes"]);
            Assert.True(code == ExitCode.Done, said);
            var wrong = await undisturbed.DifferencesAsync(scene);
            Assert.True(wrong.Count == 0, $"request {request}: {string.Join('\n', wrong)}\n{lost}\n{said}");
        }
    }

    [Fact]
    public async Task Three_applies_at_once_take_turns_and_nothing_is_sent_twice()
    {
        var undisturbed = await Undisturbed.Async();
        await using var scene = await CrashScene.StartAsync(concurrency: 4, PostgresProcess.Shared.NewUrl());
        var all = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(_ => Task.Run(() => scene.RunAsync(["apply", "--yes"]), Cancellation))
        );
        Assert.All(all, a => Assert.True(a.Code == ExitCode.Done, a.Said));
        Assert.Contains(all, a => a.Said.Contains("Waiting for \"apply\" (process ", StringComparison.Ordinal));
        Assert.Empty(await undisturbed.DifferencesAsync(scene));
    }

    [Fact]
    public async Task A_plan_never_waits_and_writes_nothing()
    {
        await using var scene = await CrashScene.StartAsync(concurrency: 4, PostgresProcess.Shared.NewUrl());
        var underWay = scene.Gate.StopAt(new("equinix-metal-contract", 6, SandboxPhase.Handled) { StopsAll = false });
        var apply = scene.RunAsync(["apply", "--yes"]);
        await underWay;
        var (code, said) = await scene.RunAsync(["plan", "--provider", "gorules-contract"]);
        Assert.True(code is ExitCode.Done, said);
        Assert.DoesNotContain("Waiting for", said, StringComparison.Ordinal);
        scene.Gate.GoOn();
        (code, said) = await apply;
        Assert.True(code == ExitCode.Done, said);
    }

    // The program is stopped exactly between its last look at the right and the request: the request arrives, and is
    // held back before the vendor handles it, until the successor has read and applied everything.
    [Fact]
    public async Task A_request_that_is_sent_in_the_gap_that_no_lock_closes_is_one_that_was_planned()
    {
        var undisturbed = await Undisturbed.Async();
        await using var scene = await CrashScene.StartAsync(concurrency: 1, PostgresProcess.Shared.NewUrl());
        var underWay = scene.Gate.StopAt(new("equinix-metal-contract", 6, SandboxPhase.Arrived) { StopsAll = false });
        using var stopped = scene.Start("apply", "--yes");
        await stopped.UntilAsync(underWay);
        await stopped.SignalAsync("STOP");
        scene.Gate.Open();
        var (code, said) = await scene.RunAsync(["apply", "--yes"]);
        Assert.True(code == ExitCode.Done, said);
        scene.Gate.GoOn();
        await stopped.SignalAsync("CONT");
        await stopped.EndAsync();
        // It lost its right: whatever it still had to do, it left.
        Assert.Contains("not tried", stopped.Said, StringComparison.Ordinal);
        (code, said) = await scene.RunAsync(["apply", "--yes"]);
        Assert.True(code == ExitCode.Done, said);
        Assert.Equal(undisturbed.People, await AcceptedAsync(scene));
    }

    private static async Task<System.Collections.Immutable.ImmutableArray<string>> AcceptedAsync(CrashScene scene)
    {
        await scene.AcceptAsync();
        return scene.People();
    }
}

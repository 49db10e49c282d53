using System.Diagnostics;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Ports;
using Reconciler.Testing;
using Reconciler.Testing.State;
using static Reconciler.Testing.State.TempFolder;

namespace Reconciler.State.Tests;

/// <summary>
/// What another process does to a state file. The tests below are run by <see cref="Start"/> alone, in a process of
/// their own.
/// </summary>
public sealed class OtherProcess
{
    private const string Variable = "RECONCILER_TEST_STATE";

    private static string State =>
        Environment.GetEnvironmentVariable(Variable)
        ?? throw new InvalidOperationException($"{Variable} names the state file");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts one of them.</summary>
    public static Process Start(string method, string state)
    {
        var program = Path.Combine(
            AppContext.BaseDirectory,
            OperatingSystem.IsWindows() ? "Reconciler.State.Tests.exe" : "Reconciler.State.Tests"
        );
        var start = new ProcessStartInfo(
            program,
            ["-explicit", "only", "-method", $"{typeof(OtherProcess).FullName}.{method}"]
        )
        {
            Environment = { [Variable] = state },
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    [Fact(Explicit = true)]
    public async Task Holds_the_lock_until_it_is_killed()
    {
        using var held = StateLock.TryAcquire(State, "apply", TimeProvider.System, out _);
        Assert.NotNull(held);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, Cancellation);
    }

    [Fact(Explicit = true)]
    public async Task Saves_until_it_is_killed()
    {
        using var store = StateStore.OpenOrCreate(State);
        var stored = await store.LoadAsync(Project, Cancellation);
        for (var n = 1; ; n++)
            stored = await store.SaveAsync(
                stored,
                Of(new PersonRecord($"p{n}")) with
                {
                    TrustedCount = n,
                },
                [Entry($"p{n}")],
                Cancellation
            );
    }

    [Fact(Explicit = true)]
    public async Task Adds_fifty_people()
    {
        using var store = StateStore.OpenOrCreate(State);
        for (var n = 0; n < 50; )
        {
            var stored = await store.LoadAsync(Project, Cancellation);
            var person = new PersonRecord($"{Environment.ProcessId}-{n}");
            try
            {
                await store.SaveAsync(
                    stored,
                    Of([.. stored.Ledger?.People ?? [], person]),
                    [Entry(person.Email)],
                    Cancellation
                );
                n++;
            }
            catch (LedgerConflictException)
            {
                // The other was faster.
            }
        }
    }
}

/// <summary>Several processes on one state file, and some that die.</summary>
public sealed class ManyProcessesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_lock_of_a_process_that_was_killed_is_free()
    {
        using var process = OtherProcess.Start(nameof(OtherProcess.Holds_the_lock_until_it_is_killed), _folder.File);
        try
        {
            await Eventually.Async(() => StateLockHolder() is { Verb: "apply" } holder && holder.Pid == process.Id);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(Cancellation);
        }

        using var taken = StateLock.TryAcquire(_folder.File, "apply", TimeProvider.System, out _);
        Assert.NotNull(taken);

        // Asks as a person would: the file is there before it is locked.
        Holder? StateLockHolder()
        {
            if (!File.Exists($"{_folder.File}.lock.json"))
                return null;
            using var free = StateLock.TryAcquire(_folder.File, "test", TimeProvider.System, out var holder);
            return holder;
        }
    }

    [Fact]
    public async Task A_process_that_is_killed_while_it_saves_leaves_whole_saves()
    {
        using var process = OtherProcess.Start(nameof(OtherProcess.Saves_until_it_is_killed), _folder.File);
        try
        {
            await Eventually.Async(() =>
                File.Exists($"{_folder.File}-wal") && new FileInfo($"{_folder.File}-wal").Length > 500_000
            );
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(Cancellation);
        }

        var bytes = File.ReadAllBytes(_folder.File);
        using (var reader = StateStore.OpenExisting(_folder.File)!)
            await IsWhole(reader);
        Assert.Equal(bytes, File.ReadAllBytes(_folder.File));
        using var writer = _folder.Open();
        await IsWhole(writer);
    }

    [Fact]
    public async Task Many_that_make_one_file_at_once_all_get_it()
    {
        for (var round = 0; round < 40; round++)
        {
            var file = $"{_folder.File}.{round}";
            using var start = new Barrier(4);
            await Task.WhenAll(
                Enumerable
                    .Range(0, 4)
                    .Select(_ =>
                        Task.Run(
                            () =>
                            {
                                start.SignalAndWait(Cancellation);
                                StateStore.OpenOrCreate(file).Dispose();
                            },
                            Cancellation
                        )
                    )
            );
        }
    }

    [Fact]
    public async Task Two_processes_lose_none_of_each_others_saves()
    {
        Process[] both =
        [
            OtherProcess.Start(nameof(OtherProcess.Adds_fifty_people), _folder.File),
            OtherProcess.Start(nameof(OtherProcess.Adds_fifty_people), _folder.File),
        ];
        foreach (var process in both)
        {
            await process.WaitForExitAsync(Cancellation).WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
            Assert.Equal(0, process.ExitCode);
            process.Dispose();
        }

        using var store = StateStore.OpenExisting(_folder.File)!;
        Assert.Equal(100, (await store.LoadAsync(Project, Cancellation)).Ledger!.People.Length);
        Assert.Equal(100, (await store.HistoryAsync(new(), Cancellation)).Count);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task IsWhole(StateStore store)
    {
        var ledger = (await store.LoadAsync(Project, Cancellation)).Ledger!;
        var history = await store.HistoryAsync(new(), Cancellation);
        Assert.Equal(ledger.TrustedCount, history.Count);
        Assert.Equal(history[0].Person, Assert.Single(ledger.People).Email);
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Reconciler.Kubernetes.Client;
using Reconciler.Testing;
using Reconciler.Testing.Kubernetes.Servers;

namespace Reconciler.Kubernetes.Tests.Leasing;

/// <summary>Alone on the machine: what is judged is time.</summary>
[CollectionDefinition(nameof(FailoverTests), DisableParallelization = true)]
public sealed class FailoverGroup;

/// <summary>
/// Real processes, a real API server, real signals. Ten pairs of replicas, each with a lease of its own, write to a
/// vendor which remembers who wrote when. A crash is timed with the default times; where only the order counts, leases
/// are half as long. The wall clock of every other replica is an hour ahead.
/// </summary>
[Collection(nameof(FailoverTests))]
public sealed class FailoverTests(KubeApiServer server) : IAsyncLifetime
{
    private const int Pairs = 10;

    // Many programs start at once; what a takeover may take is judged apart.
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private static readonly string[] ShortTimes = ["7", "5", "1"];
    private static readonly string[] DefaultTimes = ["15", "10", "2"];

    // With the default retry a takeover may take 4.4 of the 5 s by chance alone, which leaves a busy machine nothing;
    // this leaves it half.
    private static readonly string[] QuickRetries = ["15", "10", "1"];
    private readonly ConcurrentDictionary<string, long> _lastWrite = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _up = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (TaskCompletionSource Asked, TaskCompletionSource Answered)> _held =
        new(StringComparer.Ordinal);
    private readonly ConcurrentBag<Process> _processes = [];
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private TestServer? _vendor;
    private string _space = "";
    private string _config = "";

    [Fact]
    public Task After_a_kill_of_the_leader_the_other_works_within_24_s_20_times() =>
        EachAsync(
            rounds: 2,
            DefaultTimes,
            async pair =>
            {
                var killed = await pair.WriterAsync(null);
                await IsWithinAsync(
                    TimeSpan.FromSeconds(24),
                    () => pair.WriterAsync(killed),
                    () => Signal(pair[killed], "KILL")
                );
                pair.Replace(killed);
            }
        );

    [Fact]
    public Task After_a_graceful_stop_the_other_works_within_5_s_20_times() =>
        EachAsync(
            rounds: 2,
            QuickRetries,
            async pair =>
            {
                var stopped = await pair.WriterAsync(null);
                await IsWithinAsync(
                    TimeSpan.FromSeconds(5),
                    () => pair.WriterAsync(stopped),
                    () => Signal(pair[stopped], "TERM")
                );
                await pair[stopped].WaitForExitAsync(TestContext.Current.CancellationToken);
                Assert.Equal(0, pair[stopped].ExitCode);
                pair.Replace(stopped);
            }
        );

    [Fact]
    public Task A_leader_that_was_stopped_past_its_lease_begins_no_write_when_it_goes_on_50_times() =>
        EachAsync(
            rounds: 5,
            ShortTimes,
            async pair =>
            {
                var frozen = await pair.WriterAsync(null);
                // It is stopped while it waits for an answer: never between asking whether it leads and writing, which
                // no lease can guard.
                var (asked, answered) = _held[frozen] = (new(), new());
                await asked.Task.WaitAsync(TestContext.Current.CancellationToken);
                Signal(pair[frozen], "STOP");
                await StoppedAsync(pair[frozen]);
                answered.SetResult();
                await pair.WriterAsync(frozen);
                var takenOver = TimeProvider.System.GetTimestamp();
                Signal(pair[frozen], "CONT");
                await pair[frozen].WaitForExitAsync(TestContext.Current.CancellationToken);
                Assert.Equal(3, pair[frozen].ExitCode);
                Assert.InRange(_lastWrite[frozen], 0, takenOver);
                pair.Replace(frozen);
            }
        );

    public async ValueTask InitializeAsync()
    {
        using var client = await server.ClientAsync();
        _space = await KubeApiServer.NamespaceAsync(client);
        _config = await server.KubeConfigAsync(_folder);
        _vendor = await TestServer.StartAsync(async context =>
        {
            var parts = context.Request.Path.Value!.Split('/');
            if (parts[3] == "up")
                _up[parts[2]] = true;
            else
                _lastWrite[parts[2]] = TimeProvider.System.GetTimestamp();
            if (parts[3] == "first" && _held.TryGetValue(parts[2], out var held))
            {
                held.Asked.TrySetResult();
                await held.Answered.Task;
            }

            await context.Response.WriteAsync("");
        });
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            if (!process.HasExited)
                process.Kill();
            process.Dispose();
        }

        if (_vendor is not null)
            await _vendor.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static void Signal(Process process, string signal)
    {
        using var kill = Process.Start(
            "/bin/sh",
            ["-c", $"kill -{signal} {process.Id.ToString(CultureInfo.InvariantCulture)}"]
        );
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    // A signal is sent before it is heeded: on a busy machine a thread that has a processor goes on for some
    // milliseconds, enough to take the answer and to ask once more. The tests of the API server run on Linux alone, so
    // there is a /proc.
    private static async Task StoppedAsync(Process process)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (
            Directory
                .EnumerateDirectories($"/proc/{process.Id.ToString(CultureInfo.InvariantCulture)}/task")
                .Any(thread => StateOf(thread) is not ('T' or 'Z' or 'X'))
        )
        {
            Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, Deadline);
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        // The name of a thread stands in brackets before its state, and may have brackets in it.
        static char StateOf(string thread)
        {
            try
            {
                var stat = File.ReadAllText(Path.Combine(thread, "stat"));
                return stat[stat.LastIndexOf(')') + 2];
            }
            catch (IOException)
            {
                return 'T'; // It has ended meanwhile.
            }
        }
    }

    private static Task<TimeSpan> IsWithinAsync(TimeSpan limit, Func<Task> takeover, Action signal) =>
        Takeover.IsWithinAsync(
            limit,
            takeover,
            () =>
            {
                signal();
                return Task.CompletedTask;
            }
        );

    private async Task EachAsync(int rounds, string[] times, Func<Pair, Task> round) =>
        await Task.WhenAll(
            Enumerable
                .Range(0, Pairs)
                .Select(async i =>
                {
                    var pair = new Pair(this, $"lease-{i}", times);
                    for (var done = 0; done < rounds; done++)
                    {
                        await pair.BothUpAsync();
                        await round(pair);
                    }
                })
        );

    private Process Start(string lease, string identity, string[] times, TimeSpan wrongBy)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Reconciler.Replica.dll");
        var process = Process.Start(
            new ProcessStartInfo(
                "dotnet",
                [
                    program,
                    _config,
                    _space,
                    lease,
                    identity,
                    .. times,
                    _vendor!.Address.AbsoluteUri,
                    wrongBy.TotalSeconds.ToString(CultureInfo.InvariantCulture),
                ]
            )
        )!;
        _processes.Add(process);
        return process;
    }

    /// <summary>Two replicas of one lease.</summary>
    private sealed class Pair
    {
        private readonly FailoverTests _tests;
        private readonly string _lease;
        private readonly string[] _times;
        private readonly Dictionary<string, Process> _replicas = new(StringComparer.Ordinal);
        private int _started;

        public Pair(FailoverTests tests, string lease, string[] times)
        {
            (_tests, _lease, _times) = (tests, lease, times);
            Add();
            Add();
        }

        public Process this[string identity] => _replicas[identity];

        /// <summary>Waits until both have seen the lease.</summary>
        public Task<string> BothUpAsync() => UntilAsync(() => _replicas.Keys.All(_tests._up.ContainsKey) ? "" : null);

        /// <summary>Who writes from now on, and is not <paramref name="other"/>.</summary>
        public Task<string> WriterAsync(string? other)
        {
            var from = TimeProvider.System.GetTimestamp();
            return UntilAsync(() =>
                _replicas.Keys.FirstOrDefault(one => one != other && _tests._lastWrite.GetValueOrDefault(one) > from)
            );
        }

        public void Replace(string identity)
        {
            _replicas.Remove(identity);
            Add();
        }

        private async Task<string> UntilAsync(Func<string?> find)
        {
            var start = TimeProvider.System.GetTimestamp();
            while (TimeProvider.System.GetElapsedTime(start) < Deadline)
            {
                if (find() is { } found)
                    return found;
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }

            throw new TimeoutException($"nothing happens under {_lease}");
        }

        private void Add()
        {
            var identity = $"{_lease}-{_started}";
            _replicas[identity] = _tests.Start(_lease, identity, _times, TimeSpan.FromHours(_started++ % 2));
        }
    }
}

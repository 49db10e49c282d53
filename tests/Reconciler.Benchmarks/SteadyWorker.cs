using System.Diagnostics;
using System.Globalization;
using Reconciler.Sandbox;

namespace Reconciler.Benchmarks;

/// <summary>
/// A worker as a process of its own that has nothing to change: what it holds, and what a look at every project costs.
/// </summary>
internal static class SteadyWorker
{
    private const int Rounds = 5;

    /// <summary>Measures it from its second look at every project on; the first one reads the manifests too.</summary>
    /// <param name="program">The program.</param>
    /// <param name="words">The words of its command line.</param>
    /// <param name="folder">The folder to start it in.</param>
    /// <param name="sandbox">The imitated vendor.</param>
    /// <param name="requests">How many requests one look at every project takes.</param>
    /// <param name="onSteady">Called after the first look.</param>
    /// <returns>How many looks were measured.</returns>
    public static async Task<int> RunAsync(
        string program,
        IEnumerable<string> words,
        string folder,
        SandboxServer sandbox,
        int requests,
        Action onSteady
    )
    {
        using var worker = Process.Start(ChildRun.Start(program, words, folder))!;
        worker.OutputDataReceived += (_, _) => { };
        worker.BeginOutputReadLine();
        var said = worker.StandardError.ReadToEndAsync();
        try
        {
            await UntilAsync(requests);
            onSteady();
            var (before, clock) = (worker.TotalProcessorTime, Stopwatch.GetTimestamp());
            var held = new List<long>();
            await UntilAsync(requests * Rounds, held);
            worker.Refresh();
            held.Sort();
            var peak = ChildRun.MemoryOf(worker.Id, "VmHWM:");
            var cpu = (worker.TotalProcessorTime - before) / (Rounds - 1);
            var round = Stopwatch.GetElapsedTime(clock) / (Rounds - 1);
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{$"worker, steady, {requests / 2} projects", -34} {held[held.Count / 2] / 1024} MiB (median), "
                        + $"{held[^1] / 1024} MiB at most, {peak / 1024} MiB at its start; "
                        + $"{cpu.TotalSeconds:0.00} CPU s a round, {round.TotalSeconds:0} s apart"
                )
            );
            return Rounds - 1;
        }
        finally
        {
            worker.Kill();
            await worker.WaitForExitAsync();
        }

        async Task UntilAsync(int count, List<long>? held = null)
        {
            while (sandbox.Requests.Length < count)
            {
                if (worker.HasExited)
                    throw new InvalidOperationException($"the worker ended with {worker.ExitCode}\n{await said}");
                held?.Add(ChildRun.MemoryOf(worker.Id, "VmRSS:"));
                await Task.Delay(500);
            }
        }
    }
}

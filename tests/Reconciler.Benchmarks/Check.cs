using System.Diagnostics;
using System.Globalization;

namespace Reconciler.Benchmarks;

/// <summary>
/// Compares counts and bytes with what they were: allocated bytes of each piece, requests of a plan and an apply, and
/// the size of the state. They are the same on every machine, unlike times. A limit that must rise is a decision: the
/// commit that raises it says why.
/// </summary>
internal static class Check
{
    /// <summary>The word for a process whose code is compiled once, and fully.</summary>
    public const string CompiledOnce = "--compiled-once";

    /// <summary>
    /// Measures everything in a process of its own. Code that is compiled again allocates less, and when that is done
    /// differs from run to run.
    /// </summary>
    /// <returns>The exit code: 0 if nothing is over its limit.</returns>
    public static async Task<int> InOwnProcessAsync()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Check).Assembly.Location, "check", CompiledOnce])
        {
            Environment = { ["DOTNET_TieredCompilation"] = "0" },
        };
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>Measures everything, and prints it.</summary>
    /// <returns>Whether nothing is over its limit.</returns>
    public static async Task<bool> RunAsync()
    {
        var pieces = new Pieces();
        var (plan, apply, state) = await WholeProgram.CountAsync(projects: 20);
        // Bytes have a tenth of room, since another runtime allocates differently. Requests have none.
        bool[] good =
        [
            Say("read, bytes an entry", await BytesAsync(() => Task.FromResult(pieces.Read())), limit: 3_190),
            Say("resolve, bytes a member", await BytesAsync(() => Task.FromResult(pieces.Resolve())), limit: 530),
            Say("plan, bytes a member", await BytesAsync(() => Task.FromResult(pieces.Plan())), limit: 630),
            Say("map, bytes a member", await BytesAsync(pieces.Map), limit: 3_390),
            Say("map described, bytes a member", await BytesAsync(pieces.MapDescribed), limit: 2_090),
            Say("requests of a plan of 20 projects", plan, limit: 40),
            Say("requests of an apply of 1,000 invitations", apply, limit: 1_040),
            Say("state after it, bytes an invitation", state / 1000.0, limit: 2_870),
        ];
        return Array.TrueForAll(good, g => g);
    }

    // Bytes for each of the people of a piece.
    private static async Task<double> BytesAsync(Func<Task<int>> work)
    {
        for (var i = 0; i < 3; i++)
            await work();
        var costs = new List<long>();
        for (var i = 0; i < 5; i++)
            costs.Add((await Measure.OnceAsync(work)).Allocated);
        return (double)costs.Min() / (Pieces.Projects * Sample.MembersEach);
    }

    private static bool Say(string name, double now, int limit)
    {
        var isGood = Math.Round(now) <= limit;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{(isGood ? "good" : "OVER"), -5} {name, -42} {now, 8:0} (limit {limit})"
            )
        );
        return isGood;
    }
}

using System.Globalization;

namespace Reconciler.Benchmarks;

/// <summary>
/// Compares counts and bytes with what they were: allocated bytes of each piece, requests of a plan and an apply, and
/// the size of the state. They are the same on every machine, unlike times. A limit that must rise is a decision: the
/// commit that raises it says why.
/// </summary>
internal static class Check
{
    // Bytes have a tenth of room, since the runtime allocates differently now and then. Requests have none.
    private static readonly Dictionary<string, int> Limits = new(StringComparer.Ordinal)
    {
        ["read, bytes an entry"] = 3_300,
        ["resolve, bytes a member"] = 520,
        ["plan, bytes a member"] = 550,
        ["map, bytes a member"] = 1_860,
        ["requests of a plan of 20 projects"] = 40,
        ["requests of an apply of 1,000 invitations"] = 1_040,
        ["state after it, bytes an invitation"] = 2_700,
    };

    /// <summary>Measures everything, and prints it.</summary>
    /// <returns>Whether nothing is over its limit.</returns>
    public static async Task<bool> RunAsync()
    {
        var pieces = new Pieces();
        const int Members = Pieces.Projects * Sample.MembersEach;
        var isGood = Say("read, bytes an entry", await BytesAsync(() => Task.FromResult(pieces.Read())) / Members);
        isGood &= Say("resolve, bytes a member", await BytesAsync(() => Task.FromResult(pieces.Resolve())) / Members);
        isGood &= Say("plan, bytes a member", await BytesAsync(() => Task.FromResult(pieces.Plan())) / Members);
        isGood &= Say("map, bytes a member", await BytesAsync(pieces.Map) / Members);
        var (plan, apply, state) = await WholeProgram.CountAsync(projects: 20);
        isGood &= Say("requests of a plan of 20 projects", plan);
        isGood &= Say("requests of an apply of 1,000 invitations", apply);
        isGood &= Say("state after it, bytes an invitation", state / 1000.0);
        return isGood;
    }

    private static async Task<double> BytesAsync(Func<Task<int>> work)
    {
        for (var i = 0; i < 3; i++)
            await work();
        var costs = new List<long>();
        for (var i = 0; i < 5; i++)
            costs.Add((await Measure.OnceAsync(work)).Allocated);
        return costs.Min();
    }

    private static bool Say(string name, double now)
    {
        var limit = Limits[name];
        var isGood = Math.Round(now) <= limit;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{(isGood ? "good" : "OVER"), -5} {name, -42} {now, 8:0} (limit {limit:0})"
            )
        );
        return isGood;
    }
}

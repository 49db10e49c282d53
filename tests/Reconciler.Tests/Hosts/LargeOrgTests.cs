using System.Text.Json;
using Reconciler.Hosts;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Seeds;

namespace Reconciler.Tests.Hosts;

/// <summary>The people of a real community, anonymised: 774 projects, half of them at Clarifeye, half at Confident AI.</summary>
public sealed class LargeOrgTests
{
    private const string Clarifeye = "clarifeye-eu";
    private const string ConfidentAi = "confident-ai-eu";

    [Fact]
    public async Task A_real_community_over_two_vendors_at_once_is_planned_as_its_description_says() =>
        Assert.Equal(new Counts(314, 314, 188, 126), await ConvergeAsync(Clarifeye, ConfidentAi));

    [Fact]
    public Task A_real_community_is_planned_exactly_as_a_plain_comparison_of_the_files_says_and_converges() => ConvergeAsync(Clarifeye);

    private static async Task<Counts> ConvergeAsync(params string[] connections)
    {
        var data = SharedFiles.Path("data/large-org");
        var cancellation = TestContext.Current.CancellationToken;
        var drifted = await File.ReadAllTextAsync(Path.Combine(data, "live-drifted.json"), cancellation);
        var expected = Compare(await File.ReadAllTextAsync(Path.Combine(data, "live-converged.json"), cancellation), drifted, connections);
        var seed = SandboxSeed.Parse(drifted);
        await using var sandbox = await SandboxServer.StartAsync(new() { Seed = seed with { Projects = [.. seed.Projects.Where(p => connections.Contains(p.Provider))] } }, cancellation);

        var plan = await RunAsync(sandbox, connections, "plan", data, "--format", "json");
        Assert.Equal(expected, CountsOf(plan));
        Assert.Equal(0, sandbox.NonGetCount);

        await RunAsync(sandbox, connections, "apply", data, "--yes");
        var waiting = seed.Projects.Where(p => connections.Contains(p.Provider)).Sum(p => p.Invitations.Length);
        var again = CountsOf(await RunAsync(sandbox, connections, "plan", data, "--format", "json", "--detailed-exitcode"));
        Assert.Equal(new Counts(0, 0, 0, again.Waiting), again);
        Assert.True(again.Waiting >= waiting, "who was invited and has not answered still waits");
        return expected;
    }

    // The independent few lines: who is declared, by the converged file, and who is there, by the drifted one.
    private static Counts Compare(string converged, string drifted, string[] connections)
    {
        var declared = ProjectsOf(converged, connections);
        var counts = new Counts(0, 0, 0, 0);
        foreach (var (id, live) in ProjectsOf(drifted, connections))
        {
            var wanted = declared[id].Members;
            counts = new(
                counts.Invitations + wanted.Keys.Count(e => !live.Members.ContainsKey(e) && !live.Invitations.Contains(e)),
                counts.Updates + wanted.Count(w => live.Members.TryGetValue(w.Key, out var has) && has != w.Value),
                counts.Removals + live.Members.Keys.Count(e => !wanted.ContainsKey(e)),
                counts.Waiting + live.Invitations.Count(wanted.ContainsKey));
        }

        return counts;
    }

    private static Dictionary<string, (Dictionary<string, string> Members, HashSet<string> Invitations)> ProjectsOf(string json, string[] connections)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("projects").EnumerateArray()
            .Where(p => connections.Contains(p.GetProperty("provider").GetString()))
            .ToDictionary(p => p.GetProperty("id").GetString()!, p => (Members(p), Invitations(p)));

        static Dictionary<string, string> Members(JsonElement project) => project.GetProperty("members").EnumerateArray().ToDictionary(
            m => m.GetProperty("email").GetString()!,
            m => WordsOf(m.GetProperty("access")));

        static string WordsOf(JsonElement access) => access.TryGetProperty("role", out var role)
            ? role.GetString()!
            : string.Join(' ', access.GetProperty("permissions").EnumerateArray().Select(w => w.GetString()).Order(StringComparer.Ordinal));

        static HashSet<string> Invitations(JsonElement project) =>
            project.TryGetProperty("invitations", out var list) ? [.. list.EnumerateArray().Select(i => i.GetProperty("email").GetString()!)] : [];
    }

    private static Counts CountsOf(string plan)
    {
        using var document = JsonDocument.Parse(plan);
        var summary = document.RootElement.GetProperty("summary");
        return new(summary.GetProperty("invite").GetInt32(), summary.GetProperty("update").GetInt32(), summary.GetProperty("remove").GetInt32(), summary.GetProperty("findings").GetProperty("waiting").GetInt32());
    }

    private static async Task<string> RunAsync(SandboxServer sandbox, string[] connections, params string[] words)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var environment = new CliEnvironment { Out = output, Error = error, In = TextReader.Null, Variable = _ => "token" };
        string[] args = [.. words, .. connections.SelectMany(c => new[] { "--provider", c, "--base-url", $"{c}={sandbox.BaseUrl(c)}" }), "--max-removals", "none"];
        var code = await Cli.RunAsync(args, environment, TestContext.Current.CancellationToken);
        Assert.True(code == ExitCode.Done, $"exit {code}\n{error}\n{output}");
        return output.ToString();
    }

    private sealed record Counts(int Invitations, int Updates, int Removals, int Waiting);
}

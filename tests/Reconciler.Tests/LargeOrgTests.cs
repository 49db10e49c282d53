using System.Text.Json;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing;
using Reconciler.Testing.State;

namespace Reconciler.Tests;

/// <summary>
/// The people of a real community, anonymised: 774 projects, half of them at Clarifeye, half at Confident AI.
/// </summary>
public sealed class LargeOrgTests
{
    private const string Clarifeye = "clarifeye-eu";
    private const string ConfidentAi = "confident-ai-eu";

    // The limits that the docs recommend to start with. A rule for temporary administrators would refuse these
    // manifests: nobody's entry ends.
    private const string SampleGuardrail = """
        apiVersion: reconciler.dev/v1alpha1
        kind: Guardrail
        metadata: {name: everywhere}
        spec:
          selector: {}
          maxRemovals: {count: 10, percent: 25, percentFrom: 3}
          maxRemovalsPerProvider: {count: 25, window: 1h}
          minAdmins: 1
          protected: [root@example.com]
          allowedDomains: [example.com]
          forbiddenAccess: {clarifeye: {permissions: [CAN_IMPERSONATE_OTHER_USERS]}}
        """;

    [Fact]
    public async Task A_real_community_over_two_vendors_at_once_is_planned_as_its_description_says() =>
        Assert.Equal(new Counts(314, 314, 188, 126), await ConvergeAsync(Clarifeye, ConfidentAi));

    [Fact]
    public Task A_real_community_is_planned_exactly_as_a_plain_comparison_of_the_files_says_and_converges() =>
        ConvergeAsync(Clarifeye);

    // A project whose whole plan is held names the account's limit too: one approval has to let both pass.
    [Fact]
    public async Task Drift_of_a_real_community_is_held_by_the_built_in_limits_as_the_docs_say() =>
        Assert.Equal(
            new Held(
                1,
                207,
                new()
                {
                    ["plan: no accepted member would be left"] = 1,
                    ["removals: removals over the provider's projects"] = 208,
                }
            ),
            await HeldAsync()
        );

    [Fact]
    public async Task Drift_of_a_real_community_is_held_by_the_sample_Guardrail_as_the_docs_say()
    {
        using var folder = new TempFolder();
        var guardrail = folder.At("everywhere.yaml");
        await File.WriteAllTextAsync(guardrail, SampleGuardrail, TestContext.Current.CancellationToken);
        Assert.Equal(
            new Held(
                150,
                58,
                new()
                {
                    ["plan: administrators would be left of"] = 147,
                    ["plan: removals"] = 2,
                    ["plan: removals of members"] = 3,
                    ["removals: removals over the provider's projects"] = 208,
                }
            ),
            await HeldAsync("--guardrails", guardrail)
        );
    }

    [Fact]
    public async Task Projects_that_declare_no_admin_are_warned_of_with_their_line()
    {
        var output = new StringWriter();
        var environment = new CliEnvironment
        {
            Out = output,
            Error = output,
            In = TextReader.Null,
            Variable = _ => "token",
        };
        await Cli.RunAsync(
            ["validate", SharedFiles.Path("data/large-org"), "--allow-host", "127.0.0.1", "-v"],
            environment,
            TestContext.Current.CancellationToken
        );
        var warnings = output
            .ToString()
            .Split('\n')
            .Where(l => l.Contains("no member with admin access", StringComparison.Ordinal))
            .ToList();
        Assert.Equal(714, warnings.Count);
        Assert.All(warnings, w => Assert.Matches(@"\.yaml:\d+:\d+: ", w));
    }

    private static async Task<Held> HeldAsync(params string[] limits)
    {
        string[] connections = [Clarifeye, ConfidentAi];
        var data = SharedFiles.Path("data/large-org");
        var seed = SandboxSeed.Parse(
            await File.ReadAllTextAsync(Path.Combine(data, "live-drifted.json"), TestContext.Current.CancellationToken)
        );
        await using var sandbox = await SandboxServer.StartAsync(
            new() { Seed = seed },
            TestContext.Current.CancellationToken
        );
        using var folder = new TempFolder();
        using var document = JsonDocument.Parse(
            await RunAsync(
                sandbox,
                folder.Path,
                connections,
                ["plan", data, "--format", "json", .. limits],
                ExitCode.Held
            )
        );
        var held = document
            .RootElement.GetProperty("projects")
            .EnumerateArray()
            .Where(p => p.GetProperty("state").GetString() == "held")
            .ToList();
        var reasons = held.SelectMany(p => p.GetProperty("holds").EnumerateArray())
            .GroupBy(
                h => $"{h.GetProperty("scope").GetString()}: {Words(h.GetProperty("message").GetString()!)}",
                StringComparer.Ordinal
            );
        return new(
            held.Count(p =>
                p.GetProperty("holds").EnumerateArray().Any(h => h.GetProperty("scope").GetString() == "plan")
            ),
            held.Count(p =>
                p.GetProperty("holds").EnumerateArray().All(h => h.GetProperty("scope").GetString() == "removals")
            ),
            reasons.ToDictionary(g => g.Key, g => g.Count())
        );
    }

    // The words of a hold without its numbers.
    private static string Words(string message) =>
        string.Join(' ', message.Split(';')[0].Split(' ').Where(w => !char.IsAsciiDigit(w[0])));

    private static async Task<Counts> ConvergeAsync(params string[] connections)
    {
        var data = SharedFiles.Path("data/large-org");
        var cancellation = TestContext.Current.CancellationToken;
        var drifted = await File.ReadAllTextAsync(Path.Combine(data, "live-drifted.json"), cancellation);
        var expected = Compare(
            await File.ReadAllTextAsync(Path.Combine(data, "live-converged.json"), cancellation),
            drifted,
            connections
        );
        var seed = SandboxSeed.Parse(drifted);
        await using var sandbox = await SandboxServer.StartAsync(
            new() { Seed = seed with { Projects = [.. seed.Projects.Where(p => connections.Contains(p.Provider))] } },
            cancellation
        );

        using var folder = new TempFolder();
        var plan = await RunAsync(sandbox, folder.Path, connections, "plan", data, "--format", "json");
        Assert.Equal(expected, CountsOf(plan));
        Assert.Equal(0, sandbox.NonGetCount);

        await RunAsync(sandbox, folder.Path, connections, "apply", data, "--yes");
        var waiting = seed.Projects.Where(p => connections.Contains(p.Provider)).Sum(p => p.Invitations.Length);
        var again = CountsOf(
            await RunAsync(sandbox, folder.Path, connections, "plan", data, "--format", "json", "--detailed-exitcode")
        );
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
                counts.Invitations
                    + wanted.Keys.Count(e => !live.Members.ContainsKey(e) && !live.Invitations.Contains(e)),
                counts.Updates + wanted.Count(w => live.Members.TryGetValue(w.Key, out var has) && has != w.Value),
                counts.Removals + live.Members.Keys.Count(e => !wanted.ContainsKey(e)),
                counts.Waiting + live.Invitations.Count(wanted.ContainsKey)
            );
        }

        return counts;
    }

    private static Dictionary<string, (Dictionary<string, string> Members, HashSet<string> Invitations)> ProjectsOf(
        string json,
        string[] connections
    )
    {
        using var document = JsonDocument.Parse(json);
        return document
            .RootElement.GetProperty("projects")
            .EnumerateArray()
            .Where(p => connections.Contains(p.GetProperty("provider").GetString()))
            .ToDictionary(p => p.GetProperty("id").GetString()!, p => (Members(p), Invitations(p)));

        static Dictionary<string, string> Members(JsonElement project) =>
            project
                .GetProperty("members")
                .EnumerateArray()
                .ToDictionary(m => m.GetProperty("email").GetString()!, m => WordsOf(m.GetProperty("access")));

        static string WordsOf(JsonElement access) =>
            access.TryGetProperty("role", out var role)
                ? role.GetString()!
                : string.Join(
                    ' ',
                    access
                        .GetProperty("permissions")
                        .EnumerateArray()
                        .Select(w => w.GetString())
                        .Order(StringComparer.Ordinal)
                );

        static HashSet<string> Invitations(JsonElement project) =>
            project.TryGetProperty("invitations", out var list)
                ? [.. list.EnumerateArray().Select(i => i.GetProperty("email").GetString()!)]
                : [];
    }

    private static Counts CountsOf(string plan)
    {
        using var document = JsonDocument.Parse(plan);
        var summary = document.RootElement.GetProperty("summary");
        return new(
            summary.GetProperty("invite").GetInt32(),
            summary.GetProperty("update").GetInt32(),
            summary.GetProperty("remove").GetInt32(),
            summary.GetProperty("findings").GetProperty("waiting").GetInt32()
        );
    }

    private static Task<string> RunAsync(
        SandboxServer sandbox,
        string folder,
        string[] connections,
        params string[] words
    ) => RunAsync(sandbox, folder, connections, [.. words, "--max-removals", "none"], ExitCode.Done);

    private static async Task<string> RunAsync(
        SandboxServer sandbox,
        string folder,
        string[] connections,
        string[] words,
        int expected
    )
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var environment = new CliEnvironment
        {
            Out = output,
            Error = error,
            In = TextReader.Null,
            Variable = _ => "token",
            Folder = folder,
        };
        string[] args =
        [
            .. words,
            .. connections.SelectMany(c => new[] { "--provider", c, "--base-url", $"{c}={sandbox.BaseUrl(c)}" }),
        ];
        var code = await Cli.RunAsync(args, environment, TestContext.Current.CancellationToken);
        Assert.True(code == expected, $"exit {code}\n{error}\n{output}");
        return output.ToString();
    }

    /// <summary>What is held: whole plans, removals alone, and for which reasons.</summary>
    private sealed record Held(int Plans, int RemovalsOnly, Dictionary<string, int> Reasons)
    {
        public bool Equals(Held? other) => other is not null && ToString() == other.ToString();

        public override int GetHashCode() => Plans;

        public override string ToString() =>
            $"{Plans} plans and the removals of {RemovalsOnly}: "
            + $"{string.Join("; ", Reasons.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => $"{r.Value} {r.Key}"))}";
    }

    private sealed record Counts(int Invitations, int Updates, int Removals, int Waiting);
}

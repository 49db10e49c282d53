using System.Globalization;
using Reconciler.Hosting.Reconciling;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing.Contract;

namespace Reconciler.Tests.Worker;

/// <summary>What a round of a worker that finds nothing to change asks of PostgreSQL.</summary>
public sealed class StatementCountTests(ITestOutputHelper output)
{
    // Twice as many as one reconcile takes.
    private const int Projects = 2 * Schedule.MostAtOnce;
    private const string Bot = "bot@example.com";
    private static readonly VendorRow Vendor = VendorRows.Of("confident-ai");

    [Fact]
    public async Task A_round_without_changes_asks_a_known_number_of_statements_for_each_project()
    {
        var ids = Enumerable
            .Range(1, Projects)
            .Select(n => string.Create(CultureInfo.InvariantCulture, $"project-{n}"))
            .ToList();
        await using var scene = await TeamScene.SetAsync(
            null,
            ids.Select(id => Vendor.Prepare(new(id, Vendor.Connection) { Members = [new(Bot, Vendor.SeedGreater)] }))
        );
        scene.Write(string.Join("\n---\n", ids.Select(Membership).Prepend(Provider)));
        await scene.StartWorkerAsync();
        await scene.LetPassAsync(TimeSpan.FromMinutes(25));
        _ = scene.Proxy.StopAt(null);
        scene.Server.ForgetRequests();
        await scene.LetPassAsync(TimeSpan.FromMinutes(10));
        Assert.True(
            (scene.Server.Count("GET"), scene.Server.NonGetCount) == (2 * Projects, 0),
            string.Join('\n', scene.Logs.TakeLast(50))
        );
        var seen = scene.Proxy.Seen;
        foreach (var statement in seen.GroupBy(s => s.Text, StringComparer.Ordinal).OrderByDescending(g => g.Count()))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{statement.Count(), 5} {statement.Key}"));
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{(double)seen.Length / Projects:0.0} statements and {scene.Proxy.Bytes / Projects} bytes a project"
            )
        );
        // The ledger is loaded before the plan and after it, in a transaction each, and the refusals of the account
        // once. By the machine's clock, the server is also asked now and then whether it is there.
        Assert.InRange(seen.Length, 7 * Projects, 7.5 * Projects);
        Assert.InRange(scene.Proxy.Bytes / Projects, 1, 1000);
    }

    private static string Provider =>
        $$$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessProvider
            metadata: {name: {{{Vendor.Connection}}}}
            spec:
              type: {{{Vendor.Type}}}
              baseUrl: https://{{{Vendor.Type}}}.example
              credentials: {token: {env: RECONCILER_TEAM_TOKEN}}
              actingAs: {{{Bot}}}
              defaults: {interval: 10m}
            """;

    private static string Membership(string id) =>
        $$$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: ProjectMembership
            metadata: {name: {{{id}}}}
            spec:
              provider: {{{Vendor.Connection}}}
              projectId: {{{id}}}
              members:
              - {email: {{{Bot}}}, access: {{{Vendor.Greater}}}}
            """;
}

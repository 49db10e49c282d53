using System.Globalization;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Hosts.Crashes;
using Reconciler.Testing.Kubernetes.Servers;
using static Reconciler.Operator.Tests.OperatorScene;

namespace Reconciler.Operator.Tests;

/// <summary>
/// A thousand memberships on a real API server, the operator a process of its own with the image's settings. Counts are
/// asserted; time and memory are printed. build/pod-memory.sh runs it within the limit of a pod, for
/// docs/operator/operations.md.
/// </summary>
[Collection("Alone")]
public sealed class OperatorScaleTests(KubeApiServer server, ITestOutputHelper output)
{
    private const int Memberships = 1_000;
    private const int People = 10;

    [Fact]
    public async Task A_thousand_memberships_come_to_be_ready_with_two_writes_of_their_status_each()
    {
        var vendor = VendorRows.Of("clarifeye");
        var ids = Enumerable
            .Range(0, Memberships)
            .Select(i => new Guid(i + 1, 7, 7, [7, 7, 7, 7, 7, 7, 7, 7]).ToString())
            .ToList();
        var seed = new SandboxSeed
        {
            Token = Token,
            KnownUsers = [],
            Projects =
            [
                .. ids.Select(id =>
                    vendor.Prepare(new(id, vendor.Connection) { Members = [new(Bot, vendor.SeedGreater)] })
                ),
            ],
        };
        await using var scene = await SetAsync(server, seed);
        await scene.ApplyAsync(OperatorScene.Secret(Token), scene.Provider(vendor));
        using var program = OperatorProcessTests.Start(scene);
        await program.UntilSaidAsync("leads:");
        await scene.CreateAsync(
            ids.Select(
                (id, i) => (Name(i), vendor, id, Enumerable.Range(0, People).Select(p => $"p{i}x{p}@example.com"))
            )
        );
        var start = TimeProvider.System.GetTimestamp();
        await scene
            .AllReadyAsync(Memberships)
            .WaitAsync(TimeSpan.FromMinutes(10), TestContext.Current.CancellationToken);
        var took = TimeProvider.System.GetElapsedTime(start);

        var (cpu, peak) = (CpuOf(program.Id), MemoryOf(program.Id, "VmHWM"));
        // What is held once everything is done: the collector gives memory back only while it idles.
        await Task.Delay(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);
        var held = MemoryOf(program.Id, "VmRSS");
        var revisions = await scene.RevisionsAsync();
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Memberships} memberships x {People} people: all Ready {took.TotalSeconds:0.0} s after the "
                    + $"last was created, {cpu:0.0} CPU s; {peak}; after 15 s {held}; "
                    + $"status writes {revisions.Sum()}"
            )
        );
        Assert.All(revisions, r => Assert.InRange(r, 1, 3));
        Assert.Equal(
            Memberships * People,
            scene.Sandbox.Requests.Count(r =>
                r.Method == "POST" && r.Target.Contains(vendor.InvitePath, StringComparison.Ordinal)
            )
        );
    }

    private static string MemoryOf(int process, string field) =>
        File.ReadLines($"/proc/{process}/status").Single(l => l.StartsWith(field, StringComparison.Ordinal));

    private static double CpuOf(int process)
    {
        using var program = System.Diagnostics.Process.GetProcessById(process);
        return program.TotalProcessorTime.TotalSeconds;
    }

    private static string Name(int i) => string.Create(CultureInfo.InvariantCulture, $"project-{i:0000}");
}

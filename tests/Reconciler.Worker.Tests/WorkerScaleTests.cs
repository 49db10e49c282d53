using System.Diagnostics;
using System.Globalization;
using Reconciler.Hosting.Reconciling;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Hosts.Worker;
using static Reconciler.Testing.Hosts.Worker.WorkerScene;

namespace Reconciler.Worker.Tests;

public sealed class WorkerScaleTests(ITestOutputHelper output)
{
    private const int Projects = 1_000;
    private const int People = 50;
    private static readonly VendorRow Vendor = Vendors.Single(v => v.Type == "clarifeye");

    [Fact]
    public async Task A_thousand_projects_of_fifty_people_that_stay_as_they_are_cost_the_page_reads_and_nothing_else()
    {
        string[] ids = [.. Enumerable.Range(1, Projects).Select(n => $"{n:00000000}-0d44-4b50-8888-8dd25736052a")];
        string[] emails = [.. Enumerable.Range(1, People - 1).Select(n => $"user{n:00}@example.com")];
        SeedProject[] seed =
        [
            .. ids.Select(id =>
                Vendor.Prepare(
                    new(id, Vendor.Connection)
                    {
                        Members =
                        [
                            new(Bot, Vendor.SeedGreater),
                            .. emails.Select(e => new SeedMember(e, Vendor.SeedLesser)),
                        ],
                    }
                )
            ),
        ];
        await using var scene = await SetAsync(new FakeClock(), new() { Token = Token, Projects = [.. seed] });
        scene.Write([Provider(Vendor), .. ids.Select((id, n) => OneOf(Vendor, id, $"p{n:0000}", "", emails))]);
        var watch = Stopwatch.StartNew();
        await scene.StartAsync();
        await Eventually.Async(() =>
            scene.Status.Projects.Length == Projects
            && scene.Status.Projects.All(p => p.State == ProjectState.Converged)
        );
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"first pass, with reading the manifests and writing the records of {Projects * People} "
                    + $"people: {watch.Elapsed.TotalSeconds:0.0} s"
            )
        );
        await scene.QuietAsync();
        var before = scene.Status.Projects.ToDictionary(p => p.Project.Key, p => p.PassedAt);
        scene.Server.ForgetRequests();
        watch.Restart();

        // Each project is due once in 11 minutes, and none twice in 13: the shortest interval with its jitter is 9, and
        // chance is a half here.
        await scene.LetPassAsync(TimeSpan.FromMinutes(11));
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"the passes of 11 minutes: {watch.Elapsed.TotalSeconds:0.0} s for "
                    + $"{scene.Server.Requests.Length} requests; "
                    + $"{GC.GetTotalMemory(forceFullCollection: true) / 1_048_576} MiB with the sandbox and its log"
            )
        );
        Assert.All(scene.Status.Projects, p => Assert.True(p.PassedAt > before[p.Project.Key]));
        Assert.Equal(Projects * Vendor.ReadsOfOnePage, scene.Server.Requests.Length);
        Assert.All(scene.Server.Requests, r => Assert.Equal("GET", r.Method));
    }
}

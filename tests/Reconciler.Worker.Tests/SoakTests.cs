using System.Diagnostics;
using System.Globalization;
using Reconciler.Hosting.Reconciling;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Faults;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Hosts.Worker;
using static Reconciler.Testing.Hosts.Worker.WorkerScene;

namespace Reconciler.Worker.Tests;

/// <summary>
/// Hours of a worker's life in minutes, in a process of its own: what other tests need would hide what it keeps.
/// </summary>
public sealed class SoakTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Four_hours_with_faults_keep_memory_and_handles_flat_and_send_every_reminder_once()
    {
        var program = Path.Combine(
            AppContext.BaseDirectory,
            OperatingSystem.IsWindows() ? "Reconciler.Worker.Tests.exe" : "Reconciler.Worker.Tests"
        );
        string[] words =
        [
            "-explicit",
            "only",
            "-showLiveOutput",
            "-method",
            $"{typeof(SoakOtherProcess).FullName}.{nameof(SoakOtherProcess.Works_for_four_hours)}",
        ];
        using var process = Process.Start(
            new ProcessStartInfo(program, words) { RedirectStandardOutput = true, UseShellExecute = false }
        )!;
        var said = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        foreach (var line in said.Split('\n').Where(l => l.Contains("soak:", StringComparison.Ordinal)))
            output.WriteLine(line.Trim());
        Assert.True(process.ExitCode == 0 && said.Contains("soak: mails", StringComparison.Ordinal), said);
    }
}

/// <summary>What <see cref="SoakTests"/> runs in a process of its own.</summary>
public sealed class SoakOtherProcess(ITestOutputHelper output)
{
    private const int Minutes = 240;
    private const int Silent = 5;
    private static readonly string[] Accepting = [.. Enumerable.Range(1, 20).Select(n => $"user{n:00}@example.com")];
    private static readonly string[] NeverAnswering =
    [
        .. Enumerable.Range(1, Silent).Select(n => $"silent{n}@example.com"),
    ];

    [Fact(Explicit = true)]
    public async Task Works_for_four_hours()
    {
        var random = new Random(20261122);
        await using var scene = await SetAsync();
        scene.Write(Manifests(Accepting));
        await scene.StartAsync();
        await scene.QuietAsync();
        foreach (var vendor in Vendors)
        {
            foreach (var email in Accepting)
                scene.Server.Connection(vendor.Connection).Accept(vendor.ProjectId, email);
        }

        var (memory, handles) = (new List<double>(), new List<double>());
        var passes = scene.Status.Projects.Length;
        for (var minute = 1; minute <= Minutes; minute++)
        {
            await DisturbAsync(scene, random, minute);
            await scene.LetPassAsync(TimeSpan.FromMinutes(1));
            if (minute % 5 != 0)
                continue;
            // The sandbox runs in this process, and its list of requests is no memory of the worker.
            scene.Server.ForgetRequests();
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
            memory.Add(GC.GetTotalMemory(forceFullCollection: true) / 1e6);
            handles.Add(
                OperatingSystem.IsLinux()
                    ? Directory.GetFiles("/proc/self/fd").Length
                    : Process.GetCurrentProcess().HandleCount
            );
        }

        scene.Server.ClearFaults();
        await scene.LetPassAsync(TimeSpan.FromMinutes(20));
        Report("memory (MB)", memory);
        Report("handles", handles);
        var mails = Vendors.Select(v =>
            $"{v.Connection} {NeverAnswering.Sum(e => scene.Server.Connection(v.Connection).MailsTo(e))}"
        );
        output.WriteLine($"soak: mails {string.Join(", ", mails)}");
        Assert.All(
            scene.Status.Projects,
            p => Assert.True(p.State == ProjectState.Converged, $"{p.Project.Id}: {p.State} {p.Error}")
        );
        // Invited at the start, reminded after one, two, three and four hours.
        foreach (var vendor in Vendors.Where(v => v.Resend is not null || v.Revoke is not null))
        {
            Assert.All(NeverAnswering, e => Assert.Equal(5, scene.Server.Connection(vendor.Connection).MailsTo(e)));
        }

        // Of 6 MB, what is reconciled at that moment alone is half a megabyte; handles have no such noise.
        Assert.All(
            new[] { (Samples: memory, Noise: 0.5), (Samples: handles, Noise: 0) },
            s =>
                Assert.True(
                    Third(s.Samples, 2) <= (1.05 * Third(s.Samples, 1)) + s.Noise,
                    $"the last third has {Third(s.Samples, 2):0.0}, the middle one {Third(s.Samples, 1):0.0}"
                )
        );
        Assert.True(passes == Vendors.Length);
    }

    // Somebody changes access by hand, somebody leaves, vendors have a bad minute, the manifests are edited.
    private static async Task DisturbAsync(WorkerScene scene, Random random, int minute)
    {
        var vendor = Vendors[random.Next(Vendors.Length)];
        var connection = scene.Server.Connection(vendor.Connection);
        switch (minute % 6)
        {
            case 0:
                // Taken out by hand: a finding. Put back with more: drift.
                var email = Accepting[random.Next(10)];
                connection.RemoveMember(vendor.ProjectId, email);
                connection.AddMember(vendor.ProjectId, email, vendor.SeedGreater);
                break;
            case 1:
                scene.Server.Inject(Fault.TooManyRequests(1) with { Connection = vendor.Connection });
                break;
            case 2:
                scene.Server.Inject(
                    Fault.Answer(503) with
                    {
                        Connection = vendor.Connection,
                        Times = random.Next(1, 6),
                    }
                );
                break;
            case 3:
                await scene.PushAsync(Manifests(Accepting[..random.Next(17, 21)]));
                break;
            case 4:
                scene.FailSource(random.Next(2) == 0 ? "the host does not answer" : null);
                break;
            default:
                scene.FailSource(null);
                break;
        }
    }

    private static IEnumerable<(string, string)> Manifests(IEnumerable<string> accepting) =>
        [
            AllProviders(),
            .. Vendors.Select(v =>
                Project(
                    v,
                    "  interval: 5m\n  prune: never\n"
                        + "  invitations: {resendAfter: 1h, maxResends: 20, resendBy: reinvite, reinviteLeft: true}",
                    [.. NeverAnswering, .. accepting]
                )
            ),
        ];

    private void Report(string what, List<double> samples) =>
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"soak: {what}: thirds {Third(samples, 0):0.0}, {Third(samples, 1):0.0}, "
                    + $"{Third(samples, 2):0.0}; last / middle {Third(samples, 2) / Third(samples, 1):0.000}"
            )
        );

    private static double Third(List<double> samples, int third) =>
        samples.Skip(third * samples.Count / 3).Take(samples.Count / 3).Average();
}

using System.Globalization;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Faults;
using Reconciler.Sandbox.Seeds;
using Reconciler.Tests.Contract;
using Reconciler.Tests.Hosts.Crashes;
using Reconciler.Tests.Kubernetes.Servers;
using static Reconciler.Tests.Kubernetes.Operator.OperatorScene;

namespace Reconciler.Tests.Kubernetes.Operator;

/// <summary>Operators as processes of their own: replicas of which one is killed or stopped, and a thousand memberships.</summary>
public sealed class OperatorProcessTests(KubeApiServer server, ITestOutputHelper output)
{
    private const int Memberships = 1_000;
    private const int People = 10;

    [Theory]
    [MemberData(nameof(VendorRows.All), MemberType = typeof(VendorRows))]
    public async Task A_leader_that_is_killed_in_the_middle_is_followed_by_another_and_nobody_is_mailed_twice(string type)
    {
        var vendor = VendorRows.Of(type);
        string[] people = [.. Enumerable.Range(0, 12).Select(i => $"p{i}@example.com")];
        await using var scene = await SetAsync(server, vendor);
        scene.Sandbox.Inject(Fault.Latency(TimeSpan.FromMilliseconds(150)));
        using var first = Start(scene);
        await first.UntilSaidAsync("leads:");
        using var second = Start(scene);
        await second.UntilSaidAsync("waits for the lease");
        await scene.ApplyAsync(OperatorScene.Membership(vendor, "", people));
        await first.UntilAsync(Eventually.Async(() => people.Count(p => scene.People(vendor).Exists(there => there.StartsWith(p, StringComparison.Ordinal))) >= 4));

        await first.KillAsync();
        scene.Sandbox.ClearFaults();
        await second.UntilSaidAsync("leads:");
        await scene.UntilAsync(IsConverged);

        Assert.All(people, p => Assert.InRange(scene.Sandbox.Connection(vendor.Connection).MailsTo(p), 0, 1));
        Assert.All(people, p => Assert.Contains(scene.People(vendor), there => there.StartsWith(p, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_leader_that_is_asked_to_stop_gives_the_lease_back_before_it_ends()
    {
        await using var scene = await SetAsync(server, VendorRows.Of("clarifeye"));
        using var first = Start(scene);
        await first.UntilSaidAsync("leads:");
        using var second = Start(scene);
        await second.UntilSaidAsync("waits for the lease");

        await first.SignalAsync("TERM");
        var code = await first.EndAsync();
        await second.UntilSaidAsync("leads:");

        Assert.Equal(0, code);
        Assert.Contains("stopped", first.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thousand_memberships_come_to_be_ready_with_two_writes_of_their_status_each()
    {
        var vendor = VendorRows.Of("clarifeye");
        var ids = Enumerable.Range(0, Memberships).Select(i => new Guid(i + 1, 7, 7, [7, 7, 7, 7, 7, 7, 7, 7]).ToString()).ToList();
        var seed = new SandboxSeed { Token = Token, KnownUsers = [], Projects = [.. ids.Select(id => vendor.Prepare(new(id, vendor.Connection) { Members = [new(Bot, vendor.SeedGreater)] }))] };
        await using var scene = await SetAsync(server, seed);
        await scene.ApplyAsync(OperatorScene.Secret(Token), scene.Provider(vendor));
        using var program = Start(scene);
        await program.UntilSaidAsync("leads:");
        await scene.CreateAsync(ids.Select((id, i) => (Name(i), vendor, id, Enumerable.Range(0, People).Select(p => $"p{i}x{p}@example.com"))));
        var start = TimeProvider.System.GetTimestamp();
        await program.UntilAsync(scene.AllReadyAsync(Memberships));
        var took = TimeProvider.System.GetElapsedTime(start);

        var peak = File.ReadLines($"/proc/{program.Id}/status").Single(l => l.StartsWith("VmHWM", StringComparison.Ordinal));
        var revisions = await scene.RevisionsAsync();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Memberships} memberships x {People} people: all Ready {took.TotalSeconds:0.0} s after the last was created; {peak}; status writes {revisions.Sum()}"));
        Assert.All(revisions, r => Assert.InRange(r, 1, 3));
        Assert.Equal(Memberships * People, scene.Sandbox.Requests.Count(r => r.Method == "POST" && r.Target.Contains(vendor.InvitePath, StringComparison.Ordinal)));
    }

    private static string Name(int i) => string.Create(CultureInfo.InvariantCulture, $"project-{i:0000}");

    private static ProgramProcess Start(OperatorScene scene) => ProgramProcess.Start(
        scene.Folder, "", ["operator", "--kubeconfig", scene.Role.KubeConfig, "--watch-namespace", scene.Space, "--lease-namespace", scene.Space, "--allow-host", "127.0.0.1", "--listen", "127.0.0.1:0"]);
}

using Reconciler.Sandbox.Faults;
using Reconciler.Testing;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Hosts.Crashes;
using Reconciler.Testing.Kubernetes.Servers;
using static Reconciler.Operator.Tests.OperatorScene;

namespace Reconciler.Operator.Tests;

/// <summary>Operators as processes of their own: replicas of which one is killed or stopped.</summary>
[Trait("Runs", "Program")]
public sealed class OperatorProcessTests(KubeApiServer server)
{
    [Theory]
    [MemberData(nameof(VendorRows.BuiltIn), MemberType = typeof(VendorRows))]
    public async Task A_leader_that_is_killed_in_the_middle_is_followed_by_another_and_nobody_is_mailed_twice(
        string type
    )
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
        await first.UntilAsync(
            Eventually.Async(() =>
                people.Count(p => scene.People(vendor).Exists(there => there.StartsWith(p, StringComparison.Ordinal)))
                >= 4
            )
        );

        await first.KillAsync();
        scene.Sandbox.ClearFaults();
        await second.UntilSaidAsync("leads:");
        await scene.UntilAsync(IsConverged);

        Assert.All(people, p => Assert.InRange(scene.Sandbox.Connection(vendor.Connection).MailsTo(p), 0, 1));
        Assert.All(
            people,
            p => Assert.Contains(scene.People(vendor), there => there.StartsWith(p, StringComparison.Ordinal))
        );
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

    internal static ProgramProcess Start(OperatorScene scene, params IEnumerable<string> more) =>
        ProgramProcess.Start(
            scene.Folder,
            "",
            [
                "operator",
                "--kubeconfig",
                scene.Role.KubeConfig,
                "--watch-namespace",
                scene.Space,
                "--lease-namespace",
                scene.Space,
                "--allow-host",
                "127.0.0.1",
                "--listen",
                "127.0.0.1:0",
                .. more,
            ]
        );
}

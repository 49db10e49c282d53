using Reconciler.Hosting.Reconciling;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Hosts.Worker;

namespace Reconciler.Worker.Tests.Hosts.Passes;

/// <summary>What a worker does with accounts that other processes have the right to.</summary>
public sealed class OthersAccountTests
{
    private static readonly VendorRow Vendor = VendorRows.Of("clarifeye");

    [Fact]
    public async Task An_account_of_another_process_is_not_read_until_this_one_has_it()
    {
        var gate = new Gate();
        await using var scene = await StartAsync(gate);
        Assert.Equal(0, scene.Server.Count("GET"));
        gate.HasRight = true;
        await scene.LetPassAsync(TimeSpan.FromSeconds(30));
        Assert.Contains("ana@example.com (invited)", scene.People(Vendor));
    }

    [Fact]
    public async Task A_reconcile_that_loses_its_account_before_it_writes_is_done_again_once_it_has_it_back()
    {
        var gate = new Gate { HasRight = true, LosesIt = true };
        await using var scene = await StartAsync(gate);
        Assert.True(scene.Server.Count("GET") > 0, string.Join("\n", scene.Logs));
        await scene.LetPassAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, scene.Server.NonGetCount);
        (gate.HasRight, gate.LosesIt) = (true, false);
        await scene.LetPassAsync(TimeSpan.FromSeconds(30));
        Assert.Contains("ana@example.com (invited)", scene.People(Vendor));
    }

    private static async Task<WorkerScene> StartAsync(IWriteGate gate)
    {
        var scene = await WorkerScene.SetAsync();
        scene.Gate = gate;
        scene.Write(WorkerScene.AllProviders(), WorkerScene.Project(Vendor, "", "ana@example.com"));
        await scene.StartAsync();
        await scene.QuietAsync();
        return scene;
    }

    /// <summary>The right of this process, as a test gives and takes it.</summary>
    private sealed class Gate : IWriteGate
    {
        public bool HasRight { get; set; }

        /// <summary>Whether another process gets the right while this one plans.</summary>
        public bool LosesIt { get; set; }

        public IReadOnlyCollection<Account> Choose(IReadOnlyCollection<Account> accounts) => HasRight ? accounts : [];

        public Task<WritePlace?> EnterAsync(
            IReadOnlyCollection<Account> accounts,
            long turns,
            CancellationToken cancellation
        )
        {
            HasRight &= !LosesIt;
            return Task.FromResult(HasRight ? new WritePlace(hasWaited: false, () => { }) : null);
        }
    }
}

using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Reconciler.Kubernetes.Client;
using Reconciler.Kubernetes.Configuration;
using Reconciler.Kubernetes.Leasing;
using Reconciler.Kubernetes.Tests.Servers;
using Reconciler.Testing;
using Reconciler.Testing.Kubernetes.Servers;

namespace Reconciler.Kubernetes.Tests.Leasing;

/// <summary>Ways to lose a lease that look harmless from inside.</summary>
public sealed class LeadershipLossTests : IAsyncDisposable
{
    private const string Collection = "/apis/coordination.k8s.io/v1/namespaces/a/leases";
    private static readonly ResourceType<JsonObject> Untyped = ResourceType.Untyped(
        "coordination.k8s.io",
        "v1",
        "leases",
        "Lease"
    );
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);
    private readonly MemoryApiServer _memory = new();
    private readonly FakeClock _clock = new();
    private readonly Credentials _credentials = new();
    private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TestServer? _server;
    private ClusterClient? _client;

    [Theory]
    [InlineData("")]
    [InlineData("thief")]
    public async Task Who_finds_that_another_had_the_lease_meanwhile_does_not_go_on_even_if_it_is_free_again(
        string holder
    )
    {
        var (elector, running) = await LeadAsync();
        var spec = new JsonObject
        {
            ["holderIdentity"] = holder,
            ["leaseDurationSeconds"] = 1,
            ["leaseTransitions"] = 2,
        };
        await _client!.ReplaceAsync(
            Untyped,
            new("a", "l"),
            new()
            {
                ["metadata"] = new JsonObject { ["name"] = "l" },
                ["spec"] = spec,
            },
            TestContext.Current.CancellationToken
        );
        _clock.Advance(Retry);
        await _told.Task.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(elector.IsLeader);
        _end.SetResult();
        await Assert.ThrowsAsync<LeadershipLostException>(() => running);
    }

    [Fact]
    public async Task A_lease_that_somebody_deleted_is_made_anew_by_its_holder()
    {
        var (elector, _) = await LeadAsync();
        _memory.Delete(Collection, "l");
        _clock.Advance(Retry);
        await Eventually.Async(() => _memory.Objects.ContainsKey("l"));
        Assert.True(elector.IsLeader);
        _end.SetResult();
    }

    [Fact]
    public async Task A_renewal_that_fails_in_an_unheard_of_way_is_tried_again()
    {
        var (elector, _) = await LeadAsync();
        _credentials.Broken = true;
        _clock.Advance(Retry);
        await _clock.SomebodyWaits(Retry);
        Assert.True(elector.IsLeader);
        _credentials.Broken = false;
        _clock.Advance(Retry);
        await _clock.SomebodyWaits(Retry);
        _clock.Advance(TimeSpan.FromSeconds(7));
        Assert.True(elector.IsLeader);
        _end.SetResult();
    }

    [Fact]
    public async Task The_work_is_told_even_where_the_elector_itself_breaks()
    {
        var (elector, running) = await LeadAsync(_ => throw new InvalidOperationException("cannot log"));
        _credentials.Broken = true;
        _clock.Advance(Retry);
        await _told.Task.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(elector.IsLeader);
        Assert.False(running.IsCompleted);
        _end.SetResult();
        Assert.Equal("cannot log", (await Assert.ThrowsAsync<InvalidOperationException>(() => running)).Message);
    }

    public async ValueTask DisposeAsync()
    {
        _end.TrySetResult();
        _client?.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private async Task<(LeaderElector Elector, Task Running)> LeadAsync(Action<Exception>? failed = null)
    {
        _server = await TestServer.StartAsync(_memory.AnswerAsync);
        _client = new(new() { Server = _server.Address, Credentials = _credentials });
        var elector = new LeaderElector(
            _client,
            new()
            {
                Lease = new("a", "l"),
                Identity = "one",
                Failed = failed,
            },
            _clock
        );
        var running = elector.RunAsync(
            async working =>
            {
                await using var told = working.Register(_told.SetResult);
                await _end.Task;
            },
            CancellationToken.None
        );
        await _clock.SomebodyWaits(Retry);
        Assert.True(elector.IsLeader);
        return (elector, running);
    }

    private sealed class Credentials : ICredentialSource
    {
        public bool Broken { get; set; }

        public ValueTask<Credential> GetAsync(CancellationToken cancellation) =>
            Broken ? throw new CryptographicException("no such key") : ValueTask.FromResult(new Credential());

        public bool Refuse(Credential refused) => false;
    }
}

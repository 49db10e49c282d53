using System.Text.Json.Nodes;
using Reconciler.Kubernetes.Client;
using Reconciler.Testing.Contract;

namespace Reconciler.Operator.Tests;

/// <summary>What is waited for, and what has come about in the cluster and at the vendors.</summary>
internal sealed partial class OperatorScene
{
    /// <summary>Waits until a membership is as wished.</summary>
    public Task<JsonObject> UntilAsync(Func<JsonObject, bool> wished, string name = "fraud") =>
        UntilAsync("ProjectMembership", name, wished);

    /// <summary>Waits until a resource is as wished.</summary>
    public async Task<JsonObject> UntilAsync(string kind, string name, Func<JsonObject, bool> wished)
    {
        var start = TimeProvider.System.GetTimestamp();
        JsonObject? last = null;
        while (TimeProvider.System.GetElapsedTime(start) < Deadline)
        {
            last = await FindAsync(kind, name);
            if (last is not null && wished(last))
                return last;
            await Task.Delay(TimeSpan.FromMilliseconds(50), Cancellation);
        }

        Assert.Fail(
            $"{kind} {name} did not come to be as wished: {last?["status"]?.ToJsonString() ?? "no status"}\n"
                + $"{string.Join('\n', Logs.TakeLast(40))}"
        );
        throw new InvalidOperationException();
    }

    /// <summary>Waits until something comes about; a listener that refuses says no.</summary>
    public async Task UntilAsync(Func<Task<bool>> wished)
    {
        var start = TimeProvider.System.GetTimestamp();
        string? last = null;
        while (TimeProvider.System.GetElapsedTime(start) < Deadline)
        {
            try
            {
                if (await wished())
                    return;
            }
            catch (Exception refused) when (refused is HttpRequestException)
            {
                last = refused.Message;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), Cancellation);
        }

        Assert.Fail($"it did not come about: {last}\n{string.Join('\n', Logs.TakeLast(40))}");
    }

    /// <summary>Waits for a line of the log that has all these words.</summary>
    public Task UntilLoggedAsync(params string[] words) =>
        UntilAsync(() => Task.FromResult(Logs.Any(l => words.All(w => l.Contains(w, StringComparison.Ordinal)))));

    /// <summary>Waits until a membership is gone.</summary>
    public Task GoneAsync(string name = "fraud") =>
        UntilAsync(async () => await FindAsync("ProjectMembership", name) is null);

    /// <summary>The Events of a membership: reason and note.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="space">The namespace of the Events; null for that of the test.</param>
    public async Task<List<(string Reason, string Note)>> EventsAsync(string name = "fraud", string? space = null) =>
        [
            .. (await _admin.ListAsync(Events, new() { Namespace = space ?? Space }, Cancellation))
                .Items.Select(i => i.Value!)
                .Where(e => (string?)e["regarding"]?["name"] == name)
                .Select(e => ((string)e["reason"]!, (string?)e["note"] ?? "")),
        ];

    /// <summary>Waits for an Event.</summary>
    public Task UntilEventAsync(Func<JsonObject, bool> wished) =>
        UntilAsync(async () =>
            (await _admin.ListAsync(Events, new() { Namespace = Space }, Cancellation)).Items.Any(i => wished(i.Value!))
        );

    /// <summary>Waits until so many memberships are ready.</summary>
    public async Task AllReadyAsync(int count)
    {
        while (true)
        {
            var ready = (await _admin.ListAsync(Memberships, new() { Namespace = Space }, Cancellation)).Items.Count(
                i => IsConverged(i.Value!)
            );
            if (ready == count)
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(500), Cancellation);
        }
    }

    /// <summary>How often each membership's status was written.</summary>
    public async Task<List<long>> RevisionsAsync() =>
        [
            .. (await _admin.ListAsync(Memberships, new() { Namespace = Space }, Cancellation)).Items.Select(i =>
                (long)i.Value!["status"]!["ledger"]!["revision"]!
            ),
        ];

    /// <summary>The people of a vendor's project, and who is invited.</summary>
    public List<string> People(VendorRow vendor) =>
        [
            .. Sandbox
                .Connection(vendor.Connection)
                .Members(vendor.ProjectId)
                .Where(m => m.Access.Names.Any(n => m.Access[n].Any(w => w is not "false")))
                .Select(m => m.Email)
                .Concat(
                    Sandbox
                        .Connection(vendor.Connection)
                        .Invitations(vendor.ProjectId)
                        .Where(i => i.Status.Equals("pending", StringComparison.OrdinalIgnoreCase))
                        .Select(i => $"{i.Email} (invited)")
                )
                .Order(StringComparer.Ordinal),
        ];
}

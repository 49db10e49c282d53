using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Hosting.Reconciling;
using Reconciler.Kubernetes.Client;
using Reconciler.Operator.Caching;
using Reconciler.Operator.Resources;
using Reconciler.Operator.Status;
using Reconciler.Providers.Http;

namespace Reconciler.Operator.Providers;

/// <summary>Who uses an AccessProvider.</summary>
/// <param name="Memberships">How many memberships name it.</param>
/// <param name="IsAsked">Whether this shard asks the vendor for any of them.</param>
/// <param name="IsOthers">Whether any of them is another shard's.</param>
internal sealed record ProviderUse(int Memberships, bool IsAsked, bool IsOthers)
{
    /// <summary>Whether the vendor is not asked for any membership. Its state is unknown then.</summary>
    public bool IsUnused => Memberships == 0 || (!IsAsked && !IsOthers);
}

/// <summary>
/// Writes the statuses of AccessProviders: whether they answer, the quota that is left, the last error.
/// </summary>
/// <param name="client">Reaches the cluster.</param>
/// <param name="store">Knows the removals of memberships that are gone.</param>
/// <param name="settings">The name of this shard.</param>
/// <param name="clock">The time.</param>
internal sealed class ProviderStatuses(
    ClusterClient client,
    StatusStore store,
    OperatorSettings settings,
    TimeProvider clock
) : IDisposable
{
    // Times and quotas change with every reconcile; nobody needs them to the second.
    private static readonly TimeSpan Stale = TimeSpan.FromMinutes(5);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private static readonly ResourceType<ClusterResource> Type = ClusterResource.Types["AccessProvider"];
    private readonly ConcurrentDictionary<string, ProviderObservation> _observed = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Written> _written = new(StringComparer.Ordinal);

    /// <summary>Observes the answer to a request.</summary>
    public void RequestEnded(DesiredProvider provider, RequestSeen request)
    {
        if (request.Quota is { } quota)
            Observe(provider, n => n with { Quota = quota });
    }

    /// <summary>Observes the end of a reconcile of one of its projects.</summary>
    public void ReconcileEnded(ProjectReconcile reconcile)
    {
        if (reconcile.Planned.Project.Suspended || reconcile.Trouble is not null)
            return;
        var failure = reconcile.Planned.Failure;
        // The vendor was not asked, and nothing is wrong with the provider.
        if (failure is { Fault: ProviderFault.Invalid, Access.IsEmpty: true })
            return;
        if (reconcile.IsAnswered)
            Observe(
                reconcile.Planned.Project.Provider,
                n => n with { IsReachable = true, SuccessAt = clock.GetUtcNow(), Fault = null }
            );
        else
            Observe(
                reconcile.Planned.Project.Provider,
                n =>
                    n with
                    {
                        IsReachable = false,
                        Fault = failure!.Fault,
                        Error = (clock.GetUtcNow(), failure.Message),
                    }
            );
    }

    /// <summary>Writes the status of one, where something worth it changed.</summary>
    /// <param name="resource">The AccessProvider.</param>
    /// <param name="provider">What it connects to; null where something is wrong with it.</param>
    /// <param name="problem">What is wrong.</param>
    /// <param name="use">Who uses it.</param>
    /// <param name="cancellation">Stops the request.</param>
    /// <exception cref="KubernetesException">It could not be written.</exception>
    public async Task WriteAsync(
        ClusterResource resource,
        DesiredProvider? provider,
        string? problem,
        ProviderUse use,
        CancellationToken cancellation
    )
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            await WriteOneAsync(resource, provider, problem, use, cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// Writes the removals of memberships that are gone, or about to go, where the status does not have them yet.
    /// </summary>
    /// <param name="resource">The AccessProvider.</param>
    /// <param name="provider">What it connects to.</param>
    /// <exception cref="KubernetesException">It could not be written.</exception>
    public async Task WriteRemovalsAsync(ClusterResource resource, DesiredProvider provider)
    {
        await _turn.WaitAsync();
        try
        {
            var before = Known(resource);
            var after = (JsonObject)before.DeepClone();
            SetRemovals(after, provider);
            if (MergePatch.Between(before, after) is { Count: > 0 } patch)
                await PatchAsync(resource, patch, CancellationToken.None);
        }
        catch (KubernetesException gone) when (gone.IsNotFound)
        {
            // There is no status to write them into.
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task WriteOneAsync(
        ClusterResource resource,
        DesiredProvider? provider,
        string? problem,
        ProviderUse use,
        CancellationToken cancellation
    )
    {
        var before = Known(resource);
        var after = (JsonObject)JsonNode.Parse(Compose(before, resource, provider, problem, use).ToJsonString())!;
        var patch = MergePatch.Between(before, after);
        var isFresh =
            _written.TryGetValue(resource.Metadata.Uid ?? "", out var written)
            && clock.GetUtcNow() - written.At < Stale;
        if (patch.Count == 0 || (isFresh && patch.All(f => f.Key is "quota" or "lastSuccessAt")))
            return;
        try
        {
            await PatchAsync(resource, patch, cancellation);
        }
        catch (KubernetesException gone) when (gone.IsNotFound || gone.IsConflict)
        {
            // The object was replaced or deleted, so the watch reports that and leads here again.
        }
    }

    // The cache shows our writes late, so only a version that we did not write proves another writer.
    private JsonObject Known(ClusterResource resource)
    {
        if (
            _written.TryGetValue(resource.Metadata.Uid ?? "", out var written)
            && written.Versions.Contains(resource.Metadata.ResourceVersion)
        )
            return written.Status;
        return StatusOf(resource);
    }

    private static JsonObject StatusOf(ClusterResource resource) =>
        resource.Status is { ValueKind: JsonValueKind.Object } known ? JsonObject.Create(known)! : [];

    private async Task PatchAsync(ClusterResource resource, JsonObject patch, CancellationToken cancellation)
    {
        var (uid, version) = (resource.Metadata.Uid ?? "", resource.Metadata.ResourceVersion);
        var body = new JsonObject
        {
            ["metadata"] = new JsonObject { ["uid"] = uid },
            ["status"] = patch,
        };
        var now = await client.MergePatchStatusAsync(Type, resource.Key, body, "reconciler", cancellation);
        var isBehind =
            _written.TryGetValue(uid, out var before)
            && before.Versions.Contains(version)
            && before.Versions[^1] != version;
        _written[uid] = new(
            [.. isBehind ? before!.Versions : [version], now.Metadata.ResourceVersion],
            StatusOf(now),
            clock.GetUtcNow()
        );
    }

    // Each shard writes its own part, so that none replaces another's.
    private void SetRemovals(JsonObject status, DesiredProvider provider)
    {
        if (store.GoneOf(provider.Vendor.Type, provider.BaseUrl.AbsoluteUri).Of(settings.Shard) is not { } gone)
            return;
        if (status["removals"] is not JsonObject)
            status["removals"] = new JsonObject();
        status["removals"]![settings.Shard] = gone;
    }

    private JsonObject Compose(
        JsonObject before,
        ClusterResource resource,
        DesiredProvider? provider,
        string? problem,
        ProviderUse use
    )
    {
        var status = (JsonObject)before.DeepClone();
        // What was observed while somebody used it says nothing about the next time.
        if (use.IsUnused && provider is not null)
            _observed.TryRemove(provider.Id, out _);
        // What was observed does not hold for another address or token.
        var observed =
            provider is not null
            && _observed.TryGetValue(provider.Id, out var known)
            && ReferenceEquals(known.Spec, provider.Spec)
                ? known
                : new ProviderObservation();
        var isSame = (long?)status["observedGeneration"] == resource.Metadata.Generation;
        var wasReachable = isSame && status["reachable"] is JsonValue was && was.GetValueKind() == JsonValueKind.True;
        status["memberships"] = use.Memberships;
        // A provider that several shards ask has the status of the one that asked last.
        if (
            problem is not null
            || !isSame
            || use.IsUnused
            || (observed.IsNewest(status, use) && (use.IsAsked || !use.IsOthers))
        )
        {
            observed
                .ConditionsOf(problem, use, wasReachable)
                .WriteTo(status, resource.Metadata.Generation ?? 0, clock.GetUtcNow());
            SetAnswers(status, observed);
        }

        SetQuota(status, observed.Quota);
        if (use.IsUnused)
        {
            foreach (var field in (string[])["reachable", "lastError", "quota"])
                status.Remove(field);
        }

        if (provider is not null)
            SetRemovals(status, provider);
        return status;
    }

    private static void SetAnswers(JsonObject status, ProviderObservation observed)
    {
        if (observed.IsReachable is { } reachable)
            status["reachable"] = reachable;
        if (observed.SuccessAt is { } success)
            status["lastSuccessAt"] = LedgerStatus.Text(success);
        if (observed.Error is { } error)
            status["lastError"] = new JsonObject
            {
                ["at"] = LedgerStatus.Text(error.At),
                ["message"] = Conditions.Cut(Reconciler.Core.Text.TerminalText.Escape(error.Message), 300),
            };
    }

    private static void SetQuota(JsonObject status, RequestQuota? quota)
    {
        if (quota is null)
            return;
        var shown = new JsonObject { ["remaining"] = quota.Remaining };
        if (quota.Limit is { } limit)
            shown["limit"] = limit;
        if (quota.ResetAt is { } reset)
            shown["resetAt"] = LedgerStatus.Text(reset);
        status["quota"] = shown;
    }

    private void Observe(DesiredProvider provider, Func<ProviderObservation, ProviderObservation> change) =>
        _observed.AddOrUpdate(
            provider.Id,
            _ => change(new() { Spec = provider.Spec }),
            (_, n) => change(ReferenceEquals(n.Spec, provider.Spec) ? n : new() { Spec = provider.Spec })
        );

    /// <summary>The last write.</summary>
    /// <param name="Versions">The versions of the resource before the write, and after each write since.</param>
    /// <param name="Status">What the server had then.</param>
    /// <param name="At">When.</param>
    private sealed record Written(ImmutableArray<string?> Versions, JsonObject Status, DateTimeOffset At);
}

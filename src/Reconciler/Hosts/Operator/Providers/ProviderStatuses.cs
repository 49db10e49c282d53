using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Hosts.Operator.Status;
using Reconciler.Hosts.Passes;
using Reconciler.Kubernetes.Client;
using Reconciler.Providers.Http;

namespace Reconciler.Hosts.Operator;

/// <summary>Who uses an AccessProvider.</summary>
/// <param name="Memberships">How many memberships name it.</param>
/// <param name="IsAsked">Whether this shard asks the vendor for any of them.</param>
/// <param name="IsOthers">Whether any of them is another shard's.</param>
internal sealed record ProviderUse(int Memberships, bool IsAsked, bool IsOthers);

/// <summary>Keeps the statuses of AccessProviders: whether they answer, what they still allow, what went wrong last.</summary>
/// <param name="client">Reaches the cluster.</param>
/// <param name="book">Knows the removals of memberships that are gone.</param>
/// <param name="shard">The name of this shard.</param>
/// <param name="clock">The time.</param>
internal sealed class ProviderStatuses(ClusterClient client, StatusStore book, string shard, TimeProvider clock)
    : IDisposable
{
    // Times and quotas change with every pass; nobody needs them to the second.
    private static readonly TimeSpan Stale = TimeSpan.FromMinutes(5);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private static readonly ResourceType<ClusterResource> Type = ClusterResource.Types["AccessProvider"];
    private readonly ConcurrentDictionary<string, News> _news = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Written> _written = new(StringComparer.Ordinal);

    /// <summary>A request to a provider ended.</summary>
    public void Requested(DesiredProvider provider, RequestSeen seen)
    {
        if (seen.Quota is { } quota)
            Note(provider, n => n with { Quota = quota });
    }

    /// <summary>A pass over a project of it ended.</summary>
    public void Passed(ProjectReconcile pass)
    {
        if (pass.Planned.Project.Suspended || pass.Trouble is not null)
            return;
        var failure = pass.Planned.Failure;
        if (pass.IsAnswered)
            Note(
                pass.Planned.Project.Provider,
                n => n with { IsReachable = true, SuccessAt = clock.GetUtcNow(), Fault = null }
            );
        else
            Note(
                pass.Planned.Project.Provider,
                n =>
                    n with
                    {
                        IsReachable = false,
                        Fault = failure!.Fault,
                        Error = (clock.GetUtcNow(), failure.Message),
                    }
            );
    }

    /// <summary>Writes one, where something changed that is worth it.</summary>
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

    /// <summary>Writes down the removals of memberships that are gone, or are about to go, where the status does not tell them yet.</summary>
    /// <param name="resource">The AccessProvider.</param>
    /// <param name="provider">What it connects to.</param>
    /// <exception cref="KubernetesException">It could not be written.</exception>
    public async Task RememberAsync(ClusterResource resource, DesiredProvider provider)
    {
        await _turn.WaitAsync();
        try
        {
            var before = Known(resource);
            var after = (JsonObject)before.DeepClone();
            Removals(after, provider);
            if (MergePatch.Between(before, after) is { Count: > 0 } patch)
                await PatchAsync(resource, patch, CancellationToken.None);
        }
        catch (KubernetesException gone) when (gone.IsNotFound)
        {
            // Then there is nothing to be remembered in.
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
            // Another object of that name, or none: its own event brings it here again.
        }
    }

    // What was written is not in the catalog at once, and of several writes the first comes first. What is there besides is newer: somebody else has
    // written.
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
        var (uid, seen) = (resource.Metadata.Uid ?? "", resource.Metadata.ResourceVersion);
        var body = new JsonObject
        {
            ["metadata"] = new JsonObject { ["uid"] = uid },
            ["status"] = patch,
        };
        var now = await client.MergePatchStatusAsync(Type, resource.Key, body, "reconciler", cancellation);
        var isBehind =
            _written.TryGetValue(uid, out var before) && before.Versions.Contains(seen) && before.Versions[^1] != seen;
        _written[uid] = new(
            [.. isBehind ? before!.Versions : [seen], now.Metadata.ResourceVersion],
            StatusOf(now),
            clock.GetUtcNow()
        );
    }

    // Each shard writes its own part, so that none replaces another's.
    private void Removals(JsonObject status, DesiredProvider provider)
    {
        if (book.GoneOf(provider.Vendor.Type, provider.BaseUrl.AbsoluteUri).Of(shard) is not { } gone)
            return;
        if (status["removals"] is not JsonObject)
            status["removals"] = new JsonObject();
        status["removals"]![shard] = gone;
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
        // What was seen of a provider says nothing of one whose address or token is another now.
        var news =
            provider is not null
            && _news.TryGetValue(provider.Id, out var known)
            && ReferenceEquals(known.Spec, provider.Spec)
                ? known
                : new News();
        var isSame = (long?)status["observedGeneration"] == resource.Metadata.Generation;
        var wasReachable = isSame && status["reachable"] is JsonValue was && was.GetValueKind() == JsonValueKind.True;
        status["memberships"] = use.Memberships;
        // Whom another shard asks, too, stands as the last of them saw it.
        if (problem is not null || !isSame || (IsNewest(news, status, use) && (use.IsAsked || !use.IsOthers)))
        {
            ConditionsOf(news, problem, use, wasReachable)
                .Into(status, resource.Metadata.Generation ?? 0, clock.GetUtcNow());
            if (news.IsReachable is { } reachable)
                status["reachable"] = reachable;
            if (news.SuccessAt is { } success)
                status["lastSuccessAt"] = LedgerStatus.Text(success);
            if (news.Error is { } error)
                status["lastError"] = new JsonObject
                {
                    ["at"] = LedgerStatus.Text(error.At),
                    ["message"] = Conditions.Cut(Reports.TerminalText.Escape(error.Message), 300),
                };
        }

        if (news.Quota is { } quota)
        {
            var shown = new JsonObject { ["remaining"] = quota.Remaining };
            if (quota.Limit is { } limit)
                shown["limit"] = limit;
            if (quota.ResetAt is { } reset)
                shown["resetAt"] = LedgerStatus.Text(reset);
            status["quota"] = shown;
        }

        if (provider is not null)
            Removals(status, provider);
        return status;
    }

    // What this process saw itself counts against what the status says that somebody saw, to the second.
    private static bool IsNewest(News news, JsonObject status, ProviderUse use)
    {
        string?[] told = [Word(status["lastSuccessAt"]), Word((status["lastError"] as JsonObject)?["at"])];
        // Who has asked nobody yet knows less than another shard that has.
        if (news.SeenAt is not { } seen)
            return !use.IsOthers || told.All(t => t is null);
        return told.All(t => t is null || string.CompareOrdinal(t, LedgerStatus.Text(seen)) <= 0);

        static string? Word(JsonNode? node) =>
            node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
    }

    private static Conditions ConditionsOf(News news, string? problem, ProviderUse use, bool wasReachable) =>
        news switch
        {
            _ when problem is not null => Conditions.Stuck("Invalid", problem),
            { Fault: ProviderFault.Configuration } => Conditions.Stuck("SecretNotFound", news.Error!.Value.Message),
            { Fault: ProviderFault.Unauthorized } => Conditions.Stuck("CredentialsRefused", news.Error!.Value.Message),
            { Fault: not null } => Conditions.Working("Unreachable", news.Error!.Value.Message),
            { IsReachable: true } => Conditions.Good("Reachable", "the vendor answers"),
            _ when use.Memberships == 0 => Conditions.Good(
                "NotUsed",
                "no ProjectMembership uses it, so nobody asked the vendor yet"
            ),
            _ when !use.IsAsked && !use.IsOthers => Conditions.Good(
                "NotUsed",
                "every ProjectMembership that uses it is suspended or stalled, so nobody asks the vendor"
            ),
            // After a change of leaders: what the one before saw holds until this one has asked.
            _ when wasReachable => Conditions.Good("Reachable", "the vendor answers"),
            _ => Conditions.Working("Progressing", "the vendor was not asked yet"),
        };

    private void Note(DesiredProvider provider, Func<News, News> note) =>
        _news.AddOrUpdate(
            provider.Id,
            _ => note(new() { Spec = provider.Spec }),
            (_, n) => note(ReferenceEquals(n.Spec, provider.Spec) ? n : new() { Spec = provider.Spec })
        );

    /// <summary>What was written last.</summary>
    /// <param name="Versions">The resource as it was seen then, and as it was after each write since: what is written is newer than any of them, or the last.</param>
    /// <param name="Status">What the server had then.</param>
    /// <param name="At">When.</param>
    private sealed record Written(ImmutableArray<string?> Versions, JsonObject Status, DateTimeOffset At);

    private sealed record News
    {
        public AccessProviderSpec? Spec { get; init; }

        public bool? IsReachable { get; init; }

        public DateTimeOffset? SuccessAt { get; init; }

        public ProviderFault? Fault { get; init; }

        public (DateTimeOffset At, string Message)? Error { get; init; }

        public RequestQuota? Quota { get; init; }

        /// <summary>When it was last asked, with whatever answer.</summary>
        public DateTimeOffset? SeenAt => SuccessAt > Error?.At || Error is null ? SuccessAt : Error?.At;
    }
}

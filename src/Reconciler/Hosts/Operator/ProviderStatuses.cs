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

/// <summary>Keeps the statuses of AccessProviders: whether they answer, what they still allow, what went wrong last.</summary>
/// <param name="client">Reaches the cluster.</param>
/// <param name="book">Knows the removals of memberships that are gone.</param>
/// <param name="shard">The name of this shard.</param>
/// <param name="clock">The time.</param>
internal sealed class ProviderStatuses(KubernetesClient client, StatusBook book, string shard, TimeProvider clock) : IDisposable
{
    // Times and quotas change with every pass; nobody needs them to the second.
    private static readonly TimeSpan Stale = TimeSpan.FromMinutes(5);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private static readonly ResourceType<ClusterResource> Type = ClusterResource.Types["AccessProvider"];
    private readonly ConcurrentDictionary<string, News> _news = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Uid, JsonObject Status, DateTimeOffset At)> _written = new(StringComparer.Ordinal);

    /// <summary>A request to a provider ended.</summary>
    public void Requested(DesiredProvider provider, RequestSeen seen)
    {
        if (seen.Quota is { } quota) Note(provider, n => n with { Quota = quota });
    }

    /// <summary>A pass over a project of it ended.</summary>
    public void Passed(ProjectPass pass)
    {
        if (pass.Planned.Project.Suspended || pass.Trouble is not null) return;
        var failure = pass.Planned.Failure;
        // A project that is not there, or not ours to see, says that the vendor answers.
        if (failure is null or { Fault: ProviderFault.NotFound or ProviderFault.Forbidden or ProviderFault.Refused })
            Note(pass.Planned.Project.Provider, n => n with { IsReachable = true, SuccessAt = clock.GetUtcNow(), Fault = null });
        else Note(pass.Planned.Project.Provider, n => n with { IsReachable = false, Fault = failure.Fault, Error = (clock.GetUtcNow(), failure.Message) });
    }

    /// <summary>Writes one, where something changed that is worth it.</summary>
    /// <param name="resource">The AccessProvider.</param>
    /// <param name="provider">What it connects to; null where something is wrong with it.</param>
    /// <param name="problem">What is wrong.</param>
    /// <param name="memberships">How many memberships use it.</param>
    /// <param name="cancellation">Stops the request.</param>
    /// <exception cref="KubernetesException">It could not be written.</exception>
    public async Task WriteAsync(ClusterResource resource, DesiredProvider? provider, string? problem, int memberships, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            await WriteOneAsync(resource, provider, problem, memberships, cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task WriteOneAsync(ClusterResource resource, DesiredProvider? provider, string? problem, int memberships, CancellationToken cancellation)
    {
        var id = $"{resource.Namespace}/{resource.Metadata.Name}";
        var uid = resource.Metadata.Uid ?? "";
        var before = _written.TryGetValue(id, out var written) && written.Uid == uid ? written.Status
            : resource.Status is { ValueKind: JsonValueKind.Object } known ? JsonObject.Create(known)! : [];
        var after = (JsonObject)JsonNode.Parse(Compose(before, resource, provider, problem, memberships).ToJsonString())!;
        var patch = MergePatch.Between(before, after);
        if (patch.Count == 0 || (patch.All(f => f.Key is "quota" or "lastSuccessAt") && clock.GetUtcNow() - written.At < Stale)) return;
        var body = new JsonObject { ["metadata"] = new JsonObject { ["uid"] = uid }, ["status"] = patch };
        try
        {
            await client.MergePatchAsync(Type, resource.Key, body, new() { Subresource = "status", FieldManager = "reconciler" }, cancellation);
        }
        catch (KubernetesException gone) when (gone.IsNotFound || gone.IsConflict)
        {
            // Another object of that name, or none: its own event brings it here again.
            return;
        }

        _written[id] = (uid, after, clock.GetUtcNow());
    }

    private JsonObject Compose(JsonObject before, ClusterResource resource, DesiredProvider? provider, string? problem, int memberships)
    {
        var status = (JsonObject)before.DeepClone();
        // What was seen of a provider says nothing of one whose address or token is another now.
        var news = provider is not null && _news.TryGetValue(provider.Id, out var known) && ReferenceEquals(known.Spec, provider.Spec) ? known : new News();
        var isSame = (long?)status["observedGeneration"] == resource.Metadata.Generation;
        ConditionsOf(news, problem, memberships, isSame && status["reachable"] is JsonValue was && was.GetValueKind() == JsonValueKind.True).Into(status, resource.Metadata.Generation ?? 0, clock.GetUtcNow());
        status["memberships"] = memberships;
        if (news.IsReachable is { } reachable) status["reachable"] = reachable;
        if (news.SuccessAt is { } success) status["lastSuccessAt"] = LedgerStatus.Text(success);
        if (news.Error is { } error) status["lastError"] = new JsonObject { ["at"] = LedgerStatus.Text(error.At), ["message"] = Conditions.Cut(Reports.TerminalText.Escape(error.Message), 300) };
        if (news.Quota is { } quota)
        {
            var shown = new JsonObject { ["remaining"] = quota.Remaining };
            if (quota.Limit is { } limit) shown["limit"] = limit;
            if (quota.ResetAt is { } reset) shown["resetAt"] = LedgerStatus.Text(reset);
            status["quota"] = shown;
        }

        // Each shard writes its own part, so that none replaces another's.
        if (provider is not null && book.GoneOf(provider.Vendor.Type, provider.BaseUrl.AbsoluteUri).Of(shard) is { } gone)
        {
            if (status["removals"] is not JsonObject) status["removals"] = new JsonObject();
            status["removals"]![shard] = gone;
        }

        return status;
    }

    private static Conditions ConditionsOf(News news, string? problem, int memberships, bool wasReachable) => news switch
    {
        _ when problem is not null => Conditions.Stuck("Invalid", problem),
        { Fault: ProviderFault.Configuration } => Conditions.Stuck("SecretNotFound", news.Error!.Value.Message),
        { Fault: ProviderFault.Unauthorized } => Conditions.Stuck("CredentialsRefused", news.Error!.Value.Message),
        { Fault: not null } => Conditions.Working("Unreachable", news.Error!.Value.Message),
        { IsReachable: true } => Conditions.Good("Reachable", "the vendor answers"),
        _ when memberships == 0 => Conditions.Good("NotUsed", "no ProjectMembership uses it, so nobody asked the vendor yet"),
        // After a change of leaders: what the one before saw holds until this one has asked.
        _ when wasReachable => Conditions.Good("Reachable", "the vendor answers"),
        _ => Conditions.Working("Progressing", "the vendor was not asked yet"),
    };

    private void Note(DesiredProvider provider, Func<News, News> note) =>
        _news.AddOrUpdate(provider.Id, _ => note(new() { Spec = provider.Spec }), (_, n) => note(ReferenceEquals(n.Spec, provider.Spec) ? n : new() { Spec = provider.Spec }));

    private sealed record News
    {
        public AccessProviderSpec? Spec { get; init; }

        public bool? IsReachable { get; init; }

        public DateTimeOffset? SuccessAt { get; init; }

        public ProviderFault? Fault { get; init; }

        public (DateTimeOffset At, string Message)? Error { get; init; }

        public RequestQuota? Quota { get; init; }
    }
}

using System.Text.Json.Nodes;
using Reconciler.Core.Ports;
using Reconciler.Kubernetes.Client;
using Reconciler.Operator.Resources;
using Reconciler.Operator.Status;

namespace Reconciler.Operator.Caching;

/// <summary>
/// Another writer changed the status meanwhile: the server's copy was taken over, and what was planned with the old one
/// must not be done.
/// </summary>
/// <param name="key">The membership.</param>
internal sealed class StatusConflictException(ObjectKey key)
    : Exception($"the status of {key} was changed by somebody else meanwhile");

/// <summary>Writes statuses as patches: only what changed, and only where no other writer was there since.</summary>
/// <param name="client">Reaches the cluster.</param>
/// <param name="clock">The time.</param>
internal sealed class StatusWriter(ClusterClient client, TimeProvider clock)
{
    private const int Attempts = 5;
    private const string Manager = "reconciler";
    private static readonly ResourceType<ClusterResource> Type = ClusterResource.Types["ProjectMembership"];

    /// <summary>
    /// Writes the ledgers, and what people read. The caller holds <see cref="TrackedMembership.Turn"/>.
    /// </summary>
    /// <param name="tracked">The membership.</param>
    /// <param name="compose">Changes what people read; gets the status on the server, and the time.</param>
    /// <param name="cancellation">Stops the requests.</param>
    /// <param name="planned">The resource that must still ask for the same; null where it may ask for anything.</param>
    /// <param name="keepsLedger">Whether the ledger stays as the server has it.</param>
    /// <exception cref="StatusConflictException">Somebody else wrote since, or the resource is gone.</exception>
    /// <exception cref="KubernetesException">It could not be written.</exception>
    /// <exception cref="LedgerException">There is more than a status can hold.</exception>
    public async Task WriteAsync(
        TrackedMembership tracked,
        Action<JsonObject, DateTimeOffset> compose,
        CancellationToken cancellation,
        ClusterResource? planned = null,
        bool keepsLedger = false
    )
    {
        // A resource that is gone has no status: its ledger stays in this process until its deletion is carried out.
        if (tracked.Status.IsGone)
            return;
        for (var attempt = 1; ; attempt++)
        {
            var status = tracked.Status;
            if (planned is not null && !ClusterResource.IsSameSpec(planned, status.Latest))
                throw new StatusConflictException(tracked.Key);
            var before = status.Server is { ValueKind: System.Text.Json.JsonValueKind.Object } known
                ? JsonObject.Create(known)!
                : [];
            var after = (JsonObject)before.DeepClone();
            compose(after, clock.GetUtcNow());
            Conditions.KeepTimes(before, after);
            if (!keepsLedger)
                status.WriteLedgers(after);
            // Numbers made in code differ from parsed ones, so both sides are compared as parsed.
            after = (JsonObject)JsonNode.Parse(after.ToJsonString())!;
            if (MergePatch.Between(before, after).Count == 0)
                return;
            if (after["ledger"] is JsonObject ledger)
                ledger["revision"] = status.Revision + 1;
            var body = new JsonObject
            {
                ["metadata"] = new JsonObject { ["uid"] = tracked.Uid, ["resourceVersion"] = status.ResourceVersion },
                ["status"] = MergePatch.Between(before, after),
            };
            try
            {
                var written = await client.MergePatchStatusAsync(Type, tracked.Key, body, Manager, cancellation);
                tracked.Update(s => s.WithWritten(written));
                return;
            }
            catch (KubernetesException conflict) when (conflict.IsConflict && attempt < Attempts)
            {
                await CatchUpAsync(tracked, cancellation);
            }
            catch (KubernetesException gone) when (gone.IsNotFound)
            {
                throw new StatusConflictException(tracked.Key);
            }
        }
    }

    /// <summary>Asks the server how many bytes a resource has without its status.</summary>
    /// <exception cref="KubernetesException">The server could not be asked.</exception>
    public async Task<int> SizeWithoutStatusAsync(TrackedMembership tracked, CancellationToken cancellation)
    {
        var whole = await client.GetAsync(
            ResourceType.Untyped(Type.Group, Type.Version, Type.Plural, Type.Kind),
            tracked.Key,
            cancellation
        );
        whole.Remove("status");
        return StatusSize.BytesOf(whole);
    }

    /// <summary>Sets or removes the finalizer. Others' finalizers stay.</summary>
    /// <exception cref="KubernetesException">It could not be written.</exception>
    public async Task SetFinalizerAsync(TrackedMembership tracked, bool wanted, CancellationToken cancellation)
    {
        var status = tracked.Status;
        if (status.IsGone)
            return;
        var resource = status.Latest;
        for (var attempt = 1; resource.HasFinalizer != wanted; attempt++)
        {
            var others = (resource.Metadata.Finalizers ?? []).Where(f => f != ClusterResource.Finalizer);
            var finalizers = wanted ? others.Append(ClusterResource.Finalizer) : others;
            var body = new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["uid"] = tracked.Uid,
                    ["resourceVersion"] = resource.Metadata.ResourceVersion,
                    ["finalizers"] = new JsonArray([.. finalizers.Select(f => JsonValue.Create(f))]),
                },
            };
            try
            {
                resource = await client.MergePatchAsync(Type, tracked.Key, body, Manager, cancellation);
                tracked.Update(s => s.WithObserved(resource, LedgerVersion.Next()));
            }
            catch (KubernetesException conflict) when (conflict.IsConflict && attempt < Attempts)
            {
                resource = await client.GetAsync(Type, tracked.Key, cancellation);
                if (resource.Metadata.Uid != tracked.Uid)
                    return;
            }
            catch (KubernetesException gone) when (gone.IsNotFound)
            {
                return;
            }
        }
    }

    /// <summary>
    /// Asks the server where an older status was observed than is known: either it was wiped, or the observation is
    /// old.
    /// </summary>
    /// <returns>Whether the server's status replaced what was known.</returns>
    /// <exception cref="KubernetesException">The server could not be asked.</exception>
    public async Task<bool> CheckAsync(TrackedMembership tracked, CancellationToken cancellation)
    {
        try
        {
            await CatchUpAsync(tracked, cancellation);
            return false;
        }
        catch (StatusConflictException)
        {
            return true;
        }
    }

    // A change of the spec keeps the revision of the status, so a new revision means that somebody else wrote the
    // status.
    private async Task CatchUpAsync(TrackedMembership tracked, CancellationToken cancellation)
    {
        ClusterResource now;
        try
        {
            now = await client.GetAsync(Type, tracked.Key, cancellation);
        }
        catch (KubernetesException gone) when (gone.IsNotFound)
        {
            throw new StatusConflictException(tracked.Key);
        }

        if (now.Metadata.Uid != tracked.Uid)
            throw new StatusConflictException(tracked.Key);
        var isOther = tracked.Update(s =>
            // Somebody who repairs an unreadable status by hand does not raise its revision.
            now.StatusRevision != s.Revision
            || s.Unreadable is not null
                ? (s.WithServerStatus(now, LedgerVersion.Next()), true)
                : (s.WithObserved(now, LedgerVersion.Next()), false)
        );
        if (isOther)
            throw new StatusConflictException(tracked.Key);
    }
}

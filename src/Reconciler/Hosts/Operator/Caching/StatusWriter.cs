using System.Text.Json.Nodes;
using Reconciler.Core.Ports;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Hosts.Operator.Status;

/// <summary>Somebody else wrote the status since: what the server has was taken over, and whatever was planned with the old one must not be done.</summary>
internal sealed class StatusConflictException(ObjectKey key)
    : Exception($"the status of {key} was changed by somebody else meanwhile");

/// <summary>Writes statuses: only what changed, and only where nobody else has written since.</summary>
/// <param name="client">Reaches the cluster.</param>
/// <param name="clock">The time.</param>
internal sealed class StatusWriter(ClusterClient client, TimeProvider clock)
{
    private const int Attempts = 5;
    private const string Manager = "reconciler";
    private static readonly ResourceType<ClusterResource> Type = ClusterResource.Types["ProjectMembership"];

    /// <summary>Writes what a record remembers, and what people read. Whoever calls has the record's turn.</summary>
    /// <param name="record">The record.</param>
    /// <param name="compose">Changes what people read; gets the status on the server, without the ledger's part, and the time.</param>
    /// <param name="cancellation">Stops the requests.</param>
    /// <param name="planned">The resource that must still ask for the same; null where it may ask for anything.</param>
    /// <param name="keepsLedger">Whether the ledger stays as the server has it.</param>
    /// <exception cref="StatusConflictException">Somebody else wrote since, or the resource is gone.</exception>
    /// <exception cref="KubernetesException">It could not be written.</exception>
    /// <exception cref="LedgerException">There is more than a status can hold.</exception>
    public async Task WriteAsync(
        MembershipStatus record,
        Action<JsonObject, DateTimeOffset> compose,
        CancellationToken cancellation,
        ClusterResource? planned = null,
        bool keepsLedger = false
    )
    {
        // A resource that is gone has no status; its record lives in this process until its deletion is carried out.
        if (record.IsGone)
            return;
        for (var attempt = 1; ; attempt++)
        {
            if (planned is not null && !ClusterResource.IsSameSpec(planned, record.Latest))
                throw new StatusConflictException(record.Key);
            var before = record.Server is { ValueKind: System.Text.Json.JsonValueKind.Object } known
                ? JsonObject.Create(known)!
                : [];
            var after = (JsonObject)before.DeepClone();
            compose(after, clock.GetUtcNow());
            Conditions.KeepTimes(before, after);
            if (!keepsLedger)
                record.WriteLedger(after, record.Revision);
            // What was made in code is compared as what was read.
            after = (JsonObject)JsonNode.Parse(after.ToJsonString())!;
            if (MergePatch.Between(before, after).Count == 0)
                return;
            if (after["ledger"] is JsonObject ledger)
                ledger["revision"] = record.Revision + 1;
            var body = new JsonObject
            {
                ["metadata"] = new JsonObject { ["uid"] = record.Uid, ["resourceVersion"] = record.ResourceVersion },
                ["status"] = MergePatch.Between(before, after),
            };
            try
            {
                record.Written(await client.MergePatchStatusAsync(Type, record.Key, body, Manager, cancellation));
                return;
            }
            catch (KubernetesException conflict) when (conflict.IsConflict && attempt < Attempts)
            {
                await CatchUpAsync(record, cancellation);
            }
            catch (KubernetesException gone) when (gone.IsNotFound)
            {
                throw new StatusConflictException(record.Key);
            }
        }
    }

    /// <summary>How many bytes a resource has on the server without its status.</summary>
    /// <exception cref="KubernetesException">The server could not be asked.</exception>
    public async Task<int> SizeWithoutStatusAsync(MembershipStatus record, CancellationToken cancellation)
    {
        var whole = await client.GetAsync(
            ResourceType.Untyped(Type.Group, Type.Version, Type.Plural, Type.Kind),
            record.Key,
            cancellation
        );
        whole.Remove("status");
        return StatusSize.BytesOf(whole);
    }

    /// <summary>Sets or removes the finalizer. Others' finalizers stay.</summary>
    /// <exception cref="KubernetesException">It could not be written.</exception>
    public async Task SetFinalizerAsync(MembershipStatus record, bool wanted, CancellationToken cancellation)
    {
        if (record.IsGone)
            return;
        var resource = record.Latest;
        for (var attempt = 1; resource.HasFinalizer != wanted; attempt++)
        {
            var others = (resource.Metadata.Finalizers ?? []).Where(f => f != ClusterResource.Finalizer);
            var finalizers = wanted ? others.Append(ClusterResource.Finalizer) : others;
            var body = new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["uid"] = record.Uid,
                    ["resourceVersion"] = resource.Metadata.ResourceVersion,
                    ["finalizers"] = new JsonArray([.. finalizers.Select(f => JsonValue.Create(f))]),
                },
            };
            try
            {
                resource = await client.MergePatchAsync(Type, record.Key, body, Manager, cancellation);
                record.Observe(resource);
            }
            catch (KubernetesException conflict) when (conflict.IsConflict && attempt < Attempts)
            {
                resource = await client.GetAsync(Type, record.Key, cancellation);
                if (resource.Metadata.Uid != record.Uid)
                    return;
            }
            catch (KubernetesException gone) when (gone.IsNotFound)
            {
                return;
            }
        }
    }

    /// <summary>Looks at the server itself where an event told of an older status than is known: somebody wiped it, or the event is old.</summary>
    /// <returns>Whether what was remembered was replaced by what the server has.</returns>
    /// <exception cref="KubernetesException">The server could not be asked.</exception>
    public async Task<bool> CheckAsync(MembershipStatus record, CancellationToken cancellation)
    {
        try
        {
            await CatchUpAsync(record, cancellation);
            return false;
        }
        catch (StatusConflictException)
        {
            return true;
        }
    }

    // A change of the spec only makes the version newer. Another revision of the status is somebody else's.
    private async Task CatchUpAsync(MembershipStatus record, CancellationToken cancellation)
    {
        ClusterResource now;
        try
        {
            now = await client.GetAsync(Type, record.Key, cancellation);
        }
        catch (KubernetesException gone) when (gone.IsNotFound)
        {
            throw new StatusConflictException(record.Key);
        }

        if (now.Metadata.Uid != record.Uid)
            throw new StatusConflictException(record.Key);
        // Somebody who mends by hand what cannot be read counts no revisions.
        if (MembershipStatus.RevisionOf(now) != record.Revision || record.Unreadable is not null)
        {
            record.Take(now);
            throw new StatusConflictException(record.Key);
        }

        record.Observe(now);
    }
}

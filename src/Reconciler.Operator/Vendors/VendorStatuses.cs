using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Reconciler.Kubernetes.Client;
using Reconciler.Operator.Queue;
using Reconciler.Operator.Resources;
using Reconciler.Operator.Status;

namespace Reconciler.Operator.Vendors;

/// <summary>
/// Writes the statuses of VendorDefinitions beside the loop, and records each change of them as an Event. What the
/// status said before is on the server, so a restart records nothing twice.
/// </summary>
/// <param name="client">Reaches the cluster.</param>
/// <param name="vendors">The definitions.</param>
/// <param name="rules">Which vendors the program knows by itself.</param>
/// <param name="changes">Runs another attempt while this replica leads.</param>
/// <param name="background">Runs beside the loop.</param>
/// <param name="events">Records Events.</param>
/// <param name="logger">Where changes are logged.</param>
/// <param name="clock">The time.</param>
internal sealed class VendorStatuses(
    ClusterClient client,
    ClusterVendors vendors,
    OperatorRules rules,
    ChangeQueue changes,
    BackgroundWork background,
    OperatorEvents events,
    ILogger logger,
    TimeProvider clock
) : IDisposable
{
    private const string Manager = "reconciler";
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(30);
    private static readonly ResourceType<ClusterResource> Type = ClusterResource.Types["VendorDefinition"];
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Writes the statuses of all definitions where they are not as they should be.</summary>
    public void RefreshAll()
    {
        foreach (var name in vendors.Names)
            Refresh(name);
    }

    /// <summary>Writes the status of a definition where it is not as it should be.</summary>
    public void Refresh(string name)
    {
        if (vendors.Find(name) is null)
            OperatorLog.VendorChanged(logger, name, "gone");
        else
            background.Start($"VendorDefinition {name}", () => _ = AgainAsync(name), () => WriteAsync(name));
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task AgainAsync(string name)
    {
        await Task.Delay(Retry, clock);
        changes.Post(() => Refresh(name));
    }

    // One after the other, each with the newest definition, so that no status of an older one replaces a newer one's.
    private async Task WriteAsync(string name)
    {
        await _turn.WaitAsync();
        try
        {
            if (vendors.Find(name) is { } definition)
                await WriteAsync(definition);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task WriteAsync(CheckedDefinition definition)
    {
        var resource = definition.Resource;
        var conditions = definition.ConditionsOf(vendors.IsTaken(definition.Name, rules.BuiltIn));
        var before = resource.Status is { ValueKind: JsonValueKind.Object } known ? JsonObject.Create(known)! : [];
        var after = (JsonObject)before.DeepClone();
        conditions.WriteTo(after, resource.Metadata.Generation ?? 0, clock.GetUtcNow());
        if (conditions.IsReady)
            after["digest"] = definition.Vendor!.Description!.Digest;
        else
            after.Remove("digest");
        // Numbers made in code differ from parsed ones, so both sides are compared as parsed.
        var patch = MergePatch.Between(before, (JsonObject)JsonNode.Parse(after.ToJsonString())!);
        if (patch.Count == 0)
            return;
        var body = new JsonObject
        {
            ["metadata"] = new JsonObject { ["uid"] = resource.Metadata.Uid },
            ["status"] = patch,
        };
        try
        {
            vendors.SetStatus(
                await client.MergePatchStatusAsync(Type, resource.Key, body, Manager, CancellationToken.None)
            );
            Tell(definition, conditions);
        }
        catch (KubernetesException gone) when (gone.IsNotFound || gone.IsConflict)
        {
            // The object was replaced or deleted, so the watch reports that and leads here again.
        }
    }

    private void Tell(CheckedDefinition definition, Conditions conditions)
    {
        var (reason, message) = conditions.Ready;
        if (conditions.IsReady)
        {
            message = $"{message}; its digest is {definition.Vendor!.Description!.Digest}";
            OperatorLog.VendorChanged(logger, definition.Name, message);
        }
        else
            OperatorLog.VendorRefused(logger, definition.Name, reason, Conditions.Cut(message, 2_000));
        events.OfDefinition(definition.Resource, conditions.IsReady, reason, message);
    }
}

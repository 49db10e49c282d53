using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Reconciler.Kubernetes.Client;
using Reconciler.Operator.Queue;
using Reconciler.Operator.Resources;
using Reconciler.Operator.Status;

namespace Reconciler.Operator.Vendors;

/// <summary>
/// Writes the statuses of VendorDefinitions beside the loop, one after the other, and records each change of them as an
/// Event. What the status said before is on the server, so a restart records nothing twice. A status that somebody
/// else replaces is written again, each time after a longer wait: two shards that disagree must not keep the API server
/// busy.
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
)
{
    private const string Manager = "reconciler";
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(30);
    private static readonly ResourceType<ClusterResource> Type = ClusterResource.Types["VendorDefinition"];

    // However many definitions wait, they take one place in the background, so that memberships' statuses go on.
    private readonly Lock _gate = new();
    private readonly Queue<string> _waiting = new();
    private readonly HashSet<string> _isWaiting = new(StringComparer.Ordinal);
    private readonly HashSet<string> _delayed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WrittenVerdict> _written = new(StringComparer.Ordinal);
    private bool _isWriting;

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
        lock (_gate)
        {
            if (_isWaiting.Add(name))
                _waiting.Enqueue(name);
            if (_isWriting)
                return;
            _isWriting = true;
        }

        background.Start("VendorDefinitions", null, WriteWaitingAsync);
    }

    private async Task WriteWaitingAsync()
    {
        while (Next() is { } name)
        {
            try
            {
                await WriteAsync(name);
            }
            catch (KubernetesException failed)
            {
                OperatorLog.NotWritten(logger, $"VendorDefinition {name}", failed.Message);
                RefreshAfter(name, Retry);
            }
            catch (Exception unforeseen)
            {
                // A bug over one definition must not stop the others.
                var what = $"{unforeseen.GetType().Name}: {unforeseen.Message}";
                OperatorLog.Unforeseen(logger, $"VendorDefinition {name}: {what}");
                RefreshAfter(name, Retry);
            }
        }
    }

    private string? Next()
    {
        lock (_gate)
        {
            _isWriting = changes.IsOpen && _waiting.Count > 0;
            if (!_isWriting)
                return null;
            var name = _waiting.Dequeue();
            _isWaiting.Remove(name);
            return name;
        }
    }

    // A definition has one delayed attempt at most, however often one is asked for.
    private void RefreshAfter(string name, TimeSpan delay)
    {
        lock (_gate)
        {
            if (!_delayed.Add(name))
                return;
        }

        _ = Task.Delay(delay, clock)
            .ContinueWith(
                _ => changes.Post(() => RefreshDelayed(name)),
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default
            );
    }

    private void RefreshDelayed(string name)
    {
        lock (_gate)
            _delayed.Remove(name);
        if (vendors.Find(name) is not null)
            Refresh(name);
    }

    // With the newest definition, so that no status of an older one replaces a newer one's.
    private async Task WriteAsync(string name)
    {
        if (vendors.Find(name) is not { } definition)
        {
            _written.Remove(name);
            return;
        }

        var resource = definition.Resource;
        var conditions = definition.ConditionsOf(vendors.UseOf(definition, rules.BuiltIn));
        var patch = PatchOf(definition, conditions);
        if (patch.Count == 0)
            return;
        var verdict = new Verdict(resource.Metadata.Uid, resource.Metadata.Generation, conditions);
        var repeated = _written.GetValueOrDefault(name) is { } written && written.Verdict == verdict ? written : null;
        if (repeated is not null && repeated.NextAt - clock.GetUtcNow() is var wait && wait > TimeSpan.Zero)
        {
            RefreshAfter(name, wait);
            return;
        }

        if (!await PatchAsync(resource, patch))
            return;
        _written[name] = repeated?.Again(clock.GetUtcNow()) ?? new(verdict, 0, clock.GetUtcNow());
        if (repeated is not null)
            OperatorLog.VendorStatusReplaced(logger, name);
        else
            Tell(definition, conditions);
    }

    private JsonObject PatchOf(CheckedDefinition definition, Conditions conditions)
    {
        var resource = definition.Resource;
        var before = resource.Status is { ValueKind: JsonValueKind.Object } known ? JsonObject.Create(known)! : [];
        var after = (JsonObject)before.DeepClone();
        conditions.WriteTo(after, resource.Metadata.Generation ?? 0, clock.GetUtcNow());
        if (conditions.IsReady)
            after["digest"] = definition.Vendor!.DefinitionDigest;
        else
            after.Remove("digest");
        // Numbers made in code differ from parsed ones, so both sides are compared as parsed.
        return MergePatch.Between(before, (JsonObject)JsonNode.Parse(after.ToJsonString())!);
    }

    private async Task<bool> PatchAsync(ClusterResource resource, JsonObject patch)
    {
        var body = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["uid"] = resource.Metadata.Uid,
                ["resourceVersion"] = resource.Metadata.ResourceVersion,
            },
            ["status"] = patch,
        };
        try
        {
            vendors.SetStatus(
                await client.MergePatchStatusAsync(Type, resource.Key, body, Manager, CancellationToken.None)
            );
            return true;
        }
        catch (KubernetesException gone) when (gone.IsNotFound || gone.IsConflict)
        {
            // The object was changed or deleted, so the watch reports that and leads here again.
            return false;
        }
    }

    private void Tell(CheckedDefinition definition, Conditions conditions)
    {
        var (reason, message) = conditions.Ready;
        if (conditions.IsReady)
        {
            message = $"{message}; its digest is {definition.Vendor!.DefinitionDigest}";
            OperatorLog.VendorChanged(logger, definition.Name, message);
        }
        else
            OperatorLog.VendorRefused(logger, definition.Name, reason, Conditions.Cut(message, 2_000));
        events.OfDefinition(definition.Resource, conditions.IsReady, reason, message);
    }

    private sealed record Verdict(string? Uid, long? Generation, Conditions Conditions);

    // A status that is replaced for the first time is written again at once. Each further time waits longer, from five
    // seconds up to ten minutes.
    private sealed record WrittenVerdict(Verdict Verdict, int Repeats, DateTimeOffset NextAt)
    {
        private static readonly TimeSpan First = TimeSpan.FromSeconds(5);
        private static readonly TimeSpan Most = TimeSpan.FromMinutes(10);

        public WrittenVerdict Again(DateTimeOffset now)
        {
            var repeats = Math.Min(Repeats + 1, 8);
            var wait = First * Math.Pow(2, repeats - 1);
            return this with { Repeats = repeats, NextAt = now + (wait < Most ? wait : Most) };
        }
    }
}

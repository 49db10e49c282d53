using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Hosts.Operator.Status;

/// <summary>
/// A membership's status as this process knows it: what the server has, and what is still to be written. The server's copy counts: whoever
/// else has written it since (another replica, a restore) is noticed before anything is done at a vendor.
/// </summary>
internal sealed class MembershipRecord
{
    private static long _versions;
    private readonly Lock _gate = new();
    private ImmutableArray<LedgerSlot> _slots = [];
    private ProjectKey? _current;

    public MembershipRecord(ClusterResource resource) => Take(resource);

    public ObjectKey Key { get; private set; }

    public string Uid { get; private set; } = "";

    /// <summary>The resource as last seen.</summary>
    public ClusterResource Latest { get; private set; } = null!;

    /// <summary>The version that <see cref="Server"/> is of: a write must start from it.</summary>
    public string? ResourceVersion { get; private set; }

    /// <summary>The status on the server.</summary>
    public JsonElement? Server { get; private set; }

    /// <summary>How often an operator wrote the status.</summary>
    public long Revision { get; private set; }

    /// <summary>Why what the server has cannot be read; null where it can.</summary>
    public string? Unreadable { get; private set; }

    /// <summary>What was told of it last, so that the same trouble is told once.</summary>
    public (string Reason, string Note)? LastNews { get; set; }

    /// <summary>One write at a time.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>What is remembered: first the project that is declared, then those that were.</summary>
    public ImmutableArray<LedgerSlot> Slots
    {
        get
        {
            lock (_gate) return _slots;
        }
    }

    /// <summary>What is remembered of the project that is declared; null where nothing is.</summary>
    public LedgerSlot? Current
    {
        get
        {
            lock (_gate) return _current is null ? null : _slots.FirstOrDefault(s => s.Project == _current);
        }
    }

    /// <summary>A version that no slot has had: versions of one reading are none of another.</summary>
    public static long NextVersion() => Interlocked.Increment(ref _versions);

    public LedgerSlot? SlotOf(ProjectKey project) => Slots.FirstOrDefault(s => s.Project == project);

    public static string? TextOf(ClusterResource resource, string field) =>
        resource.Status is { ValueKind: JsonValueKind.Object } status && status.TryGetProperty(field, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    public static long RevisionOf(ClusterResource resource) =>
        resource.Status is { ValueKind: JsonValueKind.Object } status && status.TryGetProperty("ledger", out var ledger) && ledger.TryGetProperty("revision", out var revision) ? revision.GetInt64() : 0;

    /// <summary>Notes how the resource stands. A status that somebody else wrote since is taken over; an older one is an old piece of news.</summary>
    public void Observe(ClusterResource resource)
    {
        Latest = resource;
        var revision = RevisionOf(resource);
        if (revision > Revision) Take(resource);
        else if (revision == Revision) (ResourceVersion, Server) = (resource.Metadata.ResourceVersion, resource.Status);
    }

    /// <summary>Takes over what the server has, whatever was known before.</summary>
    public void Take(ClusterResource resource)
    {
        lock (_gate)
        {
            (Latest, Key, Uid) = (resource, resource.Key, resource.Metadata.Uid ?? "");
            (ResourceVersion, Server, Revision) = (resource.Metadata.ResourceVersion, resource.Status, RevisionOf(resource));
            (Unreadable, _slots, _current) = (null, [], null);
            try
            {
                Read(NextVersion());
            }
            catch (Exception broken) when (broken is JsonException or FormatException or KeyNotFoundException or InvalidOperationException or ArgumentException or InvalidDataException)
            {
                Unreadable = $"the ledger in its status cannot be read ({broken.Message}); restore it, or remove it with: kubectl patch … --subresource=status, and everybody who is declared is adopted anew";
            }
        }
    }

    /// <summary>What was written is what the server has now.</summary>
    public void Written(ClusterResource resource) =>
        (Latest, ResourceVersion, Server, Revision) = (resource, resource.Metadata.ResourceVersion, resource.Status, RevisionOf(resource));

    /// <summary>Replaces what is remembered of a project.</summary>
    public void Set(LedgerSlot slot)
    {
        lock (_gate)
        {
            var at = _slots.IndexOf(_slots.FirstOrDefault(s => s.Project == slot.Project)!);
            _slots = at < 0 ? _slots.Add(slot) : _slots.SetItem(at, slot);
        }
    }

    /// <summary>Forgets a project that is not declared any more.</summary>
    public void Drop(ProjectKey project)
    {
        lock (_gate) _slots = _slots.RemoveAll(s => s.Project == project);
    }

    /// <summary>
    /// The membership declares this project now. The one before stays remembered while its people are to be taken out; where they stay, it is
    /// nobody's business any more.
    /// </summary>
    /// <returns>What was forgotten; null where nothing was.</returns>
    public LedgerSlot? Declare(ProjectKey project)
    {
        lock (_gate)
        {
            var before = _current is null || _current == project ? null : _slots.FirstOrDefault(s => s.Project == _current);
            _current = project;
            if (!_slots.Any(s => s.Project == project)) _slots = _slots.Add(new(project, null) { Version = NextVersion() });
            if (before is null || before.Ledger?.Applied?.DeletionPolicy == DeletionPolicy.Revoke) return null;
            _slots = _slots.Remove(before);
            return before.Ledger is null ? null : before;
        }
    }

    /// <summary>The parts of the status that hold the ledger.</summary>
    /// <exception cref="Core.Ports.LedgerException">There is more than a status can hold.</exception>
    public void WriteLedger(JsonObject status, long revision)
    {
        var (slots, current) = (Slots, Current);
        var ledger = current is null ? [] : LedgerStatus.Write(current);
        ledger["revision"] = revision;
        status["ledger"] = ledger;
        if (current is not null) status["project"] = ProjectOf(current);
        var former = slots.Where(s => s.Project != current?.Project).ToList();
        if (former.Count == 0) status.Remove("former");
        else status["former"] = new JsonArray([.. former.Select(s => new JsonObject { ["project"] = ProjectOf(s), ["ledger"] = LedgerStatus.Write(s) })]);
    }

    private static JsonObject ProjectOf(LedgerSlot slot)
    {
        var project = new JsonObject { ["type"] = slot.Project.VendorType, ["baseUrl"] = slot.Project.BaseUrl, ["projectId"] = slot.Project.ProjectId };
        if (slot.Name is { } name) project["name"] = name;
        return project;
    }

    private void Read(long version)
    {
        if (Server is not { ValueKind: JsonValueKind.Object } status) return;
        if (status.TryGetProperty("project", out var project) && status.TryGetProperty("ledger", out var ledger))
        {
            var slot = Slot(project, ledger, version);
            (_slots, _current) = ([slot], slot.Project);
        }

        if (!status.TryGetProperty("former", out var former)) return;
        foreach (var one in former.EnumerateArray()) _slots = _slots.Add(Slot(one.GetProperty("project"), one.GetProperty("ledger"), version));
    }

    private static LedgerSlot Slot(JsonElement project, JsonElement ledger, long version)
    {
        var key = new ProjectKey(project.GetProperty("type").GetString()!, project.GetProperty("baseUrl").GetString()!, project.GetProperty("projectId").GetString()!);
        return LedgerStatus.Read(key, ledger) with { Name = project.TryGetProperty("name", out var name) ? name.GetString() : null, Version = version };
    }
}

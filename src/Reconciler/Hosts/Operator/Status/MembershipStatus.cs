using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reconciler.Core.Membership;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Hosts.Operator.Status;

/// <summary>
/// A membership's status as this process knows it: what the server has, and what is still to be written. The server's copy counts: whoever
/// else has written it since (another replica, a restore) is noticed before anything is done at a vendor.
/// </summary>
internal sealed class MembershipStatus
{
    private const int MostFormer = 10;
    private static long _versions;
    private readonly Lock _gate = new();
    private readonly Dictionary<ProjectKey, ClusterResource> _planned = [];
    private readonly HashSet<(ProjectKey, RemovalCount)> _kept = [];
    private ImmutableArray<ProjectLedgerEntry> _slots = [];
    private ProjectKey? _current;

    public MembershipStatus(ClusterResource resource) => Take(resource);

    public ObjectKey Key { get; private set; }

    public string Uid { get; private set; } = "";

    /// <summary>The resource as last seen, without what it asks for and its status: thousands are kept.</summary>
    public ClusterResource Latest { get; private set; } = null!;

    /// <summary>The version that <see cref="Server"/> is of: a write must start from it.</summary>
    public string? ResourceVersion { get; private set; }

    /// <summary>The status on the server.</summary>
    public JsonElement? Server { get; private set; }

    /// <summary>How often an operator wrote the status.</summary>
    public long Revision { get; private set; }

    /// <summary>Why what the server has cannot be read; null where it can.</summary>
    public string? Unreadable { get; private set; }

    /// <summary>The project of a status whose ledger cannot be read: it stays this membership's.</summary>
    public ProjectKey? UnreadProject =>
        Unreadable is null
        || Server is not { ValueKind: JsonValueKind.Object } status
        || !status.TryGetProperty("project", out var project)
        || project.ValueKind != JsonValueKind.Object
            ? null
            : new(Word(project, "type"), AccountUrl.Normal(Word(project, "baseUrl")), Word(project, "projectId"));

    /// <summary>What its status says that nothing can be done for, as last written; null where it says something else.</summary>
    public (string Reason, string Message, long? Generation, string? RequestedAt)? Stall { get; set; }

    /// <summary>What keeps people of projects that it declared before from being taken out; said beside how the present one stands.</summary>
    public Dictionary<ProjectKey, Action<JsonObject, DateTimeOffset>> FormerTroubles { get; } = [];

    /// <summary>What was told of it last, so that the same trouble is told once.</summary>
    public (string Reason, string Note)? LastNews { get; set; }

    /// <summary>Whether the resource is gone from the cluster: what is remembered lives in this process alone.</summary>
    public bool IsGone { get; set; }

    /// <summary>Why the pass under way sends nothing: its outcome would not fit into the status. Null where it does.</summary>
    public string? TooLarge { get; set; }

    /// <summary>Whether the server was asked to delete it, also where nobody has looked at that yet. Set by a reflector.</summary>
    public bool IsDeletionSeen
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    }

    /// <summary>Whether this process let a deleted resource go: that it is gone is no surprise.</summary>
    public bool IsReleased { get; set; }

    /// <summary>Whether people were let in, and nobody has taken over or revoked what was granted.</summary>
    public bool HasGranted => Slots.Any(s => s.Ledger?.Applied is not null);

    /// <summary>One write at a time.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>What is remembered: first the project that is declared, then those that were.</summary>
    public ImmutableArray<ProjectLedgerEntry> Slots
    {
        get
        {
            lock (_gate)
                return _slots;
        }
    }

    /// <summary>What is remembered of the project that is declared; null where nothing is.</summary>
    public ProjectLedgerEntry? Current
    {
        get
        {
            lock (_gate)
                return _current is null ? null : _slots.FirstOrDefault(s => s.Project == _current);
        }
    }

    /// <summary>The resource that the pass under way over a project is about: what is about to be written must still be asked for as it was. Null where none is.</summary>
    public ClusterResource? PlannedOf(ProjectKey project)
    {
        lock (_gate)
            return _planned.GetValueOrDefault(project);
    }

    /// <summary>Removals of a forgotten project are counted elsewhere from now on.</summary>
    /// <returns>Whether they were not before.</returns>
    public bool Keep(ProjectKey project, RemovalCount removals)
    {
        lock (_gate)
            return _kept.Add((project, removals));
    }

    /// <summary>Whether removals of a project are counted elsewhere.</summary>
    public bool IsKept(ProjectKey project, RemovalCount removals)
    {
        lock (_gate)
            return _kept.Contains((project, removals));
    }

    /// <summary>A pass over a project begins, about this state of the resource; or is over.</summary>
    public void Plan(ProjectKey project, ClusterResource? resource)
    {
        lock (_gate)
        {
            if (resource is null)
                _planned.Remove(project);
            else
                (_planned[project], TooLarge) = (resource, null);
        }
    }

    /// <summary>A version that no slot has had: versions of one reading are none of another.</summary>
    public static long NextVersion() => Interlocked.Increment(ref _versions);

    public ProjectLedgerEntry? SlotOf(ProjectKey project) => Slots.FirstOrDefault(s => s.Project == project);

    /// <summary>The shard that wrote the status; null where none did.</summary>
    public string? Shard =>
        Server is { ValueKind: JsonValueKind.Object } status && Word(status, "shard") is { Length: > 0 } shard
            ? shard
            : null;

    public static string? TextOf(ClusterResource resource, string field) =>
        resource.Status is { ValueKind: JsonValueKind.Object } status
        && status.TryGetProperty(field, out var text)
        && text.ValueKind == JsonValueKind.String
            ? text.GetString()
            : null;

    public static long RevisionOf(ClusterResource resource) =>
        resource.Status is { ValueKind: JsonValueKind.Object } status
        && status.TryGetProperty("ledger", out var ledger)
        && ledger.ValueKind == JsonValueKind.Object
        && ledger.TryGetProperty("revision", out var revision)
        && revision.ValueKind == JsonValueKind.Number
        && revision.TryGetInt64(out var number)
            ? number
            : 0;

    /// <summary>
    /// Notes how the resource stands. A status that somebody else wrote since is taken over, and so is any other where the one that is known cannot be
    /// read: whoever mends it by hand counts no revisions. An older one is an old piece of news.
    /// </summary>
    public void Observe(ClusterResource resource)
    {
        lock (_gate)
            ObserveNow(resource);
    }

    private void ObserveNow(ClusterResource resource)
    {
        Latest = Headless(resource);
        var revision = RevisionOf(resource);
        if (revision > Revision || (Unreadable is not null && resource.Metadata.ResourceVersion != ResourceVersion))
            Take(resource);
        else if (revision == Revision)
            (ResourceVersion, Server) = (resource.Metadata.ResourceVersion, resource.Status);
    }

    /// <summary>Takes over what the server has, whatever was known before.</summary>
    public void Take(ClusterResource resource)
    {
        lock (_gate)
        {
            (Latest, Key, Uid) = (Headless(resource), resource.Key, resource.Metadata.Uid ?? "");
            (ResourceVersion, Server, Revision) = (
                resource.Metadata.ResourceVersion,
                resource.Status,
                RevisionOf(resource)
            );
            Stall = null;
            ReadServer();
        }
    }

    /// <summary>What could not be written is not remembered: as if the process had died before.</summary>
    public void Restore()
    {
        lock (_gate)
        {
            var declared = _current;
            ReadServer();
            if (declared is null || Unreadable is not null)
                return;
            _current = declared;
            if (!_slots.Any(s => s.Project == declared))
                _slots = _slots.Add(new(declared, null) { Version = NextVersion() });
        }
    }

    /// <summary>What was written is what the server has now.</summary>
    public void Written(ClusterResource resource)
    {
        lock (_gate)
            (Latest, ResourceVersion, Server, Revision) = (
                Headless(resource),
                resource.Metadata.ResourceVersion,
                resource.Status,
                RevisionOf(resource)
            );
    }

    /// <summary>The very state that is known already came once more, as news: one copy of it is enough.</summary>
    public void Share(ClusterResource resource)
    {
        lock (_gate)
        {
            if (resource.Metadata.ResourceVersion == ResourceVersion && resource.Metadata.Uid == Uid)
                Server = resource.Status;
        }
    }

    /// <summary>Replaces what is remembered of a project.</summary>
    public void Set(ProjectLedgerEntry slot)
    {
        lock (_gate)
        {
            var at = _slots.IndexOf(_slots.FirstOrDefault(s => s.Project == slot.Project)!);
            _slots = at < 0 ? _slots.Add(slot) : _slots.SetItem(at, slot);
        }
    }

    /// <summary>Takes over what another membership remembers of a project that this one declares now.</summary>
    /// <param name="slot">What the other one remembers. Its removals stay with it, so that they count once.</param>
    public void TakeOver(ProjectLedgerEntry slot) => Set(slot with { Removals = [], Version = NextVersion() });

    /// <summary>Forgets a project.</summary>
    /// <returns>What was remembered: its removals still count.</returns>
    public ProjectLedgerEntry? Drop(ProjectKey project)
    {
        lock (_gate)
        {
            var slot = _slots.FirstOrDefault(s => s.Project == project);
            if (slot is not null)
                _slots = _slots.Remove(slot);
            return slot;
        }
    }

    /// <summary>The membership declares this project now. The one before stays remembered until it is forgotten or its people are out.</summary>
    /// <returns>Projects of which nothing is remembered any more but removals.</returns>
    public ImmutableArray<ProjectLedgerEntry> Declare(ProjectKey project)
    {
        lock (_gate)
        {
            _current = project;
            if (!_slots.Any(s => s.Project == project))
                _slots = _slots.Add(new(project, null) { Version = NextVersion() });
            ImmutableArray<ProjectLedgerEntry> forgotten =
            [
                .. _slots.Where(s => s.Project != project && s.Ledger is null),
            ];
            _slots = _slots.RemoveRange(forgotten);
            return [.. forgotten.Where(s => !s.Removals.IsEmpty)];
        }
    }

    /// <summary>The parts of the status that hold the ledger.</summary>
    /// <exception cref="Core.Ports.LedgerException">There is more than a status can hold.</exception>
    public void WriteLedger(JsonObject status, long revision)
    {
        // What cannot be read is somebody's memory all the same: it stays as it is.
        if (Unreadable is not null)
            return;
        var (slots, current) = (Slots, Current);
        var ledger = current is null ? [] : LedgerStatus.Write(current);
        ledger["revision"] = revision;
        status["ledger"] = ledger;
        if (current is not null)
            status["project"] = StatusLedgers.ProjectOf(current);
        var former = slots.Where(s => s.Project != current?.Project).ToList();
        if (former.Count > MostFormer)
            throw new Core.Ports.LedgerException(
                $"it declared {former.Count} other projects before, whose people are still in; declare one of them again, or wait until they are out"
            );
        if (former.Count == 0)
            status.Remove("former");
        else
            status["former"] = new JsonArray([
                .. former.Select(s => new JsonObject
                {
                    ["project"] = StatusLedgers.ProjectOf(s),
                    ["ledger"] = LedgerStatus.Write(s),
                }),
            ]);
    }

    private static ClusterResource Headless(ClusterResource resource)
    {
        resource.NoteManager();
        ClusterResource.Slim(resource.Metadata);
        return resource with { Spec = null, Status = null, Other = null };
    }

    private static string Word(JsonElement of, string name) =>
        of.TryGetProperty(name, out var word) && word.ValueKind == JsonValueKind.String ? word.GetString()! : "";

    private void ReadServer()
    {
        (Unreadable, _slots, _current) = (null, [], null);
        try
        {
            (_slots, _current) = StatusLedgers.Read(Server, NextVersion());
        }
        catch (Exception broken)
            when (broken
                    is JsonException
                        or FormatException
                        or KeyNotFoundException
                        or InvalidOperationException
                        or ArgumentException
                        or InvalidDataException
            )
        {
            Unreadable =
                $"the ledger in its status cannot be read ({broken.Message}); put the status back from a backup, or delete the resource with deletionPolicy: orphan and apply it again: everybody who is declared is adopted then";
        }
    }
}

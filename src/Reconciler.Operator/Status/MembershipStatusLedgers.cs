using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reconciler.Core.Membership;

namespace Reconciler.Operator.Status;

/// <content>The ledgers in a status, and how they change.</content>
internal sealed partial record MembershipStatus
{
    private const int MostFormer = 10;

    /// <summary>With another ledger of a project.</summary>
    public MembershipStatus With(ProjectLedgerEntry entry)
    {
        var known = EntryOf(entry.Project);
        return this with { Entries = known is null ? Entries.Add(entry) : Entries.Replace(known, entry) };
    }

    /// <summary>
    /// With the ledger of another membership whose project this one declares now. Its removals stay there, so that they
    /// count once.
    /// </summary>
    public MembershipStatus WithTakenOver(ProjectLedgerEntry entry, long version) =>
        With(entry with { Removals = [], Version = version });

    /// <summary>Without the ledger of a project.</summary>
    public MembershipStatus Without(ProjectKey project) =>
        this with
        {
            Entries = Entries.RemoveAll(e => e.Project == project),
        };

    /// <summary>
    /// With a declared project. The one before keeps its ledger until its people are out; of a project without a ledger
    /// nothing is kept.
    /// </summary>
    /// <returns>The status, and what was dropped: its removals still count.</returns>
    public (MembershipStatus Status, ImmutableArray<ProjectLedgerEntry> Dropped) WithDeclared(
        ProjectKey project,
        long version
    )
    {
        var declared = WithEntryFor(project, version) with { Declared = project };
        ImmutableArray<ProjectLedgerEntry> dropped =
        [
            .. declared.Entries.Where(e => e.Project != project && e.Ledger is null),
        ];
        return (
            declared with
            {
                Entries = declared.Entries.RemoveRange(dropped),
            },
            [.. dropped.Where(e => !e.Removals.IsEmpty)]
        );
    }

    /// <summary>Writes the ledgers into a status.</summary>
    /// <param name="status">The status, as it is sent.</param>
    /// <exception cref="Reconciler.Core.Ports.LedgerException">There is more than a status can hold.</exception>
    public void WriteLedgers(JsonObject status)
    {
        // A ledger that cannot be read may be repaired by hand, so it stays as it is.
        if (Unreadable is not null)
            return;
        var ledger = Current is null ? [] : LedgerStatus.Write(Current);
        ledger["revision"] = Revision;
        status["ledger"] = ledger;
        if (Current is not null)
            status["project"] = StatusLedgers.ProjectOf(Current);
        var former = Entries.Where(e => e.Project != Current?.Project).ToList();
        if (former.Count > MostFormer)
            throw new Reconciler.Core.Ports.LedgerException(
                $"it declared {former.Count} other projects before, whose people are still in; "
                    + "declare one of them again, or wait until they are out"
            );
        if (former.Count == 0)
            status.Remove("former");
        else
            status["former"] = new JsonArray([
                .. former.Select(e => new JsonObject
                {
                    ["project"] = StatusLedgers.ProjectOf(e),
                    ["ledger"] = LedgerStatus.Write(e),
                }),
            ]);
    }

    private MembershipStatus WithEntryFor(ProjectKey project, long version) =>
        EntryOf(project) is null ? With(new(project, null) { Version = version }) : this;

    /// <summary>Whether an exception says that the ledgers in a status are not as an operator writes them.</summary>
    internal static bool IsUnreadable(Exception broken) =>
        broken
            is JsonException
                or FormatException
                or KeyNotFoundException
                or InvalidOperationException
                or ArgumentException
                or InvalidDataException;

    private MembershipStatus WithServerLedgers(long version)
    {
        try
        {
            var (entries, declared) = StatusLedgers.Read(Server, version);
            return this with { Entries = entries, Declared = declared, Unreadable = null };
        }
        catch (Exception broken) when (IsUnreadable(broken))
        {
            return this with
            {
                Entries = [],
                Declared = null,
                Unreadable =
                    $"the state in its status cannot be read ({broken.Message}); put the status back from a backup, "
                    + "or delete the resource with deletionPolicy: orphan and apply it again: "
                    + "everybody who is declared is adopted then",
            };
        }
    }
}

using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;

namespace Reconciler.Engine.Reviews;

/// <summary>When a person's current access in a project was granted, and by which plan.</summary>
/// <param name="Since">The time of the first grant after the person last had no access.</param>
/// <param name="ChangedAt">The time of the last change; null where there was none.</param>
/// <param name="Plan">The digest of the plan that last granted or changed it.</param>
internal sealed record Granted(DateTimeOffset? Since, DateTimeOffset? ChangedAt, string Plan);

/// <summary>Replays the audit trail from its beginning, to find the current grant of each person.</summary>
internal sealed class GrantHistory
{
    private readonly Dictionary<(ProjectKey Project, string Person), Granted> _granted = [];

    /// <summary>Replays an audit trail.</summary>
    /// <param name="trail">The audit trail, in any order.</param>
    public GrantHistory(IEnumerable<AuditEntry> trail)
    {
        // Entries with the same time keep the order of their run, in which grants come before removals.
        foreach (
            var entry in trail
                .Where(e => e.Outcome is AuditOutcome.Done or AuditOutcome.SettledDone && e.Person.Length > 0)
                .OrderBy(e => e.At)
        )
            Add(entry);
    }

    /// <summary>
    /// The grant of a person in a project, for the first of the given keys that the trail contains; null where it
    /// contains none.
    /// </summary>
    public Granted? Of(ProjectKey project, IEnumerable<string> keys)
    {
        foreach (var key in keys)
        {
            if (_granted.TryGetValue((project, key), out var granted))
                return granted;
        }

        return null;
    }

    private void Add(AuditEntry entry)
    {
        var key = (entry.Project, EmailAddress.KeyOf(entry.Person));
        var before = _granted.GetValueOrDefault(key);
        switch (entry.Action)
        {
            // Revoking a left-over invitation takes nothing from a member.
            case "remove":
            case "revoke" when entry.CountsAsRemoval:
                _granted.Remove(key);
                break;
            case "invite":
                _granted[key] = new(entry.At, null, entry.Plan);
                break;
            case "update" or "replace":
                _granted[key] = new(before?.Since, entry.At, entry.Plan);
                break;
        }
    }
}

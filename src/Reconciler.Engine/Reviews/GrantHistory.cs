using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;

namespace Reconciler.Engine.Reviews;

/// <summary>When somebody's access in a project began, and which plan gave it as it is.</summary>
/// <param name="Since">When it was first granted since the person last had none.</param>
/// <param name="ChangedAt">When it was changed last; null where it was not.</param>
/// <param name="Plan">The digest of the plan that granted or changed it last.</param>
internal sealed record Granted(DateTimeOffset? Since, DateTimeOffset? ChangedAt, string Plan);

/// <summary>The audit trail, read from its beginning: what is true of each person at its end.</summary>
internal sealed class GrantHistory
{
    private readonly Dictionary<(ProjectKey Project, string Person), Granted> _granted = [];

    /// <summary>Reads a trail.</summary>
    /// <param name="trail">The audit trail, in any order.</param>
    public GrantHistory(IEnumerable<AuditEntry> trail)
    {
        // What was noted at one moment keeps the order of its pass: grants come before what takes away.
        foreach (
            var entry in trail
                .Where(e => e.Outcome is AuditOutcome.Done or AuditOutcome.SettledDone && e.Person.Length > 0)
                .OrderBy(e => e.At)
        )
            Add(entry);
    }

    /// <summary>
    /// What the trail says of the first of some spellings of a person that it knows; null where it knows none.
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
            // A left-over invitation that is revoked takes nothing from a member.
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

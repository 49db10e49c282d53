using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Planning;

/// <summary>
/// Computes when a project needs a reconcile before its interval is over: to send a mail, or because an invitation or
/// an access ends.
/// </summary>
public static class DueTimes
{
    /// <summary>Returns the next such time; null if there is none.</summary>
    /// <param name="project">The project as declared.</param>
    /// <param name="ledger">The ledger after the last reconcile.</param>
    /// <param name="now">Only later times count, because the last reconcile has handled what was due.</param>
    public static DateTimeOffset? Next(DesiredProject project, ProjectLedger ledger, DateTimeOffset now)
    {
        DateTimeOffset? next = null;
        foreach (var member in project.Members)
            Consider(member.ExpiresAt);
        var rules = project.Invitations;
        foreach (var person in ledger.People.Where(p => p.State == PersonState.Invited))
        {
            Consider(person.CountingFrom + rules.ResendAfter);
            Consider(person.InvitedAt + rules.ExpireAfter);
        }

        return next;

        void Consider(DateTimeOffset? due)
        {
            if (due > now && (next is null || due < next))
                next = due;
        }
    }
}

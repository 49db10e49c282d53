using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Planning;

/// <summary>
/// When something about a project falls due by time alone, whatever its interval: a mail, the end of an invitation, the
/// end of access.
/// </summary>
public static class DueTimes
{
    /// <summary>The next such time; null where nothing is coming.</summary>
    /// <param name="project">The project as declared.</param>
    /// <param name="ledger">What is remembered of it after its last pass.</param>
    /// <param name="now">Only later times count: what is due already was seen by the last pass.</param>
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

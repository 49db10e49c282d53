using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;

namespace Reconciler.Engine.Planning;

/// <summary>
/// Shares between the projects of a provider when a mail was last sent. Without it, a run that ends after one project's
/// reminder and before another project records it would make the next run send the reminder again.
/// </summary>
internal sealed class SharedMails
{
    private readonly Dictionary<string, PersonRecord> _last = new(StringComparer.Ordinal);

    /// <summary>Collects the last mails from the ledgers of one provider's projects.</summary>
    public SharedMails(IEnumerable<PlannedProject> projects)
    {
        foreach (var project in projects.Where(p => p.Plan is not null))
        {
            foreach (
                var invitation in project.Plan!.Live.Invitations.Where(i =>
                    i is { MailId: not null, State: InvitationState.Pending }
                )
            )
            {
                if (RecordOf(project, invitation) is not { State: PersonState.Invited, CountingFrom: { } from } record)
                    continue;
                if (!_last.TryGetValue(invitation.MailId!, out var last) || from > last.CountingFrom)
                    _last[invitation.MailId!] = record;
            }
        }
    }

    /// <summary>
    /// Plans a project again where another project has already sent the mail that this one would send.
    /// </summary>
    /// <param name="project">The project, planned with its own ledger only.</param>
    /// <param name="now">The time of the run.</param>
    public PlannedProject PlanAgainIfMailed(PlannedProject project, DateTimeOffset now)
    {
        var ledger = project.Memory.Ledger;
        foreach (
            var invitation in (project.Plan?.Actions ?? [])
                .Where(a => a.Kind == ActionKind.Resend)
                .Select(a => a.Invitation!)
        )
        {
            if (invitation.MailId is not { } mail || !_last.TryGetValue(mail, out var last))
                continue;
            var own = RecordOf(project, invitation);
            if (last.CountingFrom > (own?.CountingFrom ?? invitation.CreatedAt))
                ledger = Take(ledger, own, invitation, last);
        }

        if (ReferenceEquals(ledger, project.Memory.Ledger))
            return project;
        return project with
        {
            Plan = Planner.Plan(project.Project, project.Plan!.Live, ledger, now),
            Memory = project.Memory with { Ledger = ledger },
        };
    }

    private static PersonRecord? RecordOf(PlannedProject project, LiveInvitation invitation) =>
        project.Memory.Ledger.Of(EmailAddress.KeyOf(invitation.Email), invitation.PersonId);

    private static ProjectLedger Take(
        ProjectLedger ledger,
        PersonRecord? own,
        LiveInvitation invitation,
        PersonRecord last
    )
    {
        var known = own ?? new(invitation.Email) { PersonId = invitation.PersonId };
        var heard = known with
        {
            State = PersonState.Invited,
            InvitedAt = known.InvitedAt ?? invitation.CreatedAt,
            SentAt = last.SentAt ?? known.SentAt,
            SeenAt = last.SeenAt,
            Resends = Math.Max(known.Resends, last.Resends),
        };
        return ledger with
        {
            People =
            [
                .. ledger
                    .People.Where(p => !ReferenceEquals(p, own))
                    .Append(heard)
                    .OrderBy(p => p.Email, StringComparer.Ordinal),
            ],
        };
    }
}

using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Recording;

/// <summary>
/// Handles recent writes that the vendor confirmed but that its lists, which may lag, do not show yet. For a while they
/// count as done, so that nothing is sent twice. Once a list shows a write, only the list counts for it.
/// </summary>
public static class UnconfirmedWrites
{
    // Keep a revocation until its time is over: the list of members may lag more than the list of invitations.
    private static bool IsKept(WriteIntent write, LiveProject read) =>
        write.Kind == ActionKind.Revoke || !IsShown(write, read);

    /// <summary>Whether a list can show this kind of write.</summary>
    /// <param name="kind">What the write does.</param>
    public static bool CanBeSeen(ActionKind kind) => kind != ActionKind.Resend;

    /// <summary>Returns the writes that still count as done although no list shows them.</summary>
    /// <param name="written">The confirmed writes that the ledger holds.</param>
    /// <param name="read">The project as read.</param>
    /// <param name="since">Only writes after this time still count.</param>
    public static ImmutableArray<WriteIntent> Left(
        ImmutableArray<WriteIntent> written,
        LiveProject read,
        DateTimeOffset since
    ) => written.IsEmpty ? [] : [.. written.Where(w => w.At > since && IsKept(w, read))];

    /// <summary>Returns the project as it will be once its lists have caught up.</summary>
    /// <param name="read">The project as read.</param>
    /// <param name="believed">The confirmed writes that the lists do not show yet.</param>
    public static LiveProject Over(LiveProject read, ImmutableArray<WriteIntent> believed) =>
        believed.IsEmpty
            ? read
            : believed.Where(b => !IsShown(b, read)).Aggregate(read, Apply) with
            {
                Listed = read.ListedMembers,
            };

    /// <summary>
    /// Returns the ledger with people whose invitation was revoked and who turn out to have accepted it marked as
    /// owned; otherwise nothing would ever remove them.
    /// </summary>
    /// <param name="ledger">The ledger, with the confirmed writes that no list shows yet.</param>
    /// <param name="read">The project as read.</param>
    /// <param name="now">
    /// The time. A person who joins more than a day after the revocation was let in by somebody else.
    /// </param>
    public static ProjectLedger WithAccepted(ProjectLedger ledger, LiveProject read, DateTimeOffset now)
    {
        var revoked = ledger.Believed.Where(b =>
            b is { Kind: ActionKind.Revoke, CountsAsRemoval: true } && b.At > now - WriteIntent.UnknownFor
        );
        foreach (var write in revoked)
        {
            var effect = ActionEffect.Of(write, read);
            if (effect is not { Kind: EffectKind.Accepted, Member: { } member })
                continue;
            if (ledger.Of(EmailAddress.KeyOf(member.Email), member.PersonId) is not null)
                continue;
            var record = new PersonRecord(member.Email)
            {
                PersonId = member.PersonId,
                Owned = true,
                State = PersonState.Member,
            };
            ledger = ledger with
            {
                People = [.. ledger.People.Append(record).OrderBy(p => p.Email, StringComparer.Ordinal)],
            };
        }

        return ledger;
    }

    private static bool IsShown(WriteIntent write, LiveProject read) =>
        ActionEffect.Of(write, read).Kind != EffectKind.None || WasDeclined(write, read);

    private static bool WasDeclined(WriteIntent write, LiveProject read) =>
        write.Kind is ActionKind.Invite or ActionKind.Replace
        && read.Invitations.Any(i =>
            i.State == InvitationState.Declined
            && i.Id != write.InvitationId
            && EmailAddress.KeyOf(i.Email) == EmailAddress.KeyOf(write.Email)
            && i.CreatedAt >= write.At.AddMinutes(-5)
        );

    private static LiveProject Apply(LiveProject live, WriteIntent write) =>
        write.Kind switch
        {
            ActionKind.Invite or ActionKind.Replace => live with
            {
                Invitations = live.Invitations.RemoveAll(i => i.Id == write.InvitationId).Add(Invitation(write)),
            },
            ActionKind.Update => live with
            {
                Members = [.. live.Members.Select(m => m.MembershipId == write.MembershipId ? Updated(m, write) : m)],
            },
            ActionKind.Revoke => live with
            {
                Invitations = live.Invitations.RemoveAll(i => i.Id == write.InvitationId),
            },
            ActionKind.Remove => live with
            {
                Members = live.Members.RemoveAll(m => m.MembershipId == write.MembershipId),
            },
            _ => live,
        };

    private static LiveMember Updated(LiveMember member, WriteIntent write) =>
        member with
        {
            Access = member.Access.Without(write.Access!.ExcessOf(member.Access)).With(write.Access.Grants),
            Shown = member.Access,
        };

    private static LiveInvitation Invitation(WriteIntent write) =>
        new($"believed:{write.Email}", write.Email, write.Access!.Grants, InvitationState.Pending, write.At)
        {
            PersonId = write.PersonId,
            IsBelieved = true,
        };
}

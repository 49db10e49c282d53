using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;

namespace Reconciler.Engine.Tests.Model;

/// <summary>One project around one pass: what the vendor had before, what it has after, and what was sent.</summary>
internal sealed record Around(
    ModelWorld World,
    ModelAccount Account,
    ProjectPlan Plan,
    LiveProject Before,
    LiveProject After,
    ImmutableArray<Sent> Sent
)
{
    public DesiredProject Project => Plan.Project;

    public bool IsApproved => Plan.Release is not null;

    public bool Administers(Access access) => Account.Vendor.Access.Administers(access);

    /// <summary>Who lost an account, the only invitation, or administration.</summary>
    public IEnumerable<int> Losers()
    {
        var lost = Before
            .Members.Where(m =>
                After.Members.FirstOrDefault(a => a.MembershipId == m.MembershipId) is not { } left
                || (Administers(m.Access) && !Administers(left.Access))
            )
            .Select(m => Someone.Of(m.Email));
        var uninvited = Sent.Where(s => s is { IsDone: true, Action.Kind: ActionKind.Revoke })
            .Select(s => s.Action.Person)
            .Where(p =>
                !After.Members.Any(m => p.Is(m.Email, m.PersonId))
                && !After.Invitations.Any(i => i.State == InvitationState.Pending && p.Is(i.Email, i.PersonId))
            )
            .Select(p => p.Email is { } email ? Someone.Of(email.Text) : Someone.Of(p.Key[3..]));
        return lost.Concat(uninvited).Distinct();
    }

    /// <summary>Whom the vendor was asked to invite or add anew, whether it did or not.</summary>
    public IEnumerable<string> Newcomers() =>
        // The invitation of a replacement is sent as one, and is none of the plan.
        Sent.Where(s => s.Action.Kind == ActionKind.Invite)
            .Select(s => s.Action.Person.Key)
            .Where(key => Plan.Actions.Any(a => a.Kind == ActionKind.Invite && a.Person.Key == key))
            .Distinct(StringComparer.Ordinal);
}

/// <summary>What must hold after every pass, judged by what happened at the vendor.</summary>
internal static class Guards
{
    public static void Check(Around around)
    {
        OnlyWhatWasPlanned(around);
        Limits(around);
        Shielded(around);
        Ownership(around);
        Mails(around);
    }

    private static void OnlyWhatWasPlanned(Around around)
    {
        var allowed = around.Plan.Applicable.ToList();
        foreach (var sent in around.Sent)
        {
            if (!allowed.Exists(a => ReferenceEquals(a, sent.Action) || Follows(a, sent.Action)))
            {
                throw new BrokenException(
                    $"{around.Project.Id}: {sent.Action.Kind} {sent.Action.Email} was sent and is not in the plan"
                );
            }
        }

        foreach (
            var twice in around
                .Sent.Where(s => s.IsDone)
                .GroupBy(s => s.Action.Person.Key)
                .Where(g =>
                    g.Count(s => s.Action.Kind is ActionKind.Invite or ActionKind.Resend or ActionKind.Replace) > 1
                )
        )
        {
            throw new BrokenException($"{around.Project.Id}: {twice.Key} got two mails in one pass");
        }
    }

    // What is sent may be a part of what was planned: the invitation of a replacement, or the update or removal that is
    // due once the invited person has accepted.
    private static bool Follows(PlannedAction planned, PlannedAction sent) =>
        sent.Kind switch
        {
            ActionKind.Invite => planned.Kind is ActionKind.Invite or ActionKind.Replace && planned.Email == sent.Email,
            ActionKind.Update or ActionKind.Remove => planned.Kind is ActionKind.Revoke or ActionKind.Replace
                && Someone.Of(planned.Email) == Someone.Of(sent.Email),
            _ => false,
        };

    private static void Limits(Around around)
    {
        if (around.IsApproved)
            return;
        var (project, limits) = (around.Project, around.Project.Limits);
        var losers = around.Losers().Count();
        foreach (var limit in limits.ProjectRemovals)
        {
            if (limit.Count < losers)
                throw new BrokenException(
                    $"{project.Id}: {losers} people lost access; {limit.Source} allows {limit.Count}"
                );
            if (
                limit.Percent is { } percent
                && losers >= limit.PercentFrom
                && losers * 100 > percent * around.Before.Members.Length
            )
            {
                throw new BrokenException(
                    $"{project.Id}: {losers} of {around.Before.Members.Length} lost access; {limit.Source} allows {percent}%"
                );
            }
        }

        var newcomers = around.Newcomers().Count();
        foreach (var limit in limits.ProjectInvitations.Where(l => l.Count < newcomers))
        {
            throw new BrokenException(
                $"{project.Id}: {newcomers} people were invited; {limit.Source} allows {limit.Count}"
            );
        }

        var (before, after) = (Admins(around, around.Before), Admins(around, around.After));
        var least = limits.MinAdmins.Select(a => a.Count).DefaultIfEmpty().Max();
        if (after < before && after < least)
        {
            throw new BrokenException(
                $"{project.Id}: {after} of {before} administrators are left; at least {least} must be"
            );
        }

        var emptied = around.Before.Members.Any(m => !m.IsService) && !around.After.Members.Any(m => !m.IsService);
        if (limits.KeepsLastMember && emptied)
            throw new BrokenException($"{project.Id}: the last member is gone");
    }

    private static int Admins(Around around, LiveProject live) =>
        live.Members.Count(m => !m.IsService && around.Administers(m.Access));

    /// <summary>Whether an account is one that nothing may be taken from.</summary>
    public static bool IsShielded(DesiredProject project, LiveMember member) =>
        IsLeftAlone(project, member) || IsProtected(project, member);

    private static bool IsLeftAlone(DesiredProject project, LiveMember member) =>
        member.IsService || IsIgnored(project, member.Email);

    private static bool IsIgnored(DesiredProject project, string email) =>
        project.Provider.Spec.Ignore?.Any(p => p.Matches(EmailAddress.KeyOf(email))) == true;

    private static bool IsProtected(DesiredProject project, LiveMember member) =>
        member.IsVendorOwner
        || project.Provider.Spec.ActingAs?.Key == EmailAddress.KeyOf(member.Email)
        || project.Limits.Protected.Contains(EmailAddress.KeyOf(member.Email));

    private static void Shielded(Around around)
    {
        var project = around.Project;
        foreach (var member in around.Before.Members.Where(m => IsShielded(project, m)))
        {
            var after = around.After.Members.FirstOrDefault(m => m.MembershipId == member.MembershipId);
            if (IsLeftAlone(project, member) && after != member)
                throw new BrokenException($"{project.Id}: {member.Email} is ignored or a machine and was changed");
            var rises = after is not null && around.Administers(after.Access) && !around.Administers(member.Access);
            if (after is null || (!rises && !member.Access.Without(after.Access).IsNone))
                throw new BrokenException($"{project.Id}: {member.Email} is protected and lost something");
        }

        foreach (
            var sent in around.Sent.Where(s =>
                s.Action is { Kind: ActionKind.Revoke or ActionKind.Replace }
                && IsIgnored(project, s.Action.Invitation!.Email)
            )
        )
        {
            throw new BrokenException(
                $"{project.Id}: the invitation of {sent.Action.Invitation!.Email} is ignored and was revoked"
            );
        }
    }

    private static void Ownership(Around around)
    {
        var project = around.Project;
        foreach (
            var sent in around.Sent.Where(s =>
                s.IsDone
                && (
                    s.Action.Kind == ActionKind.Remove
                    || s.Action is { Kind: ActionKind.Revoke, CountsAsRemoval: true, GivesUp: false }
                )
            )
        )
        {
            var action = sent.Action;
            var (email, id) = (action.Member?.Email ?? action.Invitation!.Email, action.Member?.PersonId);
            if (project.Members.Any(m => m.Person.Is(email, id)))
                throw new BrokenException($"{project.Id}: {email} is declared and was removed");
            if (
                project.Removals.Any(r => r.Person.Is(email, id) || r.Person == action.Person)
                || project.Prune == PrunePolicy.All
            )
                continue;
            if (project.Prune == PrunePolicy.Never)
                throw new BrokenException($"{project.Id}: {email} was removed under never");
            if (!around.World.Known.Contains((project.ProjectId, Someone.Of(email))))
                throw new BrokenException($"{project.Id}: {email} was removed and was never owned");
        }
    }

    private static void Mails(Around around)
    {
        var (world, project) = (around.World, around.Project);
        foreach (
            var sent in around.Sent.Where(s =>
                s is { IsDone: true, Action.Kind: ActionKind.Invite or ActionKind.Resend or ActionKind.Replace }
            )
        )
        {
            var key = EmailAddress.KeyOf(sent.Action.Email);
            if (sent.Action.IsReminder)
                Reminder(around, key);
            else if (sent.Action.Kind == ActionKind.Invite)
                Invitation(around, sent.Action, key);
            if (!sent.Action.IsReminder)
                world.Mailed.Add((project.ProjectId, key));
        }
    }

    private static void Reminder(Around around, string key)
    {
        var rules = around.Project.Invitations;
        var mails = around.Account.Mails.Where(m => m.Project == around.Project.ProjectId && m.Email == key).ToList();
        if (rules.ResendAfter is not { } after)
            throw new BrokenException($"{around.Project.Id}: {key} got a reminder that nobody asked for");
        if (mails.Count < 2)
            return;
        if (mails[^1].At - mails[^2].At < after)
            throw new BrokenException(
                $"{around.Project.Id}: {key} got a mail {mails[^1].At - mails[^2].At} after the last, where {after} must pass"
            );
        var reminders = mails.Count - 1 - mails.FindLastIndex(m => !m.IsReminder);
        if (reminders > rules.MaxResends)
            throw new BrokenException(
                $"{around.Project.Id}: {key} got {reminders} reminders, where {rules.MaxResends} are allowed"
            );
    }

    private static void Invitation(Around around, PlannedAction action, string key)
    {
        var rules = around.Project.Invitations;
        if (
            rules.ReinviteDeclined
            || rules.ReinviteExpired
            || rules.ReinviteLeft
            || around.Account.Organisation is not null
        )
            return;
        if (around.World.Mailed.Contains((around.Project.ProjectId, key)))
            throw new BrokenException(
                $"{around.Project.Id}: {action.Email} was invited again, though nothing asked for it"
            );
    }

    /// <summary>The removals of one account within the windows of its limits, those of this pass among them.</summary>
    /// <param name="around">The account's projects.</param>
    /// <param name="now">The time.</param>
    /// <param name="removals">Everybody who lost something so far.</param>
    public static void Windows(
        IReadOnlyCollection<Around> around,
        DateTimeOffset now,
        IReadOnlyCollection<(DateTimeOffset At, string Project, int Person)> removals
    )
    {
        if (!around.Any(a => !a.IsApproved && a.Losers().Any()))
            return;
        foreach (var limit in around.SelectMany(a => a.Project.Limits.ProviderRemovals).Distinct())
        {
            var recent = removals
                .Where(r => r.At >= now - limit.Window)
                .Select(r => (r.Project, r.Person))
                .Distinct()
                .Count();
            if (recent > limit.Count)
                throw new BrokenException(
                    $"{recent} people lost access in {limit.Window} at one account; {limit.Source} allows {limit.Count}"
                );
        }
    }
}

/// <summary>Something that must always hold does not.</summary>
internal sealed class BrokenException(string message) : Exception(message);

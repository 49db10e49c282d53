using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;
using Reconciler.Core.Text;

namespace Reconciler.Core.Planning;

/// <summary>The plan rows for people whom no manifest declares.</summary>
internal static class UndeclaredRules
{
    public static bool Obey(PersonCase person, PersonDecision verdict)
    {
        if (person.Requested is not { } requested)
            return false;
        TakeAway(person, verdict, requested.Reason, [requested.Declared]);
        return true;
    }

    public static bool Prune(PersonCase person, PersonDecision verdict)
    {
        if (person.Member is null && person.Invitation is null)
            return true;
        switch (verdict.Project.Prune)
        {
            case PrunePolicy.All:
                TakeAway(person, verdict, "not declared; prune: all", [verdict.Project.Declared]);
                break;
            case PrunePolicy.Owned when person.Record?.Owned == true:
                TakeAway(
                    person,
                    verdict,
                    verdict.Project.IsDeleted
                        ? "the manifest was deleted; deletionPolicy: revoke"
                        : "not declared any more; prune: owned",
                    [verdict.Project.Declared]
                );
                break;
            case PrunePolicy.Owned when verdict.Ledger.Source == OwnershipSource.None:
                verdict.NotJudged.Add(person.Person.Key);
                break;
            case PrunePolicy.Owned when verdict.Project.IsDeleted:
                // The deleted manifest said nothing about people whom Reconciler did not grant access.
                break;
            default:
                Unmanaged(person, verdict);
                break;
        }

        return true;
    }

    private static void Unmanaged(PersonCase person, PersonDecision verdict)
    {
        var has = person.Member is { } member
            ? $"is a member with {member.Access}"
            : $"is invited with {person.Invitation!.Access}";
        verdict.Find(FindingKind.Unmanaged, person.Person, $"{has}, and no manifest declares the person");
    }

    private static void TakeAway(
        PersonCase person,
        PersonDecision verdict,
        string reason,
        ImmutableArray<Position> declared
    )
    {
        foreach (var member in person.Members)
            Remove(member, person, verdict, reason, declared);
        foreach (var invitation in person.Pending.Where(i => !Exceptions.IsIgnored(i.Email, verdict)))
            Revoke(invitation, person, verdict, reason, declared);
    }

    private static void Remove(
        LiveMember member,
        PersonCase person,
        PersonDecision verdict,
        string reason,
        ImmutableArray<Position> declared
    )
    {
        if (Exceptions.Shield(member, verdict) is { } why)
        {
            verdict.Find(
                FindingKind.Protected,
                person.Person,
                $"{reason}; the account {member.Email} {why}, so it stays"
            );
            return;
        }

        verdict.Do(
            new(ActionKind.Remove, Phase.Removal, person.Person, reason)
            {
                Email = member.Email,
                Member = member,
                Removed = member.Access,
                CountsAsRemoval = true,
                LosesAdmin = verdict.Project.Provider.Vendor.Access.Administers(member.Access),
                Declared = declared,
            }
        );
    }

    private static void Revoke(
        LiveInvitation invitation,
        PersonCase person,
        PersonDecision verdict,
        string reason,
        ImmutableArray<Position> declared
    )
    {
        if (WhyNotRevoked(invitation) is { } why)
        {
            verdict.Find(FindingKind.Manual, person.Person, $"{reason}; {why}");
            return;
        }

        verdict.Do(
            new(ActionKind.Revoke, Phase.Revocation, person.Person, reason)
            {
                Email = invitation.Email,
                Invitation = invitation,
                Removed = invitation.Access,
                CountsAsRemoval = true,
                Declared = declared,
            }
        );
    }

    private static string? WhyNotRevoked(LiveInvitation invitation)
    {
        if (invitation.IsBelieved)
        {
            return $"was invited on {PlanText.Date(invitation.CreatedAt)}, and no list shows the invitation yet: "
                + "run again in a few minutes, and it is revoked";
        }

        return invitation.NamesOtherProjects
            ? "the invitation names other projects too, so it is not revoked: revoke it by hand"
            : null;
    }
}

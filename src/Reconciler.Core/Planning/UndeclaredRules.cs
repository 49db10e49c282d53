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
    public static bool Obey(PersonCase person, PersonDecision decision)
    {
        if (person.Requested is not { } requested)
            return false;
        TakeAway(person, decision, new(requested.Reason, [requested.Declared]));
        return true;
    }

    public static bool Prune(PersonCase person, PersonDecision decision)
    {
        if (person.Member is null && person.Invitation is null)
            return true;
        switch (decision.Project.Prune)
        {
            case PrunePolicy.All:
                TakeAway(
                    person,
                    decision,
                    new("not declared; prune: all", [decision.Project.Declared], IsPruned: true)
                );
                break;
            case PrunePolicy.Owned when person.Record?.Owned == true:
                TakeAway(
                    person,
                    decision,
                    new(
                        decision.Project.IsDeleted
                            ? "the manifest was deleted; deletionPolicy: revoke"
                            : "not declared any more; prune: owned",
                        [decision.Project.Declared],
                        IsPruned: true
                    )
                );
                break;
            case PrunePolicy.Owned when decision.Ledger.Source == OwnershipSource.None:
                decision.NotJudged.Add(person.Person.Key);
                break;
            case PrunePolicy.Owned when decision.Project.IsDeleted:
                // The deleted manifest said nothing about people whom Reconciler did not grant access.
                break;
            default:
                Unmanaged(person, decision);
                break;
        }

        return true;
    }

    private static void Unmanaged(PersonCase person, PersonDecision decision)
    {
        var has = person.Member is { } member
            ? $"is a member with {member.Access}"
            : $"is invited with {person.Invitation!.Access}";
        decision.AddFinding(FindingKind.Unmanaged, person.Person, $"{has}, and no manifest declares the person");
    }

    /// <summary>Why somebody is taken away.</summary>
    /// <param name="Reason">The reason, in words.</param>
    /// <param name="Declared">The places that ask for it.</param>
    /// <param name="IsPruned">Whether it is because no entry declares the person any more.</param>
    private sealed record Cause(string Reason, ImmutableArray<Position> Declared, bool IsPruned = false);

    private static void TakeAway(PersonCase person, PersonDecision decision, Cause cause)
    {
        foreach (var member in person.Members)
            Remove(member, person, decision, cause);
        foreach (var invitation in person.Pending.Where(i => !Exceptions.IsIgnored(i.Email, decision)))
            Revoke(invitation, person, decision, cause);
    }

    private static void Remove(LiveMember member, PersonCase person, PersonDecision decision, Cause cause)
    {
        if (member.IsInherited)
        {
            decision.AddFinding(
                FindingKind.Manual,
                person.Person,
                $"{cause.Reason}; {NotManaged.WhyOf(NotManagedReason.Inherited)}: take them out there"
            );
            return;
        }

        if (Exceptions.Shield(member, decision) is { } why)
        {
            decision.AddFinding(
                FindingKind.Protected,
                person.Person,
                $"{cause.Reason}; the account {member.Email} {why}, so it stays"
            );
            return;
        }

        decision.Do(
            new(ActionKind.Remove, Phase.Removal, person.Person, cause.Reason)
            {
                Email = member.Email,
                Member = member,
                Note = member.HasInherited ? $"what comes from above stays: {member.Inherited}" : null,
                Removed = member.Access,
                CountsAsRemoval = true,
                LosesAdmin = decision.Project.Provider.Vendor.Access.Administers(member.Access),
                Declared = cause.Declared,
                IsPruned = cause.IsPruned,
            }
        );
    }

    private static void Revoke(LiveInvitation invitation, PersonCase person, PersonDecision decision, Cause cause)
    {
        if (WhyNotRevoked(invitation) is { } why)
        {
            decision.AddFinding(FindingKind.Manual, person.Person, $"{cause.Reason}; {why}");
            return;
        }

        decision.Do(
            new(ActionKind.Revoke, Phase.Revocation, person.Person, cause.Reason)
            {
                Email = invitation.Email,
                Invitation = invitation,
                Removed = invitation.Access,
                CountsAsRemoval = true,
                Declared = cause.Declared,
                IsPruned = cause.IsPruned,
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

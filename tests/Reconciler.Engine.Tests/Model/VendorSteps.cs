using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Testing.Core;

namespace Reconciler.Engine.Tests.Model;

/// <summary>What happens at a vendor without us: answers to invitations, and what people change by hand.</summary>
internal static class VendorSteps
{
    public static void Take(ModelWorld world)
    {
        var document = world.Chance.Of(world.Documents);
        switch (world.Chance.Below(16))
        {
            case < 7:
                Answer(world, document);
                break;
            case 7 or 8:
                Remove(world, document);
                break;
            case 9:
                Invite(world, document);
                break;
            case 10:
                Add(world, document);
                break;
            case 11:
                Change(world, document);
                break;
            case 12:
                Move(world, document);
                break;
            case 13:
                SecondAccount(world, document);
                break;
            case 14:
                Mark(world, document);
                break;
            default:
                Share(world, document);
                break;
        }
    }

    private static void Answer(ModelWorld world, ModelDocument document)
    {
        var account = document.Account;
        var pending = account
            .Projects[document.ProjectId]
            .Invitations.Where(i => i.State == InvitationState.Pending)
            .ToList();
        if (pending.Count == 0)
            return;
        var invitation = world.Chance.Of(pending);
        var answer = world.Chance.Below(10);
        world.Say(
            $"{document.Name}: {invitation.Email} "
                + $"{(answer < 5 ? "accepts" : answer < 8 ? "declines"
                    : account.ListsExpired ? "never answers, and the invitation expires"
                    : "never answers, and the invitation is gone")}"
        );
        // What was sent and not noted yet looks as if it had never been sent.
        if (answer >= 5)
            Forgive(world, account, invitation);
        var isInOrganisation =
            answer < 5
            && account.Organisation?.Add(EmailAddress.KeyOf(invitation.Email)) == true
            && world.Chance.Once(50);
        foreach (var id in account.Projects.Keys.ToList())
        {
            account.Change(
                id,
                live =>
                {
                    if (live.Invitations.FirstOrDefault(i => i.Id == invitation.Id) is not { } found)
                        return live;
                    var left = live with { Invitations = live.Invitations.Remove(found) };
                    if (answer >= 5)
                        return (answer < 8 ? account.ListsDeclined : account.ListsExpired)
                            ? left with
                            {
                                Invitations = left.Invitations.Add(
                                    found with
                                    {
                                        State = answer < 8 ? InvitationState.Declined : InvitationState.Expired,
                                    }
                                ),
                            }
                            : left;
                    return isInOrganisation || left.Members.Any(m => ModelAccount.Same(m.Email, found.Email))
                        ? left
                        : left with
                        {
                            Members = left.Members.Add(account.Member(found.Email, found.Access)),
                        };
                }
            );
        }
    }

    private static void Forgive(ModelWorld world, ModelAccount account, LiveInvitation invitation)
    {
        foreach (var document in world.Documents.Where(d => d.Account == account))
        {
            var open = world.Store[document.Resolve(world.Clock.GetUtcNow()).Key]?.Intents ?? [];
            if (open.Any(i => ModelAccount.Same(i.Email, invitation.Email)))
                world.Touch(document.ProjectId, Someone.Of(invitation.Email));
        }
    }

    private static LiveMember? Pick(ModelWorld world, ModelDocument document) =>
        document.Account.Projects[document.ProjectId].Members is { IsEmpty: false } members
            ? world.Chance.Of(members)
            : null;

    private static void Remove(ModelWorld world, ModelDocument document)
    {
        if (Pick(world, document) is not { } member)
            return;
        document.Account.Change(document.ProjectId, live => live with { Members = live.Members.Remove(member) });
        // Where the organisation keeps somebody, they are added again, since nobody can tell why they are absent.
        if (world.Chance.Once(60))
            document.Account.Organisation?.Remove(EmailAddress.KeyOf(member.Email));
        world.Say($"{document.Name}: {member.Email} leaves or is removed by hand");
    }

    private static void Invite(ModelWorld world, ModelDocument document)
    {
        var (account, email) = (
            document.Account,
            Someone.Address(world.Chance.Below(Someone.Count), world.Chance.Below(2))
        );
        if (account.Projects[document.ProjectId].Members.Any(m => ModelAccount.Same(m.Email, email)))
            return;
        var invitation = account.Invitation(email, account.Vendor.Grants(world.RandomWords(account)));
        account.Change(document.ProjectId, live => live with { Invitations = live.Invitations.Add(invitation) });
        account.Mails.Add(new(document.ProjectId, EmailAddress.KeyOf(email), world.Clock.GetUtcNow(), false));
        world.Say($"{document.Name}: {email} is invited by hand with {invitation.Access}");
    }

    private static void Add(ModelWorld world, ModelDocument document)
    {
        var (account, person) = (document.Account, world.Chance.Below(Someone.Count));
        if (account.Projects[document.ProjectId].Members.Any(m => Someone.Of(m.Email) == person))
            return;
        var member = account.Member(Someone.Address(person), account.Vendor.Grants(world.RandomWords(account)));
        account.Change(document.ProjectId, live => live with { Members = live.Members.Add(member) });
        account.Organisation?.Add(EmailAddress.KeyOf(member.Email));
        world.Say($"{document.Name}: {member.Email} is added by hand with {member.Access}");
    }

    private static void Change(ModelWorld world, ModelDocument document)
    {
        if (Pick(world, document) is not { } member)
            return;
        var changed = member with { Access = document.Account.Vendor.Grants(world.RandomWords(document.Account)) };
        document.Account.Change(
            document.ProjectId,
            live => live with { Members = live.Members.Replace(member, changed) }
        );
        world.Say($"{document.Name}: {member.Email} has {changed.Access} by hand");
    }

    private static void Move(ModelWorld world, ModelDocument document)
    {
        if (Pick(world, document) is not { } member)
            return;
        var email = Someone.Address(Someone.Of(member.Email), world.Chance.Below(3));
        if (document.Account.Move(member.Email, email))
            world.Say($"{document.Account.Name}: {member.Email} has the address {email} now");
    }

    private static void SecondAccount(ModelWorld world, ModelDocument document)
    {
        if (Pick(world, document) is not { } member)
            return;
        var (account, person) = (document.Account, Someone.Of(member.Email));
        var email = Someone.Address(person, 1);
        if (account.Projects[document.ProjectId].Members.Any(m => ModelAccount.Same(m.Email, email)))
            return;
        account.Change(
            document.ProjectId,
            live => live with { Members = live.Members.Add(account.Member(email, member.Access)) }
        );
        world.Say($"{document.Name}: {email} is a second account");
    }

    private static void Mark(ModelWorld world, ModelDocument document)
    {
        if (Pick(world, document) is not { } member)
            return;
        var isOwner = world.Chance.Once(50);
        document.Account.Change(
            document.ProjectId,
            live =>
                live with
                {
                    Members =
                    [
                        .. live.Members.Select(m =>
                            m == member
                                ? isOwner
                                    ? m with
                                    {
                                        IsVendorOwner = true,
                                    }
                                    : m with
                                    {
                                        IsService = true,
                                    }
                                : isOwner
                                    ? m with
                                    {
                                        IsVendorOwner = false,
                                    }
                                    : m
                        ),
                    ],
                }
        );
        world.Say($"{document.Name}: {member.Email} is {(isOwner ? "the vendor's Owner" : "a machine account")}");
    }

    private static void Share(ModelWorld world, ModelDocument document)
    {
        var (account, email) = (document.Account, Someone.Address(world.Chance.Below(Someone.Count)));
        var shared = account.Invitation(email, account.Vendor.Grants(world.RandomWords(account))) with
        {
            NamesOtherProjects = true,
        };
        foreach (var id in account.Projects.Keys.ToList())
        {
            if (account.Projects[id].Members.Any(m => ModelAccount.Same(m.Email, email)))
                continue;
            account.Change(id, live => live with { Invitations = live.Invitations.Add(shared) });
            account.Mails.Add(new(id, EmailAddress.KeyOf(email), world.Clock.GetUtcNow(), false));
        }

        world.Say($"{account.Name}: {email} is invited by hand to every project with {shared.Access}");
    }
}

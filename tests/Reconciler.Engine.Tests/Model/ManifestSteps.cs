using System.Collections.Immutable;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Testing.Model;

namespace Reconciler.Engine.Tests.Model;

/// <summary>What people commit: entries, policies, limits, documents.</summary>
internal static class ManifestSteps
{
    private static readonly TimeSpan[] Waits = [TimeSpan.FromHours(12), TimeSpan.FromDays(1), TimeSpan.FromDays(3)];

    /// <summary>One edit.</summary>
    public static void Take(ModelWorld world)
    {
        var document = world.Chance.Of(world.Documents);
        var person = world.Chance.Below(Someone.Count);
        if (!document.Exists)
        {
            document.Exists = true;
            world.Touch(document.ProjectId);
            world.Say($"declares {document.Name} again");
            return;
        }

        switch (world.Chance.Below(20))
        {
            case < 5:
                Declare(world, document, person);
                break;
            case < 7:
                Undeclare(world, document, person);
                break;
            case 7:
                Clear(world, document);
                break;
            case < 10:
                Reword(world, document, person);
                break;
            case 10:
                Expire(world, document, person);
                break;
            case 11:
                Depart(world, document, person);
                break;
            case 12:
                Rename(world, document, person);
                break;
            case 13:
                Protect(world, document, person);
                break;
            case 14:
                Ignore(world, document.Account, person);
                break;
            case 15:
                Prune(world, document);
                break;
            case 16:
                Limit(world, document);
                break;
            case 17 or 18:
                Invite(world, document);
                break;
            default:
                Dispose(world, document);
                break;
        }
    }

    // A deleted project is forgotten: if it is declared again, the count of its mails starts anew.
    private static void Delete(ModelDocument document)
    {
        document.Exists = false;
        document.Account.CountAnew(m => m.Project == document.ProjectId);
    }

    private static void Set(ModelWorld world, ModelDocument document, int person, Entry entry)
    {
        document.Entries[person] = entry;
        world.Touch(document.ProjectId, person);
        world.Say($"{document.Name} declares {person} as {entry}");
    }

    private static void Declare(ModelWorld world, ModelDocument document, int person) =>
        Set(
            world,
            document,
            person,
            new(
                world.Chance.Once(70) ? Naming.Address : world.Chance.Of(Enum.GetValues<Naming>()),
                world.RandomWords(document.Account)
            )
        );

    private static void Undeclare(ModelWorld world, ModelDocument document, int person)
    {
        if (!document.Entries.Remove(person))
            return;
        world.Touch(document.ProjectId, person);
        world.Say($"{document.Name} declares {person} no more");
    }

    // A merge that lost half of the file.
    private static void Clear(ModelWorld world, ModelDocument document)
    {
        foreach (var person in document.Entries.Keys.Where(_ => world.Chance.Once(60)).ToList())
            Undeclare(world, document, person);
    }

    private static void Reword(ModelWorld world, ModelDocument document, int person)
    {
        if (document.Entries.TryGetValue(person, out var entry))
            Set(world, document, person, entry with { Words = world.RandomWords(document.Account) });
    }

    private static void Expire(ModelWorld world, ModelDocument document, int person)
    {
        if (!document.Entries.TryGetValue(person, out var entry))
            return;
        Set(
            world,
            document,
            person,
            entry with
            {
                ExpiresAt = entry.ExpiresAt is null
                    ? world.Clock.GetUtcNow().AddDays(world.Chance.Between(-2, 10))
                    : null,
            }
        );
    }

    private static void Depart(ModelWorld world, ModelDocument document, int person)
    {
        if (document.Entries.TryGetValue(person, out var entry))
            Set(world, document, person, entry with { Departed = !entry.Departed });
    }

    private static void Rename(ModelWorld world, ModelDocument document, int person)
    {
        if (document.Entries.TryGetValue(person, out var entry))
            Set(world, document, person, entry with { Naming = world.Chance.Of(Enum.GetValues<Naming>()) });
    }

    public static void Protect(ModelWorld world, ModelDocument document, int person)
    {
        var key = EmailAddress.KeyOf(Someone.Address(person, world.Chance.Below(2)));
        var limits = document.Limits;
        var without = limits.Protected.Remove(key);
        document.Limits = limits with
        {
            Protected = without.Count < limits.Protected.Count ? without : limits.Protected.Add(key),
        };
        world.Say(
            $"{document.Name} protects {string.Join(", ", document.Limits.Protected.Order(StringComparer.Ordinal))}"
        );
    }

    public static void Ignore(ModelWorld world, ModelAccount account, int person)
    {
        var address = Someone.Address(person, world.Chance.Below(2));
        switch (world.Chance.Below(3))
        {
            case 0:
                account.Connect(address, account.Provider.Spec.ActingAs?.Text);
                break;
            case 1:
                account.Connect(account.Provider.Spec.Ignore?[0].Text, address);
                break;
            default:
                account.Connect(null, null);
                break;
        }

        world.Say(
            $"{account.Name} ignores "
                + $"{string.Join(", ", (account.Provider.Spec.Ignore ?? []).Select(p => p.Text))}, "
                + $"acts as {account.Provider.Spec.ActingAs?.Text}"
        );
    }

    private static void Prune(ModelWorld world, ModelDocument document)
    {
        document.Prune = world.Chance.Of(Enum.GetValues<PrunePolicy>());
        world.Say($"{document.Name}: prune {document.Prune}");
    }

    public static void Limit(ModelWorld world, ModelDocument document)
    {
        var limits = new Limits { Protected = document.Limits.Protected };
        var (count, chance) = (world.Chance.Between(1, 2), world.Chance);
        document.Limits = chance.Below(4) switch
        {
            0 => limits with { ProjectRemovals = [new("the Guardrail count", count, null, 1)] },
            1 => limits with { ProjectRemovals = [new("the Guardrail percent", null, 30, count)] },
            2 => limits with { MinAdmins = [new("the Guardrail admins", count)] },
            _ => limits with { KeepsLastMember = true, ProjectInvitations = [new("the Guardrail invitations", count)] },
        };
        document.Account.Limits = chance.Below(3) switch
        {
            0 => Limits.None,
            1 => Limits.BuiltIn,
            _ => Limits.None with
            {
                ProviderRemovals =
                [
                    new("the Guardrail window", chance.Between(1, 3), TimeSpan.FromHours(chance.Of<int>([1, 24]))),
                ],
            },
        };
        world.Say(
            $"{document.Name}: {Text(document.Limits)}; {document.Account.Name}: {Text(document.Account.Limits)}"
        );
    }

    private static string Text(Limits limits) =>
        string.Join(
            ", ",
            (IEnumerable<string>)
                [
                    .. limits.ProjectRemovals.Select(l => $"at most {l.Count} or {l.Percent}% from {l.PercentFrom}"),
                    .. limits.ProviderRemovals.Select(l => $"at most {l.Count} in {l.Window}"),
                    .. limits.ProjectInvitations.Select(l => $"at most {l.Count} invitations"),
                    .. limits.MinAdmins.Select(a => $"{a.Count} admins"),
                    .. limits.KeepsLastMember ? ["keeps the last"] : ImmutableArray<string>.Empty,
                ]
        );

    public static void Invite(ModelWorld world, ModelDocument document)
    {
        var chance = world.Chance;
        document.Invitations = new(
            chance.Once(75) ? chance.Of(Waits) : null,
            chance.Between(0, 2),
            chance.Once(40) ? TimeSpan.FromDays(chance.Between(2, 14)) : null,
            chance.Once(25),
            chance.Once(25),
            chance.Once(50) ? ResendBy.Vendor : ResendBy.Reinvite,
            null
        )
        {
            ReinviteExpired = chance.Once(25),
        };
        var rules = document.Invitations;
        world.Say(
            $"{document.Name}: resends after {rules.ResendAfter} up to {rules.MaxResends} by "
                + $"{rules.ResendBy}, gives up after {rules.ExpireAfter}, "
                + $"reinvites declined {rules.ReinviteDeclined}, expired {rules.ReinviteExpired}, left {rules.ReinviteLeft}"
        );
    }

    private static void Dispose(ModelWorld world, ModelDocument document)
    {
        switch (world.Chance.Below(4))
        {
            case 0:
                document.DryRun = !document.DryRun;
                break;
            case 1:
                document.Suspended = !document.Suspended;
                break;
            default:
                if (world.Chance.Once(50))
                    document.DeletionPolicy = world.Chance.Of(Enum.GetValues<DeletionPolicy>());
                else
                    Delete(document);
                world.Touch(document.ProjectId);
                break;
        }

        world.Say(
            $"{document.Name}: dry run {document.DryRun}, suspended {document.Suspended}, "
                + $"{document.DeletionPolicy}, {(document.Exists ? "there" : "deleted")}"
        );
    }
}

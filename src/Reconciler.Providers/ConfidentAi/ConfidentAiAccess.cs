using System.Collections.Immutable;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Providers.Http;

namespace Reconciler.Providers.ConfidentAi;

/// <summary>Defines the access words of Confident AI, and what its API can do.</summary>
internal static class ConfidentAiAccess
{
    public const string Role = "role";
    public const string Owner = "Owner";

    /// <summary>The role of an invitation that names no role.</summary>
    public const string DefaultRole = "Member";

    /// <summary>The system roles in Confident AI's documents. Projects may have further roles of their own.</summary>
    public static AccessVocabulary Words { get; } =
        new([
            new(
                Role,
                AccessForm.Word,
                "The person's one role in the project, by its name, or by its id where two roles have one name."
            )
            {
                NamedById = true,
                Known = [Owner, "Manager", DefaultRole],
                Open = true,
                Admin = [Owner, "Manager"],
                Required = true,
            },
        ]);

    public static Vendor Vendor { get; } =
        new(
            "confident-ai",
            "Confident AI",
            Words,
            new Capabilities
            {
                // The document names no limit. A message about this many addresses is still readable when a call fails.
                InviteBatch = 50,
                Remains =
                    "the person stays a member of the organization, whose roles can reach every project: "
                    + "remove them there",
                Notes = ImmutableDictionary.CreateRange<ActionKind, string>([
                    new(
                        ActionKind.Invite,
                        "a user who belongs to another Confident AI organization leaves it on accepting"
                    ),
                    new(
                        ActionKind.Replace,
                        "Confident AI cannot change an invitation: it is revoked, and a new mail goes out"
                    ),
                    new(ActionKind.Remove, "Confident AI also drops the person's pending invitations"),
                ]),
            }
        )
        {
            PublishedUrls = ["https://api.confident-ai.com", "https://eu.api.confident-ai.com"],
        };
}

/// <summary>
/// Checks what manifests may do with the Owner role. A project has one Owner; assigning the role to another person
/// takes it from the present one, and invitations cannot carry it.
/// </summary>
internal static class ConfidentAiOwner
{
    /// <summary>
    /// Checks that a project declares no new Owner, unless its manifest allows a transfer of ownership.
    /// </summary>
    /// <exception cref="ProviderException">A new Owner is declared without permission to transfer.</exception>
    public static void Check(DesiredProject project, IReadOnlyCollection<LiveMember> members)
    {
        var declared = project
            .Members.Where(member => ConfidentAiMapping.RoleOf(member.Access) == ConfidentAiAccess.Owner)
            .ToList();
        if (declared.Count == 0)
            return;
        if (declared.Count > 1)
        {
            throw Refusing(
                declared,
                $"{string.Join(" and ", declared.Select(Name))} are declared as Owner; expected one, since "
                    + "a Confident AI project has one Owner"
            );
        }

        var account =
            AccountOf(declared[0].Person, members)
            ?? throw Refusing(
                declared,
                $"{Name(declared[0])} is declared as Owner and is no member: an invitation cannot carry Owner; "
                    + "expected another role until the person has accepted"
            );
        if (account.IsVendorOwner || project.AllowOwnerTransfer)
            return;
        var present = members.FirstOrDefault(member => member.IsVendorOwner);
        throw Refusing(
            declared,
            $"{Name(declared[0])} is declared as Owner, and "
                + $"{(present is null ? "nobody" : VendorText.Clean(present.Email))} is: "
                + "giving that role away makes the present Owner a Manager; expected another role, or "
                + "allowOwnerTransfer: true in the project's spec"
        );
    }

    /// <summary>Checks that an invitation is not for the role Owner.</summary>
    public static void RefuseInvitation(string role)
    {
        if (role == ConfidentAiAccess.Owner)
            throw Refused("nothing was sent: an invitation cannot carry Owner");
    }

    /// <summary>Checks that the manifest allows a transfer of ownership.</summary>
    public static void RefuseTransfer(DesiredProject project)
    {
        if (!project.AllowOwnerTransfer)
            throw Refused(
                "nothing was sent: assigning Owner transfers the ownership, which needs allowOwnerTransfer: true"
            );
    }

    private static string Name(DesiredMember member) => member.Person.Label;

    // Of several accounts of a person, the one with the declared address counts, as in a plan.
    private static LiveMember? AccountOf(PersonIdentity person, IEnumerable<LiveMember> members) =>
        members
            .Where(member =>
                Is(person, member.Email)
                || person.UserId == member.PersonId
                || person.Aliases.Contains(EmailAddress.KeyOf(member.Email))
            )
            .OrderBy(member => Is(person, member.Email) ? 0 : 1)
            .ThenBy(member => member.MembershipId, StringComparer.Ordinal)
            .FirstOrDefault();

    private static bool Is(PersonIdentity person, string email) => EmailAddress.KeyOf(email) == person.Key;

    private static ProviderException Refusing(IEnumerable<DesiredMember> declared, string message) =>
        ProviderException.Refusing([new(ConfidentAiAccess.Role, ConfidentAiAccess.Owner, message, [.. declared])]);

    private static ProviderException Refused(string message) => new(ProviderFault.Refused, message);
}

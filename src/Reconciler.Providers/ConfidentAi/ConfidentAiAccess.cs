using System.Collections.Immutable;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Providers.Http;

namespace Reconciler.Providers.ConfidentAi;

/// <summary>Confident AI's language of access, and what its API can do.</summary>
internal static class ConfidentAiAccess
{
    public const string Role = "role";
    public const string Owner = "Owner";

    /// <summary>What people are invited with where an invitation names no role.</summary>
    public const string DefaultRole = "Member";

    /// <summary>
    /// The system roles of Confident AI's documents; projects may have roles of their own beside them.
    /// </summary>
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
                // The document names no limit; this many addresses stay readable where a call fails.
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
/// What manifests may ask of the Owner role. A project has one Owner; assigning the role to somebody else takes it from
/// the present one, and no invitation carries it.
/// </summary>
internal static class ConfidentAiOwner
{
    /// <summary>
    /// Refuses a project that declares an Owner whom it has not, unless it says that the ownership may be transferred.
    /// </summary>
    /// <exception cref="ProviderException">It does.</exception>
    public static void Check(DesiredProject project, IReadOnlyCollection<LiveMember> members)
    {
        var declared = project
            .Members.Where(member => ConfidentAiMapping.RoleOf(member.Access) == ConfidentAiAccess.Owner)
            .ToList();
        if (declared.Count == 0)
            return;
        if (declared.Count > 1)
        {
            throw Refused(
                $"{string.Join(" and ", declared.Select(Name))} are declared as Owner; expected one, since "
                    + "a Confident AI project has one Owner"
            );
        }

        var account =
            AccountOf(declared[0].Person, members)
            ?? throw Refused(
                $"{Name(declared[0])} is declared as Owner and is no member: an invitation cannot carry Owner; "
                    + "expected another role until the person has accepted"
            );
        if (account.IsVendorOwner || project.AllowOwnerTransfer)
            return;
        var present = members.FirstOrDefault(member => member.IsVendorOwner);
        throw Refused(
            $"{Name(declared[0])} is declared as Owner, and "
                + $"{(present is null ? "nobody" : VendorText.Clean(present.Email))} is: "
                + "giving that role away makes the present Owner a Manager; expected another role, or "
                + "allowOwnerTransfer: true in the project's spec"
        );
    }

    /// <summary>Refuses to invite somebody as Owner.</summary>
    public static void RefuseInvitation(string role)
    {
        if (role == ConfidentAiAccess.Owner)
            throw Refused("nothing was sent: an invitation cannot carry Owner");
    }

    /// <summary>Refuses to make somebody else the Owner where the manifest does not say so.</summary>
    public static void RefuseTransfer(DesiredProject project)
    {
        if (!project.AllowOwnerTransfer)
            throw Refused(
                "nothing was sent: assigning Owner transfers the ownership, which needs allowOwnerTransfer: true"
            );
    }

    /// <summary>A declared person, and where they are declared.</summary>
    public static string Name(DesiredMember member) =>
        member.Declared.IsEmpty ? member.Person.Label : $"{member.Person.Label} ({member.Declared[0]})";

    // Of several accounts the one with the declared address counts, as in a plan.
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

    private static ProviderException Refused(string message) => new(ProviderFault.Refused, message);
}

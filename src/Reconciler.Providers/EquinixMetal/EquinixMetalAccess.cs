using System.Collections.Immutable;
using Reconciler.Core.Membership;

namespace Reconciler.Providers.EquinixMetal;

/// <summary>Defines the access words of Equinix Metal, and what its API can do.</summary>
internal static class EquinixMetalAccess
{
    public const string Roles = "roles";

    /// <summary>
    /// The roles in the Metal API's document, and <c>owner</c>, which clients have seen. Servers have refused
    /// documented roles, so other words are allowed.
    /// </summary>
    public static AccessVocabulary Words { get; } =
        new([
            new(Roles, AccessForm.Words, "The person's roles in the project.")
            {
                Known = ["admin", "billing", "collaborator", "limited_collaborator", "owner"],
                Open = true,
                Admin = ["owner", "admin"],
                Required = true,
            },
        ]);

    public static Vendor Vendor { get; } =
        new(
            "equinix-metal",
            "Equinix Metal",
            Words,
            new Capabilities
            {
                CombinesInvitations = true,
                OwnInvitations = true,
                Remains = "who leaves a project stays a member of its organization: remove the person there",
                Notes = ImmutableDictionary.CreateRange<ActionKind, string>([
                    new(
                        ActionKind.Resend,
                        "that Equinix Metal sends an invitation again is known from its clients only, not "
                            + "from its documents"
                    ),
                    new(
                        ActionKind.Replace,
                        "Equinix Metal cannot change an invitation: it is revoked, and a new mail goes out"
                    ),
                    new(
                        ActionKind.Revoke,
                        "Equinix Metal documents this call as declining; its clients revoke with it"
                    ),
                ]),
            }
        )
        {
            PublishedUrls = ["https://api.equinix.com/metal/v1"],
            UuidIds = true,
        };
}

using System.Collections.Immutable;
using Reconciler.Core.Membership;

namespace Reconciler.Providers.Clarifeye;

/// <summary>Defines the access words of Clarifeye, and what its API can do.</summary>
internal static class ClarifeyeAccess
{
    public const string Permissions = "permissions";
    public const string Profile = "profile";

    /// <summary>
    /// The values of PermissionType in Clarifeye's OpenAPI document, a closed list. The profile comes from its newer
    /// API.
    /// </summary>
    public static AccessVocabulary Words { get; } =
        new([
            new(Permissions, AccessForm.Words, "What the person may do in the project.")
            {
                Known =
                [
                    "CAN_PERFORM_ADMIN_ACTIONS",
                    "CAN_VIEW_DATA",
                    "CAN_RUN_TASKS",
                    "CAN_VIEW_TECHNICAL_INTERFACE",
                    "CAN_IMPERSONATE_OTHER_USERS",
                ],
                Admin = ["CAN_PERFORM_ADMIN_ACTIONS"],
                Required = true,
            },
            new(
                Profile,
                AccessForm.Word,
                "Which interface the person gets; where it is absent, Clarifeye's choice is left as it is."
            )
            {
                Known = ["tech", "contributor", "user"],
                LeftAloneWhenAbsent = true,
                Descriptive = true,
            },
        ]);

    public static Vendor Vendor { get; } =
        new(
            "clarifeye",
            "Clarifeye",
            Words,
            new Capabilities
            {
                // Neither its OpenAPI document nor its newer API has a call that lists projects.
                NoDirectory =
                    "Clarifeye's documents know no call that lists projects, so each has to be named by its id",
                Remains =
                    "the account at Clarifeye itself stays, since its API has no call that closes one: ask "
                    + "Clarifeye where that matters",
                // Its OpenAPI document has no call that sends an invitation mail again.
                Manual = ImmutableDictionary.CreateRange<ActionKind, string>([
                    new(
                        ActionKind.Resend,
                        "Clarifeye cannot send an invitation's mail again; ask the person to look for it, "
                            + "or set invitations.resendBy to reinvite: that revokes the invitation and makes a new one"
                    ),
                ]),
                Notes = ImmutableDictionary.CreateRange<ActionKind, string>([
                    new(
                        ActionKind.Invite,
                        "somebody who is registered at Clarifeye is a member at once, without accepting"
                    ),
                    new(
                        ActionKind.Replace,
                        "Clarifeye cannot change an invitation: it is revoked, and a new mail goes out"
                    ),
                ]),
            }
        )
        {
            PublishedUrls = ["https://eu.app.clarifeye.ai/api/v1", "https://us.app.clarifeye.ai/api/v1"],
            UuidIds = true,
        };
}

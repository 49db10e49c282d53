using System.Collections.Immutable;
using Reconciler.Core.Membership;

namespace Reconciler.Providers.GoRules;

/// <summary>Defines the access words of the GoRules BRMS, and what its API can do.</summary>
internal static class GoRulesAccess
{
    public const string Groups = "groups";
    public const string Owner = "owner";

    public static AccessVocabulary Words { get; } =
        new([
            new(Groups, AccessForm.Words, "The project's groups that the person is in, by their names.")
            {
                Open = true,
            },
            new(Owner, AccessForm.Flag, "Whether the person owns the project, which overrides the groups.")
            {
                Admin = ["true"],
            },
        ]);

    public static Vendor Vendor { get; } =
        new(
            "gorules",
            "GoRules",
            Words,
            new Capabilities
            {
                // The documented maximum of "emails" in POST /users is ten.
                InviteBatch = 10,
                ReplacingMails = false,
                Remains = "the person stays a user of the organisation, or invited to it: deactivate the user there",
                NoDirectory = "GoRules' documents know no call that lists projects, so each has to be named by its id",
                Notes = ImmutableDictionary.CreateRange<ActionKind, string>([
                    new(
                        ActionKind.Invite,
                        "somebody of the organisation is added at once; anybody else is invited to the "
                            + "organisation first"
                    ),
                    new(ActionKind.Resend, "the mail invites to the organisation, not to this project alone"),
                    new(
                        ActionKind.Replace,
                        "the groups and owner that wait in the project are changed, and no mail is sent"
                    ),
                    new(
                        ActionKind.Revoke,
                        "GoRules has no call that revokes an invitation: groups and owner are taken away, "
                            + "and the invitation to the organisation stays"
                    ),
                    new(
                        ActionKind.Remove,
                        "GoRules has no call that removes a member: groups and owner are taken away, and "
                            + "the person stays listed without access"
                    ),
                ]),
            }
        )
        {
            UuidIds = true,
        };
}

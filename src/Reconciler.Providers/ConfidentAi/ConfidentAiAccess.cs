using System.Collections.Immutable;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;

namespace Reconciler.Providers.ConfidentAi;

/// <summary>Confident AI's language of access, and what its API can do.</summary>
internal static class ConfidentAiAccess
{
    public const string Role = "role";

    /// <summary>The system roles of Confident AI's documents; projects may have roles of their own beside them.</summary>
    public static AccessVocabulary Words { get; } = new(
    [
        new(Role, AccessForm.Word, "The person's one role in the project, by its name.")
        {
            Known = ["Owner", "Manager", "Member"],
            Open = true,
            Admin = ["Owner", "Manager"],
            Required = true,
        },
    ]);

    public static Vendor Vendor { get; } = new("confident-ai", "Confident AI", Words, new Capabilities
    {
        // The document names no limit; this many addresses stay readable where a call fails.
        InviteBatch = 50,
        Notes = ImmutableDictionary.CreateRange<ActionKind, string>(
        [
            new(ActionKind.Invite, "a user who belongs to another Confident AI organization leaves it on accepting"),
            new(ActionKind.Replace, "Confident AI cannot change an invitation: it is revoked, and a new mail goes out"),
            new(ActionKind.Remove, "Confident AI also drops the person's pending invitations"),
        ]),
    })
    {
        PublishedUrls = ["https://api.confident-ai.com", "https://eu.api.confident-ai.com"],
    };
}

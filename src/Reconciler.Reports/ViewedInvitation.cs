using System.Collections.Immutable;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Core.Text;

namespace Reconciler.Reports;

/// <summary>One invitation, as its vendor has it.</summary>
/// <param name="Provider">The namespace and name of the AccessProvider.</param>
/// <param name="Invitation">The invitation.</param>
public sealed record ViewedInvitation(string Provider, PersonalInvitation Invitation)
{
    /// <summary>Whether it is the token's user's own, who can answer it.</summary>
    public bool IsOwn { get; init; }

    /// <summary>Whether it waits or was declined.</summary>
    public InvitationState State { get; init; }

    /// <summary>The invited person's name; null if the vendor does not tell.</summary>
    public string? Name { get; init; }

    /// <summary>What its roles or groups permit, as far as the vendor tells.</summary>
    public ImmutableArray<GrantMeaning> Meanings { get; init; } = [];
}

/// <summary>Renders an invitation as labels and texts. Text of others is not escaped yet.</summary>
internal static class ViewedLines
{
    public const int LabelWidth = 14;

    public static IEnumerable<(string Label, string Text)> Of(ViewedInvitation viewed)
    {
        var invitation = viewed.Invitation;
        yield return ("for", viewed.Name is { } name ? $"{invitation.Email} “{name}”" : invitation.Email);
        yield return ("invited by", invitation.InvitedBy ?? "not told by the vendor");
        yield return ("made", TerminalText.Minute(invitation.CreatedAt));
        yield return (
            "state",
            viewed.State switch
            {
                InvitationState.Declined => "declined",
                InvitationState.Expired => "expired",
                _ => "waits for an answer",
            }
        );
        yield return ("access", invitation.Access.ToString());
        foreach (var meaning in viewed.Meanings)
            yield return ("permits", $"{meaning.Word}: {meaning}");
        foreach (var project in invitation.Projects)
            yield return ("project", Name(project));
        if (invitation.Organization is { } organization)
            yield return ("organization", Name(organization));
        if (viewed.IsOwn)
            yield return ("yours", $"reconciler invitations accept {invitation.Id}, or decline");
    }

    private static string Name(NamedPlace place) => place.Name is { } name ? $"{name} ({place.Id})" : place.Id;
}

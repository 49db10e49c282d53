using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Reconciler.Core.Ports;
using Reconciler.Core.Text;
using Reconciler.Reports.Review;

namespace Reconciler.Reports;

/// <summary>
/// Prints invitations as the invited person sees them. All of their text comes from other people, and is escaped.
/// </summary>
public static class InvitationsReport
{
    /// <summary>Prints a list of invitations, and their number.</summary>
    public static void Write(TextWriter output, Palette palette, ImmutableArray<PersonalInvitation> invitations)
    {
        foreach (var invitation in invitations)
            Write(output, palette, invitation);
        output.WriteLine(
            invitations.Length switch
            {
                0 => "No invitation waits.",
                1 => "1 invitation waits.",
                var many => string.Create(CultureInfo.InvariantCulture, $"{many} invitations wait."),
            }
        );
    }

    /// <summary>Prints one invitation.</summary>
    public static void Write(TextWriter output, Palette palette, PersonalInvitation invitation)
    {
        output.WriteLine($"{palette.Strong(Escaped(invitation.Id))}  [{Escaped(invitation.Access.ToString())}]");
        foreach (var project in invitation.Projects)
            output.WriteLine($"    project {Name(project)}");
        if (invitation.Organization is { } organization)
            output.WriteLine($"    organization {Name(organization)}");
        var inviter = invitation.InvitedBy is { } by ? $" from {Escaped(by)}" : "";
        output.WriteLine(
            palette.Quiet(
                $"    for {Escaped(invitation.Email)}{inviter}, "
                    + $"{invitation.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}"
            )
        );
    }

    /// <summary>Prints one invitation as its vendor has it, a label and a text on each line.</summary>
    public static void Write(TextWriter output, Palette palette, ViewedInvitation viewed)
    {
        var invitation = viewed.Invitation;
        output.WriteLine($"{palette.Strong(Escaped(invitation.Id))} at {Escaped(TextNames.Short(viewed.Provider))}");
        foreach (var (label, text) in ViewedLines.Of(viewed))
            output.WriteLine($"  {palette.Quiet(label.PadRight(ViewedLines.LabelWidth))}{Escaped(text)}");
    }

    /// <summary>Serializes one invitation as JSON.</summary>
    public static string ToJson(ViewedInvitation viewed) =>
        JsonText.Visible(
            JsonSerializer.Serialize(
                new(InvitationsDocument.CurrentVersion, viewed.Provider, InvitationsDocumentView.Of(viewed)),
                InvitationsJson.Default.InvitationDocument
            )
        );

    /// <summary>Serializes the list as JSON.</summary>
    public static string ToJson(string provider, ImmutableArray<PersonalInvitation> invitations) =>
        JsonText.Visible(
            JsonSerializer.Serialize(
                new(InvitationsDocument.CurrentVersion, provider, [.. invitations.Select(InvitationsDocumentItem.Of)]),
                InvitationsJson.Default.InvitationsDocument
            )
        );

    private static string Name(NamedPlace place) =>
        place.Name is { } name ? $"{Escaped(name)} ({Escaped(place.Id)})" : Escaped(place.Id);

    private static string Escaped(string text) => TerminalText.Escape(text);
}

/// <summary>Invitations as JSON; a change that breaks readers changes the version.</summary>
internal sealed record InvitationsDocument(
    string Version,
    string Provider,
    IReadOnlyList<InvitationsDocumentItem> Invitations
)
{
    public const string CurrentVersion = "reconciler.dev/invitations/v1";
}

/// <summary>One invitation as JSON; a change that breaks readers changes the version.</summary>
internal sealed record InvitationDocument(string Version, string Provider, InvitationsDocumentView Invitation);

internal sealed record InvitationsDocumentView(
    string Id,
    string Email,
    string? Name,
    string State,
    bool Own,
    IReadOnlyList<PlanDocumentGrant> Access,
    IReadOnlyList<ReviewDocumentMeaning> Permits,
    DateTimeOffset CreatedAt,
    IReadOnlyList<NamedPlace> Projects,
    NamedPlace? Organization,
    string? InvitedBy
)
{
    public static InvitationsDocumentView Of(ViewedInvitation v) =>
        new(
            v.Invitation.Id,
            v.Invitation.Email,
            v.Name,
            v.State.ToString().ToLowerInvariant(),
            v.IsOwn,
            PlanDocumentGrant.Of(v.Invitation.Access),
            [.. v.Meanings.Select(ReviewDocumentMeaning.Of)],
            v.Invitation.CreatedAt,
            v.Invitation.Projects,
            v.Invitation.Organization,
            v.Invitation.InvitedBy
        );
}

internal sealed record InvitationsDocumentItem(
    string Id,
    string Email,
    IReadOnlyList<PlanDocumentGrant> Access,
    DateTimeOffset CreatedAt,
    IReadOnlyList<NamedPlace> Projects,
    NamedPlace? Organization,
    string? InvitedBy
)
{
    public static InvitationsDocumentItem Of(PersonalInvitation invitation) =>
        new(
            invitation.Id,
            invitation.Email,
            PlanDocumentGrant.Of(invitation.Access),
            invitation.CreatedAt,
            invitation.Projects,
            invitation.Organization,
            invitation.InvitedBy
        );
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(InvitationsDocument))]
[JsonSerializable(typeof(InvitationDocument))]
internal sealed partial class InvitationsJsonContext : JsonSerializerContext;

internal static class InvitationsJson
{
    public static InvitationsJsonContext Default { get; } =
        new(
            new JsonSerializerOptions(InvitationsJsonContext.Default.Options)
            {
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );
}

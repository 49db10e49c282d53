using System.Text.Json;
using Reconciler.Sandbox.Http;
using Reconciler.Sandbox.Records;

namespace Reconciler.Sandbox.GoRules;

/// <summary>
/// Writes GoRules' records as JSON. The format of errors is not documented; here it is that of common Node frameworks.
/// </summary>
internal static class GoRulesWire
{
    private const int DefaultPage = 10;
    private const int LargestPage = 100;

    public static VendorAnswer NotFound => Error(404, "Not Found", "Resource not found");

    public static VendorAnswer BadRequest(string message) => Error(400, "Bad Request", message);

    public static VendorAnswer Error(int status, string name, string message) =>
        VendorAnswer.Json(
            status,
            JsonText.Object(
                (status, name, message),
                static (writer, error) =>
                {
                    writer.WriteNumber("statusCode", error.status);
                    writer.WriteString("error", error.name);
                    writer.WriteString("message", error.message);
                }
            )
        );

    public static VendorAnswer One<T>(T item, Action<Utf8JsonWriter, T> fields) =>
        VendorAnswer.Json(200, JsonText.Object(item, fields));

    /// <summary>Writes an array without an envelope.</summary>
    public static VendorAnswer Bare<T>(IEnumerable<T> items, Action<Utf8JsonWriter, T> fields) =>
        VendorAnswer.Json(
            200,
            JsonText.Write((items, fields), static (writer, list) => Items(writer, list.items, list.fields))
        );

    public static VendorAnswer Page<T>(
        VendorRequest request,
        IReadOnlyList<T> all,
        QuirkSwitches quirks,
        Action<Utf8JsonWriter, T> fields
    )
    {
        var page = NumberedPage.Read(request.Query, "perPage", DefaultPage, LargestPage, all.Count);
        var shown = Listing.Stretch(all, page.Start, page.Size, quirks[GoRulesQuirks.NewestFirst]);
        return VendorAnswer.Json(
            200,
            JsonText.Object(
                (page, shown, fields),
                static (writer, list) =>
                {
                    writer.WritePropertyName("results");
                    Items(writer, list.shown, list.fields);
                    var isEmpty = list.page.Start >= list.page.End;
                    writer.WriteStartObject("paginate");
                    writer.WriteNumber("current", list.page.Page);
                    writer.WriteNumber("from", isEmpty ? 0 : list.page.Start + 1);
                    writer.WriteNumber("to", isEmpty ? 0 : list.page.End);
                    writer.WriteNumber("total", list.page.Total);
                    writer.WriteNumber("pageSize", list.page.Size);
                    writer.WriteEndObject();
                }
            )
        );
    }

    public static void Member(Utf8JsonWriter writer, (GoRulesMember Member, Guid Organisation) record)
    {
        var member = record.Member;
        writer.WriteString("id", member.Id);
        writer.WriteString("createdAt", WireInstant.JavaScript(member.CreatedAt));
        writer.WriteString("updatedAt", WireInstant.JavaScript(member.UpdatedAt));
        writer.WriteBoolean("owner", member.Owner);
        writer.WriteString("userId", member.User.Id);
        writer.WriteString("projectId", member.Project.Id);
        writer.WriteStartObject("user");
        User(writer, (member.User, record.Organisation));
        writer.WriteEndObject();
        writer.WritePropertyName("groups");
        Items(writer, member.Groups, Group);
    }

    public static void User(Utf8JsonWriter writer, (GoRulesUser User, Guid Organisation) record)
    {
        var user = record.User;
        writer.WriteString("id", user.Id);
        writer.WriteString("email", user.Email);
        writer.WriteString("firstName", PersonName.First(user.Person));
        writer.WriteString("lastName", PersonName.Last(user.Person));
        writer.WriteString("type", user.IsService ? "service" : "user");
        writer.WriteString("status", user.IsPending ? "pending" : "active");
        writer.WriteString("organisationId", record.Organisation);
        writer.WriteString("createdAt", WireInstant.JavaScript(user.Person.Since));
        writer.WriteString("updatedAt", WireInstant.JavaScript(user.Person.Since));
        writer.WriteBoolean("isService", user.IsService);
    }

    public static void Group(Utf8JsonWriter writer, GoRulesGroup group)
    {
        writer.WriteString("id", group.Id);
        writer.WriteString("name", group.Name);
        writer.WriteString("projectId", group.ProjectId);
        if (group.Permissions.IsEmpty)
            writer.WriteNull("permissions");
        else
            writer.WriteStrings("permissions", group.Permissions);
        writer.WriteString("description", group.Description);
        if (group.RoleId is { } role)
            writer.WriteString("roleId", role);
        else
            writer.WriteNull("roleId");
    }

    /// <summary>Writes an invitation as in the answer to the call that created it.</summary>
    public static void Invited(Utf8JsonWriter writer, GoRulesInvitation invitation)
    {
        Invitation(writer, invitation);
        writer.WriteString("userId", invitation.User.Id);
    }

    /// <summary>Writes an invitation as in the list.</summary>
    public static void Listed(Utf8JsonWriter writer, (GoRulesInvitation Invitation, Guid Organisation) record)
    {
        Invitation(writer, record.Invitation);
        writer.WriteString("acceptedAt", record.Invitation.AcceptedAt is { } at ? WireInstant.JavaScript(at) : null);
        writer.WriteStartObject("user");
        User(writer, (record.Invitation.User, record.Organisation));
        writer.WriteEndObject();
    }

    private static void Invitation(Utf8JsonWriter writer, GoRulesInvitation invitation)
    {
        writer.WriteString("id", invitation.Id);
        writer.WriteString("email", invitation.User.Email);
        writer.WriteString("status", invitation.Status);
        writer.WriteString("createdAt", WireInstant.JavaScript(invitation.CreatedAt));
        writer.WriteString("expiresAt", WireInstant.JavaScript(invitation.ExpiresAt));
    }

    private static void Items<T>(Utf8JsonWriter writer, IEnumerable<T> items, Action<Utf8JsonWriter, T> fields)
    {
        writer.WriteStartArray();
        foreach (var item in items)
        {
            writer.WriteStartObject();
            fields(writer, item);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}

using System.Text.Json;
using Reconciler.Sandbox.Http;
using Reconciler.Sandbox.Records;

namespace Reconciler.Sandbox.ConfidentAi;

/// <summary>Writes Confident AI's records as JSON, in their envelope.</summary>
internal static class ConfidentWire
{
    public static VendorAnswer NoProject => Error(404, "Project not found");

    public static VendorAnswer Error(int status, string message) =>
        VendorAnswer.Json(
            status,
            JsonText.Object(
                message,
                static (writer, text) =>
                {
                    writer.WriteBoolean("success", false);
                    writer.WriteString("error", text);
                }
            )
        );

    /// <summary>
    /// Writes the fields of <c>data</c>. The field <c>deprecated</c> beside it is in no schema, so clients must
    /// tolerate it.
    /// </summary>
    public static VendorAnswer Data<T>(T value, Action<Utf8JsonWriter, T> fields) =>
        VendorAnswer.Json(
            200,
            JsonText.Object(
                (value, fields),
                static (writer, content) =>
                {
                    writer.WriteBoolean("success", true);
                    writer.WriteStartObject("data");
                    content.fields(writer, content.value);
                    writer.WriteEndObject();
                    writer.WriteBoolean("deprecated", false);
                }
            )
        );

    public static VendorAnswer List<T>(
        string name,
        IEnumerable<T> items,
        Action<Utf8JsonWriter, T> fields,
        int? total = null
    ) =>
        Data(
            (name, items, fields, total),
            static (writer, list) =>
            {
                writer.WriteStartArray(list.name);
                foreach (var item in list.items)
                {
                    writer.WriteStartObject();
                    list.fields(writer, item);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                if (list.total is { } total)
                    writer.WriteNumber("total", total);
            }
        );

    public static VendorAnswer One<T>(string name, T item, Action<Utf8JsonWriter, T> fields) =>
        Data(
            (name, item, fields),
            static (writer, one) =>
            {
                writer.WriteStartObject(one.name);
                one.fields(writer, one.item);
                writer.WriteEndObject();
            }
        );

    public static void Project(Utf8JsonWriter writer, (ConfidentProject Project, Guid Organization) record)
    {
        writer.WriteString("id", record.Project.Id);
        writer.WriteString("name", record.Project.Name);
        writer.WriteNull("description");
        writer.WriteString("organizationId", record.Organization);
        writer.WriteString("created_at", WireInstant.JavaScript(record.Project.CreatedAt));
    }

    public static void Member(Utf8JsonWriter writer, ConfidentMember member) =>
        User(writer, member.User, "projectRole", member.Role);

    public static void User(Utf8JsonWriter writer, Person user, string roleName, ConfidentRole role)
    {
        writer.WriteString("id", user.Id);
        writer.WriteString("email", user.Email);
        writer.WriteString("name", PersonName.Full(user));
        writer.WriteNull("image");
        writer.WriteStartObject(roleName);
        writer.WriteString("id", role.Id);
        writer.WriteString("name", role.Name);
        writer.WriteEndObject();
    }

    public static void Role(Utf8JsonWriter writer, ConfidentRole role)
    {
        writer.WriteString("id", role.Id);
        writer.WriteString("name", role.Name);
        writer.WriteString("description", role.Description);
        writer.WriteString("projectId", role.ProjectId);
        writer.WriteStartArray("policies");
        writer.WriteEndArray();
    }

    public static void Invitation(Utf8JsonWriter writer, ConfidentInvitation invitation)
    {
        writer.WriteNumber("id", invitation.Id);
        writer.WriteString("email", invitation.Email);
        writer.WriteString("status", invitation.Status);
        writer.WriteString("created_at", WireInstant.JavaScript(invitation.CreatedAt));
        if (invitation.Role is { } role)
            writer.WriteString("projectRoleId", role.Id);
        else
            writer.WriteNull("projectRoleId");
    }
}

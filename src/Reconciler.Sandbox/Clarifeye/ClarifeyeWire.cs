using System.Text.Json;
using Reconciler.Sandbox.Http;
using Reconciler.Sandbox.Records;

namespace Reconciler.Sandbox.Clarifeye;

/// <summary>Writes Clarifeye's records as JSON.</summary>
internal static class ClarifeyeWire
{
    public static VendorAnswer NotFound => Error(404, "Not found.");

    public static VendorAnswer Error(int status, string message) => VendorAnswer.Json(status, JsonText.Error(message));

    public static VendorAnswer FieldError(string field, string message) =>
        FieldErrors(new Dictionary<string, List<string>>(StringComparer.Ordinal) { [field] = [message] });

    public static VendorAnswer FieldErrors(IReadOnlyDictionary<string, List<string>> errors) =>
        VendorAnswer.Json(
            400,
            JsonText.Write(
                errors,
                static (writer, fields) =>
                {
                    writer.WriteStartObject();
                    foreach (var (field, messages) in fields)
                        writer.WriteStrings(field, messages);
                    writer.WriteEndObject();
                }
            )
        );

    public static void Member(Utf8JsonWriter writer, (ClarifeyeMember Item, ClarifeyeWorld World) record)
    {
        var (member, world) = record;
        writer.WriteStartObject();
        writer.WriteString("id", member.Id);
        User(writer, "user", member.User);
        Access(writer, member.Access, world.Profiles);
        writer.WriteEndObject();
    }

    public static void Invite(Utf8JsonWriter writer, (ClarifeyeInvite Item, ClarifeyeWorld World) record)
    {
        writer.WriteStartObject();
        InviteFields(writer, record.Item, record.World);
        writer.WriteEndObject();
    }

    public static void CreatedInvite(Utf8JsonWriter writer, (ClarifeyeInvite Item, ClarifeyeWorld World) record)
    {
        writer.WriteStartObject();
        InviteFields(writer, record.Item, record.World);
        writer.WriteString("type", record.Item.IsPending ? "new_user" : "existing_user");
        writer.WriteEndObject();
    }

    private static void InviteFields(Utf8JsonWriter writer, ClarifeyeInvite invite, ClarifeyeWorld world)
    {
        writer.WriteString("id", invite.Id);
        writer.WriteString("email", invite.Email);
        Access(writer, invite.Access, world.Profiles);
        writer.WriteString("status", invite.Status);
        writer.WriteString("created_at", WireInstant.Python(invite.CreatedAt));
        writer.WriteString("updated_at", WireInstant.Python(invite.UpdatedAt));
        User(writer, "invited_by", world.Actor);
    }

    private static void Access(Utf8JsonWriter writer, ClarifeyeAccess access, bool profiles)
    {
        writer.WriteStrings("permissions", access.Permissions);
        if (profiles)
            writer.WriteString("profile", access.Profile);
    }

    private static void User(Utf8JsonWriter writer, string name, Person user)
    {
        writer.WriteStartObject(name);
        writer.WriteString("id", user.Id);
        writer.WriteString("email", user.Email);
        writer.WriteString("date_joined", WireInstant.Python(user.Since));
        writer.WriteEndObject();
    }
}

using System.Text.Json;
using Reconciler.Sandbox.Http;

namespace Reconciler.Sandbox.Server;

/// <summary>Writes the answers of the control calls.</summary>
internal static class ControlJson
{
    public static void Connections(Utf8JsonWriter writer, SandboxServer server)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("connections");
        foreach (var connection in server.Connections)
        {
            writer.WriteStartObject();
            About(writer, server, connection);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static void Connection(Utf8JsonWriter writer, (SandboxServer Server, SandboxConnection Connection) shown)
    {
        writer.WriteStartObject();
        About(writer, shown.Server, shown.Connection);
        writer.WriteStrings("otherOrganization", shown.Connection.OtherOrganization);
        writer.WriteEndObject();
    }

    public static void Requests(Utf8JsonWriter writer, SandboxServer server)
    {
        writer.WriteStartObject();
        foreach (var connection in server.RequestCounts.GroupBy(count => count.Connection, StringComparer.Ordinal))
        {
            writer.WriteStartObject(connection.Key);
            foreach (var count in connection)
                writer.WriteNumber(count.Method, count.Count);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    public static void Faults(Utf8JsonWriter writer, SandboxServer server)
    {
        writer.WriteStartArray();
        foreach (var (fault, hits) in server.Faults())
        {
            writer.WriteStartObject();
            writer.WriteString("fault", $"{fault}");
            writer.WriteNumber("hits", hits);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static void Project(Utf8JsonWriter writer, (SandboxConnection Connection, string Id) project)
    {
        writer.WriteStartObject();
        writer.WriteString("id", project.Id);
        writer.WriteStartArray("members");
        foreach (var member in project.Connection.Members(project.Id))
        {
            writer.WriteStartObject();
            writer.WriteString("id", member.Id);
            writer.WriteString("email", member.Email);
            Access(writer, member.Access);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("invitations");
        foreach (var invitation in project.Connection.Invitations(project.Id))
        {
            writer.WriteStartObject();
            writer.WriteString("id", invitation.Id);
            writer.WriteString("email", invitation.Email);
            Access(writer, invitation.Access);
            writer.WriteString("status", invitation.Status);
            writer.WriteString("createdAt", invitation.CreatedAt);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void About(Utf8JsonWriter writer, SandboxServer server, SandboxConnection connection)
    {
        writer.WriteString("name", connection.Name);
        writer.WriteString("type", connection.Type);
        writer.WriteString("baseUrl", server.BaseUrl(connection.Name));
    }

    private static void Access(Utf8JsonWriter writer, SandboxAccess access)
    {
        writer.WriteStartObject("access");
        foreach (var name in access.Names)
            writer.WriteStrings(name, access[name]);
        writer.WriteEndObject();
    }
}

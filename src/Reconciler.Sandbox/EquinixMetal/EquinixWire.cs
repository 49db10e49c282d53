using System.Text.Json;
using Reconciler.Sandbox.Http;
using Reconciler.Sandbox.Records;

namespace Reconciler.Sandbox.EquinixMetal;

/// <summary>Writes errors. Either <c>error</c> or <c>errors</c> is set.</summary>
internal static class EquinixError
{
    public static VendorAnswer NotFound => One(404, "Not found");

    public static VendorAnswer Forbidden => One(403, "You are not authorized to view this resource");

    public static VendorAnswer One(int status, string message) => VendorAnswer.Json(status, JsonText.Error(message));

    public static VendorAnswer Many(IEnumerable<string> messages) =>
        VendorAnswer.Json(
            422,
            JsonText.Object(messages, static (writer, texts) => writer.WriteStrings("errors", texts))
        );
}

/// <summary>
/// Writes Equinix Metal's records as JSON. A nested object that is not included is only its href, a path from the
/// server's root, like <c>/metal/v1/projects/…</c> in the vendor's examples.
/// </summary>
internal sealed class EquinixWire(Utf8JsonWriter writer, string root, EquinixIncludes includes)
{
    public void Membership(EquinixMembership membership)
    {
        writer.WriteString("id", membership.Id);
        Href($"/memberships/{membership.Id}");
        writer.WriteStrings("roles", membership.Roles);
        Times(membership.CreatedAt, membership.UpdatedAt);
        if (membership.Project is { } project)
            Nested("project", "project", $"/projects/{project.Id}", project, Project);
        Nested("user", "user", $"/users/{membership.User.Id}", membership.User, User);
    }

    public void Invitation(EquinixInvitation invitation)
    {
        writer.WriteString("id", invitation.Id);
        Href($"/invitations/{invitation.Id}");
        writer.WriteString("invitee", invitation.Invitee);
        writer.WriteString("nonce", invitation.Nonce);
        writer.WriteStrings("roles", invitation.Roles);
        Times(invitation.CreatedAt, invitation.UpdatedAt);
        Nested("invited_by", "invited_by", $"/users/{invitation.InvitedBy.Id}", invitation.InvitedBy, User);
        Nested(
            "organization",
            "organization",
            $"/organizations/{invitation.Organization.Id}",
            invitation.Organization,
            Organization
        );
        Projects(invitation.Projects);
    }

    public void OrganizationMember(EquinixOrganizationMember member)
    {
        var projects = member
            .Organization.Projects.Where(project => project.Memberships.Find(member.User.Email) is not null)
            .ToList();
        writer.WriteString("id", member.Id);
        Href($"/organizations/{member.Organization.Id}/members/{member.Id}");
        writer.WriteStrings("roles", member.Roles);
        writer.WriteNumber("projects_count", projects.Count);
        Nested("user", "user", $"/users/{member.User.Id}", member.User, User);
        Nested(
            "organization",
            "organization",
            $"/organizations/{member.Organization.Id}",
            member.Organization,
            Organization
        );
        Projects(projects);
    }

    /// <summary>Writes a project in the list of projects. The names of its nested objects have no prefix.</summary>
    public void Project(EquinixProject project)
    {
        ProjectFields(project);
        Nested(
            "organization",
            "organization",
            $"/organizations/{project.Organization.Id}",
            project.Organization,
            Organization
        );
    }

    public void User(string path, Person user)
    {
        writer.WriteString("id", user.Id);
        Href($"/users/{user.Id}");
        writer.WriteString("short_id", $"{user.Id}"[..8]);
        writer.WriteString("email", user.Email);
        writer.WriteString("first_name", PersonName.First(user));
        writer.WriteString("last_name", PersonName.Last(user));
        writer.WriteString("full_name", PersonName.Full(user));
        Times(user.Since, user.Since);
    }

    private void Projects(IEnumerable<EquinixProject> projects)
    {
        writer.WriteStartArray("projects");
        foreach (var project in projects)
            Nested(name: null, "projects", $"/projects/{project.Id}", project, Project);
        writer.WriteEndArray();
    }

    private void ProjectFields(EquinixProject project)
    {
        writer.WriteString("id", project.Id);
        Href($"/projects/{project.Id}");
        writer.WriteString("name", project.Name);
        Times(project.CreatedAt, project.CreatedAt);
    }

    private void Project(string path, EquinixProject project)
    {
        ProjectFields(project);
        Nested(
            "organization",
            $"{path}.organization",
            $"/organizations/{project.Organization.Id}",
            project.Organization,
            Organization
        );
    }

    private void Organization(string path, EquinixOrganization organization)
    {
        writer.WriteString("id", organization.Id);
        Href($"/organizations/{organization.Id}");
        writer.WriteString("name", organization.Name);
        Times(organization.CreatedAt, organization.CreatedAt);
    }

    private void Nested<T>(string? name, string path, string href, T value, Action<string, T> fields)
    {
        if (name is null)
            writer.WriteStartObject();
        else
            writer.WriteStartObject(name);
        if (includes.Full(path))
            fields(path, value);
        else
            Href(href);
        writer.WriteEndObject();
    }

    private void Href(string path) => writer.WriteString("href", root + path);

    private void Times(DateTimeOffset created, DateTimeOffset updated)
    {
        writer.WriteString("created_at", WireInstant.Ruby(created));
        writer.WriteString("updated_at", WireInstant.Ruby(updated));
    }
}

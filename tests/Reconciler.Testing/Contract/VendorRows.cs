using System.Collections.Immutable;
using Reconciler.Core.Membership;
using Reconciler.Sandbox;

namespace Reconciler.Testing.Contract;

/// <summary>The vendors that the contract suite runs over.</summary>
public static class VendorRows
{
    private static readonly VendorRow[] Rows =
    [
        new("clarifeye", "3c90c3cc-0d44-4b50-8888-8dd25736052a")
        {
            Lesser = "{permissions: [CAN_VIEW_DATA]}",
            Greater = "{permissions: [CAN_VIEW_DATA, CAN_PERFORM_ADMIN_ACTIONS]}",
            SeedLesser = SandboxAccess.Permissions("CAN_VIEW_DATA"),
            SeedGreater = SandboxAccess.Permissions("CAN_VIEW_DATA", "CAN_PERFORM_ADMIN_ACTIONS"),
            InvitePath = "/invites/invite/",
            MembersPath = "/users/?",
            Update = ("PATCH", "/users/"),
            Revoke = ("DELETE", "/invites/"),
            Remove = ("POST", "/users/remove-by-email/"),
            Specification = "apis/openapi/clarifeye.yaml",
            SpecificationBase = "/api/v1",
            ReadsOfOnePage = 2,
        },
        new("confident-ai", "project-uuid-1")
        {
            Lesser = "{role: Member}",
            Greater = "{role: Manager}",
            SeedLesser = SandboxAccess.Role("Member"),
            SeedGreater = SandboxAccess.Role("Manager"),
            InvitePath = "/invitations",
            MembersPath = "/members?",
            ProjectsPath = "/v1/projects",
            Update = ("PUT", "/members/"),
            Resend = ("PUT", "/invitations/"),
            Revoke = ("DELETE", "/invitations/"),
            Remove = ("DELETE", "/members/"),
            Specification = "apis/openapi/confident-ai.yaml",
            Deviations =
            [
                new(
                    "→ 200: 200: 'deprecated' is not in the schema$",
                    "The envelope has it; the schemas name success and data only."
                ),
                new(
                    @"→ (400|401|403|404): status \d+ is not documented$",
                    "The document knows no failure; the prose shows {success:false,error}."
                ),
                new(
                    "^PUT /v1/projects/[^/]+/invitations/.*path: "
                        + "the parameter '(projectId|invitationId)' is not documented$",
                    "Resending names its parameters in the path only."
                ),
            ],
            ReadsOfOnePage = 2,
        },
        new("equinix-metal", "3c90c3cc-0d44-4b50-8888-8dd25736052a")
        {
            Lesser = "{roles: [collaborator]}",
            Greater = "{roles: [collaborator, admin]}",
            SeedLesser = SandboxAccess.Roles("collaborator"),
            SeedGreater = SandboxAccess.Roles("collaborator", "admin"),
            InvitePath = "/invitations",
            MembersPath = "/memberships?",
            ProjectsPath = "/projects?",
            Update = ("PUT", "/memberships/"),
            Resend = ("POST", "/invitations/"),
            Revoke = ("DELETE", "/invitations/"),
            Remove = ("DELETE", "/memberships/"),
            Specification = "apis/openapi/equinix-metal.yaml",
            Deviations =
            [
                new(
                    "^GET .*: 200: 'meta' is not in the schema$",
                    "Client code reads meta everywhere; some list schemas leave it out."
                ),
                new(
                    @"^GET .*/invitations.*: 200\.invitations\[\d+\]: '(invitee|nonce|invited_by|"
                        + @"organization|projects)' is not in the schema$",
                    "The schema of the list points at memberships; client code reads invitations."
                ),
                new(
                    @"user: '[a-z_]+' is not in the schema$",
                    "The schema knows nested objects as their href; the prose says that included ones have all "
                        + "attributes."
                ),
                new(
                    @"^GET /projects\?.*: 200\.meta\.(next|previous): must not be null$",
                    "Client code reads null where there is no such page; the schema knows the link only."
                ),
                new(
                    @"^GET /projects\?.*: 200\.projects\[\d+\]\.organization: 'href' is not in the schema$",
                    "The schema has the organization whole; the prose says that an excluded one is its href."
                ),
                new(
                    "query: the parameter 'exclude' is not documented$",
                    "The vendor's reference page has it for invitations, and the document's prose for all reads."
                ),
                new("^POST /invitations/[^/]+ → 200: not documented$", "Resending is known from client code."),
            ],
            ReadsOfOnePage = 2,
        },
        new("gorules", "9b2e7a34-1c5d-4e8f-a6b0-3d4c5e6f7a88")
        {
            Lesser = "{groups: [Editors], owner: false}",
            Greater = "{groups: [Editors, Reviewers], owner: true}",
            SeedLesser = SandboxAccess.Groups(false, "Editors"),
            SeedGreater = SandboxAccess.Groups(true, "Editors", "Reviewers"),
            Prepare = project => project with { Groups = [new("Editors"), new("Reviewers")] },
            InvitePath = "/api/users",
            MembersPath = "/members?",
            Update = ("PUT", "/members/"),
            Resend = ("POST", "/invitation"),
            Remove = ("PUT", "/members/"),
            RemovalKeepsSeat = true,
            ReadsOfOnePage = 2,
        },
    ];

    public static IEnumerable<string> Names => Rows.Select(r => r.Type);

    public static VendorRow Of(string type) => Every.Single(r => r.Name == type);

    /// <summary>
    /// The rows of the catalogue, whose vendors the sandbox imitates from their definitions.
    /// </summary>
    public static ImmutableArray<VendorRow> Catalogue { get; } =
    [
        new("datadog", "3c90c3cc-0d44-4b50-8888-8dd25736052a")
        {
            Definition = "vendors/datadog.yaml",
            Lesser = "{roles: [Datadog Read Only Role]}",
            Greater = "{roles: [Datadog Read Only Role, Datadog Admin Role]}",
            SeedLesser = SandboxAccess.Roles("Datadog Read Only Role"),
            SeedGreater = SandboxAccess.Roles("Datadog Read Only Role", "Datadog Admin Role"),
            InvitePath = "/v2/users",
            MembersPath = "/v2/users?",
            Update = ("POST", "/v2/roles/"),
            Resend = ("POST", "/v2/user_invitations"),
            Revoke = ("DELETE", "/v2/users/"),
            Remove = ("DELETE", "/v2/users/"),
            ReadsOfOnePage = 3,
        },
        new("github-organization", "acme")
        {
            Definition = "vendors/github-organization.yaml",
            Lesser = "{role: member}",
            Greater = "{role: admin}",
            SeedLesser = SandboxAccess.Role("member"),
            SeedGreater = SandboxAccess.Role("admin"),
            InviteMethod = "PUT",
            InvitePath = "/acme/memberships/",
            MembersPath = "/acme/members?",
            ProjectsPath = "/user/orgs?",
            Update = ("PUT", "/acme/memberships/"),
            Revoke = ("DELETE", "/invitations/"),
            Remove = ("DELETE", "/acme/memberships/"),
            // Whose token it is, whether it sees everybody, both lists of invitations, and the members by role; the
            // admins are read twice.
            ReadsOfOnePage = 7,
        },
        new("github-repository", "acme/site")
        {
            Definition = "vendors/github-repository.yaml",
            Lesser = "{role: read}",
            Greater = "{role: admin}",
            SeedLesser = SandboxAccess.Role("read"),
            SeedGreater = SandboxAccess.Role("admin"),
            InviteMethod = "PUT",
            InvitePath = "/collaborators/",
            MembersPath = "/collaborators?",
            ProjectsPath = "/user/repos?",
            Update = ("PUT", "/collaborators/"),
            Revoke = ("DELETE", "/invitations/"),
            Remove = ("DELETE", "/collaborators/"),
            ReadsOfOnePage = 5,
        },
        GitLab("gitlab-group", "/groups?"),
        GitLab("gitlab-project", "/projects?"),
        new("grafana", "3")
        {
            Definition = "vendors/grafana.yaml",
            Lesser = "{role: Viewer}",
            Greater = "{role: Admin}",
            SeedLesser = SandboxAccess.Role("Viewer"),
            SeedGreater = SandboxAccess.Role("Admin"),
            InvitePath = "/users",
            MembersPath = "/users",
            ProjectsPath = "/orgs?",
            Update = ("PATCH", "/users/"),
            Remove = ("DELETE", "/users/"),
            ReadsOfOnePage = 1,
        },
        new("redmine", "website")
        {
            Definition = "vendors/redmine.yaml",
            Lesser = "{roles: [Reporter]}",
            Greater = "{roles: [Reporter, Manager]}",
            SeedLesser = SandboxAccess.Roles("Reporter"),
            SeedGreater = SandboxAccess.Roles("Reporter", "Manager"),
            InvitePath = "/memberships.json",
            MembersPath = "/memberships.json?",
            ProjectsPath = "/projects.json?",
            Update = ("PUT", "/memberships/"),
            Remove = ("DELETE", "/memberships/"),
            ReadsOfOnePage = 3,
        },
        new("sentry", "acme")
        {
            Definition = "vendors/sentry.yaml",
            Lesser = "{orgRole: member}",
            Greater = "{orgRole: owner}",
            SeedLesser = SandboxAccess.None.With("orgRole", "member"),
            SeedGreater = SandboxAccess.None.With("orgRole", "owner"),
            InvitePath = "/members/",
            MembersPath = "/members/",
            ProjectsPath = "/organizations/",
            Update = ("PUT", "/members/"),
            Resend = ("PUT", "/members/"),
            Revoke = ("DELETE", "/members/"),
            Remove = ("DELETE", "/members/"),
            ReadsOfOnePage = 2,
        },
    ];

    /// <summary>The rows of vendors that a definition describes as well.</summary>
    public static ImmutableArray<VendorRow> Described { get; } =
    [
        .. Rows.Where(r => r.Type is "confident-ai")
            .Select(r => r with { Definition = $"tests/Reconciler.Testing/Vendors/{r.Type}.yaml" }),
    ];

    /// <summary>The rows of the vendors that are in code, or were, for theories about whole hosts.</summary>
    public static TheoryData<string> BuiltIn => [.. Names];

    /// <summary>All rows, for theories.</summary>
    public static TheoryData<string> All => That(_ => true);

    /// <summary>The rows of vendors whose invitations wait until they are accepted.</summary>
    public static TheoryData<string> Inviters => That(r => r.Invites);

    /// <summary>The rows of vendors that change the access of a member.</summary>
    public static TheoryData<string> Changers => ThatCan(c => c.Can(ActionKind.Update));

    /// <summary>The rows of vendors that can do what a theory is about; there is at least one.</summary>
    /// <param name="can">Whether a vendor can.</param>
    public static TheoryData<string> That(Func<VendorRow, bool> can) => [.. Every.Where(can).Select(r => r.Name)];

    /// <summary>The rows of vendors with certain capabilities.</summary>
    /// <param name="can">Whether a vendor has them.</param>
    public static TheoryData<string> ThatCan(Func<Capabilities, bool> can) => That(r => can(r.Vendor.Capabilities));

    // GitLab sends invitations only to people without an account. Manifests name accounts, so none is sent.
    private static VendorRow GitLab(string type, string projects) =>
        new(type, "acme/web")
        {
            Definition = $"vendors/{type}.yaml",
            Lesser = "{level: guest}",
            Greater = "{level: owner}",
            SeedLesser = SandboxAccess.None.With("level", "guest"),
            SeedGreater = SandboxAccess.None.With("level", "owner"),
            InvitePath = "/members",
            MembersPath = "/members",
            ProjectsPath = projects,
            Update = ("PUT", "/members/"),
            Revoke = ("DELETE", "/invitations/"),
            Remove = ("DELETE", "/members/"),
            ReadsOfOnePage = 4,
        };

    private static IEnumerable<VendorRow> Every => Rows.Concat(Described).Concat(Catalogue);
}

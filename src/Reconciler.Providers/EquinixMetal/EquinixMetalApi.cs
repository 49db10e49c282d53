using System.Globalization;
using System.Text.Json.Serialization;
using Reconciler.Providers.Http;

namespace Reconciler.Providers.EquinixMetal;

/// <summary>
/// Calls the API of Equinix Metal, one method for each call (tags Projects, Memberships, Invitations, Organizations and
/// Users of the Metal API's document). <c>include</c> asks for complete nested objects; <c>exclude</c> leaves only
/// their href, which keeps pages small.
/// </summary>
internal sealed class EquinixMetalApi(VendorHttp http)
{
    // The maximum of the parameter: the fewest requests, and the fewest page boundaries at which a list can shift. The
    // text of the document mentions a maximum of 100 only.
    private const string PerPage = "1000";
    private const string Everything = "invited_by,organization,projects";
    private const string ProjectParts = "devices,invitations,members,memberships,organization,ssh_keys,volumes";

    /// <summary>GET /projects/{id}/memberships: a page of the members with their addresses.</summary>
    public Task<EquinixMetalMembershipPage> ListMembershipsAsync(
        string project,
        int page,
        CancellationToken cancellation
    ) =>
        GetAsync(
            Url(
                ["projects", project, "memberships"],
                ("include", "user"),
                ("exclude", "project"),
                ("page", Text(page)),
                ("per_page", PerPage)
            ),
            EquinixMetalJson.Default.EquinixMetalMembershipPage,
            cancellation
        );

    /// <summary>The same call for one member, with the complete project, which names its organization.</summary>
    public Task<EquinixMetalMembershipPage> LookAtProjectAsync(string project, CancellationToken cancellation) =>
        GetAsync(
            Url(
                ["projects", project, "memberships"],
                ("include", "project"),
                ("exclude", "user"),
                ("page", "1"),
                ("per_page", "1")
            ),
            EquinixMetalJson.Default.EquinixMetalMembershipPage,
            cancellation
        );

    /// <summary>
    /// PUT /memberships/{id}: the documented body names the field <c>role</c>; all other bodies name it <c>roles</c>.
    /// </summary>
    public Task<EquinixMetalMembership> UpdateMembershipAsync(
        string id,
        EquinixMetalChange change,
        CancellationToken cancellation
    ) =>
        http.SendAsync(
            new ApiRequest(Effect.IdempotentWrite, HttpMethod.Put, Url(["memberships", id])).With(
                change,
                EquinixMetalJson.Default.EquinixMetalChange
            ),
            EquinixMetalJson.Default.EquinixMetalMembership,
            cancellation
        );

    /// <summary>DELETE /memberships/{id}: 204.</summary>
    public Task DeleteMembershipAsync(string id, CancellationToken cancellation) =>
        http.SendAsync(
            new ApiRequest(Effect.IdempotentWrite, HttpMethod.Delete, Url(["memberships", id])),
            cancellation
        );

    /// <summary>GET /projects/{id}/invitations: a page, with the inviter and only the href of other objects.</summary>
    public Task<EquinixMetalInvitationPage> ListProjectInvitationsAsync(
        string project,
        int page,
        CancellationToken cancellation
    ) =>
        GetAsync(
            Url(
                ["projects", project, "invitations"],
                ("include", "invited_by"),
                ("exclude", "organization,projects"),
                ("page", Text(page)),
                ("per_page", PerPage)
            ),
            EquinixMetalJson.Default.EquinixMetalInvitationPage,
            cancellation
        );

    /// <summary>GET /organizations/{id}/invitations: a page, with the names of projects.</summary>
    public Task<EquinixMetalInvitationPage> ListOrganizationInvitationsAsync(
        string organization,
        int page,
        CancellationToken cancellation
    ) => InvitationsAsync(["organizations", organization, "invitations"], "include", page, cancellation, isProse: true);

    /// <summary>GET /invitations: a page of the invitations of the token's user.</summary>
    /// <param name="named">
    /// Whether projects, organization and inviter come complete, with names for people, or as their href.
    /// </param>
    /// <param name="page">The number of the page, from 1.</param>
    /// <param name="cancellation">Interrupts waits.</param>
    public Task<EquinixMetalInvitationPage> ListOwnInvitationsAsync(
        bool named,
        int page,
        CancellationToken cancellation
    ) => InvitationsAsync(["invitations"], named ? "include" : "exclude", page, cancellation, isProse: named);

    /// <summary>GET /invitations/{id}: view.</summary>
    public Task<EquinixMetalInvitation> ViewInvitationAsync(string id, CancellationToken cancellation) =>
        GetAsync(
            Url(["invitations", id], ("include", Everything)),
            EquinixMetalJson.Default.EquinixMetalInvitation,
            cancellation,
            isProse: true
        );

    /// <summary>POST /projects/{id}/invitations: mails the invited person.</summary>
    public Task<EquinixMetalInvitation> InviteToProjectAsync(
        string project,
        EquinixMetalInvitee body,
        CancellationToken cancellation
    ) => InviteAsync(["projects", project, "invitations"], body, cancellation);

    /// <summary>
    /// POST /organizations/{id}/invitations: "to invite to several projects the parameter projects_ids:[a,b,c] can be
    /// used".
    /// </summary>
    public Task<EquinixMetalInvitation> InviteToOrganizationAsync(
        string organization,
        EquinixMetalInvitee body,
        CancellationToken cancellation
    ) => InviteAsync(["organizations", organization, "invitations"], body, cancellation);

    /// <summary>
    /// POST /invitations/{id}: sends the mail again. Only client code shows this call; its answer is not documented.
    /// </summary>
    public Task ResendInvitationAsync(string id, CancellationToken cancellation) =>
        http.SendAsync(new ApiRequest(Effect.Mails, HttpMethod.Post, Url(["invitations", id])), cancellation);

    /// <summary>PUT /invitations/{id}: accepts the invitation, which then no longer exists.</summary>
    public Task AcceptInvitationAsync(string id, CancellationToken cancellation) =>
        http.SendAsync(new ApiRequest(Effect.Transfers, HttpMethod.Put, Url(["invitations", id])), cancellation);

    /// <summary>
    /// DELETE /invitations/{id}: 204. The invited person declines with this call; the inviter revokes.
    /// </summary>
    public Task DeleteInvitationAsync(string id, CancellationToken cancellation) =>
        http.SendAsync(
            new ApiRequest(Effect.IdempotentWrite, HttpMethod.Delete, Url(["invitations", id])),
            cancellation
        );

    /// <summary>GET /projects: a page of the "projects that the current user is a member of".</summary>
    public Task<EquinixMetalProjectPage> ListProjectsAsync(int page, CancellationToken cancellation) =>
        GetAsync(
            Url(["projects"], ("exclude", ProjectParts), ("page", Text(page)), ("per_page", PerPage)),
            EquinixMetalJson.Default.EquinixMetalProjectPage,
            cancellation,
            isProse: true
        );

    private Task<EquinixMetalInvitationPage> InvitationsAsync(
        ReadOnlySpan<string> path,
        string how,
        int page,
        CancellationToken cancellation,
        bool isProse = false
    ) =>
        GetAsync(
            Url(path, (how, Everything), ("page", Text(page)), ("per_page", PerPage)),
            EquinixMetalJson.Default.EquinixMetalInvitationPage,
            cancellation,
            isProse
        );

    private Task<EquinixMetalInvitation> InviteAsync(
        ReadOnlySpan<string> path,
        EquinixMetalInvitee body,
        CancellationToken cancellation
    ) =>
        http.SendAsync(
            new ApiRequest(Effect.Mails, HttpMethod.Post, Url(path)).With(
                body,
                EquinixMetalJson.Default.EquinixMetalInvitee
            ),
            EquinixMetalJson.Default.EquinixMetalInvitation,
            cancellation
        );

    private Task<T> GetAsync<T>(
        Uri url,
        System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type,
        CancellationToken cancellation,
        bool isProse = false
    ) => http.SendAsync(new ApiRequest(Effect.Read, HttpMethod.Get, url) { IsProse = isProse }, type, cancellation);

    private Uri Url(ReadOnlySpan<string> segments, params ReadOnlySpan<(string, string)> query) =>
        http.Address.Of(closed: false, segments, query);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>MembershipList. Its schema has no <c>meta</c>, but clients receive one.</summary>
internal sealed record EquinixMetalMembershipPage(
    IReadOnlyList<EquinixMetalMembership> Memberships,
    EquinixMetalMeta? Meta = null
);

/// <summary>InvitationList. Its schema describes memberships, but clients receive invitations.</summary>
internal sealed record EquinixMetalInvitationPage(
    IReadOnlyList<EquinixMetalInvitation> Invitations,
    EquinixMetalMeta? Meta = null
);

/// <summary>ProjectList.</summary>
internal sealed record EquinixMetalProjectPage(
    IReadOnlyList<EquinixMetalProject> Projects,
    EquinixMetalMeta? Meta = null
);

/// <summary>Project.</summary>
internal sealed record EquinixMetalProject(string Id, string? Name = null);

/// <summary>Meta.</summary>
internal sealed record EquinixMetalMeta(
    int? Total = null,
    int? CurrentPage = null,
    int? LastPage = null,
    EquinixMetalObject? Next = null
);

/// <summary>Membership.</summary>
internal sealed record EquinixMetalMembership(
    string Id,
    IReadOnlyList<string> Roles,
    EquinixMetalObject? User = null,
    EquinixMetalObject? Project = null
);

/// <summary>Invitation.</summary>
internal sealed record EquinixMetalInvitation(
    string Id,
    IReadOnlyList<string> Roles,
    DateTimeOffset CreatedAt,
    string? Invitee = null,
    IReadOnlyList<EquinixMetalObject>? Projects = null,
    EquinixMetalObject? Organization = null,
    EquinixMetalObject? InvitedBy = null
);

/// <summary>
/// A nested object: only its href, or the fields that are used of an included user, project or organization.
/// </summary>
internal sealed record EquinixMetalObject(
    string? Href = null,
    string? Id = null,
    string? Name = null,
    string? Email = null,
    EquinixMetalObject? Organization = null,
    string? FullName = null
);

/// <summary>InvitationInput. The project in the path need not be repeated.</summary>
internal sealed record EquinixMetalInvitee(
    string Invitee,
    IReadOnlyList<string> Roles,
    string? Message,
    IReadOnlyList<string>? ProjectsIds = null
);

/// <summary>MembershipInput. Only one of the two spellings is sent.</summary>
internal sealed record EquinixMetalChange(IReadOnlyList<string>? Role = null, IReadOnlyList<string>? Roles = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(EquinixMetalMembershipPage))]
[JsonSerializable(typeof(EquinixMetalInvitationPage))]
[JsonSerializable(typeof(EquinixMetalProjectPage))]
[JsonSerializable(typeof(EquinixMetalInvitee))]
[JsonSerializable(typeof(EquinixMetalChange))]
internal sealed partial class EquinixMetalJson : JsonSerializerContext;

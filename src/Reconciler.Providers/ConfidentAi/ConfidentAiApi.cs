using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Reconciler.Core.Ports;
using Reconciler.Providers.Http;

namespace Reconciler.Providers.ConfidentAi;

/// <summary>
/// Calls the API of Confident AI, one method for each call (tags Project Members, Project Invitations and Project Roles
/// of its OpenAPI document). Every answer is in an envelope that repeats whether the request succeeded.
/// </summary>
internal sealed class ConfidentAiApi(VendorHttp http)
{
    /// <summary>
    /// The documented maximum of members on a page: the fewest requests, and the fewest page boundaries at which the
    /// list can shift.
    /// </summary>
    public const int PageSize = 100;

    /// <summary>GET /v1/projects/{p}/members: one page.</summary>
    public Task<ConfidentAiMembers> ListMembersAsync(string project, int page, CancellationToken cancellation) =>
        AskAsync(
            new(
                Effect.Read,
                HttpMethod.Get,
                Url(["v1", "projects", project, "members"], Number("page", page), Number("pageSize", PageSize))
            ),
            ConfidentAiJson.Default.ConfidentAiAnswerConfidentAiMembers,
            cancellation
        );

    /// <summary>
    /// PUT /v1/projects/{p}/members/{userId}: assigns another role. Assigning Owner takes the role from the present
    /// Owner ("transfers ownership, demoting the current Owner to Manager").
    /// </summary>
    public Task<ConfidentAiChanged> AssignRoleAsync(
        string project,
        string userId,
        string roleId,
        bool isOwner,
        CancellationToken cancellation
    ) =>
        AskAsync(
            new ApiRequest(
                isOwner ? Effect.Transfers : Effect.IdempotentWrite,
                HttpMethod.Put,
                Url(["v1", "projects", project, "members", userId])
            ).With(new(roleId), ConfidentAiJson.Default.ConfidentAiAssignment),
            ConfidentAiJson.Default.ConfidentAiAnswerConfidentAiChanged,
            cancellation
        );

    /// <summary>
    /// DELETE /v1/projects/{p}/members/{userId}: also deletes the person's pending invitations. The Owner cannot be
    /// removed.
    /// </summary>
    public Task<ConfidentAiRemoval> RemoveMemberAsync(string project, string userId, CancellationToken cancellation) =>
        AskAsync(
            new(Effect.IdempotentWrite, HttpMethod.Delete, Url(["v1", "projects", project, "members", userId])),
            ConfidentAiJson.Default.ConfidentAiAnswerConfidentAiRemoval,
            cancellation
        );

    /// <summary>GET /v1/projects/{p}/invitations: the pending and declined invitations, on one page.</summary>
    public Task<ConfidentAiInvitations> ListInvitationsAsync(string project, CancellationToken cancellation) =>
        AskAsync(
            new(Effect.Read, HttpMethod.Get, Url(["v1", "projects", project, "invitations"])),
            ConfidentAiJson.Default.ConfidentAiAnswerConfidentAiInvitations,
            cancellation
        );

    /// <summary>
    /// POST /v1/projects/{p}/invitations: mails everybody except members and invited people, who are skipped without an
    /// error.
    /// </summary>
    public Task<ConfidentAiInvitations> InviteAsync(
        string project,
        ConfidentAiBatch batch,
        CancellationToken cancellation
    ) =>
        AskAsync(
            new ApiRequest(Effect.Mails, HttpMethod.Post, Url(["v1", "projects", project, "invitations"])).With(
                batch,
                ConfidentAiJson.Default.ConfidentAiBatch
            ),
            ConfidentAiJson.Default.ConfidentAiAnswerConfidentAiInvitations,
            cancellation
        );

    /// <summary>PUT /v1/projects/{p}/invitations/{id}: sends the mail of a pending invitation again.</summary>
    public Task<ConfidentAiResent> ResendInvitationAsync(
        string project,
        string invitationId,
        CancellationToken cancellation
    ) =>
        AskAsync(
            new(Effect.Mails, HttpMethod.Put, Url(["v1", "projects", project, "invitations", invitationId])),
            ConfidentAiJson.Default.ConfidentAiAnswerConfidentAiResent,
            cancellation
        );

    /// <summary>DELETE /v1/projects/{p}/invitations/{id}: revokes a pending invitation.</summary>
    public Task<ConfidentAiRevocation> RevokeInvitationAsync(
        string project,
        string invitationId,
        CancellationToken cancellation
    ) =>
        AskAsync(
            new(
                Effect.IdempotentWrite,
                HttpMethod.Delete,
                Url(["v1", "projects", project, "invitations", invitationId])
            ),
            ConfidentAiJson.Default.ConfidentAiAnswerConfidentAiRevocation,
            cancellation
        );

    /// <summary>GET /v1/projects/{p}/roles: the system roles and the project's own, on one page.</summary>
    public Task<ConfidentAiRoleList> ListRolesAsync(string project, CancellationToken cancellation) =>
        AskAsync(
            new(Effect.Read, HttpMethod.Get, Url(["v1", "projects", project, "roles"])),
            ConfidentAiJson.Default.ConfidentAiAnswerConfidentAiRoleList,
            cancellation
        );

    /// <summary>GET /v1/projects: "all projects within your organization", on one page.</summary>
    public Task<ConfidentAiProjects> ListProjectsAsync(CancellationToken cancellation) =>
        AskAsync(
            new(Effect.Read, HttpMethod.Get, Url(["v1", "projects"])) { IsProse = true },
            ConfidentAiJson.Default.ConfidentAiAnswerConfidentAiProjects,
            cancellation
        );

    private static (string, string) Number(string name, int value) =>
        (name, value.ToString(CultureInfo.InvariantCulture));

    private Uri Url(ReadOnlySpan<string> segments, params ReadOnlySpan<(string, string)> query) =>
        http.Address.Of(closed: false, segments, query);

    /// <summary>Sends a request, and reads the data from the envelope.</summary>
    /// <exception cref="ProviderException">The request failed, or the envelope reports a failure.</exception>
    private async Task<T> AskAsync<T>(
        ApiRequest request,
        JsonTypeInfo<ConfidentAiAnswer<T>> type,
        CancellationToken cancellation
    )
        where T : class
    {
        var answer = await http.SendAsync(
            request,
            type,
            cancellation,
            a =>
                !a.Success ? new("success: false", a.Error ?? "")
                : a.Data is null ? new("answered without data")
                : null
        );
        return answer.Data!;
    }
}

/// <summary>The envelope of every answer.</summary>
internal sealed record ConfidentAiAnswer<T>(bool Success, T? Data = null, string? Error = null)
    where T : class;

/// <summary>A page of members, and the total number on all pages.</summary>
internal sealed record ConfidentAiMembers(IReadOnlyList<ConfidentAiMember> Members, int Total);

/// <summary>
/// ProjectMember. <paramref name="Id"/> is the id of the user. The role is null where the person has none.
/// </summary>
internal sealed record ConfidentAiMember(
    string Id,
    string? Email = null,
    ConfidentAiRole? ProjectRole = null,
    string? Name = null
);

/// <summary>NamedRef of a role, and the fields of ProjectRole that are used.</summary>
internal sealed record ConfidentAiRole(
    string Id,
    string Name,
    string? Description = null,
    IReadOnlyList<ConfidentAiPolicy?>? Policies = null
);

/// <summary>NamedRef of a policy.</summary>
internal sealed record ConfidentAiPolicy(string? Name = null);

/// <summary>A list of projects.</summary>
internal sealed record ConfidentAiProjects(IReadOnlyList<ConfidentAiProject> Projects);

/// <summary>
/// Project. The document requires none of its fields, but without an id the project could not be addressed, so it is
/// required here.
/// </summary>
internal sealed record ConfidentAiProject(string Id, string? Name = null);

/// <summary>A list of roles.</summary>
internal sealed record ConfidentAiRoleList(IReadOnlyList<ConfidentAiRole> Roles);

/// <summary>A list of invitations.</summary>
internal sealed record ConfidentAiInvitations(IReadOnlyList<ConfidentAiInvitation> Invitations);

/// <summary>ProjectInvitation. The role is null "for the default".</summary>
internal sealed record ConfidentAiInvitation(
    long Id,
    string Status,
    [property: JsonPropertyName("created_at")] DateTimeOffset CreatedAt,
    string? Email = null,
    string? ProjectRoleId = null
)
{
    public const string Pending = "PENDING";
    public const string Declined = "DECLINED";
}

/// <summary>The body of an invitation.</summary>
internal sealed record ConfidentAiBatch(IReadOnlyList<string> Emails, string ProjectRoleId);

/// <summary>The body of a role assignment.</summary>
internal sealed record ConfidentAiAssignment(string RoleId);

/// <summary>The answer to a role assignment.</summary>
internal sealed record ConfidentAiChanged(ConfidentAiMember Member);

/// <summary>The answer to a repeated mail.</summary>
internal sealed record ConfidentAiResent(ConfidentAiInvitation Invitation);

/// <summary>The answer to a removal.</summary>
internal sealed record ConfidentAiRemoval(bool Removed = false);

/// <summary>The answer to a revocation.</summary>
internal sealed record ConfidentAiRevocation(bool Deleted = false);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(ConfidentAiAnswer<ConfidentAiMembers>))]
[JsonSerializable(typeof(ConfidentAiAnswer<ConfidentAiChanged>))]
[JsonSerializable(typeof(ConfidentAiAnswer<ConfidentAiRemoval>))]
[JsonSerializable(typeof(ConfidentAiAnswer<ConfidentAiInvitations>))]
[JsonSerializable(typeof(ConfidentAiAnswer<ConfidentAiResent>))]
[JsonSerializable(typeof(ConfidentAiAnswer<ConfidentAiRevocation>))]
[JsonSerializable(typeof(ConfidentAiAnswer<ConfidentAiRoleList>))]
[JsonSerializable(typeof(ConfidentAiAnswer<ConfidentAiProjects>))]
[JsonSerializable(typeof(ConfidentAiBatch))]
[JsonSerializable(typeof(ConfidentAiAssignment))]
internal sealed partial class ConfidentAiJson : JsonSerializerContext;

using System.Globalization;
using System.Text.Json.Serialization;
using Reconciler.Providers.Http;

namespace Reconciler.Providers.Clarifeye;

/// <summary>
/// Calls the API of Clarifeye, one method for each call (tags Users and Invitations of its OpenAPI document). Every
/// path ends in a slash: the server redirects other paths, and a redirected POST is lost.
/// </summary>
internal sealed class ClarifeyeApi(VendorHttp http)
{
    // The documented maximum (limit: 1 to 1000) means the fewest requests, and the fewest page boundaries at which a
    // list can shift.
    private static readonly (string, string) Limit = ("limit", 1000.ToString(CultureInfo.InvariantCulture));

    /// <summary>
    /// GET /projects/{p}/users/: a page of the members, the first one where <paramref name="next"/> is null.
    /// </summary>
    public Task<ClarifeyePage<ClarifeyeMember>> ListUsersAsync(
        string project,
        string? next,
        CancellationToken cancellation
    ) =>
        http.SendAsync(
            Page(Url(["projects", project, "users"], Limit), next),
            ClarifeyeJson.Default.ClarifeyePageClarifeyeMember,
            cancellation
        );

    /// <summary>PATCH /projects/{p}/users/{permission_id}/. Whether it replaces or merges is not stated.</summary>
    public Task<ClarifeyeMember> UpdateUserAsync(
        string project,
        string permissionId,
        ClarifeyeChange change,
        CancellationToken cancellation
    ) =>
        http.SendAsync(
            new ApiRequest(
                Effect.IdempotentWrite,
                HttpMethod.Patch,
                Url(["projects", project, "users", permissionId])
            ).With(change, ClarifeyeJson.Default.ClarifeyeChange),
            ClarifeyeJson.Default.ClarifeyeMember,
            cancellation
        );

    /// <summary>POST /projects/{p}/users/remove-by-email/: 204; 400 for an unknown user, or the caller.</summary>
    public Task RemoveUserAsync(string project, string email, CancellationToken cancellation) =>
        http.SendAsync(
            new ApiRequest(
                Effect.IdempotentWrite,
                HttpMethod.Post,
                Url(["projects", project, "users", "remove-by-email"])
            ).With(new(email), ClarifeyeJson.Default.ClarifeyeRemoval),
            cancellation
        );

    /// <summary>
    /// GET /projects/{p}/invites/?status=pending: a page, the first one where <paramref name="next"/> is null.
    /// </summary>
    public Task<ClarifeyePage<ClarifeyeInvite>> ListPendingInvitesAsync(
        string project,
        string? next,
        CancellationToken cancellation
    ) =>
        http.SendAsync(
            Page(Url(["projects", project, "invites"], Limit, ("status", ClarifeyeInvite.Pending)), next),
            ClarifeyeJson.Default.ClarifeyePageClarifeyeInvite,
            cancellation
        );

    /// <summary>
    /// POST /projects/{p}/invites/invite/: mails a new user, and a registered one too, who is a member at once.
    /// </summary>
    public Task<ClarifeyeInvite> InviteAsync(
        string project,
        ClarifeyeInvitation invitation,
        CancellationToken cancellation
    ) =>
        http.SendAsync(
            new ApiRequest(Effect.Mails, HttpMethod.Post, Url(["projects", project, "invites", "invite"])).With(
                invitation,
                ClarifeyeJson.Default.ClarifeyeInvitation
            ),
            ClarifeyeJson.Default.ClarifeyeInvite,
            cancellation
        );

    /// <summary>DELETE /projects/{p}/invites/{invite_id}/: 204; 400 where the invitation is not pending.</summary>
    public Task CancelInviteAsync(string project, string inviteId, CancellationToken cancellation) =>
        http.SendAsync(
            new ApiRequest(Effect.IdempotentWrite, HttpMethod.Delete, Url(["projects", project, "invites", inviteId])),
            cancellation
        );

    private Uri Url(ReadOnlySpan<string> segments, params ReadOnlySpan<(string, string)> query) =>
        http.Address.Of(closed: true, segments, query);

    private ApiRequest Page(Uri first, string? next) =>
        new(Effect.Read, HttpMethod.Get, next is null ? first : http.Address.Follow(first, next));
}

/// <summary>
/// PaginatedResponse. The document requires none of its fields, but without <c>count</c> a missing page would go
/// unnoticed, so it is required here.
/// </summary>
internal sealed record ClarifeyePage<T>(int Count, IReadOnlyList<T> Results, string? Next = null);

/// <summary>
/// ProjectPermission. <paramref name="Id"/> is the id of the permission, which an update needs. The profile comes from
/// the newer API.
/// </summary>
internal sealed record ClarifeyeMember(
    string Id,
    ClarifeyeUser User,
    IReadOnlyList<string> Permissions,
    string? Profile = null
);

/// <summary>User.</summary>
internal sealed record ClarifeyeUser(string? Email = null, string? Id = null);

/// <summary>ProjectInvite. Only the answer to an invitation contains <paramref name="Type"/>.</summary>
internal sealed record ClarifeyeInvite(
    string Id,
    IReadOnlyList<string> Permissions,
    string Status,
    DateTimeOffset CreatedAt,
    string? Email = null,
    string? Profile = null,
    string? Type = null,
    ClarifeyeUser? InvitedBy = null
)
{
    public const string Pending = "pending";
    public const string NewUser = "new_user";
}

/// <summary>The body of an invitation.</summary>
internal sealed record ClarifeyeInvitation(string Email, IReadOnlyList<string> Permissions, string? Profile);

/// <summary>The body of an update.</summary>
internal sealed record ClarifeyeChange(IReadOnlyList<string> Permissions, string? Profile);

/// <summary>The body of a removal.</summary>
internal sealed record ClarifeyeRemoval(string Email);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(ClarifeyePage<ClarifeyeMember>))]
[JsonSerializable(typeof(ClarifeyePage<ClarifeyeInvite>))]
[JsonSerializable(typeof(ClarifeyeInvitation))]
[JsonSerializable(typeof(ClarifeyeChange))]
[JsonSerializable(typeof(ClarifeyeRemoval))]
internal sealed partial class ClarifeyeJson : JsonSerializerContext;

using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Reconciler.Core.Ports;
using Reconciler.Providers.Http;

namespace Reconciler.Providers.GoRules;

/// <summary>
/// Calls the API of GoRules, one method for each call. The base URL belongs to the tenant; every path begins with
/// <c>/api</c>.
/// </summary>
internal sealed class GoRulesApi(VendorHttp http)
{
    // The documents name a default (10) and no maximum. Many such APIs allow 100. Where a server silently returns
    // smaller pages, its answers decide, not this number.
    private static readonly (string, string) PerPage = ("perPage", "100");

    /// <summary>Checks the id of a project before anything is requested for it.</summary>
    public void Check(string project) => Url(["projects", project]);

    /// <summary>GET /projects/{p}/members: all pages.</summary>
    public Task<IReadOnlyCollection<GoRulesMember>> ListMembersAsync(string project, CancellationToken cancellation) =>
        ListAsync(
            GoRulesJson.Default.GoRulesPageGoRulesMember,
            member => member.Id,
            ["projects", project, "members"],
            [],
            cancellation
        );

    /// <summary>
    /// POST /projects/{p}/members ("Invite members"): the new memberships, in an array without an envelope. The
    /// document does not say whether people get a mail, so the call counts as mailing.
    /// </summary>
    public Task<IReadOnlyList<GoRulesMember>> AddMembersAsync(
        string project,
        GoRulesAddition addition,
        CancellationToken cancellation
    ) =>
        http.SendAsync(
            new ApiRequest(Effect.Mails, HttpMethod.Post, Url(["projects", project, "members"])).With(
                addition,
                GoRulesJson.Default.GoRulesAddition
            ),
            GoRulesJson.Default.IReadOnlyListGoRulesMember,
            cancellation
        );

    /// <summary>
    /// PUT /projects/{p}/members/{memberId}; the id is not that of the user. The document does not say whether it
    /// replaces the groups or adds to them.
    /// </summary>
    public Task<GoRulesMember> UpdateMemberAsync(
        string project,
        string memberId,
        GoRulesChange change,
        CancellationToken cancellation
    ) =>
        http.SendAsync(
            new ApiRequest(
                Effect.IdempotentWrite,
                HttpMethod.Put,
                Url(["projects", project, "members", memberId])
            ).With(change, GoRulesJson.Default.GoRulesChange),
            GoRulesJson.Default.GoRulesMember,
            cancellation
        );

    /// <summary>GET /projects/{p}/groups: all pages.</summary>
    public Task<IReadOnlyCollection<GoRulesGroup>> ListGroupsAsync(string project, CancellationToken cancellation) =>
        ListAsync(
            GoRulesJson.Default.GoRulesPageGoRulesGroup,
            group => group.Id,
            ["projects", project, "groups"],
            [],
            cancellation
        );

    /// <summary>GET /users: all pages of the organisation's people, or of its machine accounts.</summary>
    public Task<IReadOnlyCollection<GoRulesUser>> ListUsersAsync(bool machines, CancellationToken cancellation) =>
        ListAsync(
            GoRulesJson.Default.GoRulesPageGoRulesUser,
            user => user.Id,
            ["users"],
            [("isService", machines ? "true" : "false")],
            cancellation
        );

    /// <summary>
    /// POST /users: invites at most ten addresses to the organisation. The answer contains a user id for each.
    /// </summary>
    public async Task<IReadOnlyList<GoRulesInvitation>> InviteUsersAsync(
        IReadOnlyList<string> emails,
        CancellationToken cancellation
    )
    {
        try
        {
            return await http.SendAsync(
                new ApiRequest(Effect.Mails, HttpMethod.Post, Url(["users"])).With(
                    new(emails),
                    GoRulesJson.Default.GoRulesEmails
                ),
                GoRulesJson.Default.IReadOnlyListGoRulesInvitation,
                cancellation
            );
        }
        catch (ProviderException denial) when (IsDenial(denial))
        {
            throw Denied(emails, denial);
        }
    }

    /// <summary>POST /users/{userId}/invitation: sends the invitation to the organisation, also again.</summary>
    public async Task ResendInvitationAsync(string userId, string email, CancellationToken cancellation)
    {
        try
        {
            await http.SendAsync(
                new(Effect.Mails, HttpMethod.Post, Url(["users", userId, "invitation"])),
                cancellation
            );
        }
        catch (ProviderException denial) when (IsDenial(denial))
        {
            throw Manual("send", email, "the invitation to the organisation again in GoRules", denial);
        }
    }

    /// <summary>Creates the error for a token that may not invite to the organisation.</summary>
    /// <param name="emails">The addresses that a human has to invite.</param>
    /// <param name="denial">The error that GoRules returned.</param>
    public static ProviderException Denied(IReadOnlyList<string> emails, ProviderException denial) =>
        Manual(
            "invite",
            string.Join(", ", emails),
            "to the organisation in GoRules, and a later reconcile gives access to the project",
            denial
        );

    /// <summary>GET /invitations?status=pending: all pages of the invitations to the organisation.</summary>
    public Task<IReadOnlyCollection<GoRulesInvitation>> ListPendingInvitationsAsync(CancellationToken cancellation) =>
        ListAsync(
            GoRulesJson.Default.GoRulesPageGoRulesInvitation,
            invitation => invitation.Id,
            ["invitations"],
            [("status", GoRulesInvitation.Pending)],
            cancellation
        );

    private Uri Url(ReadOnlySpan<string> segments, params ReadOnlySpan<(string, string)> query) =>
        http.Address.Of(closed: false, ["api", .. segments], query);

    // The document gives the calls that write to the organisation a security scheme of GoRules' own, so a personal
    // access token may be refused there.
    private static bool IsDenial(ProviderException denial) =>
        denial.Fault is ProviderFault.Unauthorized or ProviderFault.Forbidden;

    private static ProviderException Manual(string verb, string whom, string what, ProviderException denial)
    {
        var why = $": the token may not do it ({denial.Message})";
        return new(ProviderFault.Manual, $"{verb} {whom} {what}{why}", denial)
        {
            ForAnybody = $"{verb} the person {what}{why}",
        };
    }

    private Task<IReadOnlyCollection<T>> ListAsync<T>(
        JsonTypeInfo<GoRulesPage<T>> type,
        Func<T, string> id,
        string[] segments,
        (string, string)[] query,
        CancellationToken cancellation
    )
        where T : class
    {
        return WholeList.ReadAsync($"GET /api/{string.Join('/', segments)}", ReadAsync, id);

        async Task<ListPage<T>> ReadAsync(string? page)
        {
            var url = Url(segments, [.. query, ("page", page ?? 1.ToString(CultureInfo.InvariantCulture)), PerPage]);
            return GoRulesMapping.ToPage(
                await http.SendAsync(new(Effect.Read, HttpMethod.Get, url), type, cancellation)
            );
        }
    }
}

/// <summary>The envelope of every list.</summary>
internal sealed record GoRulesPage<T>(IReadOnlyList<T> Results, GoRulesPaginate Paginate);

/// <summary>The position of a page in its list; <paramref name="To"/> is the position of its last item.</summary>
internal sealed record GoRulesPaginate(int Current, int To, int Total);

/// <summary>
/// A membership with its user. The document requires neither user, groups nor owner, but without them the access of the
/// person would be unknown, so they are required here.
/// </summary>
internal sealed record GoRulesMember(string Id, bool Owner, GoRulesUser User, IReadOnlyList<GoRulesGroup> Groups);

/// <summary>
/// A user of the organisation. The values of <c>status</c> are not documented, so pending invitations show who has not
/// accepted yet.
/// </summary>
internal sealed record GoRulesUser(
    string Id,
    string? Email = null,
    bool IsService = false,
    string? FirstName = null,
    string? LastName = null
);

/// <summary>
/// A group of a project. A group with a role contains everybody who has that role in the organisation.
/// </summary>
internal sealed record GoRulesGroup(
    string Id,
    string Name,
    string? RoleId = null,
    string? Description = null,
    IReadOnlyList<string?>? Permissions = null
);

/// <summary>
/// An invitation to the organisation. In a list it contains the user; in the answer to an invitation, the id of the
/// user.
/// </summary>
internal sealed record GoRulesInvitation(
    string Id,
    string Status,
    DateTimeOffset CreatedAt,
    string? Email = null,
    string? UserId = null,
    GoRulesUser? User = null
)
{
    public const string Pending = "pending";

    public string? PersonId => UserId ?? User?.Id;
}

/// <summary>The body of adding members.</summary>
internal sealed record GoRulesAddition(IReadOnlyList<string> UserIds, IReadOnlyList<string> GroupIds, bool Owner);

/// <summary>The body of updating a member.</summary>
internal sealed record GoRulesChange(IReadOnlyList<string> GroupIds, bool Owner);

/// <summary>The body of an invitation to the organisation.</summary>
internal sealed record GoRulesEmails(IReadOnlyList<string> Emails);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(GoRulesPage<GoRulesMember>))]
[JsonSerializable(typeof(GoRulesPage<GoRulesGroup>))]
[JsonSerializable(typeof(GoRulesPage<GoRulesUser>))]
[JsonSerializable(typeof(GoRulesPage<GoRulesInvitation>))]
[JsonSerializable(typeof(IReadOnlyList<GoRulesMember>))]
[JsonSerializable(typeof(IReadOnlyList<GoRulesInvitation>))]
[JsonSerializable(typeof(GoRulesAddition))]
[JsonSerializable(typeof(GoRulesChange))]
[JsonSerializable(typeof(GoRulesEmails))]
internal sealed partial class GoRulesJson : JsonSerializerContext;

using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Reconciler.Core.Actions;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Providers.ConfidentAi;
using Reconciler.Testing.Sandbox.ConfidentAi;

namespace Reconciler.Providers.Tests.ConfidentAi;

public class ConfidentAiMappingTests
{
    private const string MembersAnswer =
        """
            {"success":true,"data":{"members":[
              {"id":"user-uuid-1","email":"alice@example.com","name":"Alice","image":null,
            """
        + """
            "projectRole":{"id":"project-role-uuid-1","name":"Owner"}},
              {"id":"user-uuid-2","email":"bob@example.com","name":"Bob","image":null,
            """
        + """
            "projectRole":{"id":"project-role-uuid-2","name":"Member"}},
              {"id":"user-uuid-3","email":"carl@example.com","projectRole":null}
            ],"total":3},"deprecated":false,"link":"https://example.com"}
            """;

    private const string RolesAnswer =
        """
            {"success":true,"data":{"roles":[
              {"id":"project-role-uuid-1","name":"Owner","description":"Owner of the project with full access to all resources.",
            """
        + """
            "projectId":null,"policies":[]},
              {"id":"project-role-uuid-3","name":"Analyst","description":"Read-only project access","projectId":"PROJECT-ID",
            """
        + """
            "policies":[{"id":"policy-uuid-1","name":"View traces"}]}
            ]}}
            """;

    private static ConfidentAiRoles Known { get; } =
        new([new("project-role-uuid-1", "Owner"), new("project-role-uuid-2", "Member")]);

    [Fact]
    public void Both_regions_are_published() =>
        Assert.Equal(
            ["https://api.confident-ai.com", "https://eu.api.confident-ai.com"],
            ConfidentAiAccess.Vendor.PublishedUrls
        );

    [Fact]
    public void The_documented_members_are_read_with_their_roles()
    {
        var page = Read(MembersAnswer, ConfidentAiJson.Default.ConfidentAiAnswerConfidentAiMembers);
        var members = page.Members.Select(m => ConfidentAiMapping.ToMember(m)).ToList();
        Assert.Equal(
            ["alice@example.com Owner", "bob@example.com Member", "carl@example.com nothing"],
            members.Select(m => $"{m.Email} {m.Access}")
        );
        Assert.Equal([true, false, false], members.Select(m => m.IsVendorOwner));
        Assert.All(members, m => Assert.Equal(m.PersonId, m.MembershipId));
    }

    [Fact]
    public void The_documented_roles_are_known_by_name_and_by_id()
    {
        var roles = new ConfidentAiRoles(
            Read(RolesAnswer, ConfidentAiJson.Default.ConfidentAiAnswerConfidentAiRoleList).Roles
        );
        Assert.Equal("project-role-uuid-3", roles.IdOf("Analyst"));
        Assert.Equal("Owner", roles.NameOf("project-role-uuid-1"));
        Assert.Null(roles.IdOf("analyst"));
        Assert.Null(roles.NameOf("project-role-uuid-2"));
    }

    [Fact]
    public void The_documented_invitations_are_read_with_the_role_that_they_carry()
    {
        var answer = Read(
            ConfidentSamples.InviteAnswer,
            ConfidentAiJson.Default.ConfidentAiAnswerConfidentAiInvitations
        );
        var invitations = answer.Invitations.Select(i => ConfidentAiMapping.ToInvitation(i, Known)).ToList();
        Assert.Equal(
            ["201 carol@example.com Member", "202 dave@example.com Member"],
            invitations.Select(i => $"{i.Id} {i.Email} {i.Access}")
        );
        Assert.All(
            invitations,
            i =>
                Assert.Equal(
                    (InvitationState.Pending, new DateTimeOffset(2024, 12, 4, 23, 0, 0, TimeSpan.Zero)),
                    (i.State, i.CreatedAt)
                )
        );
    }

    [Fact]
    public void The_documented_invitation_is_written_as_documented()
    {
        var batch = ConfidentAiMapping.ToBatch(
            [Invite("carol@example.com"), Invite("dave@example.com")],
            "project-role-uuid-2"
        );
        var documented = JsonDocument.Parse(ConfidentSamples.InviteRequest).RootElement;
        Assert.True(
            JsonElement.DeepEquals(
                documented,
                JsonSerializer.SerializeToElement(batch, ConfidentAiJson.Default.ConfidentAiBatch)
            )
        );
    }

    [Theory]
    [InlineData("carol@example.com dave@example.com", true)]
    [InlineData("CAROL@example.com", true)]
    [InlineData("carol@example.com erin@example.com", false)]
    public void An_answer_shows_a_batch_where_nobody_was_skipped(string emails, bool shown)
    {
        var answer = Read(
            ConfidentSamples.InviteAnswer,
            ConfidentAiJson.Default.ConfidentAiAnswerConfidentAiInvitations
        );
        Assert.Equal(shown, ConfidentAiMapping.Shows(answer, new(emails.Split(' '), "project-role-uuid-2")));
        Assert.False(ConfidentAiMapping.Shows(answer, new(emails.Split(' '), "project-role-uuid-1")));
    }

    [Fact]
    public void An_invitation_without_a_role_is_one_to_the_default_role() =>
        Assert.Equal(
            "Member",
            $"{ConfidentAiMapping.ToInvitation(new(1, "PENDING", default, "a@example.com"), Known).Access}"
        );

    [Fact]
    public void An_invitation_with_a_role_that_is_gone_shows_its_id() =>
        Assert.Equal(
            "role-9",
            $"{ConfidentAiMapping.ToInvitation(new(1, "PENDING", default, "a@example.com", "role-9"), Known).Access}"
        );

    [Fact]
    public void A_declined_invitation_stays_and_an_accepted_one_or_one_of_an_unknown_status_does_not()
    {
        Assert.Equal(
            InvitationState.Declined,
            ConfidentAiMapping.ToInvitation(new(1, "DECLINED", default, "a@example.com"), Known).State
        );
        Assert.Equal(
            [true, true, false, false],
            new[] { "PENDING", "DECLINED", "ACCEPTED", "EXPIRED" }.Select(s =>
                ConfidentAiMapping.Matters(new(1, s, default, "a@example.com"))
            )
        );
    }

    [Theory]
    [InlineData(1, 100, null)]
    [InlineData(1, 101, "2")]
    [InlineData(2, 200, null)]
    [InlineData(2, 201, "3")]
    public void The_total_tells_whether_another_page_follows(int page, int total, string? next)
    {
        Assert.Equal(next, ConfidentAiMapping.ToPage(new([], total), page).Next);
        Assert.Equal(page, ConfidentAiMapping.ToNumber(page == 1 ? null : $"{page}"));
    }

    [Fact]
    public void A_name_that_two_roles_have_is_ambiguous_and_named_with_their_ids()
    {
        var roles = new ConfidentAiRoles([new("r1", "Analyst"), new("r2", "Analyst"), new("r1", "Analyst")]);
        Assert.Null(roles.IdOf("Analyst"));
        Assert.Equal(
            "2 roles have the name \"Analyst\" (their ids are r1, r2); "
                + "expected the id of the one that is meant in place of the name, or a name that only one has",
            roles.Problem("Analyst")
        );
    }

    [Fact]
    public void Roles_that_members_have_are_enough_while_no_invitation_waits_for_another()
    {
        var project = new ConfidentAiProjectOf("bob@example.com", "Member").Project;
        Assert.True(
            Known.Cover(
                project,
                [Waiting("PENDING", "project-role-uuid-2"), Waiting("PENDING", null), Waiting("DECLINED", "role-9")]
            )
        );
        Assert.False(Known.Cover(project, [Waiting("PENDING", "role-9")]));
        Assert.False(Known.Cover(new ConfidentAiProjectOf("bob@example.com", "Analyst").Project, []));

        static ConfidentAiInvitation Waiting(string status, string? role) =>
            new(1, status, default, "a@example.com", role);
    }

    private static PlannedAction Invite(string email) =>
        new(ActionKind.Invite, Phase.Grant, new(EmailAddress.KeyOf(email), EmailAddress.Parse(email)), "a test")
        {
            Email = email,
        };

    private static T Read<T>(string json, JsonTypeInfo<ConfidentAiAnswer<T>> type)
        where T : class => JsonSerializer.Deserialize(json, type)!.Data!;

    private sealed record ConfidentAiProjectOf(string Email, string Role)
    {
        public DesiredProject Project =>
            new(
                "default/p",
                new("default/c", ConfidentAiAccess.Vendor, new("https://api.confident-ai.com"), null!),
                "p",
                [new(new(Email, EmailAddress.Parse(Email)), ConfidentAiBench.Role(Role), [])]
            );
    }
}

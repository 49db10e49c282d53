using System.Text.Json;
using Reconciler.Core.Actions;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Providers.EquinixMetal;
using Reconciler.Providers.Http;

namespace Reconciler.Providers.Tests.EquinixMetal;

public class EquinixMetalMappingTests
{
    private const string Project = "3c90c3cc-0d44-4b50-8888-8dd25736052a";

    // The examples of Invitation and Membership in the Metal API's document, with ids and words filled in.
    private const string Invitation = """
        {"projects":[{"href":"/metal/v1/projects/3c90c3cc-0d44-4b50-8888-8dd25736052a"}],"updated_at":"2000-01-23T04:56:07.000+00:00",
         "invitation":{"href":"href"},"organization":{"href":"/metal/v1/organizations/0a90c3cc"},"roles":["admin","a new role"],
         "created_at":"2000-01-23T04:56:07.000+00:00","href":"href","id":"046b6c7f-0b8a-43b9-b35d-6489e6daee91",
         "invited_by":{"href":"/metal/v1/users/u-1"},"nonce":"nonce","invitee":"Ana@Example.com"}
        """;

    private const string Membership = """
        {"updated_at":"2000-01-23T04:56:07.000+00:00","roles":["collaborator","owner"],"created_at":"2000-01-23T04:56:07.000+00:00",
         "project":{"href":"href"},"href":"href","id":"046b6c7f-0b8a-43b9-b35d-6489e6daee91","user":USER}
        """;

    [Fact]
    public void An_invitation_of_the_document_waits_with_its_roles_as_they_are()
    {
        var live = EquinixMetalMapping.ToInvitation(Read(Invitation), Project.ToUpperInvariant());
        Assert.Equal(
            ("046b6c7f-0b8a-43b9-b35d-6489e6daee91", "Ana@Example.com", "a new role, admin"),
            (live.Id, live.Email, live.Access.ToString())
        );
        Assert.Equal(new DateTimeOffset(2000, 1, 23, 4, 56, 7, TimeSpan.Zero), live.CreatedAt);
        Assert.False(live.NamesOtherProjects);
    }

    [Theory]
    [InlineData(
        """[{"href":"/metal/v1/projects/3c90c3cc-0d44-4b50-8888-8dd25736052a"},{"href":"/metal/v1/projects/other"}]"""
    )]
    [InlineData("""[{"href":"/metal/v1/projects/other"}]""")]
    [InlineData("[]")]
    [InlineData("null")]
    public void An_invitation_that_is_not_for_this_project_alone_reaches_beyond_it(string projects)
    {
        var json = Invitation.Replace(
            """[{"href":"/metal/v1/projects/3c90c3cc-0d44-4b50-8888-8dd25736052a"}]""",
            projects,
            StringComparison.Ordinal
        );
        Assert.True(EquinixMetalMapping.ToInvitation(Read(json), Project).NamesOtherProjects);
    }

    [Fact]
    public void A_member_has_the_address_of_the_user_that_is_included_and_an_owner_is_a_role_like_others()
    {
        var live = EquinixMetalMapping.ToMember(
            Member("""{"id":"u-1","email":"bob@example.com","href":"/metal/v1/users/u-1"}""")
        );
        Assert.Equal(
            ("046b6c7f-0b8a-43b9-b35d-6489e6daee91", "u-1", "bob@example.com", "collaborator, owner"),
            (live.MembershipId, live.PersonId, live.Email, live.Access.ToString())
        );
        Assert.False(live.IsVendorOwner);
        Assert.Equal("", EquinixMetalMapping.ToMember(Member("""{"id":"u-2"}""")).Email);
    }

    [Theory]
    [InlineData("""{"href":"/metal/v1/users/u-1"}""")]
    [InlineData("null")]
    public void A_member_whose_user_is_not_included_is_no_answer(string user)
    {
        var failure = Assert.Throws<ProviderException>(() => EquinixMetalMapping.ToMember(Member(user)));
        Assert.Equal(ProviderFault.BadAnswer, failure.Fault);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(99, null)]
    [InlineData(100, "2")]
    [InlineData(1000, "2")]
    public void Without_meta_a_first_page_shorter_than_both_documented_maxima_is_the_last(int count, string? next)
    {
        var size = 0;
        var page = EquinixMetalMapping.ToPage(new string[count], meta: null, 1, ref size);
        Assert.Equal((null, next), (page.Total, page.Next));
    }

    [Fact]
    public void Without_meta_a_later_page_that_is_shorter_than_the_first_is_the_last()
    {
        var size = 0;
        EquinixMetalMapping.ToPage(new string[250], meta: null, 1, ref size);
        Assert.Equal("3", EquinixMetalMapping.ToPage(new string[250], meta: null, 2, ref size).Next);
        Assert.Null(EquinixMetalMapping.ToPage(new string[249], meta: null, 3, ref size).Next);
    }

    [Theory]
    [InlineData("""{"total":150,"current_page":1,"last_page":2,"next":{"href":"/metal/v1/x?page=2"}}""", 150, "2")]
    [InlineData("""{"total":150,"current_page":1,"last_page":2}""", 150, "2")]
    [InlineData("""{"total":150,"next":{"href":"/x"}}""", 150, "2")]
    [InlineData("""{"total":100,"current_page":1,"last_page":1,"next":null}""", 100, null)]
    public void With_meta_its_words_count(string meta, int total, string? next)
    {
        var size = 0;
        var page = EquinixMetalMapping.ToPage(
            new string[100],
            JsonSerializer.Deserialize(meta, EquinixMetalJson.Default.EquinixMetalMeta),
            1,
            ref size
        );
        Assert.Equal((total, next), (page.Total, page.Next));
    }

    [Fact]
    public void An_invitation_is_sent_with_the_address_as_declared_the_roles_sorted_and_the_message()
    {
        var action = Action() with { Message = "welcome" };
        Assert.Equal(
            """{"invitee":"Ana@Example.com","roles":["admin","billing"],"message":"welcome"}""",
            JsonSerializer.Serialize(
                EquinixMetalMapping.ToInvitee(action),
                EquinixMetalJson.Default.EquinixMetalInvitee
            )
        );
        Assert.Equal(
            """{"role":["admin","billing"]}""",
            JsonSerializer.Serialize(
                EquinixMetalMapping.ToChange(action, plural: false),
                EquinixMetalJson.Default.EquinixMetalChange
            )
        );
        Assert.Equal(
            """{"roles":["admin","billing"]}""",
            JsonSerializer.Serialize(
                EquinixMetalMapping.ToChange(action, plural: true),
                EquinixMetalJson.Default.EquinixMetalChange
            )
        );
    }

    [Fact]
    public void An_answer_that_shows_other_roles_or_projects_confirms_nothing()
    {
        var answer = Read(Invitation.Replace("a new role", "billing", StringComparison.Ordinal));
        Assert.True(EquinixMetalMapping.Shows(answer, Action(), Project));
        Assert.False(EquinixMetalMapping.Shows(answer, Action(), Project, "other"));
        Assert.False(EquinixMetalMapping.Shows(Read(Invitation), Action(), Project));
    }

    private static PlannedAction Action() =>
        new(ActionKind.Invite, Phase.Grant, new("ana@example.com", null), "a test")
        {
            Email = "Ana@Example.com",
            Access = EquinixMetalBench.Roles("billing", "admin"),
        };

    private static EquinixMetalInvitation Read(string json) =>
        JsonSerializer.Deserialize(json, EquinixMetalJson.Default.EquinixMetalInvitation)!;

    private static EquinixMetalMembership Member(string user) =>
        JsonSerializer.Deserialize(
            Membership.Replace("USER", user, StringComparison.Ordinal),
            EquinixMetalJson.Default.EquinixMetalMembership
        )!;
}

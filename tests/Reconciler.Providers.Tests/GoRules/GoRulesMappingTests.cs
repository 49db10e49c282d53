using System.Text.Json;
using Reconciler.Core.Actions;
using Reconciler.Core.Membership;
using Reconciler.Providers.GoRules;
using Reconciler.Testing.Sandbox.GoRules;

namespace Reconciler.Providers.Tests.GoRules;

public class GoRulesMappingTests
{
    private const string Id = "3c90c3cc-0d44-4b50-8888-8dd25736052a";

    [Fact]
    public void The_sample_answer_to_an_addition_is_a_machine_account_that_owns_the_project_beside_a_group_of_a_role()
    {
        var member = GoRulesMapping.ToMember(
            Assert.Single(
                JsonSerializer.Deserialize(GoRulesSamples.AddAnswer, GoRulesJson.Default.IReadOnlyListGoRulesMember)!
            )
        );
        Assert.Equal(
            (Id, Id, "[email protected]", true),
            (member.MembershipId, member.PersonId, member.Email, member.IsService)
        );
        Assert.Equal("owner", member.Access.ToString());
    }

    [Fact]
    public void The_sample_request_is_what_an_addition_sends()
    {
        var body = JsonSerializer.Serialize(new([Id], [Id], Owner: false), GoRulesJson.Default.GoRulesAddition);
        Assert.True(
            JsonElement.DeepEquals(
                JsonDocument.Parse(GoRulesSamples.AddRequest).RootElement,
                JsonDocument.Parse(body).RootElement
            )
        );
    }

    [Fact]
    public void The_sample_invitation_is_pending_and_has_the_users_id()
    {
        var json = GoRulesSamples.InviteAnswer.Replace(
            "<string>",
            "2026-11-20T08:00:00.000Z",
            StringComparison.Ordinal
        );
        var pending = new GoRulesPending();
        pending.Add(
            Assert.Single(JsonSerializer.Deserialize(json, GoRulesJson.Default.IReadOnlyListGoRulesInvitation)!)
        );
        Assert.Equal(Id, pending.Of(GoRulesBench.Person("JSmith@example.com"))!.PersonId);
        Assert.NotNull(pending.Of(new GoRulesUser(Id)));
        Assert.Null(pending.Of(GoRulesBench.Person("other@example.com")));
    }

    [Theory]
    [InlineData(1, 100, 250, "2")]
    [InlineData(2, 100, 250, "3")]
    [InlineData(3, 250, 250, null)]
    [InlineData(1, 50, 120, "2")]
    public void The_next_page_is_told_by_the_position_of_the_last_item(int current, int to, int total, string? next) =>
        Assert.Equal(
            next,
            GoRulesMapping.ToPage(new GoRulesPage<GoRulesUser>([new(Id)], new(current, to, total))).Next
        );

    [Fact]
    public void A_member_without_groups_in_the_answer_cannot_be_read() =>
        Assert.Throws<JsonException>(() =>
            JsonSerializer.Deserialize(
                """{"id":"m1","owner":false,"user":{"id":"u1"}}""",
                GoRulesJson.Default.GoRulesMember
            )
        );

    [Fact]
    public void Two_users_with_one_address_are_not_chosen_from()
    {
        var users = new[] { "u1", "u2" }.ToLookup(_ => "ana@example.com", StringComparer.Ordinal);
        var action = GoRulesBench.Invitation("ana@example.com", GoRulesBench.Access("Editors"));
        Assert.Throws<Reconciler.Core.Ports.ProviderException>(() => GoRulesMapping.ToPerson(action, users, new()));
        var stated = action with { Person = action.Person with { UserId = "u2" } };
        Assert.Equal(new("u2", IsWaiting: false), GoRulesMapping.ToPerson(stated, users, new()));
    }

    [Fact]
    public void An_answer_shows_an_action_only_with_exactly_the_access_that_was_asked_for()
    {
        var action = GoRulesBench.Invitation("ana@example.com", GoRulesBench.Access("Editors"));
        var member = new GoRulesMember(
            Id,
            Owner: false,
            new(Id),
            [new("g1", "Editors"), new("g3", "Auditors", RoleId: "r")]
        );
        Assert.True(GoRulesMapping.Shows(member, action));
        Assert.False(GoRulesMapping.Shows(member with { Owner = true }, action));
        Assert.False(GoRulesMapping.Shows(null, action));
        Assert.False(GoRulesMapping.Shows(member, action with { Kind = ActionKind.Remove, Access = null }));
        Assert.True(
            GoRulesMapping.Shows(member with { Groups = [] }, action with { Kind = ActionKind.Remove, Access = null })
        );
    }
}

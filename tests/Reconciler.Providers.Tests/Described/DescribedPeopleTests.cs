using Microsoft.Extensions.Time.Testing;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Testing.Providers.Http;

namespace Reconciler.Providers.Tests.Described;

/// <summary>Invitations, accounts and refusals of described vendors.</summary>
public sealed class DescribedPeopleTests
{
    private const string Invitations = """
          access: [{name: role, form: word, description: The role., known: [reader], required: true}]
          answers: {success: {at: /ok, is: ["true"]}, reason: /why}
          whoAmI: {path: /me, seesAll: [{at: /admin, is: ["true"]}]}
          projects: {path: /p, items: /list, id: /id}
          members: {path: "/p/{project}", items: /list, id: /id, email: /mail, access: {role: {at: /role}}}
          invitations:
            path: /p/{project}/i
            items: /list
            pending: [{at: /state, is: [open]}]
            declined: [{at: /state, is: [declined]}]
            over: [{at: /state, is: [used]}]
            id: /id
            email: /mail
            createdAt: /at
          calls:
            invite:
              method: POST
              path: /p/{project}/i
              effect: mails
              body: {to: "{email}", role: "{access.role}"}
            revoke: {method: DELETE, path: "/p/{project}/i/{invitation.id}", effect: idempotent}
          manual: {update: by hand, remove: by hand, resend: by hand}
          refusals: [{status: 422, at: /errors/0/code, is: "1001", means: noSeat}]
        """;

    private const string People = """
          access: [{name: role, form: word, description: The role., known: [reader]}]
          people: {path: /people, items: "", id: /id, email: /mail}
          members: {path: "/p/{project}", items: "", id: /id, person: /user, access: {role: {at: /role}}}
          calls: {}
          manual: {invite: by hand, update: by hand, remove: by hand}
        """;

    private static readonly string Me = DescribedBench.Json("""{"ok": true, "admin": true}""");
    private static readonly string Nobody = DescribedBench.Json("""{"ok": true, "list": []}""");

    [Fact]
    public async Task Invitations_wait_or_are_declined_and_those_that_are_over_are_left_out()
    {
        await using var bench = new DescribedBench(
            Invitations,
            Me,
            DescribedBench.Json(
                """
                {"ok": true, "list": [
                 {"id": 1, "mail": "a@x.example", "state": "open", "at": "2026-11-20T09:00:00Z", "role": "reader"},
                 {"id": 2, "mail": "b@x.example", "state": "declined", "at": "2026-11-20T09:00:00Z"},
                 {"id": 3, "mail": "c@x.example", "state": "used", "at": "2026-11-20T09:00:00Z"}]}
                """
            ),
            Nobody
        );

        var invitations = (await bench.ReadAsync()).Invitations;

        Assert.Equal(
            [("a@x.example", InvitationState.Pending), ("b@x.example", InvitationState.Declined)],
            invitations.Select(i => (i.Email, i.State))
        );
    }

    [Theory]
    [InlineData("""{"ok": true, "list": [{"id": "L3", "state": "seen"}]}""", "the invitation L3, which neither waits")]
    [InlineData("""{"ok": false, "why": "closed"}""", "/ok reports a failure: closed")]
    [InlineData("""{"list": []}""", "without /ok")]
    public async Task A_list_of_invitations_that_leaves_doubt_fails_the_project(string list, string message)
    {
        await using var bench = new DescribedBench(Invitations, Me, DescribedBench.Json(list), Nobody);

        var failure = await Assert.ThrowsAsync<ProviderException>(() => bench.ReadAsync());

        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"id": 1, "mail": "a@x.example", "rolle": "reader"}""", "the member 1 without /role")]
    [InlineData("""{"id": 1, "mail": "a@x.example", "role": "reader"}, {"id": 2}""", "the member 2 without /role")]
    public async Task A_member_without_a_required_field_is_an_unreadable_answer_and_not_nobodys_access(
        string members,
        string message
    )
    {
        await using var bench = new DescribedBench(
            Invitations,
            Me,
            Nobody,
            DescribedBench.Json($$"""{"ok": true, "list": [{{members}}]}""")
        );

        var failure = await Assert.ThrowsAsync<ProviderException>(() => bench.ReadAsync());

        Assert.Equal(ProviderFault.BadAnswer, failure.Fault);
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invitation_without_a_required_field_is_an_unreadable_answer()
    {
        await using var bench = new DescribedBench(
            Invitations,
            Me,
            DescribedBench.Json("""{"ok": true, "list": [{"id": "L3", "mail": "a@x.example", "state": "open"}]}"""),
            Nobody
        );

        var failure = await Assert.ThrowsAsync<ProviderException>(() => bench.ReadAsync());

        Assert.Contains("the invitation L3 without /role", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    public async Task A_required_list_of_words_that_is_no_list_is_an_unreadable_answer(string roles)
    {
        await using var bench = new DescribedBench(
            Invitations.Replace("form: word,", "form: words,", StringComparison.Ordinal),
            Me,
            Nobody,
            DescribedBench.Json($$"""{"ok": true, "list": [{"id": 1, "mail": "a@x.example", "role": {{roles}}}]}""")
        );

        var failure = await Assert.ThrowsAsync<ProviderException>(() => bench.ReadAsync());

        Assert.Equal(ProviderFault.BadAnswer, failure.Fault);
    }

    [Fact]
    public async Task A_required_field_that_is_null_stands_for_no_access()
    {
        await using var bench = new DescribedBench(
            Invitations,
            Me,
            Nobody,
            DescribedBench.Json("""{"ok": true, "list": [{"id": 1, "mail": "a@x.example", "role": null}]}""")
        );

        Assert.True(Assert.Single((await bench.ReadAsync()).Members).Access.IsNone);
    }

    [Fact]
    public async Task A_mail_whose_answer_says_nothing_of_success_may_have_been_sent()
    {
        await using var bench = new DescribedBench(Invitations, DescribedBench.Json("""{"id": 1}"""));

        var failure = await Assert.ThrowsAsync<ProviderException>(() =>
            bench.ApplyAsync(ActionKind.Invite, null, "role", "reader")
        );

        Assert.Equal(ProviderFault.Ambiguous, failure.Fault);
    }

    [Fact]
    public async Task A_refusal_is_known_by_a_number_in_a_list()
    {
        await using var bench = new DescribedBench(
            Invitations,
            StubVendor.Json(422, """{"errors": [{"code": 1001}]}""")
        );

        var failure = await Assert.ThrowsAsync<ProviderException>(() =>
            bench.ApplyAsync(ActionKind.Invite, null, "role", "reader")
        );

        Assert.Equal(ProviderFault.NoSeat, failure.Fault);
    }

    [Fact]
    public async Task The_list_of_projects_asks_whose_token_it_is_first()
    {
        await using var bench = new DescribedBench(
            Invitations,
            DescribedBench.Json("""{"ok": true, "admin": false}""")
        );

        var failure = await Assert.ThrowsAsync<ProviderException>(() => bench.ProjectsAsync());

        Assert.Equal(ProviderFault.Configuration, failure.Fault);
        Assert.Equal(["GET /api/v1/me"], bench.Lines);
    }

    [Fact]
    public async Task Accounts_are_read_once_for_the_projects_of_a_run_and_again_for_somebody_new_or_later()
    {
        var clock = new FakeTimeProvider();
        await using var bench = new DescribedBench(
            People,
            clock,
            DescribedBench.Json("""[{"id": 1, "user": 7}]"""),
            DescribedBench.Json("""[{"id": 7, "mail": "a@x.example"}]"""),
            DescribedBench.Json("""[{"id": 1, "user": 7}]"""),
            DescribedBench.Json("""[{"id": 2, "user": 8}]"""),
            DescribedBench.Json("""[{"id": 7, "mail": "a@x.example"}, {"id": 8, "mail": "b@x.example"}]"""),
            DescribedBench.Json("""[{"id": 2, "user": 8}]"""),
            DescribedBench.Json("""[{"id": 8, "mail": "new@x.example"}]""")
        );

        Assert.Equal("a@x.example", (await bench.ReadAsync()).Members[0].Email);
        Assert.Equal("a@x.example", (await bench.ReadAsync()).Members[0].Email);
        Assert.Equal("b@x.example", (await bench.ReadAsync()).Members[0].Email);
        clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal("new@x.example", (await bench.ReadAsync()).Members[0].Email);

        Assert.Equal(3, bench.Lines.Count(l => l.EndsWith("/people", StringComparison.Ordinal)));
        Assert.Equal(7, bench.Lines.Count());
    }
}

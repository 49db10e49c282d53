using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Testing.Providers.Http;

namespace Reconciler.Providers.Tests.Described;

/// <summary>
/// Actions of described vendors that are several calls: one for each word, and a mail after the account.
/// </summary>
public sealed class DescribedStepTests
{
    private const string Roles = """
          access: [{name: roles, form: words, description: The roles., known: [owner, reader], admin: [owner]}]
          members:
            path: /p/{project}
            items: ""
            id: /id
            email: /mail
            access: {roles: {at: /roles}}
          calls:
            invite:
              method: POST
              path: /p/{project}
              effect: mails
              body: {data: [{mail: "{email}", roles: {data: [{id: "{access.roles.each}"}]}}]}
            give:
              method: POST
              path: /p/{project}/roles
              effect: idempotent
              body: {data: [{member: "{entry.id}", role: "{access.roles.each}"}]}
            take:
              method: DELETE
              path: /p/{project}/roles/{access.roles.each}/{entry.id}
              effect: idempotent
          manual: {remove: by hand}
        """;

    private const string Mails = """
          access: [{name: role, form: word, description: The role., known: [owner, reader], admin: [owner]}]
          members:
            path: /p/{project}
            items: ""
            id: /id
            email: /mail
            access: {role: {at: /role}}
          invitations:
            path: /p/{project}/invited
            items: ""
            id: /id
            email: /mail
            createdAt: /since
            declined: [{at: /answer, is: ["no"]}]
          calls:
            invite:
              method: POST
              path: /p/{project}
              effect: mails
              body: {mail: "{email}", role: "{access.role}"}
              then: {made: /id, method: POST, path: "/mails/{made.id}"}
          manual: {update: by hand, replace: by hand, resend: by hand, revoke: by hand, remove: by hand}
        """;

    [Fact]
    public async Task A_call_of_one_word_may_have_the_word_in_an_item_of_a_list()
    {
        await using var bench = new DescribedBench(Roles, StubVendor.Empty(204), StubVendor.Empty(204));
        var member = new LiveMember("4", "7", "ana+x@example.com", bench.Access("roles", "reader").Grants);

        await bench.ApplyAsync(ActionKind.Update, member, "roles", "owner");

        Assert.Equal(["POST /api/v1/p/p-1/roles", "DELETE /api/v1/p/p-1/roles/reader/4"], bench.Lines);
        Assert.EndsWith("""{"data":[{"member":"4","role":"owner"}]}""", bench.Requests[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_lists_within_lists_the_innermost_item_with_the_word_is_repeated()
    {
        await using var bench = new DescribedBench(Roles, StubVendor.Empty(204));

        await bench.ApplyAsync(ActionKind.Invite, null, "roles", "owner", "reader");

        Assert.EndsWith(
            """{"data":[{"id":"owner"},{"id":"reader"}]}}]}""",
            bench.Requests[0],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task After_a_lost_answer_the_mail_goes_to_the_invitation_that_waits_and_to_none_that_was_declined()
    {
        await using var bench = new DescribedBench(
            Mails,
            StubVendor.HangUp,
            DescribedBench.Json(
                """
                [{"id": 8, "mail": "ana+x@example.com", "since": "2026-11-01T09:00:00Z", "answer": "no"},
                 {"id": 9, "mail": "Ana+x@example.com", "since": "2026-11-02T09:00:00Z"}]
                """
            ),
            StubVendor.Empty(204)
        );

        Assert.Equal(WriteResult.ReadBack, await bench.ApplyAsync(ActionKind.Invite, null, "role", "reader"));
        Assert.Equal(["POST /api/v1/p/p-1", "GET /api/v1/p/p-1/invited", "POST /api/v1/mails/9"], bench.Lines);
    }
}

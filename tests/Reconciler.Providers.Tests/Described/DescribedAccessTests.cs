using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Testing.Providers.Http;

namespace Reconciler.Providers.Tests.Described;

/// <summary>What described vendors read and send of access, and whose token it is.</summary>
public sealed class DescribedAccessTests
{
    private const string Levels = """
          access:
            - name: level
              form: word
              description: The level.
              known: [guest, developer, owner]
              admin: [owner]
              sent: {guest: "10", developer: "30", owner: "50"}
              numbers: true
            - name: billing
              form: flag
              description: Whether the person sees bills.
            - name: teams
              form: words
              description: The teams.
              notManagedWhenAbsent: true
          members:
            path: /p/{project}
            items: ""
            id: /id
            person: /user
            email: /mail
            access: {level: {at: /level}, billing: {at: /bills}, teams: {at: /teams}}
            machine: {at: /kind, is: [bot]}
            owner: {at: /level, is: ["50"]}
          calls:
            invite:
              method: POST
              path: /p/{project}
              effect: mails
              body: {to: ["{email}"], level: "{access.level}", bills: "{access.billing}", teams: "{access.teams?}"}
            update:
              method: PUT
              path: /p/{project}/{member.id}/{email}
              effect: idempotent
              body:
                level: "{access.level}"
                bills: "{access.billing}"
                teams: "{access.teams?}"
                note: "for {email}"
                n: 1
                x: null
              proof: {id: /id, access: {level: {at: /level}}}
            remove: {method: DELETE, path: "/p/{project}/{member.id}", effect: idempotent, proof: {status: true}}
        """;

    private static readonly string Ends = Levels
        .Replace(
            "  members:\n",
            "    - {name: ends, form: end, description: The day., inclusive: true, zone: \"+00:00\"}\n  members:\n",
            StringComparison.Ordinal
        )
        .Replace(
            "level: {at: /level}, billing",
            "level: {at: /level, inherited: {at: /above, is: [\"true\"]}}, ends: {at: /ends}, billing",
            StringComparison.Ordinal
        )
        .Replace("\"{access.level}\"", "\"{access.level}\", ends: \"{access.ends}\"", StringComparison.Ordinal)
        .Replace(
            "        level: \"{access.level}\", ends: \"{access.ends}\"",
            "        level: \"{access.level}\"\n        ends: \"{access.ends}\"",
            StringComparison.Ordinal
        )
        .Replace(
            "    remove: ",
            "    removeDirect: {method: DELETE, path: \"/p/{project}/{member.id}/own\", effect: idempotent}\n"
                + "    remove: ",
            StringComparison.Ordinal
        );

    [Fact]
    public async Task A_day_is_read_however_odd_it_is_and_gives_nothing_by_itself()
    {
        await using var bench = new DescribedBench(
            Ends,
            DescribedBench.Json(
                """
                [{"id": 1, "mail": "a@x.example", "level": 30, "ends": "2026-12-31"},
                 {"id": 2, "mail": "b@x.example", "level": 30, "ends": null},
                 {"id": 3, "mail": "c@x.example", "level": 30},
                 {"id": 4, "mail": "d@x.example", "level": 30, "ends": "10000-01-01"},
                 {"id": 5, "mail": "e@x.example", "level": 30, "above": true, "ends": "2026-12-31"}]
                """
            )
        );

        var members = (await bench.ReadAsync()).Members;

        Assert.Equal(
            ["ends 2026-12-31, developer", "developer", "developer", "ends 10000-01-01, developer", "nothing"],
            members.Select(m => $"{m.Access}")
        );
        Assert.True(members[4].IsInherited);
    }

    [Theory]
    [InlineData("\"2026-12-31T00:00:00Z\"")]
    [InlineData("1798675200")]
    public async Task What_is_no_day_fails_the_project_since_the_definition_names_a_wrong_place(string value)
    {
        await using var bench = new DescribedBench(
            Ends,
            DescribedBench.Json($$"""[{"id": 1, "mail": "a@x.example", "level": 30, "ends": {{value}}}]""")
        );

        var failed = await Assert.ThrowsAsync<ProviderException>(() => bench.ReadAsync());

        Assert.Contains("no day such as 2026-12-31 at /ends", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Numbers_and_flags_are_read_as_words()
    {
        await using var bench = new DescribedBench(
            Levels,
            DescribedBench.Json(
                """
                [{"id": 1, "user": 7, "mail": "a@x.example", "level": 30, "bills": true, "teams": ["red", "blue"]},
                 {"id": 2, "mail": "bot@x.example", "level": 99, "bills": false, "teams": null, "kind": "bot"},
                 {"id": 3, "mail": "o@x.example", "level": 50}]
                """
            )
        );

        var members = (await bench.ReadAsync()).Members;

        Assert.Equal("billing, developer, blue, red", $"{members[0].Access}");
        Assert.Equal(("1", "7"), (members[0].MembershipId, members[0].PersonId));
        Assert.Equal("99", $"{members[1].Access}");
        Assert.Equal([false, true, false], members.Select(m => m.IsService));
        Assert.Equal([false, false, true], members.Select(m => m.IsVendorOwner));
    }

    [Fact]
    public async Task A_body_has_values_with_their_types_and_leaves_out_what_is_not_declared()
    {
        await using var bench = new DescribedBench(Levels, DescribedBench.Json("""{"id": 4, "level": 30}"""));

        var result = await bench.ApplyAsync(ActionKind.Update, Member("4"), "level", "developer");

        Assert.Equal(WriteResult.Confirmed, result);
        Assert.Equal("PUT /api/v1/p/p-1/4/ana%2Bx%40example.com", bench.Lines.Single());
        Assert.EndsWith(
            """{"level":30,"bills":null,"note":"for ana\u002Bx@example.com","n":1,"x":null}""",
            bench.Requests[0],
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("""{"id": 4, "level": 10}""")]
    [InlineData("""{"id": 5, "level": 30}""")]
    [InlineData("{}")]
    [InlineData("")]
    public async Task An_answer_that_does_not_prove_it_asks_for_a_reading(string body)
    {
        await using var bench = new DescribedBench(
            Levels,
            body.Length == 0 ? StubVendor.Empty(204) : DescribedBench.Json(body)
        );

        Assert.Equal(
            WriteResult.ReadBack,
            await bench.ApplyAsync(ActionKind.Update, Member("4"), "level", "developer")
        );
    }

    [Fact]
    public async Task Ids_of_names_are_sent_as_their_list_writes_them()
    {
        await using var bench = new DescribedBench(
            """
              access: [{name: ranks, form: words, description: The ranks., names: ranks}]
              names: {ranks: {path: /ranks, items: "", id: /code, name: /label}}
              members: {path: "/p/{project}", items: "", id: /id, email: /mail, access: {ranks: {at: /ranks}}}
              calls:
                update: {method: PUT, path: "/p/{member.id}", effect: idempotent, body: {ranks: "{access.ranks}"}}
              manual: {invite: by hand, remove: by hand}
            """,
            DescribedBench.Json("""[{"code": 2, "label": "Mate"}, {"code": "x", "label": "Captain"}]"""),
            StubVendor.Empty(204)
        );

        await bench.ApplyAsync(ActionKind.Update, Member("17"), "ranks", "Mate", "Captain");

        Assert.EndsWith("""{"ranks":["x",2]}""", bench.Requests[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invitation_that_may_have_been_sent_is_not_sent_again()
    {
        await using var bench = new DescribedBench(Levels, StubVendor.Json(502, "{}"));

        var failure = await Assert.ThrowsAsync<ProviderException>(() =>
            bench.ApplyAsync(ActionKind.Invite, null, "level", "guest")
        );

        Assert.Equal(ProviderFault.Ambiguous, failure.Fault);
        Assert.Single(bench.Lines);
    }

    [Fact]
    public async Task An_idempotent_call_is_repeated()
    {
        await using var bench = new DescribedBench(
            Levels,
            StubVendor.Json(502, "{}"),
            DescribedBench.Json("""{"id": 4, "level": 30}""")
        );

        Assert.Equal(
            WriteResult.Confirmed,
            await bench.ApplyAsync(ActionKind.Update, Member("4"), "level", "developer")
        );
        Assert.Equal(2, bench.Lines.Count());
    }

    [Fact]
    public async Task Whose_token_it_is_is_asked_first_and_that_person_is_marked()
    {
        await using var bench = new DescribedBench(
            WithWhoAmI,
            DescribedBench.Json("""{"mail": "Bot@x.example", "admin": true}"""),
            DescribedBench.Json("""[{"id": 1, "mail": "bot@x.example"}, {"id": 2, "mail": "a@x.example"}]""")
        );

        Assert.Equal([true, false], (await bench.ReadAsync()).Members.Select(m => m.IsCaller));
        Assert.Equal(["GET /api/v1/me", "GET /api/v1/p/p-1"], bench.Lines);
    }

    [Theory]
    [InlineData(
        """{"mail": "bot@x.example", "admin": false}""",
        null,
        "nothing proves that the token's user sees everybody"
    )]
    [InlineData("""{"mail": "bot@x.example"}""", null, "nothing proves that the token's user sees everybody")]
    [InlineData("""{"mail": "bot@x.example", "admin": true}""", "ana@x.example", "actingAs names somebody else")]
    public async Task A_token_that_sees_a_part_or_is_somebody_elses_plans_nothing(
        string me,
        string? actingAs,
        string said
    )
    {
        await using var bench = new DescribedBench(WithWhoAmI, DescribedBench.Json(me));

        var failure = await Assert.ThrowsAsync<ProviderException>(() => bench.ReadAsync(actingAs));

        Assert.Equal(ProviderFault.Configuration, failure.Fault);
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        Assert.Single(bench.Lines);
    }

    [Theory]
    [InlineData("""{"id": 1, "mail": "a@x.example", "level": 30, "bills": 1}""", "neither true nor false at /bills")]
    [InlineData(
        """{"id": 1, "mail": "a@x.example", "level": 30, "bills": "True"}""",
        "neither true nor false at /bills"
    )]
    [InlineData("""{"id": 1, "mail": "a@x.example", "level": [[1]]}""", "no word of level at /level")]
    public async Task Access_that_is_not_as_described_fails_the_project(string member, string message)
    {
        await using var bench = new DescribedBench(Levels, DescribedBench.Json($"[{member}]"));

        var failure = await Assert.ThrowsAsync<ProviderException>(() => bench.ReadAsync());

        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_comes_from_above_is_told_apart()
    {
        await using var bench = new DescribedBench(
            """
              access: [{name: roles, form: words, description: The roles., admin: [owner]}]
              members:
                path: /p/{project}
                items: ""
                id: /id
                email: /mail
                access: {roles: {at: /roles, word: /name, inherited: {at: /from, present: true}}}
              calls: {}
              manual: {invite: by hand, update: by hand, remove: by hand}
            """,
            DescribedBench.Json(
                """
                [{"id": 1, "mail": "a@x.example", "roles": [{"name": "owner", "from": 3}]},
                 {"id": 2, "mail": "b@x.example", "roles": [{"name": "owner", "from": 3}, {"name": "reader"}]},
                 {"id": 3, "mail": "c@x.example", "roles": [{"name": "reader"}]}]
                """
            )
        );

        var members = (await bench.ReadAsync()).Members;

        Assert.Equal(["nothing", "reader", "reader"], members.Select(m => $"{m.Access}"));
        Assert.Equal(["owner", "owner", "nothing"], members.Select(m => $"{m.Inherited}"));
        Assert.Equal([true, false, false], members.Select(m => m.IsInherited));
    }

    private static string WithWhoAmI =>
        Levels + "\n" + """  whoAmI: {path: /me, email: /mail, seesAll: [{at: /admin, is: ["true"]}]}""";

    private static LiveMember Member(string id) => new(id, "7", "ana+x@example.com", Access.None);
}

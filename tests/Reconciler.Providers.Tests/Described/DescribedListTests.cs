using Reconciler.Core.Ports;
using Reconciler.Testing.Providers.Http;

namespace Reconciler.Providers.Tests.Described;

/// <summary>Lists of described vendors, in every way of cutting them into pages.</summary>
public sealed class DescribedListTests
{
    private const string One = """{"id": 1, "mail": "a@x.example", "role": "reader"}""";
    private const string Two = """{"id": 2, "mail": "b@x.example", "role": "reader"}""";
    private const string Three = """{"id": 3, "mail": "c@x.example", "role": "reader"}""";

    [Fact]
    public async Task Numbered_pages_without_a_total_end_with_an_empty_one_since_a_server_may_give_fewer()
    {
        await using var bench = Paged(
            "{by: page, query: [page], sizeQuery: per, size: 2}",
            $"[{One}]",
            $"[{Two},{Three}]",
            "[]"
        );

        Assert.Equal(["a@x.example", "b@x.example", "c@x.example"], await EmailsAsync(bench));
        Assert.Equal(
            ["GET /api/v1/p/p-1?per=2&page=1", "GET /api/v1/p/p-1?per=2&page=2", "GET /api/v1/p/p-1?per=2&page=3"],
            bench.Lines
        );
    }

    [Fact]
    public async Task Pages_that_begin_with_zero_and_have_a_total_end_with_it()
    {
        await using var bench = Paged(
            "{by: page, query: [\"page[number]\"], first: 0, size: 2, total: /n}",
            $$"""{"n": 4, "list": [{{One}},{{Two}}]}""",
            $$"""{"n": 4, "list": [{{Three}},{"id": 4, "mail": "d@x.example"}]}"""
        );

        Assert.Equal(4, (await EmailsAsync(bench)).Count());
        Assert.Equal(2, bench.Lines.Count());
        Assert.EndsWith("page[number]=0", bench.Lines.First(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Offsets_count_what_came_where_a_server_gives_fewer_than_asked()
    {
        await using var bench = Paged(
            "{by: offset, query: [skip], sizeQuery: limit, size: 50, total: /n}",
            $$"""{"n": 3, "list": [{{One}},{{Two}}]}""",
            $$"""{"n": 3, "list": [{{Three}}]}"""
        );

        Assert.Equal(3, (await EmailsAsync(bench)).Count());
        Assert.EndsWith("skip=2", bench.Lines.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_total_that_the_pages_do_not_reach_fails_the_list_after_a_second_reading()
    {
        await using var bench = Paged(
            "{by: page, query: [page], size: 2, total: /n}",
            $$"""{"n": 2, "list": [{{One}}]}"""
        );

        var failure = await Assert.ThrowsAsync<ProviderException>(() => bench.ReadAsync());

        Assert.Contains("a page is missing", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, bench.Lines.Count());
    }

    [Fact]
    public async Task Of_a_link_only_the_declared_parameters_are_taken_and_its_path_is_not()
    {
        await using var bench = new DescribedBench(
            Definition("{by: link, query: [page]}", ""),
            DescribedBench.Json(
                $"[{One}]",
                "Link: </repositories/7/p?page=2&token=x>; rel=\"next\", </p?page=9>; rel=\"last\""
            ),
            DescribedBench.Json($"[{Two}]", "Link: </p?page=1>; rel=\"first\"")
        );

        Assert.Equal(2, (await EmailsAsync(bench)).Count());
        Assert.Equal(["GET /api/v1/p/p-1", "GET /api/v1/p/p-1?page=2"], bench.Lines);
    }

    [Fact]
    public async Task A_last_page_may_have_a_link_that_says_there_is_no_more()
    {
        await using var bench = new DescribedBench(
            Definition("{by: link, query: [cursor], moreWhile: results}", ""),
            DescribedBench.Json(
                $"[{One}]",
                "Link: </p?cursor=0:1:0>; rel=\"next\"; results=\"true\"; cursor=\"0:1:0\""
            ),
            DescribedBench.Json(
                $"[{Two}]",
                "Link: </p?cursor=0:2:0>; rel=\"next\"; results=\"false\"; cursor=\"0:2:0\""
            )
        );

        Assert.Equal(2, (await EmailsAsync(bench)).Count());
        Assert.Equal("GET /api/v1/p/p-1?cursor=0%3A1%3A0", bench.Lines.Last());
    }

    [Fact]
    public async Task A_word_names_the_next_page_until_there_is_none()
    {
        await using var bench = Paged(
            "{by: cursor, query: [after], next: /next}",
            $$"""{"next": "a&b=c", "list": [{{One}}]}""",
            $$"""{"next": "", "list": [{{Two}}]}"""
        );

        Assert.Equal(2, (await EmailsAsync(bench)).Count());
        Assert.Equal("GET /api/v1/p/p-1?after=a%26b%3Dc", bench.Lines.Last());
    }

    [Theory]
    [InlineData("https://evil.example/api/v1/p/p-1?cursor=2", "leads to another origin")]
    [InlineData("//evil.example/p?cursor=2", "leads to another origin")]
    [InlineData("http://user@127.0.0.1/p?cursor=2", "leads to another origin")]
    [InlineData("/api/v1/p/p-1?page=2", "a link to the next page without cursor")]
    public async Task A_link_elsewhere_fails_the_list_and_is_not_followed(string link, string message)
    {
        await using var bench = Paged(
            "{by: next, query: [cursor], next: /next}",
            $$"""{"next": "{{link}}", "list": [{{One}}]}"""
        );

        var failure = await Assert.ThrowsAsync<ProviderException>(() => bench.ReadAsync());

        Assert.Equal(ProviderFault.BadAnswer, failure.Fault);
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.Single(bench.Lines);
    }

    [Fact]
    public async Task A_link_that_names_the_same_page_again_is_no_endless_list()
    {
        await using var bench = Paged(
            "{by: next, query: [cursor], next: /next}",
            $$"""{"next": "?cursor=2", "list": [{{One}}]}"""
        );

        var failure = await Assert.ThrowsAsync<ProviderException>(() => bench.ReadAsync());

        Assert.Contains("go in a circle", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"lists": []}""", "no list at /list")]
    [InlineData("""{"list": {}}""", "no list at /list")]
    [InlineData("""{"list": [null]}""", "a page holds null")]
    [InlineData("""{"list": [{"mail": "a@x.example"}]}""", "an item without a text or number at /id")]
    [InlineData("""{"list": ["a"]}""", "an item without a text or number at /id")]
    [InlineData(
        """{"list": [{"id": 1, "mail": "a@x.example", "role": {"name": "reader"}}]}""",
        "no word of role at /role"
    )]
    [InlineData("""{"list": [{"id": 1, "mail": "\ud800", "role": "reader"}]}""", "no Unicode")]
    [InlineData(
        """{"list": [{"id": 1, "mail": "d3scribed-t0ken@x.example", "role": "reader"}]}""",
        "with the provider's token"
    )]
    [InlineData("", "no list at /list")]
    public async Task An_answer_that_does_not_fit_fails_the_project(string body, string message)
    {
        await using var bench = new DescribedBench(
            Definition(null, "/list"),
            body.Length == 0 ? StubVendor.Empty(204) : DescribedBench.Json(body)
        );

        var failure = await Assert.ThrowsAsync<ProviderException>(() => bench.ReadAsync());

        Assert.Equal(ProviderFault.BadAnswer, failure.Fault);
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(DescribedBench.Token, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rel=\"next last\"")]
    [InlineData("rel=Next")]
    public async Task A_relation_may_stand_among_others_and_in_any_case(string relation)
    {
        await using var bench = new DescribedBench(
            Definition("{by: link, query: [page]}", ""),
            DescribedBench.Json($"[{One}]", $"Link: </p?page=2>; {relation}"),
            DescribedBench.Json($"[{Two}]")
        );

        Assert.Equal(2, (await EmailsAsync(bench)).Count());
    }

    [Fact]
    public async Task A_link_without_the_attribute_that_tells_of_more_is_no_end()
    {
        await using var bench = new DescribedBench(
            Definition("{by: link, query: [page], moreWhile: result}", ""),
            DescribedBench.Json($"[{One}]", "Link: </p?page=2>; rel=next; results=\"true\"")
        );

        var failure = await Assert.ThrowsAsync<ProviderException>(() => bench.ReadAsync());

        Assert.Contains("a link to the next page without result", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_comes_all_at_once_has_no_link_to_a_next_page()
    {
        await using var bench = new DescribedBench(
            Definition(null, ""),
            DescribedBench.Json($"[{One}]", "Link: </p?page=2>; rel=next")
        );

        var failure = await Assert.ThrowsAsync<ProviderException>(() => bench.ReadAsync());

        Assert.Contains("a list that comes all at once", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_next_page_that_is_no_text_is_no_end()
    {
        await using var bench = Paged(
            "{by: next, query: [cursor], next: /next}",
            $$"""{"next": {"href": "/p?cursor=2"}, "list": [{{One}}]}"""
        );

        var failure = await Assert.ThrowsAsync<ProviderException>(() => bench.ReadAsync());

        Assert.Contains("a list or mapping at /next", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_in_a_link_is_not_sent_back()
    {
        await using var bench = new DescribedBench(
            Definition("{by: link, query: [page]}", ""),
            DescribedBench.Json($"[{One}]", $"Link: </p?page={DescribedBench.Token}>; rel=next")
        );

        var failure = await Assert.ThrowsAsync<ProviderException>(() => bench.ReadAsync());

        Assert.DoesNotContain(DescribedBench.Token, failure.Message, StringComparison.Ordinal);
        Assert.Single(bench.Lines);
    }

    [Fact]
    public async Task Somebody_whose_role_changes_between_two_lists_of_roles_is_still_found()
    {
        await using var bench = new DescribedBench(
            Definition(null, "")
                .Replace(
                    "access: {role: {at: /role}}",
                    "parts: [{query: {role: owner}, access: {role: owner}}, "
                        + "{query: {role: reader}, access: {role: reader}}]",
                    StringComparison.Ordinal
                ),
            DescribedBench.Json("[]"),
            DescribedBench.Json("[]"),
            DescribedBench.Json($"[{One}]")
        );

        var member = Assert.Single((await bench.ReadAsync()).Members);

        Assert.Equal(("a@x.example", "owner"), (member.Email, $"{member.Access}"));
        Assert.Equal(
            ["GET /api/v1/p/p-1?role=owner", "GET /api/v1/p/p-1?role=reader", "GET /api/v1/p/p-1?role=owner"],
            bench.Lines
        );
    }

    [Fact]
    public async Task A_role_that_nobody_has_proves_nothing_against_the_token_of_one_project()
    {
        var parts = Definition(null, "")
            .Replace(
                "access: {role: {at: /role}}",
                "project: /org\n    parts: [{query: {role: owner}, access: {role: owner}}, "
                    + "{query: {role: reader}, access: {role: reader}}]",
                StringComparison.Ordinal
            );
        await using var bench = new DescribedBench(
            parts,
            DescribedBench.Json("[]"),
            DescribedBench.Json("[{\"id\": 1, \"mail\": \"a@x.example\", \"org\": \"p-1\"}]"),
            DescribedBench.Json("[]")
        );
        await using var empty = new DescribedBench(
            parts,
            DescribedBench.Json("[]"),
            DescribedBench.Json("[]"),
            DescribedBench.Json("[]")
        );

        Assert.Equal(["a@x.example"], await EmailsAsync(bench));
        var failure = await Assert.ThrowsAsync<ProviderException>(() => empty.ReadAsync());
        Assert.StartsWith("nothing proves that the token belongs to p-1", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<IEnumerable<string>> EmailsAsync(DescribedBench bench) =>
        (await bench.ReadAsync()).Members.Select(m => m.Email);

    private static DescribedBench Paged(string paging, params string[] bodies) =>
        new(
            Definition(paging, bodies[0].StartsWith('[') ? "" : "/list"),
            [.. bodies.Select(b => DescribedBench.Json(b))]
        );

    private static string Definition(string? paging, string items) =>
        $$$"""
              access: [{name: role, form: word, description: The role., known: [reader, owner], admin: [owner]}]
              members:
                path: /p/{project}
                items: "{{{items}}}"
            {{{(paging is null ? "" : $"    paging: {paging}")}}}
                id: /id
                email: /mail
                access: {role: {at: /role}}
              calls: {}
              manual: {invite: by hand, update: by hand, remove: by hand}
            """;
}

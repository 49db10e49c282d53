using System.Text.RegularExpressions;
using Reconciler.Worker.Web;

namespace Reconciler.Worker.Tests.Web;

/// <summary>Who has what: searched, filtered and page by page.</summary>
public sealed partial class StatusListenerTests
{
    [Theory]
    [InlineData("standing=unmanaged", "unmanaged")]
    [InlineData("state=invited", "invited")]
    [InlineData("admin=yes", "admin")]
    [InlineData("waits=5", "12 days")]
    [InlineData("ends=yes", "2026-06-24")]
    public async Task People_are_filtered_as_on_the_page_of_a_report(string filter, string inEachRow)
    {
        var html = Whole(await GetAsync($"/people?{filter}"));
        var rows = Row().Matches(html).Select(r => Tag().Replace(r.Value, " ")).ToList();
        Assert.NotEmpty(rows);
        Assert.All(rows, r => Assert.Contains(inEachRow, r, StringComparison.Ordinal));
        Assert.NotEqual(Row().Count(await GetAsync("/people")), rows.Count);
        Assert.Contains(
            "Nobody fits.",
            await TextAsync("/people?provider=default%2Facme-us"),
            StringComparison.Ordinal
        );
        Assert.Contains("newcomer@", await TextAsync("/people?provider=default%2Facme-eu"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Risks_are_filters_and_a_link_to_the_next_page_keeps_them()
    {
        var page = await GetAsync("/people?risk=no-reason");
        Assert.All(Row().Matches(page), r => Assert.Contains("badge admin", r.Value, StringComparison.Ordinal));
        Assert.All(Row().Matches(page), r => Assert.DoesNotContain("SEC-", r.Value, StringComparison.Ordinal));
        Assert.All(
            Row().Matches(await GetAsync("/people?risk=no-end")),
            r => Assert.DoesNotContain("data-label=\"Until\"><div>", r.Value, StringComparison.Ordinal)
        );
        _worker.Status = WorkerSample.Large(250);
        Assert.Contains(
            "href=\"/people?provider=default%2Facme-eu&amp;risk=no-end&amp;page=3\"",
            await GetAsync("/people?risk=no-end&provider=default%2Facme-eu&page=2"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Who_has_what_is_searched_on_the_server_and_tells_whom_it_leaves_out()
    {
        var text = await TextAsync("/people");
        Assert.Contains(
            "Not in this list, because no reconcile has read them: archive, billing, onboarding",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("ana@example.com 3 projects", text, StringComparison.Ordinal);
        var ana = await TextAsync("/people?q=ANA%40example.com+fraud");
        Assert.Contains(
            "1 person in 1 project (of 13 rows in all): 1 membership, 0 invited.",
            ana,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("ben@example.com", ana, StringComparison.Ordinal);
        var invited = await TextAsync("/people?state=invited");
        Assert.Contains("chi@example.com", invited, StringComparison.Ordinal);
        Assert.DoesNotContain("ben@example.com", invited, StringComparison.Ordinal);
        Assert.Contains("Nobody fits.", await TextAsync("/people?q=nobody"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_rows_come_page_by_page()
    {
        _worker.Status = WorkerSample.Large(250);
        var first = await TextAsync("/");
        Assert.Contains("projects 1 to 100 of 250", first, StringComparison.Ordinal);
        Assert.DoesNotContain("project-100", first, StringComparison.Ordinal);
        Assert.Contains("projects 201 to 250 of 250", await TextAsync("/?page=3"), StringComparison.Ordinal);
        Assert.Contains("projects 201 to 250 of 250", await TextAsync("/?page=99999"), StringComparison.Ordinal);
        Assert.Contains("projects 1 to 100 of 250", await TextAsync("/?page=-1"), StringComparison.Ordinal);
        Assert.Contains("1 project ", await TextAsync("/?q=project-117"), StringComparison.Ordinal);
        Assert.Contains("No project fits.", await TextAsync("/?state=held"), StringComparison.Ordinal);
        Assert.Contains("rows 101 to 200 of 2,500", await TextAsync("/people?page=2"), StringComparison.Ordinal);
        Assert.Contains(
            "href=\"/people?q=project&amp;page=3\"",
            await GetAsync("/people?q=project&page=2"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_page_over_ten_thousand_rows_is_made_quickly_enough()
    {
        var status = WorkerSample.Large(1_000);
        var start = TimeProvider.System.GetTimestamp();
        var page = new PeoplePage(status, new("/people") { Search = "person-77" }, WorkerSample.Now).Answer();
        Assert.Contains("of 10,000 rows in all", page.Body, StringComparison.Ordinal);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [GeneratedRegex("<tr>\\s*<th scope=\"row\".*?</tr>", RegexOptions.Singleline, 60_000)]
    private static partial Regex Row();
}

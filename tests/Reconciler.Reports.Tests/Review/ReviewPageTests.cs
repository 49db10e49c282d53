using System.Globalization;
using System.Text;
using Microsoft.Playwright;
using Reconciler.Engine.Reviews;
using Reconciler.Reports.Review;
using Reconciler.Testing.Reports.Review;

namespace Reconciler.Reports.Tests.Review;

/// <summary>The HTML page as a file in a real browser.</summary>
public sealed partial class ReviewPageTests(Chromium chromium) : IClassFixture<Chromium>, IDisposable
{
    private const string RowsOfTable = "#body tr:not(.group)";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("review-page-");
    private readonly List<string> _wrong = [];

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_page_shows_every_row_and_nothing_goes_wrong()
    {
        var review = ReviewSample.Of(3, 20);
        var page = await OpenAsync(review);
        Assert.Equal(review.Rows.Length, await page.Locator(RowsOfTable).CountAsync());
        Assert.StartsWith(
            "60 rows of 60: 34 people in 3 projects;",
            await TextAsync(page, "#count"),
            StringComparison.Ordinal
        );
        Assert.Equal(3, await page.Locator("#body tr.group").CountAsync());
        Assert.Contains("GET /projects/p-1 answered 503", await TextAsync(page, ".not-read"), StringComparison.Ordinal);
        Assert.Empty(_wrong);
    }

    [Fact]
    public async Task Search_and_filters_narrow_the_rows_the_counts_and_the_pictures_and_clearing_brings_all_back()
    {
        var review = ReviewSample.Of(3, 20);
        var page = await OpenAsync(review);
        await page.FillAsync("#search", "PERSON-7@ project-1");
        Assert.Equal(
            review.Rows.Count(r => r.Person == "person-7@example.com" && r.Project.Document == "default/project-1"),
            await page.Locator(RowsOfTable).CountAsync()
        );
        await page.FillAsync("#search", "");

        await FilterAsync(page, "#state", "invited", review.Rows.Count(r => r.State == ReviewState.Invited));
        await FilterAsync(
            page,
            "#standing",
            "unmanaged",
            review.Rows.Count(r => r.Standing == ReviewStanding.Unmanaged)
        );
        Assert.Equal("not managed", await page.Locator("#standing option[value=leftAlone]").TextContentAsync());
        await FilterAsync(
            page,
            "#provider",
            "default/acme-us",
            review.Rows.Count(r => r.Project.Provider == "default/acme-us")
        );
        Assert.Equal(
            "Bars, one per provider. acme-us: 2 administrators, 14 other members, 2 invited.",
            await page.GetAttributeAsync("#spread svg[role=img]", "aria-label")
        );
        await page.ClickAsync("button[type=reset]");
        await page.WaitForFunctionAsync(
            "() => document.querySelector('#count').textContent.startsWith('60 rows of 60')"
        );

        await page.CheckAsync("#ends");
        Assert.Equal(review.Rows.Count(review.EndsSoon), await page.Locator(RowsOfTable).CountAsync());
        await page.UncheckAsync("#ends");
        await page.CheckAsync("#admin");
        Assert.Equal(review.Rows.Count(r => r.Admin), await page.Locator(RowsOfTable).CountAsync());
        await page.UncheckAsync("#admin");
        await page.FillAsync("#waits", "5");
        Assert.Equal(
            review.Rows.Count(r => r.Waits > TimeSpan.FromDays(6)),
            await page.Locator(RowsOfTable).CountAsync()
        );
        await page.FillAsync("#search", "nobody at all");
        Assert.Equal("No row fits.", await TextAsync(page, "#page"));
        Assert.Empty(_wrong);
    }

    [Fact]
    public async Task Columns_sort_both_ways_by_keyboard_and_say_so()
    {
        var page = await OpenAsync(ReviewSample.Of(3, 20));
        await page.SelectOptionAsync("#group", "");
        await page.FocusAsync("#head th[data-column=until] button");
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal("ascending", await page.GetAttributeAsync("#head th[data-column=until]", "aria-sort"));
        var up = await EndsAsync(page);
        Assert.Equal(up.Order(StringComparer.Ordinal), up);
        Assert.NotEmpty(up);
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal("descending", await page.GetAttributeAsync("#head th[data-column=until]", "aria-sort"));
        Assert.Equal(up.AsEnumerable().Reverse(), await EndsAsync(page));
        Assert.NotEqual("", await page.Locator($"{RowsOfTable} >> nth=0 >> td[data-label=Until]").InnerTextAsync());
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal("none", await page.GetAttributeAsync("#head th[data-column=until]", "aria-sort"));
    }

    [Theory]
    [InlineData("person", 34)]
    [InlineData("project", 3)]
    [InlineData("provider", 3)]
    [InlineData("", 0)]
    public async Task Rows_are_grouped_by_what_is_chosen(string by, int groups)
    {
        var page = await OpenAsync(ReviewSample.Of(3, 20));
        await page.SelectOptionAsync("#group", by);
        Assert.Equal(groups, await page.Locator("#body tr.group").CountAsync());
        Assert.Equal(60, await page.Locator(RowsOfTable).CountAsync());
    }

    [Fact]
    public async Task Ten_thousand_rows_are_shown_page_by_page_and_searched_whole()
    {
        var page = await OpenAsync(ReviewSample.Of(200, 50));
        Assert.StartsWith("10,000 rows of 10,000:", await TextAsync(page, "#count"), StringComparison.Ordinal);
        Assert.InRange(await page.EvaluateAsync<int>("() => document.querySelectorAll('*').length"), 1, 9_000);
        await page.ClickAsync("#next");
        Assert.Equal("Rows 101 to 200 of 10,000", await TextAsync(page, "#page"));
        await page.FillAsync("#search", "person-1442@example.com project-199");
        Assert.Equal(1, await page.Locator(RowsOfTable).CountAsync());
        await page.FillAsync("#search", "");
        await page.ClickAsync("#head th[data-column=person] button");
        Assert.InRange(await page.EvaluateAsync<int>("() => document.querySelectorAll('*').length"), 1, 9_000);
        await page.EvaluateAsync("() => dispatchEvent(new Event('beforeprint'))");
        Assert.Equal(10_000, await page.Locator(RowsOfTable).CountAsync());
        await page.EvaluateAsync("() => dispatchEvent(new Event('afterprint'))");
        Assert.Equal(100, await page.Locator(RowsOfTable).CountAsync());
        Assert.Empty(_wrong);
    }

    [Fact]
    public async Task The_address_holds_search_filters_grouping_and_order()
    {
        var page = await OpenAsync(ReviewSample.Of(3, 20));
        await page.FillAsync("#search", "project-1");
        await page.SelectOptionAsync("#state", "member");
        await page.CheckAsync("#admin");
        await page.SelectOptionAsync("#group", "");
        await page.ClickAsync("#head th[data-column=person] button");
        Assert.EndsWith(
            "#q=project-1&state=member&group=none&admin=yes&sort=person",
            page.Url,
            StringComparison.Ordinal
        );
        var shown = await page.Locator(RowsOfTable).AllInnerTextsAsync();
        var other = await chromium.Browser.NewPageAsync();
        await other.GotoAsync(page.Url);
        Assert.Equal(shown, await other.Locator(RowsOfTable).AllInnerTextsAsync());
        Assert.Equal("project-1", await other.InputValueAsync("#search"));
        await other.EvaluateAsync("() => { location.hash = '#state=invited&provider=nonsense&sort=nothing'; }");
        await other.WaitForFunctionAsync("() => document.querySelector('#search').value === ''");
        Assert.Equal("invited", await other.InputValueAsync("#state"));
        Assert.Equal("", await other.InputValueAsync("#provider"));
        Assert.Empty(_wrong);
    }

    [Fact]
    public async Task Risks_are_one_choice_away()
    {
        var review = ReviewSample.Of(3, 20);
        var page = await OpenAsync(review);
        await FilterAsync(
            page,
            "#risk",
            "adminWithoutReason",
            review.Rows.Count(r => r.Admin && r.State != ReviewState.Absent && string.IsNullOrEmpty(r.Reason))
        );
        await FilterAsync(
            page,
            "#risk",
            "withoutEnd",
            review.Rows.Count(r =>
                r.State != ReviewState.Absent && r.Standing != ReviewStanding.Leaving && r.Until is null
            )
        );
        Assert.Equal(1, await page.Locator("#risk option[value=changed][disabled]").CountAsync());
    }

    private static async Task FilterAsync(IPage page, string select, string value, int expected)
    {
        await page.SelectOptionAsync(select, value);
        Assert.NotEqual(0, expected);
        Assert.Equal(expected, await page.Locator(RowsOfTable).CountAsync());
        Assert.StartsWith(
            string.Create(CultureInfo.InvariantCulture, $"{expected} rows of"),
            await TextAsync(page, "#count"),
            StringComparison.Ordinal
        );
        if (select != "#provider")
            await page.SelectOptionAsync(select, "");
    }

    private static async Task<List<string>> EndsAsync(IPage page) =>
        [.. (await page.Locator("#body td[data-label=Until]").AllInnerTextsAsync()).Where(t => t.Trim().Length > 0)];

    private static async Task<string> TextAsync(IPage page, string selector) =>
        await page.TextContentAsync(selector) ?? "";

    // Whatever the page asks for besides itself, and whatever it complains of, is wrong.
    private async Task<IPage> OpenAsync(AccessReview review, BrowserNewPageOptions? options = null)
    {
        var page = await chromium.Browser.NewPageAsync(options ?? new());
        var file = Path.Combine(_folder.FullName, "access.html");
        await File.WriteAllTextAsync(
            file,
            HtmlReview.Of(review),
            new UTF8Encoding(false),
            TestContext.Current.CancellationToken
        );
        var url = new Uri(file).AbsoluteUri;
        page.Request += (_, request) => Note(request.Url == url ? null : $"asked for {request.Url}");
        page.Console += (_, message) => Note(message.Type is "error" or "warning" ? message.Text : null);
        page.PageError += (_, error) => Note(error);
        await page.GotoAsync(url);
        return page;
    }

    private void Note(string? wrong)
    {
        if (wrong is null)
            return;
        lock (_wrong)
            _wrong.Add(wrong);
    }
}

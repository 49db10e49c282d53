using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;
using Reconciler.Core.Membership;
using Reconciler.Engine.Reviews;
using Reconciler.Reports.Review;
using Reconciler.Testing.Reports.Review;

namespace Reconciler.Reports.Tests.Review;

/// <summary>The HTML page as a file in a real browser.</summary>
public sealed class ReviewPageTests(Chromium chromium) : IClassFixture<Chromium>, IDisposable
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
    public async Task Hostile_texts_stay_texts()
    {
        var review = ReviewSample.Of(1, 10);
        const string Evil =
            "</script><img src=https://evil.example/x.png onerror=\"document.title='broken in'\">"
            + "<script>document.title='broken in'</script>{{data}}";
        var project = review.Rows[0].Project with { VendorName = Evil, ProjectId = Evil };
        var rows = review.Rows.Select(r =>
            r with
            {
                Project = project,
                Person = Evil,
                Account = $"x{Evil}",
                Reason = Evil,
                Declared = [Evil],
                Findings = [new(Reconciler.Core.Planning.FindingKind.Waiting, Evil, Evil)],
            }
        );
        var page = await OpenAsync(
            review with
            {
                Rows = [.. rows],
                Projects = [.. review.Projects.Select(p => p with { Document = Evil, Message = Evil })],
            }
        );
        foreach (var by in new[] { "person", "project", "provider", "" })
            await page.SelectOptionAsync("#group", by);
        Assert.Equal("Access review", await page.TitleAsync());
        Assert.Equal(0, await page.Locator("img").CountAsync());
        Assert.Contains("</script><img src=", await TextAsync(page, "#body"), StringComparison.Ordinal);
        Assert.Empty(_wrong);
    }

    [Fact]
    public async Task Markup_that_got_in_all_the_same_could_run_and_load_nothing()
    {
        var page = await OpenAsync(ReviewSample.Of(1, 10));
        var refused = new System.Collections.Concurrent.ConcurrentBag<string>();
        page.RequestFailed += (_, request) => refused.Add($"{request.Url} {request.Failure}");
        const string Listen =
            "document.addEventListener('securitypolicyviolation', e => { seen.push(e.effectiveDirective); "
            + "if (seen.length === 4) done(seen); });";
        var blocked = await page.EvaluateAsync<string[]>(
            $$$"""
            () => new Promise(done => {
              const seen = [];
              {{{Listen}}}
              const script = document.createElement('script');
              script.textContent = "document.title = 'broken in'";
              document.body.append(script);
              document.body.insertAdjacentHTML('beforeend', '<img src="https://evil.example/x.png"><p style="color: red">x</p>');
              fetch('https://evil.example/').catch(() => {});
            })
            """
        );
        Assert.Equal(
            ["connect-src", "img-src", "script-src-elem", "style-src-attr"],
            blocked.Order(StringComparer.Ordinal)
        );
        Assert.Equal("Access review", await page.TitleAsync());
        // The browser tells of requests that it refused to send, too.
        var asked = _wrong
            .Where(w => w.StartsWith("asked for ", StringComparison.Ordinal))
            .Select(w => $"{w["asked for ".Length..]} csp")
            .ToList();
        Assert.Equal(asked.Order(StringComparer.Ordinal), refused.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Every_text_stands_out_from_its_ground(ColorScheme scheme)
    {
        var page = await OpenAsync(ReviewSample.Of(3, 20), new() { ColorScheme = scheme });
        const string Light =
            "const light = text => { "
            + "const [r, g, b] = channels(text).slice(0, 3).map(v => v / 255)"
            + ".map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); "
            + "return 0.2126 * r + 0.7152 * g + 0.0722 * b; };";
        const string Ground =
            "const ground = at => { for (let e = at; e; e = e.parentElement) { "
            + "const c = getComputedStyle(e).backgroundColor; if (channels(c)[3] !== 0) return c; } "
            + "return 'rgb(255, 255, 255)'; };";
        const string Skip =
            "if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) "
            + "|| e.closest('script, style, noscript, .skip, .hidden') || e.disabled) continue;";
        var weak = await page.EvaluateAsync<string[]>(
            $$$"""
            () => {
              const channels = text => text.match(/[\d.]+/g).map(Number);
              {{{Light}}}
              {{{Ground}}}
              const weak = new Set();
              for (const e of document.querySelectorAll('body *')) {
                {{{Skip}}}
                const style = getComputedStyle(e), color = e instanceof SVGElement ? style.fill : style.color;
                const [a, b] = [light(color), light(ground(e))].sort((x, y) => y - x);
                if ((a + 0.05) / (b + 0.05) < 4.5) weak.add(`${e.tagName}.${e.getAttribute('class')} ${color} on ${ground(e)}`);
              }
              return [...weak];
            }
            """
        );
        Assert.Empty(weak);
    }

    [Fact]
    public async Task Everything_that_can_be_used_has_a_name_and_every_picture_words()
    {
        var page = await OpenAsync(ReviewSample.Of(3, 20));
        Assert.Equal(
            0,
            await page.EvaluateAsync<int>(
                "() => [...document.querySelectorAll('input, select')].filter(i => i.labels.length === 0 && !i.ariaLabel).length"
            )
        );
        Assert.Equal(2, await page.GetByRole(AriaRole.Img).CountAsync());
        Assert.Equal(0, await page.Locator("svg:not([aria-label]):not([aria-hidden=true])").CountAsync());
        Assert.Equal(9, await page.GetByRole(AriaRole.Columnheader).CountAsync());
        await page.SelectOptionAsync("#group", "");
        Assert.Equal(10, await page.GetByRole(AriaRole.Columnheader).CountAsync());
        Assert.Equal(3, await page.GetByRole(AriaRole.Status).CountAsync());
        Assert.Contains(
            "Without an end:",
            (await page.GetAttributeAsync("#ends-picture svg", "aria-label"))!,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("light", 1280, ColorScheme.Light)]
    [InlineData("dark", 1280, ColorScheme.Dark)]
    [InlineData("phone", 360, ColorScheme.Light)]
    [InlineData("print", 1000, ColorScheme.Dark)]
    public async Task It_fits_its_window_and_its_looks_are_kept_for_people(string name, int width, ColorScheme scheme)
    {
        var page = await OpenAsync(
            ReviewSample.Of(3, 20),
            new()
            {
                ColorScheme = scheme,
                ViewportSize = new() { Width = width, Height = name == "phone" ? 2200 : 1500 },
            }
        );
        if (name == "print")
        {
            await page.EmulateMediaAsync(new() { Media = Media.Print });
            await page.EvaluateAsync("() => dispatchEvent(new Event('beforeprint'))");
            Assert.Equal(
                "rgb(255, 255, 255)",
                await page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor")
            );
        }

        Assert.InRange(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"), 1, width);
        if (name == "phone")
            Assert.Equal(2, await page.GetByRole(AriaRole.Img).CountAsync());
        var results = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "TestResults"));
        await page.ScreenshotAsync(new() { Path = Path.Combine(results.FullName, $"access-review-{name}.png") });
    }

    [Fact]
    public async Task The_theme_can_be_chosen_whatever_the_system_says()
    {
        var page = await OpenAsync(ReviewSample.Of(1, 10), new() { ColorScheme = ColorScheme.Light });
        var light = await page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");
        await page.SelectOptionAsync("#theme", "dark");
        Assert.NotEqual(
            light,
            await page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor")
        );
    }

    [Fact]
    public async Task Decisions_are_kept_for_this_review_alone_and_can_be_taken_back()
    {
        var page = await OpenAsync(ReviewSample.Of(3, 20));
        await page.FillAsync("#search", "person-7@ project-1");
        await page.Locator(".choice.revoke").First.ClickAsync();
        await page.Locator(".comment").First.FillAsync("left in May");
        await page.FillAsync("#search", "person-8@ project-1");
        await page.FocusAsync(".choice.keep >> nth=0");
        await page.Keyboard.PressAsync("Space");
        Assert.Equal("true", await page.GetAttributeAsync(".choice.keep >> nth=0", "aria-pressed"));
        Assert.Equal("2 of 60 rows decided: 1 keep, 1 revoke; 1 comment.", await TextAsync(page, "#progress"));

        await page.ReloadAsync();
        Assert.Equal("2 of 60 rows decided: 1 keep, 1 revoke; 1 comment.", await TextAsync(page, "#progress"));
        await page.FillAsync("#search", "");
        await page.SelectOptionAsync("#decision", "revoke");
        Assert.Equal(1, await page.Locator(RowsOfTable).CountAsync());
        Assert.Equal("left in May", await page.InputValueAsync(".comment"));
        await page.ClickAsync(".choice.revoke");
        await page.FillAsync(".comment", "");
        await page.FocusAsync("#search");
        Assert.Equal("1 of 60 rows decided: 1 keep, 0 revoke; 0 comments.", await TextAsync(page, "#progress"));

        await File.WriteAllTextAsync(
            Path.Combine(_folder.FullName, "access.html"),
            HtmlReview.Of(ReviewSample.Of(3, 19)),
            TestContext.Current.CancellationToken
        );
        await page.ReloadAsync();
        Assert.StartsWith("0 of 57 rows decided", await TextAsync(page, "#progress"), StringComparison.Ordinal);
        Assert.Empty(_wrong);
    }

    [Fact]
    public async Task What_is_exported_names_the_review_and_each_row()
    {
        var review = ReviewSample.Of(3, 20) with { Provenance = ReviewSample.Provenance };
        var page = await OpenAsync(review);
        await page.FillAsync("#reviewer", "Kim");
        await page.FillAsync("#search", "person-7@ project-1");
        await page.Locator(".choice.revoke").First.ClickAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("#export"));
        var file = Path.Combine(_folder.FullName, "decisions.json");
        await download.SaveAsAsync(file);
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        var root = json.RootElement;
        Assert.Equal("reconciler.dev/access-review-decisions/v1", root.GetProperty("version").GetString());
        Assert.Equal("Kim", root.GetProperty("reviewer").GetString());
        var provenance = root.GetProperty("review").GetProperty("provenance");
        Assert.Equal(
            ReviewSample.Provenance.Digest,
            provenance.GetProperty("manifests").GetProperty("digest").GetString()
        );
        var decision = Assert.Single(root.GetProperty("decisions").EnumerateArray().ToList());
        Assert.Equal("person-7@example.com", decision.GetProperty("person").GetString());
        Assert.Equal("default/project-1", decision.GetProperty("project").GetString());
        Assert.Equal("revoke", decision.GetProperty("decision").GetString());
        Assert.StartsWith("access-review-", download.SuggestedFilename, StringComparison.Ordinal);
        Assert.Equal([], _wrong.Where(w => !w.StartsWith("asked for blob:", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Where_a_review_comes_from_stands_at_its_top()
    {
        var page = await OpenAsync(ReviewSample.Of(1, 10) with { Provenance = ReviewSample.Provenance });
        var text = await TextAsync(page, ".provenance");
        Assert.Contains(
            "2 files of https://git.example/access.git at commit 9f1c2e4b7a8d",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains(ReviewSample.Provenance.Digest, text, StringComparison.Ordinal);
        Assert.Contains("kim on desk", text, StringComparison.Ordinal);
        Assert.Contains("reconciler 1.2.3", text, StringComparison.Ordinal);
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

    [Theory]
    [InlineData("json")]
    [InlineData("html")]
    public async Task An_earlier_review_shows_what_is_new_changed_and_gone(string format)
    {
        var now = ReviewSample.Of(1, 10);
        var rows = now.Rows.Where(r => r.Person != "person-0@example.com").ToList();
        rows.Add(
            rows[0] with
            {
                Person = "gone@example.com",
                Account = "gone@example.com",
                State = ReviewState.Member,
            }
        );
        rows[0] = rows[0] with { Reason = "another", Admin = !rows[0].Admin };
        var earlier = now with { Rows = [.. rows] };
        var file = Path.Combine(_folder.FullName, $"earlier.{format}");
        await File.WriteAllTextAsync(
            file,
            format == "json" ? ReviewDocument.Of(earlier).ToJson() : HtmlReview.Of(earlier),
            TestContext.Current.CancellationToken
        );
        var page = await OpenAsync(now);
        await page.SetInputFilesAsync("#earlier", file);
        await page.WaitForFunctionAsync("() => document.querySelector('#compared').textContent !== ''");
        Assert.Contains("1 new, 1 changed, 1 gone.", await TextAsync(page, "#compared"), StringComparison.Ordinal);
        Assert.Contains(
            "gone@example.com in acme-eu: project-0",
            await TextAsync(page, "#compared"),
            StringComparison.Ordinal
        );
        Assert.Equal(2, await page.Locator(RowsOfTable).CountAsync());
        Assert.Equal("changed", await page.InputValueAsync("#risk"));

        var other = Path.Combine(_folder.FullName, "other.json");
        await File.WriteAllTextAsync(other, "{\"version\": 7}", TestContext.Current.CancellationToken);
        await page.SetInputFilesAsync("#earlier", other);
        await page.WaitForFunctionAsync(
            "() => document.querySelector('#compared').textContent.includes('is no review')"
        );
        Assert.Equal(10, await page.Locator(RowsOfTable).CountAsync());
        Assert.Empty(_wrong);
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(400)]
    public async Task No_word_is_cut_in_its_middle_and_no_column_is_empty(int width)
    {
        var review = ReviewSample.Of(2, 10);
        var rows = review.Rows.Select(r =>
            r with
            {
                Person = "bob.rossi.of.the.data.team@initech.example",
                Account = "bob.rossi.of.the.data.team@initech.example",
                Until = null,
                Access = Access.Of([
                    new Grant("permissions", "CAN_PERFORM_ADMIN_ACTIONS", "CAN_PERFORM_ADMIN_ACTIONS"),
                ]),
            }
        );
        var page = await OpenAsync(
            review with
            {
                Rows = [.. rows],
            },
            new()
            {
                ViewportSize = new() { Width = width, Height = 900 },
            }
        );
        await page.SelectOptionAsync("#group", "");
        // A line that begins inside a text node, and not after a sign or a space, cuts a word.
        var cut = await page.EvaluateAsync<string[]>(
            """
            () => {
              const cut = [], range = document.createRange();
              const texts = document.createTreeWalker(document.querySelector('#body'), NodeFilter.SHOW_TEXT);
              while (texts.nextNode()) {
                const text = texts.currentNode;
                for (let i = 1, last = null; i < text.length; i++) {
                  range.setStart(text, i); range.setEnd(text, i + 1);
                  const top = range.getBoundingClientRect().top;
                  if (last !== null && top > last + 8 && /[\p{L}\p{N}]{2}/u.test(text.data.slice(i - 1, i + 1)))
                    cut.push(`${text.data.slice(0, i)}|${text.data.slice(i)}`);
                  last = top;
                }
              }
              return cut;
            }
            """
        );
        Assert.Empty(cut);
        Assert.False(await page.Locator("#head th[data-column=until]").IsVisibleAsync());
        Assert.Equal(0, await page.Locator("#body td[data-label=Until]").CountAsync());
        // The box of the theme is as wide as its longest word.
        Assert.True(
            await page.EvaluateAsync<bool>(
                """
                () => {
                  const box = document.querySelector('#theme'), probe = document.createElement('span');
                  probe.textContent = 'as the system';
                  probe.style.position = 'absolute';
                  probe.style.font = getComputedStyle(box).font;
                  box.after(probe);
                  const wide = probe.getBoundingClientRect().width;
                  probe.remove();
                  return box.getBoundingClientRect().width >= wide + 30;
                }
                """
            )
        );
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

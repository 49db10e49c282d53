using System.Net;
using FsCheck.Fluent;
using Microsoft.Playwright;
using Reconciler.Hosting.Reconciling;
using Reconciler.Testing;
using Reconciler.Testing.Reports;
using Reconciler.Testing.Reports.Review;
using Reconciler.Worker.Web;

namespace Reconciler.Worker.Tests.Web;

/// <summary>The status page in a real browser, from a real listener.</summary>
public sealed class StatusPageTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    private readonly FakeWorkerView _worker = new(WorkerSample.Status());
    private readonly List<string> _wrong = [];
    private StatusListener _listener = null!;

    public async ValueTask InitializeAsync()
    {
        _listener = new(new(new(IPAddress.Loopback, 0)), _worker, new StandingClock(WorkerSample.Now));
        await _listener.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync() => await _listener.DisposeAsync();

    [Fact]
    public async Task A_reader_goes_from_the_state_to_a_project_to_a_person_and_back()
    {
        var page = await OpenAsync("/");
        Assert.Equal("2 projects need attention", await page.TextContentAsync("h1"));
        Assert.Equal(6, await page.Locator(".tile").CountAsync());
        Assert.Equal(
            ["failing", "held", "drifted", "new", "converged", "suspended"],
            await page.Locator("section[aria-labelledby=projects] tbody .badge").AllInnerTextsAsync()
        );
        await page.ClickAsync(".tile.held");
        Assert.Equal(
            ["fraud-detection"],
            await page.Locator("section[aria-labelledby=projects] tbody th a").AllInnerTextsAsync()
        );
        await page.ClickAsync("section[aria-labelledby=projects] tbody th a");
        Assert.Equal("fraud-detection held", (await page.Locator("h1").InnerTextAsync()).Trim());
        Assert.Equal(5, await page.Locator("section[aria-labelledby=plan] tbody tr").CountAsync());
        await page.ClickAsync("section[aria-labelledby=people] tbody th a:text('ana@example.com')");
        Assert.Equal("ana@example.com", await page.InputValueAsync("input[name=q]"));
        Assert.Equal(3, await page.Locator("tbody tr:not(.group)").CountAsync());
        await page.FillAsync("input[name=q]", "example.com");
        await page.SelectOptionAsync("select[name=state]", "invited");
        await page.ClickAsync("form button");
        Assert.Equal(1, await page.Locator("tbody tr.group").CountAsync());
        await page.ClickAsync("nav[aria-label=Pages] a:text('Status')");
        Assert.Equal("Status · Reconciler", await page.TitleAsync());
        Assert.Empty(_wrong);
    }

    [Fact]
    public async Task The_command_that_releases_a_held_plan_is_copied_by_a_click()
    {
        _worker.Status = _worker.Status with { ApprovalsFolder = "/etc/reconciler/approvals" };
        var page = await OpenAsync("/");
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await page.ClickAsync("button.copy");
        await page.WaitForFunctionAsync("() => document.querySelector('.copying [role=status]').textContent !== ''");
        Assert.Equal("Copied.", await page.TextContentAsync(".copying [role=status]"));
        var copied = await page.EvaluateAsync<string>("() => navigator.clipboard.readText()");
        Assert.StartsWith(
            "cat > /etc/reconciler/approvals/release-fraud-detection.yaml <<'END'\n"
                + "apiVersion: reconciler.dev/v1alpha1\n",
            copied,
            StringComparison.Ordinal
        );
        Assert.EndsWith("\nEND", copied, StringComparison.Ordinal);
        Assert.Empty(_wrong);
    }

    [Fact]
    public async Task Hostile_texts_run_nothing_and_load_nothing()
    {
        foreach (var run in HostileRun.Any.Generator.Sample(3))
        {
            _worker.Status = HostileStatus.Of(run);
            foreach (var path in new[] { "/", "/people", "/projects/default/project-0" })
            {
                var page = await OpenAsync(path);
                Assert.EndsWith("Reconciler", await page.TitleAsync(), StringComparison.Ordinal);
                Assert.Equal(
                    (0, 1),
                    (await page.Locator("img, iframe").CountAsync(), await page.Locator("script").CountAsync())
                );
                await page.CloseAsync();
            }
        }

        Assert.Empty(_wrong);
    }

    [Fact]
    public async Task Markup_that_got_in_all_the_same_could_run_and_load_nothing()
    {
        var page = await OpenAsync("/");
        var blocked = await page.EvaluateAsync<string[]>(PageScripts.BreakIn(3));
        Assert.Equal(["img-src", "script-src-elem", "style-src-attr"], blocked.Order(StringComparer.Ordinal));
        Assert.Equal("Status · Reconciler", await page.TitleAsync());
    }

    [Theory]
    [InlineData(ColorScheme.Light, "/")]
    [InlineData(ColorScheme.Dark, "/")]
    [InlineData(ColorScheme.Light, "/projects/default/fraud-detection")]
    [InlineData(ColorScheme.Dark, "/projects/default/fraud-detection")]
    [InlineData(ColorScheme.Dark, "/people")]
    public async Task Every_text_stands_out_from_its_ground(ColorScheme scheme, string path)
    {
        var page = await OpenAsync(path, new() { ColorScheme = scheme });
        var weak = await page.EvaluateAsync<string[]>(PageScripts.WeakTexts("e.closest('.skip, .hidden')"));
        Assert.Empty(weak);
    }

    [Fact]
    public async Task Headings_tables_and_fields_have_names()
    {
        foreach (var path in new[] { "/", "/people", "/projects/default/fraud-detection" })
        {
            var page = await OpenAsync(path);
            Assert.Equal(1, await page.Locator("h1").CountAsync());
            Assert.Equal(1, await page.GetByRole(AriaRole.Main).CountAsync());
            Assert.Equal(
                0,
                await page.EvaluateAsync<int>(
                    "() => [...document.querySelectorAll('input, select')].filter(i => i.labels.length === 0).length"
                )
            );
            Assert.Equal(
                0,
                await page.EvaluateAsync<int>(
                    "() => [...document.querySelectorAll('table')].filter(t => !t.caption).length"
                )
            );
            Assert.Equal(
                0,
                await page.EvaluateAsync<int>(
                    "() => { const ids = [...document.querySelectorAll('[id]')].map(e => e.id); "
                        + "return ids.length - new Set(ids).size; }"
                )
            );
        }
    }

    [Theory]
    [InlineData("light", 1280, ColorScheme.Light)]
    [InlineData("dark", 1280, ColorScheme.Dark)]
    [InlineData("phone", 360, ColorScheme.Light)]
    [InlineData("print", 900, ColorScheme.Dark)]
    public async Task It_fits_its_window_and_its_looks_are_kept_for_people(string name, int width, ColorScheme scheme)
    {
        var held = _worker.Status.Projects.Single(p => p.State == ProjectState.Held);
        _worker.Status = _worker.Status with
        {
            Projects =
            [
                .. _worker.Status.Projects.Select(p =>
                    p == held ? p with { Result = WorkerSample.ResultOf(held.Planned!.Plan!) } : p
                ),
            ],
        };
        var results = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "TestResults"));
        foreach (
            var (path, file) in new[]
            {
                ("/", "status"),
                ("/projects/default/fraud-detection", "project"),
                ("/people", "people"),
            }
        )
        {
            var page = await OpenAsync(
                path,
                new()
                {
                    ColorScheme = scheme,
                    ViewportSize = new() { Width = width, Height = 900 },
                }
            );
            if (name == "print")
                await page.EmulateMediaAsync(new() { Media = Media.Print });
            if (name == "print")
                Assert.Equal(
                    "rgb(255, 255, 255)",
                    await page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor")
                );
            Assert.InRange(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"), 1, width);
            await page.ScreenshotAsync(
                new() { Path = Path.Combine(results.FullName, $"{file}-{name}.png"), FullPage = true }
            );
            await page.CloseAsync();
        }

        Assert.Empty(_wrong);
    }

    // Whatever the page asks for besides this listener, and whatever it complains of, is wrong.
    private async Task<IPage> OpenAsync(string path, BrowserNewPageOptions? options = null)
    {
        var page = await chromium.Browser.NewPageAsync(options ?? new());
        page.Request += (_, request) =>
            Note(
                request.Url.StartsWith(_listener.Url, StringComparison.Ordinal) && request.ResourceType == "document"
                    ? null
                    : $"asked for {request.Url}"
            );
        page.Console += (_, message) => Note(message.Type is "error" or "warning" ? message.Text : null);
        page.PageError += (_, error) => Note(error);
        await page.GotoAsync(_listener.Url + path);
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

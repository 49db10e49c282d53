using Reconciler.Testing.Reports.Review;

namespace Reconciler.Reports.Tests.Review;

/// <summary>Texts that others write stay texts, and markup could do nothing.</summary>
public sealed partial class ReviewPageTests
{
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
        var blocked = await page.EvaluateAsync<string[]>(
            PageScripts.BreakIn(4, "fetch('https://evil.example/').catch(() => {});")
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
}

using System.Text.Json;
using Reconciler.Engine.Reviews;
using Reconciler.Reports.Review;

namespace Reconciler.Reports.Tests.Review;

/// <summary>Decisions, where the review comes from, and an earlier one beside it.</summary>
public sealed partial class ReviewPageTests
{
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
}

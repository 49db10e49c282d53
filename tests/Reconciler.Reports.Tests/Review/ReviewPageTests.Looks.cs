using Microsoft.Playwright;
using Reconciler.Core.Membership;
using Reconciler.Testing.Reports.Review;

namespace Reconciler.Reports.Tests.Review;

/// <summary>What it looks like, and what it is called for those who do not see it.</summary>
public sealed partial class ReviewPageTests
{
    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Every_text_stands_out_from_its_ground(ColorScheme scheme)
    {
        var page = await OpenAsync(ReviewSample.Of(3, 20), new() { ColorScheme = scheme });
        const string Skip = "e.closest('script, style, noscript, .skip, .hidden') || e.disabled";
        var weak = await page.EvaluateAsync<string[]>(PageScripts.WeakTexts(Skip));
        Assert.Empty(weak);
    }

    [Fact]
    public async Task Everything_that_can_be_used_has_a_name_and_every_picture_words()
    {
        var page = await OpenAsync(ReviewSample.Of(3, 20));
        Assert.Equal(
            0,
            await page.EvaluateAsync<int>(
                "() => [...document.querySelectorAll('input, select')]"
                    + ".filter(i => i.labels.length === 0 && !i.ariaLabel).length"
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
}

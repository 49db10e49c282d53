using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FsCheck.Xunit;
using Reconciler.Core.Manifests.Values.Unicode;
using Reconciler.Engine.Planning;
using Reconciler.Engine.Reviews;
using Reconciler.Reports.Masking;
using Reconciler.Reports.Review;
using Reconciler.Testing.Reports;

namespace Reconciler.Reports.Tests.Review;

/// <summary>What others wrote does nothing in any format of a review, and is not lost either.</summary>
public sealed partial class ReviewFormatTests
{
    [Property(MaxTest = 200)]
    public void No_address_of_a_run_occurs_in_any_format_of_its_review(HostileRun run)
    {
        var plan = run.Plan();
        foreach (var by in Enum.GetValues<ReviewGrouping>())
        {
            foreach (var (format, text) in ReviewFormats.All(ReviewSample.Of(plan, by).Masked(plan, new AddressMask())))
            {
                // The page's own style speaks of @media.
                var others = text.Replace(HtmlReview.Style, "", StringComparison.Ordinal);
                Assert.False(others.Contains('@', StringComparison.Ordinal), $"{format} has an @:\n{others}");
                foreach (var i in run.Known)
                    Assert.False(
                        others.Contains(HostilePerson.Middle(i), StringComparison.OrdinalIgnoreCase),
                        $"{format} names person {i}:\n{others}"
                    );
            }
        }
    }

    [Fact]
    public void Masking_keeps_who_is_who()
    {
        var plan = new Reconciler.Engine.Planning.RunPlan([], default, false);
        var review = ReviewSample.Of(4, 20);
        var pairs = review
            .Rows.Zip(review.Masked(plan, new AddressMask()).Rows, (a, b) => (a.Key, b.Person))
            .Distinct()
            .ToList();
        Assert.Equal(pairs.Count, pairs.Select(p => p.Key).Distinct().Count());
        Assert.Equal(pairs.Count, pairs.Select(p => p.Person).Distinct().Count());
        Assert.Same(review, review.Masked(plan, null));
    }

    [Property(MaxTest = 200)]
    public void The_csv_has_every_row_whole_and_no_field_that_a_spreadsheet_would_run(HostileRun run)
    {
        IsHarmlessInSheets(ReviewSample.Of(run.Plan()));
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData(" =1", " '=1")]
    [InlineData("\t=1", "\\u0009=1")]
    [InlineData("\r=1", "\\u000d=1")]
    [InlineData("\uff1d1", "'\uff1d1")]
    [InlineData("a;=1", "a;'=1")]
    [InlineData("say \"hi\", ana", "say \"hi\", ana")]
    public void A_reason_in_the_csv_reads_back_as_it_was_but_for_what_disarms_it(string reason, string expected)
    {
        var review = ReviewSample.Of(1, 1);
        var lines = Parse(ReviewFormats.Csv(review with { Rows = [review.Rows[0] with { Reason = reason }] }));
        Assert.Equal(expected, lines[1][lines[0].IndexOf("reason")]);
    }

    [Property(MaxTest = 200)]
    public void Nothing_of_a_hostile_text_is_markup_in_markdown(HostileRun run)
    {
        foreach (var by in Enum.GetValues<ReviewGrouping>())
        {
            foreach (var line in MarkdownReview.Of(ReviewSample.Of(run.Plan(), by)).Split('\n'))
                Assert.Matches(OurLine(), line);
        }
    }

    [Property(MaxTest = 200)]
    public void Nothing_of_a_hostile_text_ends_the_pages_data_and_the_data_is_whole(HostileRun run)
    {
        IsWhole(ReviewSample.Of(run.Plan()));
    }

    [Fact]
    public void The_json_has_every_row_with_its_access_in_words_and_grants()
    {
        using var json = JsonDocument.Parse(ReviewDocument.Of(ReviewSample.Of(2, 10)).ToJson());
        Assert.Equal("reconciler.dev/access-review/v1", json.RootElement.GetProperty("version").GetString());
        var rows = json.RootElement.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(20, rows.Count);
        Assert.All(
            rows,
            r =>
                Assert.Equal(
                    r.GetProperty("access").GetString(),
                    string.Join(
                        ", ",
                        r.GetProperty("grants").EnumerateArray().Select(g => g.GetProperty("word").GetString())
                    )
                )
        );
        Assert.Equal(
            json.RootElement.GetProperty("totals").GetProperty("unmanaged").GetInt32(),
            rows.Count(r => r.GetProperty("standing").GetString() == "unmanaged")
        );
    }

    internal static void IsHarmlessInSheets(AccessReview review)
    {
        var csv = ReviewFormats.Csv(review);
        var lines = Parse(csv);
        Assert.Equal(1 + review.Rows.Length + review.Projects.Count(p => p.Reading != ReviewReading.Read), lines.Count);
        Assert.All(lines, l => Assert.Equal(lines[0].Count, l.Count));
        Assert.All(
            lines.SelectMany(l => l).SelectMany(f => f.Split(';')),
            f => Assert.DoesNotMatch("^\\s*[=+\\-@\\t\\r\uff1d\uff0b\uff0d\uff20]", f)
        );
        Assert.DoesNotContain(csv.Replace("\r\n", "", StringComparison.Ordinal), char.IsControl);
    }

    internal static void IsWhole(AccessReview review)
    {
        var page = HtmlReview.Of(review);
        Assert.Equal((8, 8), (Count(page, "<script"), Count(page, "</script")));
        Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
        var data = page.Split("id=\"data\">")[1].Split("</script>")[0];
        Assert.DoesNotMatch("[<>&\u2028]", data);
        using var json = JsonDocument.Parse(data);
        Assert.Equal(
            review.Rows.Select(r => VisibleText.Spell(r.Person, keepsLines: true)),
            json.RootElement.GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("person").GetString()!)
        );
    }

    internal static bool IsOurs(string line) => OurLine().IsMatch(line);

    private static int Count(string page, string tag) =>
        page.Split(tag, StringSplitOptions.None).Length - 1 + page.Split(tag.ToUpperInvariant()).Length - 1;

    // RFC 4180, read by a few lines that share nothing with the writer.
    private static List<List<string>> Parse(string csv)
    {
        List<List<string>> lines =
        [
            [],
        ];
        var (field, quoted) = (new StringBuilder(), false);
        for (var i = 0; i < csv.Length; i++)
        {
            if (quoted && csv[i] == '"' && i + 1 < csv.Length && csv[i + 1] == '"')
                field.Append(csv[++i]);
            else if (csv[i] == '"')
                quoted = !quoted;
            else if (!quoted && csv[i] == ',')
                End();
            else if (!quoted && csv[i] == '\r' && csv[i + 1] == '\n')
            {
                End();
                lines.Add([]);
                i++;
            }
            else
                field.Append(csv[i]);
        }

        Assert.False(quoted);
        Assert.Empty(lines[^1]);
        return lines[..^1];

        void End()
        {
            lines[^1].Add(field.ToString());
            field.Clear();
        }
    }

    // Our tags around code in which no bracket stands bare.
    [GeneratedRegex(
        @"^(|# Access review|Read on [0-9: -]+UTC\.|\*\*[^<>@!\[\]*]*\*\*|- [^<>@!\[\]]*|</?table>|"
            + @"</?details( open)?>|<summary>(<code>[^<>]*</code>|[ “”():])*</summary>|"
            + @"<tr>(<th>[A-Za-z ]+</th>)+</tr>|<tr>(<td>(<code>[^<>]*</code>|<br>|[^<>@`*\[\]&])*</td>)+</tr>)$",
        RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex OurLine();
}

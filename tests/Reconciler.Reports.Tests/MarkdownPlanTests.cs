using System.Globalization;
using System.Text.RegularExpressions;
using FsCheck.Xunit;
using Reconciler.Core.Actions;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Engine.Planning;
using Reconciler.Reports.Markdown;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Core;
using Reconciler.Testing.Reports;

namespace Reconciler.Reports.Tests;

public sealed partial class MarkdownPlanTests
{
    [Fact]
    public void The_first_line_is_the_hidden_marker_with_the_digest_and_the_second_the_counts()
    {
        var plan = Run(Project("a", 2));
        var lines = MarkdownPlan.Of(plan, MarkdownPlan.DefaultLength, verbose: false).Split('\n');
        Assert.Equal($"<!-- reconciler.dev/plan/v1 digest={plan.Digest} -->", lines[0]);
        Assert.Equal("**Plan: 2 to invite, 0 to remove, in 1 of 1 project.**", lines[1]);
    }

    [Property(MaxTest = 300)]
    public void Nothing_of_a_hostile_text_is_markup_mentions_somebody_or_ends_a_section(HostileRun run)
    {
        foreach (
            var (format, text) in PlanFormats
                .All(run.Plan())
                .Where(f => f.Format.EndsWith("markdown", StringComparison.Ordinal))
        )
            Assert.True(IsHarmless(text), $"{format}:\n{text}");
    }

    [Property(MaxTest = 300)]
    public void A_hostile_problem_is_no_markup_either(HostileRun run)
    {
        var problems = Enumerable
            .Range(0, 60)
            .Select(i => new Problem(
                Severity.Error,
                new Position(run.Sentence(), i, 1),
                run.Sentence(),
                run.Sentence()
            ))
            .ToList();
        var text = MarkdownPlan.Of(problems, MarkdownPlan.LeastLength);
        Assert.True(IsHarmless(text), text);
        Assert.True(text.Length <= MarkdownPlan.LeastLength, "too long");
        Assert.Equal(60, Lines(text, "- error: ") + Number(ProblemsLeftOut().Match(text)));
    }

    [Theory]
    [InlineData(4_000)]
    [InlineData(9_000)]
    [InlineData(60_000)]
    public void What_has_no_room_is_left_out_whole_and_counted(int maxLength)
    {
        PlannedProject[] projects =
        [
            .. Enumerable.Range(0, 60).Select(i => Project($"p{i}", i)),
            Held("held", 40),
            Failed("failed"),
            .. Enumerable.Range(60, 5).Select(i => Project($"p{i}", 300)),
        ];
        var plan = Run(projects);
        var text = MarkdownPlan.Of(plan, maxLength, verbose: false);
        Assert.True(text.Length <= maxLength, $"{text.Length} characters");
        Assert.True(IsHarmless(text));
        var left = LeftOut().Match(text);
        Assert.True(left.Success, "it says that something is left out");
        Assert.Equal(
            projects.Count(p => p.Failure is not null || !p.Plan!.Actions.IsEmpty),
            Lines(text, "<summary>") + Number(left, "projects")
        );
        Assert.Equal(plan.Plans.Sum(p => p.Actions.Length), Lines(text, "+ invite ") + Number(left, "changes"));
        Assert.Equal(Lines(text, "# … "), Number(left, "parts"));
        Assert.StartsWith(
            "<details open>\n<summary><code>acme: held</code>",
            text[text.IndexOf("<details", StringComparison.Ordinal)..],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_plan_that_fits_leaves_nothing_out()
    {
        var text = MarkdownPlan.Of(
            Run(Project("a", 2), Held("b", 1), Failed("c")),
            MarkdownPlan.DefaultLength,
            verbose: false
        );
        Assert.DoesNotContain("Left out", text, StringComparison.Ordinal);
        Assert.Equal(3, Lines(text, "+ invite "));
        Assert.Contains(
            "! held: too many\n# let it pass once with: reconciler apply … --approve hold:sha256:",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("! failed: GET /x answered 503", text, StringComparison.Ordinal);
        Assert.True(
            text.IndexOf("acme: b<", StringComparison.Ordinal) < text.IndexOf("acme: c<", StringComparison.Ordinal),
            "held before failed"
        );
        Assert.True(
            text.IndexOf("acme: c<", StringComparison.Ordinal) < text.IndexOf("acme: a<", StringComparison.Ordinal),
            "failed before the others"
        );
    }

    [Fact]
    public void A_vendor_cannot_hide_other_projects_behind_a_long_name_or_a_long_reason()
    {
        var loud = Project("loud", 1);
        var action = loud.Plan!.Actions[0] with { Reason = new string('x', 200_000) };
        loud = loud with
        {
            Plan = loud.Plan with
            {
                Live = loud.Plan.Live with { Name = new string('y', 200_000) },
                Actions = [action],
            },
        };
        var text = MarkdownPlan.Of(Run(loud, Project("quiet", 1)), MarkdownPlan.LeastLength, verbose: false);
        Assert.Contains("acme: quiet", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Left out", text, StringComparison.Ordinal);
        Assert.Contains("characters more)", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("abcdefgh", 4, "abcd… (4 characters more)")]
    [InlineData("ab\\u001b[2J", 4, "ab… (9 characters more)")]
    [InlineData("ab\\u001b[2J", 8, "ab\\u001b… (3 characters more)")]
    [InlineData("abc😀def", 4, "abc… (5 characters more)")]
    [InlineData("short", 5, "short")]
    public void A_long_line_is_never_cut_inside_a_character(string line, int longest, string expected) =>
        Assert.Equal(expected, MarkdownFence.Clip(line, longest));

    [Fact]
    public void Vendors_notes_are_plain_words() =>
        Assert.All(
            ProgramVendors.All.SelectMany(v => v.Capabilities.Notes.Values),
            n => Assert.DoesNotMatch(@"[<>\[\]*_`@#|]", n)
        );

    private static RunPlan Run(params PlannedProject[] projects) =>
        new([.. projects], World.Now, HasOwnershipRecord: false);

    [Theory]
    [InlineData(9, 0, "1 to remove, <b>invitations held</b>: 2 to invite, 0 to remove")]
    [InlineData(0, 9, "2 to invite, 0 to remove, <b>removals held</b>: 1 to remove")]
    [InlineData(0, 0, "0 to remove, <b>held</b>: 2 to invite, 1 to remove")]
    public void The_title_of_a_project_says_what_its_limits_hold(int removals, int invitations, string expected)
    {
        var world = new World()
            .Limited(
                Limits.None with
                {
                    ProjectInvitations = [new("i", invitations)],
                    ProviderRemovals = [new("r", removals, TimeSpan.FromHours(1))],
                }
            )
            .Prune(PrunePolicy.All)
            .Declare("a@x.example", "read")
            .Declare("b@x.example", "read")
            .Member("c@x.example", "read");
        var plan = Assert.Single(AccountJudge.Of([world.Plan()], _ => 0, _ => []));
        var text = MarkdownPlan.Of(
            Run(new PlannedProject(world.Desired, plan, null)),
            MarkdownPlan.DefaultLength,
            verbose: false
        );
        Assert.Contains($": {expected}</summary>", text, StringComparison.Ordinal);
    }

    private static PlannedProject Project(string name, int people)
    {
        var world = new World().Named(name);
        for (var i = 0; i < people; i++)
            world.Declare($"{name}-{i.ToString(CultureInfo.InvariantCulture)}@x.example", "read");
        var plan = world.Plan();
        return new(world.Desired, plan with { Digest = PlanDigest.Of(plan) }, null);
    }

    private static PlannedProject Held(string name, int people)
    {
        var project = Project(name, people);
        return project with
        {
            Plan = project.Plan! with { Holds = [new(HoldScope.Plan, "too many") { Limit = "a limit" }] },
        };
    }

    private static PlannedProject Failed(string name) =>
        new(
            new World().Named(name).Desired,
            null,
            new(Reconciler.Core.Ports.ProviderFault.Unavailable, "GET /x answered 503")
        );

    // What stands outside fences is ours, line by line: texts of others stand in fences, or as HTML text in the
    // summary's code.
    internal static bool IsHarmless(string text)
    {
        string? fence = null;
        var open = 0;
        foreach (var line in text.Split('\n'))
        {
            if (fence is not null)
            {
                if (line == fence)
                    fence = null;
                else if (line.StartsWith(fence, StringComparison.Ordinal))
                    return false;
            }
            else if (OpensFence().Match(line) is { Success: true } opened)
            {
                fence = opened.Groups["fence"].Value;
            }
            else if (!OurLine().IsMatch(line))
            {
                return false;
            }
            else
            {
                open +=
                    line.StartsWith("<details", StringComparison.Ordinal) ? 1
                    : line == "</details>" ? -1
                    : 0;
                if (open is < 0 or > 1)
                    return false;
            }
        }

        return fence is null && open == 0 && !text.Any(c => char.IsControl(c) && c != '\n');
    }

    private static int Lines(string text, string start) =>
        text.Split('\n').Count(l => l.StartsWith(start, StringComparison.Ordinal));

    private static int Number(Match match, string group = "n") =>
        match.Success ? int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex("^(?<fence>`{3,})diff$", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex OpensFence();

    // Within code of the summary no bracket stands bare, so that no tag begins or ends there.
    [GeneratedRegex(
        @"^(|<!-- reconciler\.dev/plan/v1 digest=(none|sha256:[0-9a-f]{64}) -->|</?details( open)?>|"
            + @"<summary>(<code>[^<>]*</code>|"
            + @"<b>(held|removals held|removals and mails held|invitations held|failed)</b>|"
            + @"[^<>@])*</summary>|\*\*[^<>@!\[\]]*\*\*.*|- [^<>@!\[\]]*)$",
        RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex OurLine();

    [GeneratedRegex(
        @"characters: (?<projects>\d+) projects? whole \(\d+ held, "
            + @"\d+ failed\) and parts of (?<parts>\d+) more; in all (?<changes>\d+) changes and \d+ findings",
        RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex LeftOut();

    [GeneratedRegex(@"\*\*Left out:\*\* (?<n>\d+) of 60 problems", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex ProblemsLeftOut();
}

using System.Text;
using FsCheck.Xunit;
using Reconciler.Core.Planning;
using Reconciler.Engine.Planning;
using Reconciler.Reports.Markdown;
using Reconciler.Reports.Masking;
using Reconciler.Testing.Core;
using Reconciler.Testing.Reports;

namespace Reconciler.Reports.Tests;

/// <summary>What is said of a plan that somebody read as a comment, once it is planned anew.</summary>
public sealed class EarlierPlanTests
{
    [Fact]
    public void What_is_new_and_what_is_gone_is_said_by_project()
    {
        var text = Markdown(
            Plan(("a", ["ana", "cleo"]), ("c", ["dan"])),
            Shown(Plan(("a", ["ana", "bob"]), ("b", ["eve"])))
        );
        Assert.Contains(
            """
            **This has changed since the earlier plan:**

            ```diff
            # acme: a
            - no longer:  + invite  bob@x.example  [read]
            + new:        + invite  cleo@x.example  [read]
            # acme: b
            - no longer:  + invite  eve@x.example  [read]
            # acme: c
            + new:        + invite  dan@x.example  [read]
            ```
            """,
            text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_same_plan_has_not_changed()
    {
        var plan = Plan(("a", ["ana"]));
        var text = Markdown(plan, Shown(plan));
        Assert.Contains("**Nothing has changed since the earlier plan.**", text, StringComparison.Ordinal);
        Assert.DoesNotContain("no longer:", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_changes_from_another_state_are_told_apart_from_the_same_plan()
    {
        var plan = Plan(("a", ["ana"]));
        var other = Shown(plan).Replace(plan.Digest, $"sha256:{new string('0', 64)}", StringComparison.Ordinal);
        Assert.Contains("what some start from at the vendor is different now", Markdown(plan, other), Sense);
    }

    [Fact]
    public void A_comment_that_came_back_with_carriage_returns_is_the_same()
    {
        var plan = Plan(("a", ["ana"]));
        Assert.Contains(
            "Nothing has changed",
            Markdown(plan, Shown(plan).Replace("\n", "\r\n", StringComparison.Ordinal)),
            Sense
        );
    }

    [Fact]
    public void What_the_earlier_comment_says_of_a_still_earlier_one_is_no_change()
    {
        var (first, second) = (Plan(("a", ["ana"])), Plan(("a", ["ana", "bob"])));
        var comment = Markdown(second, Shown(first));
        Assert.Contains("new:", comment, StringComparison.Ordinal);
        Assert.Contains("Nothing has changed", Markdown(second, comment), Sense);
    }

    [Fact]
    public void Masked_people_are_the_same_whatever_their_number()
    {
        var before = Plan(("a", ["bob"])).Masked(new AddressMask());
        var now = Plan(("a", ["ana", "bob"])).Masked(new AddressMask());
        var changes = EarlierPlan.Parse(Shown(before))!.Compare(now);
        Assert.Empty(changes.Gone);
        Assert.Contains("a…(at)x…", Assert.Single(changes.Added).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_masked_run_shows_no_address_of_an_earlier_plan()
    {
        var mask = new AddressMask();
        var now = Plan(("a", ["ana"])).Masked(mask);
        var earlier = EarlierPlan.Parse(Shown(Plan(("a", ["bob"]))))!.Masked(mask);
        Assert.DoesNotContain("@", Markdown(now, earlier), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cut_comment_is_called_so()
    {
        var people = Enumerable.Range(0, 400).Select(i => $"p{i:000}").ToArray();
        var earlier = MarkdownPlan.Of(Plan(("a", people)), MarkdownPlan.LeastLength, verbose: false);
        var text = MarkdownPlan.Of(Plan(("a", [.. people, "zoe"])), 9_000, false, EarlierPlan.Parse(earlier));
        Assert.Contains("It was cut, so some of what is new here was left out there", text, Sense);
        Assert.Contains("lines are left out here", text, StringComparison.Ordinal);
        Assert.True(text.Length <= 9_000, $"{text.Length} characters");
    }

    [Fact]
    public void Before_a_plan_there_may_have_been_problems()
    {
        var earlier = EarlierPlan.Parse(MarkdownPlan.Of([], MarkdownPlan.DefaultLength))!;
        var text = Markdown(Plan(("a", ["ana"])), earlier);
        Assert.Contains("the manifests had problems, and nothing was planned", text, Sense);
        Assert.DoesNotContain("new:", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Looks good to me")]
    [InlineData("<!-- reconciler.dev/plan/v1 digest=sha256:12 -->")]
    [InlineData("> <!-- reconciler.dev/plan/v1 digest=none -->")]
    public void Another_text_is_no_plan(string text)
    {
        Assert.Null(EarlierPlan.Read("a.md", () => Encoding.UTF8.GetBytes(text), out var problem));
        Assert.StartsWith("a.md is no plan; expected a file that plan --format markdown wrote", problem, Sense);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_named()
    {
        Assert.Null(EarlierPlan.Read("a.md", () => throw new IOException("gone"), out var problem));
        Assert.Equal("the earlier plan a.md cannot be read: gone", problem);
    }

    [Property(MaxTest = 200)]
    public void A_hostile_plan_is_the_same_as_itself_and_differs_by_all_of_it_from_nothing(HostileRun run)
    {
        var plan = run.Plan();
        var itself = EarlierPlan.Parse(MarkdownPlan.Of(plan, int.MaxValue, verbose: false))!;
        var changes = itself.Compare(plan);
        Assert.Empty(changes.Added);
        Assert.Empty(changes.Gone);
        Assert.Equal(itself.Lines, EarlierPlan.Parse(Shown(Plan()))!.Compare(plan).Added);
    }

    private const StringComparison Sense = StringComparison.Ordinal;

    private static string Markdown(RunPlan plan, string earlier) => Markdown(plan, EarlierPlan.Parse(earlier)!);

    private static string Markdown(RunPlan plan, EarlierPlan earlier) =>
        MarkdownPlan.Of(plan, MarkdownPlan.DefaultLength, verbose: false, earlier);

    private static string Shown(RunPlan plan) => MarkdownPlan.Of(plan, MarkdownPlan.DefaultLength, verbose: false);

    private static RunPlan Plan(params (string Project, string[] People)[] projects) =>
        new([.. projects.Select(p => Project(p.Project, p.People))], World.Now, HasOwnershipRecord: false);

    private static PlannedProject Project(string name, string[] people)
    {
        var world = new World().Named(name);
        foreach (var person in people)
            world.Declare($"{person}@x.example", "read");
        var plan = world.Plan();
        return new(world.Desired, plan with { Digest = PlanDigest.Of(plan) }, null);
    }
}

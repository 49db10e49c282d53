using System.Text.RegularExpressions;
using FsCheck.Xunit;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;
using Reconciler.Reports.Masking;
using Reconciler.Testing.Reports;

namespace Reconciler.Reports.Tests;

public sealed partial class AddressMaskTests
{
    [Theory]
    [InlineData("ana@example.com is a member", "a…(at)e…#1 is a member")]
    [InlineData("ANA@example.com and ana@Example.com are one", "a…(at)e…#1 and a…(at)e…#1 are one")]
    [InlineData("ask ana@example.com, or bob@example.com.", "ask a…(at)e…#1, or b…(at)e…#2.")]
    [InlineData("GET /users/ana%40example.com answered 404", "GET /users/a…(at)e…#1 answered 404")]
    [InlineData("people/ana@example.com.yaml:3:4", "people/a…(at)e…#1:3:4")]
    [InlineData("{\"email\":\"ana\\u0040example.com\"}", "{\"email\":\"a…(at)e…#1\"}")]
    [InlineData("ana&#64;example.com", "a…(at)e…#1")]
    [InlineData("'ana@example.com' is taken", "'a…(at)e…#1' is taken")]
    [InlineData("ping @octocat", "ping ?…(at)o…#1")]
    [InlineData("100% of nobody", "100% of nobody")]
    public void An_address_is_hidden_and_the_sentence_around_it_stays(string text, string expected) =>
        Assert.Equal(expected, new AddressMask().Text(text));

    [Fact]
    public void People_are_numbered_in_the_order_of_their_addresses_whatever_comes_first()
    {
        var mask = new AddressMask();
        mask.Number(["zoe@example.com", "Ana@example.com", "no address"]);
        Assert.Equal("z…(at)e…#2, a…(at)e…#1", mask.Text("zoe@example.com, ana@example.com"));
    }

    [Fact]
    public void An_address_that_is_not_written_as_one_is_found_whole_where_it_is_known()
    {
        var mask = new AddressMask();
        mask.Learn(["two words\u001b@example.com"]);
        Assert.Equal(
            "t…(at)e…#1 is \"t…(at)e…#1\"",
            mask.Text("two words\u001b@example.com is \"two words\\u001b@example.com\"")
        );
    }

    [Property(MaxTest = 500)]
    public void No_address_of_a_run_occurs_in_any_format_of_its_plan(HostileRun run)
    {
        var plan = run.Plan();
        foreach (var (format, text) in PlanFormats.All(plan.Masked(new AddressMask())))
            HoldsNobody(run, format, text);
    }

    [Property(MaxTest = 500)]
    public void No_address_of_a_run_occurs_in_what_apply_prints(HostileRun run)
    {
        var plan = run.Plan();
        var outcomes = plan.Plans.Select(p => new ProjectResult(
            p,
            [.. p.Actions.Select((a, i) => new ActionOutcome(a, (OutcomeKind)(i % 5), run.Sentence()))]
        ));
        var mask = new AddressMask();
        plan.Masked(mask);
        HoldsNobody(run, "apply", PlanFormats.Result(new RunResult(plan, [.. outcomes]).Masked(mask)));
    }

    [Property(MaxTest = 500)]
    public void Masking_keeps_the_digest_the_counts_and_who_is_who(HostileRun run)
    {
        var plan = run.Plan();
        var masked = plan.Masked(new AddressMask());
        Assert.Equal(plan.Digest, masked.Digest);
        Assert.Equal(
            plan.Plans.Select(p => (p.Actions.Length, p.Findings.Length, p.Holds.Length)),
            masked.Plans.Select(p => (p.Actions.Length, p.Findings.Length, p.Holds.Length))
        );
        var pairs = plan
            .Plans.Zip(masked.Plans)
            .SelectMany(p => p.First.Actions.Zip(p.Second.Actions))
            .Select(p => (p.First.Person.Key, Name: p.Second.Person.Label))
            .ToHashSet();
        Assert.Equal(pairs.Count, pairs.Select(p => p.Key).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(pairs.Count, pairs.Select(p => p.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(pairs, p => Assert.Matches(Mask(), p.Name));
    }

    [Fact]
    public void Without_a_mask_the_plan_is_the_same_value()
    {
        var plan = new RunPlan([], default, HasOwnershipRecord: false);
        Assert.Same(plan, plan.Masked(null));
    }

    // Stricter than a search for whole addresses: no @ is left, and no part of the names of known people.
    private static void HoldsNobody(HostileRun run, string format, string text)
    {
        Assert.False(text.Contains('@', StringComparison.Ordinal), $"{format} has an @:\n{text}");
        foreach (var i in run.Known)
            Assert.False(
                text.Contains(HostilePerson.Middle(i), StringComparison.OrdinalIgnoreCase),
                $"{format} names person {i}:\n{text}"
            );
    }

    [GeneratedRegex(@"^.{1,2}…\(at\).{1,2}…#\d+$", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Mask();
}

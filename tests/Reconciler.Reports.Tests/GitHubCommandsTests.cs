using System.Text.RegularExpressions;
using FsCheck.Xunit;
using Reconciler.Core.Manifests;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Engine.Planning;
using Reconciler.Testing.Core;
using Reconciler.Testing.Reports;

namespace Reconciler.Reports.Tests;

public sealed partial class GitHubCommandsTests
{
    [Fact]
    public void A_problem_is_shown_at_its_line() =>
        Assert.Equal(
            "::error file=people/acme.yaml,line=3,col=4::spec.members: 100%25 wrong",
            One(new(Severity.Error, new("people/acme.yaml", 3, 4), "spec.members", "100% wrong"))
        );

    [Fact]
    public void A_path_with_the_commands_own_signs_stays_one_property() =>
        Assert.Equal(
            "::warning file=a%3A%3Ab%2Cline=9%25.yaml,line=1,col=2::x",
            One(new(Severity.Warning, new("a::b,line=9%.yaml", 1, 2), "", "x"))
        );

    [Fact]
    public void A_problem_of_a_whole_file_has_no_line_and_one_of_an_option_no_file()
    {
        Assert.Equal(
            "::error file=nowhere::does not exist",
            One(new(Severity.Error, new("nowhere", 0, 0), "", "does not exist"))
        );
        Assert.Equal(
            "::error::--provider: nothing is named \"x\"",
            One(new(Severity.Error, new("--provider", 0, 0), "", "nothing is named \"x\""))
        );
    }

    [Property(MaxTest = 500)]
    public void Hostile_texts_make_neither_another_command_nor_another_property(HostileRun run)
    {
        var text = run.Sentence();
        var lines = GitHubCommands
            .Of([new Problem(Severity.Error, new(text, 1, 2), text, text)])
            .Concat(GitHubCommands.Of(run.Plan()))
            .ToList();
        Assert.All(lines, line => Assert.Matches(Command(), line));
    }

    [Theory]
    [InlineData("  + invite  ##[stop-commands]x@example.com", "  + invite  ##\\[stop-commands]x@example.com")]
    [InlineData("plain # [text]", "plain # [text]")]
    public void The_old_form_of_a_command_is_broken_wherever_it_stands(string text, string expected) =>
        Assert.Equal(expected, GitHubCommands.Log(text));

    [Property(MaxTest = 500)]
    public void No_line_of_a_plan_begins_as_a_command(HostileRun run) =>
        Assert.All(
            PlanFormats.Text(run.Plan()).Split('\n'),
            line => Assert.False(line.TrimStart().StartsWith("::", StringComparison.Ordinal), line)
        );

    [Fact]
    public void A_hold_is_a_warning_and_one_that_an_approval_releases_a_notice()
    {
        var world = new World().Named("a").Declare("ana@x.example", "read");
        var held = world.Plan() with { Holds = [new(HoldScope.Removals, "too many") { Limit = "a limit" }] };
        Assert.StartsWith("::warning ", Commands(held), StringComparison.Ordinal);
        Assert.Contains("removals held::too many (hold:sha256:", Commands(held), StringComparison.Ordinal);
        Assert.EndsWith(
            "released once::would be removals held: too many (released by --approve)",
            Commands(held with { Release = new("--approve", held.HeldDigest!) }),
            StringComparison.Ordinal
        );

        var tooMany = world.Limited(Limits.None with { ProjectInvitations = [new("g", 0)] }).Plan();
        Assert.Contains(
            "invitations held::1 invitation; g allows 0 a project (hold:sha256:",
            Commands(tooMany),
            StringComparison.Ordinal
        );

        string Commands(ProjectPlan plan) =>
            Assert.Single(
                GitHubCommands.Of(new RunPlan([new(world.Desired, plan, null)], World.Now, HasOwnershipRecord: false))
            );
    }

    private static string One(Problem problem) => Assert.Single(GitHubCommands.Of([problem]));

    // One line; a property holds neither a colon nor a comma, and no percent sign stands alone.
    [GeneratedRegex(
        @"\A::(error|warning|notice)( (file|title)=[^:,\p{Cc}]*(,(line|col|title)=[^:,\p{Cc}]*)*)?::([^%\p{Cc}]|%25)*\z",
        RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex Command();
}

using System.Text.RegularExpressions;
using Reconciler.Testing;
using Reconciler.Testing.Hosts;
using YamlDotNet.RepresentationModel;

namespace Reconciler.Tests.Examples;

/// <summary>What can be checked of the workflows without running them on GitHub and GitLab.</summary>
public sealed partial class CiWorkflowTests
{
    public static TheoryData<string> Names =>
        [
            .. Directory
                .GetFiles(Repository.At("examples/ci/github"))
                .Select(f => Path.GetFileNameWithoutExtension(f))
                .Order(StringComparer.Ordinal),
        ];

    [Fact]
    public void There_are_the_four_for_GitHub_and_the_same_jobs_for_GitLab()
    {
        Assert.Equal(["apply", "drift", "plan", "validate"], Names.Select(n => n.Data));
        var jobs = CiWorkflow.Map(CiWorkflow.GitLab().Root).Select(j => j.Key).ToList();
        Assert.All(Names, n => Assert.Contains(n.Data, jobs));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_command_line_of_GitHubs_workflows_parses(string name) => Parse(CiWorkflow.GitHub(name));

    [Fact]
    public void Every_command_line_of_GitLabs_jobs_parses() => Parse(CiWorkflow.GitLab());

    [Theory]
    [MemberData(nameof(Names))]
    public void Actions_are_pinned_by_commit_with_their_version_beside(string name)
    {
        var lines = CiWorkflow
            .GitHub(name)
            .Text.Split('\n')
            .Where(l => l.Contains("uses:", StringComparison.Ordinal))
            .ToList();
        Assert.NotEmpty(lines);
        Assert.All(lines, l => Assert.Matches(Pinned(), l));
    }

    [Theory]
    [InlineData("validate", "validate", "contents: read")]
    [InlineData("plan", "plan", "contents: read")]
    [InlineData("plan", "comment", "pull-requests: write")]
    [InlineData("apply", "digest", "contents: read\npull-requests: read")]
    [InlineData("apply", "apply", "contents: read")]
    [InlineData("apply", "mark", "contents: write")]
    [InlineData("drift", "drift", "contents: read")]
    public void Each_job_may_do_what_it_needs_and_no_more(string workflow, string job, string permissions)
    {
        var read = CiWorkflow.GitHub(workflow);
        Assert.Empty(CiWorkflow.Map(read.Root["permissions"]));
        Assert.Equal(permissions, CiWorkflow.TextOf(read.Jobs[job]["permissions"]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_job_states_its_permissions_and_whoever_may_write_has_no_token_and_no_checkout(string name) =>
        Assert.All(
            CiWorkflow.GitHub(name).Jobs.Values,
            job =>
            {
                var writes = CiWorkflow.TextOf(job["permissions"]).Contains("write", StringComparison.Ordinal);
                var (text, hasToken) = (
                    CiWorkflow.TextOf(job),
                    CiWorkflow.TextOf(job).Contains("secrets.", StringComparison.Ordinal)
                );
                Assert.False(writes && (hasToken || text.Contains("actions/checkout", StringComparison.Ordinal)), text);
                Assert.True(
                    !hasToken || job.Children.ContainsKey("environment"),
                    "a job with tokens has them from an environment"
                );
            }
        );

    [Theory]
    [MemberData(nameof(Names))]
    public void No_expression_stands_in_a_script_and_no_checkout_keeps_its_token(string name)
    {
        var workflow = CiWorkflow.GitHub(name);
        Assert.All(workflow.ScriptLines, l => Assert.DoesNotContain("${{", l, StringComparison.Ordinal));
        var checkouts = workflow
            .Jobs.Values.SelectMany(CiWorkflow.Steps)
            .Where(s => CiWorkflow.Scalar(s, "uses")?.StartsWith("actions/checkout", StringComparison.Ordinal) == true);
        Assert.All(
            checkouts,
            s => Assert.Equal("false", CiWorkflow.Scalar((YamlMappingNode)s["with"], "persist-credentials"))
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_pull_requests_job_that_has_tokens_is_left_out_for_forks(string name)
    {
        var workflow = CiWorkflow.GitHub(name);
        var triggers = CiWorkflow.Map(workflow.Root["on"]).Select(t => t.Key).ToList();
        Assert.DoesNotContain("pull_request_target", triggers);
        if (!triggers.Contains("pull_request"))
            return;
        foreach (
            var job in workflow.Jobs.Values.Where(j =>
                CiWorkflow.TextOf(j).Contains("secrets.", StringComparison.Ordinal)
            )
        )
            Assert.Equal(
                "github.event.pull_request.head.repo.full_name == github.repository",
                CiWorkflow.Scalar(job, "if")
            );
    }

    [Fact]
    public void A_plan_takes_people_from_the_change_and_the_rest_from_its_base()
    {
        foreach (
            var command in CiWorkflow
                .GitHub("plan")
                .Commands.Concat(
                    CiWorkflow.GitLab().Commands.Where(c => c.Contains("markdown", StringComparison.Ordinal))
                )
        )
            Assert.StartsWith(
                "reconciler plan access/people --connections ../base/access/connections "
                    + "--guardrails ../base/access/guardrails --baseline ../last-applied/access ",
                command,
                StringComparison.Ordinal
            );
    }

    [Fact]
    public void Apply_is_bound_to_a_digest_and_a_baseline_and_the_tag_moves_after_it()
    {
        foreach (var workflow in (CiWorkflow[])[CiWorkflow.GitHub("apply"), CiWorkflow.GitLab()])
        {
            var command = Assert.Single(
                workflow.Commands,
                c => c.StartsWith("reconciler apply", StringComparison.Ordinal)
            );
            Assert.Matches("--baseline \\S+ --expect \"\\$\\w+\" --yes", command);
            Assert.DoesNotContain("||", command, StringComparison.Ordinal);
        }

        Assert.Equal("apply", CiWorkflow.Scalar(CiWorkflow.GitHub("apply").Jobs["mark"], "needs"));
        Assert.Equal("apply", CiWorkflow.TextOf(((YamlMappingNode)CiWorkflow.GitLab().Root["mark"])["needs"]));
    }

    [Fact]
    public void Apply_takes_what_the_runner_names_from_the_commit_that_the_change_was_merged_onto()
    {
        var command = Assert.Single(CiWorkflow.GitHub("apply").Commands);
        Assert.StartsWith(
            "reconciler apply access/people --connections base/access/connections --guardrails base/access/guardrails ",
            command,
            StringComparison.Ordinal
        );
        var fetched = CiWorkflow
            .Steps(CiWorkflow.GitHub("apply").Jobs["apply"])
            .Select(CiWorkflow.TextOf)
            .Single(s => s.Contains("path: base", StringComparison.Ordinal));
        Assert.Contains("ref: ${{ github.event.before || github.sha }}", fetched, StringComparison.Ordinal);
        var gitLab = CiWorkflow.GitLab();
        Assert.StartsWith(
            "reconciler apply access/people --connections ../base/access/connections --guardrails ../base/access/guardrails ",
            Assert.Single(gitLab.Commands, c => c.StartsWith("reconciler apply", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
        Assert.Contains(
            gitLab.ScriptLines,
            l => l.StartsWith("base=\"$CI_COMMIT_BEFORE_SHA\"", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void The_page_gives_each_folder_of_the_runner_a_line_of_owners()
    {
        var page = File.ReadAllText(Repository.At("examples/ci/README.md"));
        foreach (var folder in new[] { "/access/people/", "/access/connections/", "/access/guardrails/", "/.github/" })
            Assert.Matches($"(?m)^\\s*{System.Text.RegularExpressions.Regex.Escape(folder)} +@", page);
    }

    [Fact]
    public void The_page_names_every_file()
    {
        var page = File.ReadAllText(Repository.At("examples/ci/README.md"));
        Assert.All(Names, n => Assert.Contains($"(github/{n.Data}.yaml)", page, StringComparison.Ordinal));
        Assert.Contains("(gitlab-ci.yml)", page, StringComparison.Ordinal);
    }

    private static void Parse(CiWorkflow workflow)
    {
        Assert.NotEmpty(workflow.Commands);
        Assert.All(workflow.Commands, c => Assert.Empty(CommandLines.ErrorsOf(Known(c))));
    }

    // --expect comes with saved plans; until the command line has it, the workflows are checked without.
    private static string Known(string command) =>
        CommandLines.Root().Subcommands.Single(c => c.Name == "apply").Options.Any(o => o.Name == "--expect")
            ? command
                .Replace("\"$DIGEST\"", Digest, StringComparison.Ordinal)
                .Replace("\"$REVIEWED_DIGEST\"", Digest, StringComparison.Ordinal)
            : Expect().Replace(command, "");

    private static string Digest => $"sha256:{new string('0', 64)}";

    [GeneratedRegex(
        @"^\s*(- )?uses: [a-z-]+/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$",
        RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex Pinned();

    [GeneratedRegex("--expect \"[^\"]*\" ", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Expect();
}

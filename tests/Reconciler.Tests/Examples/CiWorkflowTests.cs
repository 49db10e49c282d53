using System.Text.RegularExpressions;
using Reconciler.Testing;
using YamlDotNet.RepresentationModel;

namespace Reconciler.Tests.Examples;

/// <summary>What protects tokens in the workflows, the action and the component, as their YAML says it.</summary>
public sealed partial class CiWorkflowTests
{
    private const StringComparison Sense = StringComparison.Ordinal;

    public static TheoryData<string> Names =>
        [
            .. Directory
                .GetFiles(Repository.At("examples/ci"), "*.yaml", SearchOption.AllDirectories)
                .Select(f => Path.GetRelativePath(Repository.Root, f))
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Actions_are_pinned_by_commit_with_their_version_beside(string name)
    {
        var lines = CiWorkflow.At(name).Text.Split('\n').Where(l => l.Contains("uses:", Sense)).ToList();
        Assert.NotEmpty(lines);
        Assert.All(lines, l => Assert.Matches(Pinned(), l));
    }

    [Theory]
    [InlineData("github/validate", "validate", "contents: read")]
    [InlineData("github/plan", "plan", "contents: read\npull-requests: write")]
    [InlineData("github/apply", "apply", "contents: write\npull-requests: write")]
    [InlineData("github/reapply", "reapply", "contents: read")]
    [InlineData("github/drift", "drift", "contents: read")]
    [InlineData("github-apart/plan", "plan", "contents: read\npull-requests: read")]
    [InlineData("github-apart/plan", "comment", "pull-requests: write")]
    [InlineData("github-apart/apply", "apply", "contents: read\npull-requests: read")]
    [InlineData("github-apart/apply", "mark", "contents: write")]
    [InlineData("github-apart/apply", "comment", "pull-requests: write")]
    public void Each_job_may_do_what_it_needs_and_no_more(string workflow, string job, string permissions)
    {
        var read = CiWorkflow.At($"examples/ci/{workflow}.yaml");
        Assert.Empty(CiWorkflow.Map(read.Root["permissions"]));
        Assert.Equal(permissions, CiWorkflow.TextOf(read.Jobs[job]["permissions"]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_job_states_its_permissions_and_has_tokens_from_an_environment_only(string name) =>
        Assert.All(
            CiWorkflow.At(name).Jobs.Values,
            job =>
            {
                var (text, hasToken) = (CiWorkflow.TextOf(job), HasToken(job));
                Assert.True(job.Children.ContainsKey("permissions"), text);
                Assert.True(!hasToken || job.Children.ContainsKey("environment"), text);
                var isApart = name.Contains("github-apart", Sense);
                var writes = CiWorkflow.TextOf(job["permissions"]).Contains("write", Sense);
                Assert.False(isApart && writes && (hasToken || text.Contains("actions/checkout", Sense)), text);
            }
        );

    [Theory]
    [MemberData(nameof(Names))]
    public void No_script_stands_in_a_workflow_and_no_checkout_keeps_its_token(string name)
    {
        var workflow = CiWorkflow.At(name);
        Assert.All(
            workflow.Jobs.Values.SelectMany(CiWorkflow.Steps),
            s => Assert.False(s.Children.ContainsKey("run"), CiWorkflow.TextOf(s))
        );
        var checkouts = workflow
            .Jobs.Values.SelectMany(CiWorkflow.Steps)
            .Where(s => CiWorkflow.Scalar(s, "uses")?.StartsWith("actions/checkout", Sense) == true);
        Assert.All(
            checkouts,
            s => Assert.Equal("false", CiWorkflow.Scalar((YamlMappingNode)s["with"], "persist-credentials"))
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_pull_requests_job_that_has_tokens_is_left_out_for_forks(string name)
    {
        var workflow = CiWorkflow.At(name);
        var triggers = CiWorkflow.Map(workflow.Root["on"]).Select(t => t.Key).ToList();
        Assert.DoesNotContain("pull_request_target", triggers);
        Assert.All(
            workflow.Jobs.Values.Where(j => triggers.Contains("pull_request") && HasToken(j)),
            job =>
                Assert.Equal(
                    "github.event.pull_request.head.repo.full_name == github.repository",
                    CiWorkflow.Scalar(job, "if")
                )
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_filter_of_paths_keeps_a_required_check_from_reporting(string name)
    {
        var workflow = CiWorkflow.At(name);
        Assert.All(
            CiWorkflow.Map(workflow.Root["on"]).Select(t => t.Value).OfType<YamlMappingNode>(),
            trigger => Assert.DoesNotContain("paths", CiWorkflow.Map(trigger).Select(t => t.Key))
        );
    }

    [Fact]
    public void No_input_of_the_action_reaches_a_script_but_as_a_variable()
    {
        var steps = ((YamlSequenceNode)CiWorkflow.At("action.yml").Root["runs"]["steps"])
            .Children.Cast<YamlMappingNode>()
            .ToList();
        Assert.All(steps, s => Assert.Equal("bash", CiWorkflow.Scalar(s, "shell")));
        Assert.All(steps, s => Assert.DoesNotContain("${{", CiWorkflow.Scalar(s, "run")!, Sense));
        // A variable of ours that is no vendor's token must not have a name that a manifest may give a token.
        Assert.All(
            steps.SelectMany(s => CiWorkflow.Map(s["env"])),
            e => Assert.DoesNotContain("RECONCILER_", e.Key, Sense)
        );
    }

    [Fact]
    public void No_input_of_the_component_reaches_a_script_but_as_a_variable()
    {
        var component = CiWorkflow.At("templates/access.yml");
        Assert.NotEmpty(component.ScriptLines);
        Assert.All(component.ScriptLines, l => Assert.DoesNotContain("$[[", l, Sense));
        Assert.DoesNotContain("  RECONCILER_", component.Text, Sense);
    }

    [Fact]
    public void The_page_gives_each_folder_of_the_runner_a_line_of_owners()
    {
        var page = File.ReadAllText(Repository.At("examples/ci/README.md"));
        foreach (var folder in new[] { "/access/people/", "/access/connections/", "/access/guardrails/", "/.github/" })
            Assert.Matches($"(?m)^\\s*{Regex.Escape(folder)} +@", page);
    }

    [Fact]
    public void The_page_names_every_file_and_every_input()
    {
        var page = File.ReadAllText(Repository.At("examples/ci/README.md"));
        Assert.All(Names, n => Assert.Contains($"({n.Data["examples/ci/".Length..]})", page, Sense));
        Assert.Contains("(gitlab-ci.yml)", page, Sense);
        var inputs = CiWorkflow
            .Map(CiWorkflow.At("action.yml").Root["inputs"])
            .Concat(CiWorkflow.Map(CiWorkflow.At("templates/access.yml").Documents[0]["spec"]["inputs"]));
        Assert.All(inputs, i => Assert.Contains($"`{i.Key}`", page, Sense));
    }

    private static bool HasToken(YamlMappingNode job) => CiWorkflow.TextOf(job).Contains("secrets.", Sense);

    [GeneratedRegex(
        @"^\s*(- )?uses: [a-z-]+/[a-z-]+@[0-9a-f]{40} # (v\d+\.\d+\.\d+|edit: the commit of v\d+\.\d+\.\d+)$",
        RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex Pinned();
}

using System.Text.RegularExpressions;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Resolving;
using Reconciler.Manifests;
using Reconciler.Manifests.Schemas;
using Reconciler.Testing;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Hosts;

namespace Reconciler.Tests.Manifests;

public sealed partial class ExamplesTests
{
    // The examples' dates lie far ahead of any day on which these tests run; the resolver is told this one.
    private static readonly RunnerRules Rules = new(ProgramVendors.All, new(2026, 8, 1, 0, 0, 0, TimeSpan.Zero));

    private static readonly string[] Vendors = ["clarifeye", "confident-ai", "equinix-metal", "gorules"];

    private static string[] Folders => [Repository.At("examples/acme"), Repository.At("examples/acme-gorules")];

    private static IEnumerable<string> Files =>
        Folders.SelectMany(f => Directory.EnumerateFiles(f, "*.yaml", SearchOption.AllDirectories));

    [Fact]
    public void The_example_company_has_no_problem_and_no_warning()
    {
        var problems = new Problems();

        var state = Resolver.Resolve(
            ManifestReader.ReadAll([Repository.At("examples/acme")], [], problems),
            Rules,
            problems
        );

        Assert.Empty(problems.Sorted);
        Assert.Equal(
            [
                "default/answer-quality",
                "default/bare-metal",
                "default/customer-insights",
                "default/fraud-detection",
                "default/model-lab",
            ],
            state.Projects.Select(p => p.Id).Order(StringComparer.Ordinal)
        );
        Assert.All(state.Projects, p => Assert.Equal("erin@example.com", Assert.Single(p.Removals).Person.Key));
    }

    [Fact]
    public void The_example_company_has_a_project_at_every_vendor_where_its_host_at_GoRules_is_allowed()
    {
        var problems = new Problems();

        var state = Resolver.Resolve(
            ManifestReader.ReadAll(Folders, [], problems),
            Rules with
            {
                AllowedHosts = ["acme.gorules.example"],
            },
            problems
        );

        Assert.Empty(problems.Sorted);
        Assert.Equal(Vendors, state.Projects.Select(p => p.Provider.Vendor.Type).Distinct().Order());
    }

    [Fact]
    public void The_examples_are_valid_without_options()
    {
        var problems = new Problems();

        Resolver.Resolve(ManifestReader.ReadAll([Repository.At("examples")], [], problems), Rules, problems);

        Assert.Empty(problems.Sorted);
    }

    [Fact]
    public async Task The_examples_are_valid_on_the_command_line_too()
    {
        using var output = new StringWriter { NewLine = "\n" };

        var code = await Cli.RunAsync(
            ["validate", Repository.At("examples")],
            CommandLines.Environment(output),
            TestContext.Current.CancellationToken
        );

        Assert.True(code == ExitCode.Done, output.ToString());
    }

    [Fact]
    public void The_example_company_has_every_kind()
    {
        var set = ManifestReader.ReadAll([Repository.At("examples/acme")], [], new());

        Assert.NotEmpty(set.All<AccessProvider>());
        Assert.NotEmpty(set.All<Person>());
        Assert.NotEmpty(set.All<Team>());
        Assert.NotEmpty(set.All<Guardrail>());
        Assert.All(set.All<AccessRole>(), r => Assert.Equal(Vendors, r.Spec.Access.Keys.Order()));
    }

    [Fact]
    public void Every_example_names_its_schema() =>
        Assert.All(
            Files,
            file =>
            {
                var named = SchemaLine().Match(File.ReadLines(file).First());
                Assert.True(named.Success, $"{file} does not begin with its schema");
                Assert.Equal(
                    Repository.At(GeneratedFiles.AnySchema),
                    Path.GetFullPath(named.Groups["path"].Value, Path.GetDirectoryName(file)!)
                );
                Assert.True(File.Exists(Repository.At(GeneratedFiles.AnySchema)));
            }
        );

    [Fact]
    public void Examples_use_reserved_domains_only() =>
        Assert.All(
            Files.SelectMany(f => Domain().Matches(File.ReadAllText(f))),
            m => Assert.Matches(@"(^|\.)example(\.com|\.net|\.org)?$", m.Groups["domain"].Value)
        );

    [Fact]
    public void The_reference_pages_examples_make_a_whole_without_problems()
    {
        var (set, problems) = (new ManifestSet(), new Problems());
        foreach (var kind in ManifestKind.All)
            ManifestReader.ReadText(kind.Name, ReferenceExamples.Of(kind), set, problems);

        var state = Resolver.Resolve(set, Rules, problems);

        Assert.Empty(problems.Sorted);
        Assert.Equal(ManifestKind.All.Length, set.Count);
        Assert.Equal(4, Assert.Single(state.Projects).Members.Length);
    }

    [GeneratedRegex(@"^# yaml-language-server: \$schema=(?<path>\S+)$", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex SchemaLine();

    [GeneratedRegex(@"@(?<domain>[A-Za-z0-9.-]+)", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Domain();
}

using System.Text;
using System.Text.RegularExpressions;
using Reconciler.Testing.Golden;

namespace Reconciler.Operator.Tests.Charts;

/// <summary>
/// What helm renders from the values of each folder in <c>Golden</c>, for an old cluster and for a new one;
/// RECONCILER_UPDATE_GOLDEN=1 writes it anew.
/// </summary>
public sealed partial class ChartGoldenTests
{
    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var name in Chart.Names)
            {
                cases.Add(name, "1.20");
                cases.Add(name, "1.30");
            }

            return cases;
        }
    }

    public static TheoryData<string> Names => [.. Chart.Names];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_chart_renders_as_its_golden_file_says(string name, string kubeVersion)
    {
        var rendered = (await Chart.TemplateAsync(Chart.Values(name), $"{kubeVersion}.0")).Succeeded();

        await GoldenFile.HoldAsync(
            Path.Combine(Chart.Cases, name, $"expected-{kubeVersion}.yaml"),
            Shortened(rendered)
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Helm_finds_nothing_wrong_with_the_chart(string name)
    {
        var lint = await KubeTools.HelmAsync("lint", "--strict", Chart.Root, "--values", Chart.Values(name));

        Assert.Contains("1 chart(s) linted, 0 chart(s) failed", lint.Succeeded(), StringComparison.Ordinal);
    }

    // The definitions are generated and read where they are made: only their names stand here.
    private static string Shortened(string rendered)
    {
        var seen = new StringBuilder();
        foreach (var document in rendered.Split("---\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var definition = DefinitionName().Match(document);
            seen.Append("---\n").Append(definition.Success ? $"# {definition.Value.Trim()}\n" : document);
        }

        return seen.ToString();
    }

    [GeneratedRegex(
        @"(?<=^kind: CustomResourceDefinition\n(.*\n)*)  name: [a-z]+\.reconciler\.dev$",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        60_000
    )]
    private static partial Regex DefinitionName();
}

using System.Text.RegularExpressions;
using Reconciler.Testing;
using Reconciler.Testing.Documentation;

namespace Reconciler.Tests.Documentation;

/// <summary>Each threat of SECURITY.md names tests, and there are such tests.</summary>
public sealed partial class ThreatModelTests
{
    private static readonly ILookup<string, string> Sources = Directory
        .EnumerateFiles(Repository.At("tests"), "*.cs", SearchOption.AllDirectories)
        .Where(f => !f.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
        .ToLookup(f => Path.GetFileName(f).Split('.')[0], StringComparer.Ordinal);

    public static TheoryData<string> Threats =>
        [
            .. MarkdownPage
                .Of("SECURITY.md")
                .Text.Split('\n')
                .Where(l => l.StartsWith("| ", StringComparison.Ordinal))
                .Skip(1),
        ];

    [Theory]
    [MemberData(nameof(Threats))]
    public void Each_threat_names_the_tests_that_show_its_defence(string row)
    {
        var cells = row.Split(" | ");
        var named = Named().Matches(cells[^1]);

        Assert.Equal(3, cells.Length);
        Assert.NotEmpty(named);
        Assert.All(
            named,
            test =>
                Assert.Contains(
                    Sources[test.Groups["class"].Value].Select(File.ReadAllText),
                    text => text.Contains($" {test.Groups["method"].Value}(", StringComparison.Ordinal)
                )
        );
    }

    [GeneratedRegex("`(?<class>[A-Za-z]+)[.](?<method>[A-Za-z0-9_]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Named();
}

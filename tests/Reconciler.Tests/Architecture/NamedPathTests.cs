using System.Text.RegularExpressions;
using Reconciler.Testing;

namespace Reconciler.Tests.Architecture;

/// <summary>Every path that ARCHITECTURE.md names exists: it is how a newcomer finds a file.</summary>
public sealed partial class NamedPathTests
{
    // Names of the table of packages that are types of a library, or files that several folders have.
    private static readonly string[] NoPaths = ["FakeTimeProvider", "[Property]", "FakeClock.cs"];

    [Fact]
    public void Every_path_that_the_architecture_names_exists()
    {
        var missing = new List<string>();
        var folder = "";
        foreach (Match match in Code().Matches(File.ReadAllText(Repository.At("ARCHITECTURE.md"))))
        {
            var name = match.Groups["name"].Value;
            if (NoPaths.Contains(name) || !Path().IsMatch(name))
                continue;
            if (Candidates(name, folder).FirstOrDefault(Exists) is not { } found)
                missing.Add(name);
            else
                folder = System.IO.Path.GetDirectoryName(found)!;
        }

        Assert.Equal([], missing);
    }

    [Theory]
    [InlineData("Core/Planning/Judge.cs", "src/Reconciler.Core/Planning/Judge.cs")]
    [InlineData("Reconciler/ExitCode.cs", "src/Reconciler/ExitCode.cs")]
    [InlineData("Judge.cs", "src/Reconciler.Core/Planning/Judge.cs")]
    public void A_short_path_is_understood_as_its_text_says(string name, string path) =>
        Assert.Contains(path, Candidates(name, "src/Reconciler.Core/Planning"));

    // As the text says: below src, without the project's first word, or beside the path before it.
    private static string[] Candidates(string name, string folder) =>
        [name, $"src/{name}", $"src/Reconciler.{name}", $"charts/reconciler/{name}", $"{folder}/{name}"];

    private static bool Exists(string path) =>
        File.Exists(Repository.At(path)) || Directory.Exists(Repository.At(path));

    [GeneratedRegex("`(?<name>[^`\\n]+)`", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Code();

    // A path has a slash or the ending of a file, and nothing that only a command or a pattern has.
    [GeneratedRegex(@"^[\w./-]*(/[\w./-]+|\.(cs|md|json|sh|tpl))$", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Path();
}

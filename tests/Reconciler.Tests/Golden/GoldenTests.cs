using Reconciler.Testing;
using Reconciler.Testing.Golden;
using Reconciler.Testing.Hosts;

namespace Reconciler.Tests.Golden;

/// <summary>
/// Each folder beside this file is a case: <c>commands.txt</c> with command lines and controls of the sandbox,
/// <c>manifests/</c>, perhaps <c>seed.yaml</c>, and <c>expected.txt</c> with what must be printed and returned.
/// RECONCILER_UPDATE_GOLDEN=1 writes the expected texts anew.
/// </summary>
public sealed class GoldenTests
{
    private static readonly string Root = Path.Combine(Repository.Root, "tests", "Reconciler.Tests", "Golden");

    public static TheoryData<string> Cases =>
        [.. Directory.GetDirectories(Root).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)];

    // A process has the time of the machine, which no test can set: cases that let time pass stay in this one.
    public static TheoryData<string> ProgramCases =>
        [
            .. Cases
                .Select(c => c.Data)
                .Where(c =>
                    !File.ReadLines(Path.Combine(Root, c, "commands.txt"))
                        .Any(l => l.StartsWith("later ", StringComparison.Ordinal))
                ),
        ];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Golden_output_is_as_expected(string name)
    {
        var folder = Path.Combine(Root, name);
        var actual = await GoldenRun.PlayAsync(folder, TestContext.Current.CancellationToken);
        await GoldenFile.HoldAsync(Path.Combine(folder, "expected.txt"), actual);
    }

    [Theory]
    [MemberData(nameof(ProgramCases))]
    [Trait("Runs", "Program")]
    [Trait("Needs", "NamedProgram")]
    public async Task A_named_program_prints_the_same_but_for_its_dates(string name)
    {
        TestedProgram.SkipUnlessNamed();
        var folder = Path.Combine(Root, name);
        var expected = await File.ReadAllTextAsync(
            Path.Combine(folder, "expected.txt"),
            TestContext.Current.CancellationToken
        );
        var actual = await GoldenRun.PlayProgramAsync(folder, TestContext.Current.CancellationToken);
        Assert.Equal(GoldenDates.Leave(expected), GoldenDates.Leave(actual));
    }

    [Fact]
    public void There_are_at_least_ten_kinds_of_wrong_manifest() =>
        Assert.True(Directory.GetDirectories(Root, "wrong-*").Length >= 10);
}

using Reconciler.Testing;
using Reconciler.Testing.Golden;

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

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Golden_output_is_as_expected(string name)
    {
        var folder = Path.Combine(Root, name);
        var actual = await GoldenRun.PlayAsync(folder, TestContext.Current.CancellationToken);
        await GoldenFile.HoldAsync(Path.Combine(folder, "expected.txt"), actual);
    }

    [Fact]
    public void There_are_at_least_ten_kinds_of_wrong_manifest() =>
        Assert.True(Directory.GetDirectories(Root, "wrong-*").Length >= 10);
}

using Reconciler.Help;
using Reconciler.Manifests.Schemas;
using Reconciler.Operator.Schemas;
using Reconciler.Testing;
using Reconciler.Testing.Hosts;
using Reconciler.Worker.Settings;

namespace Reconciler.Tests.Manifests;

public sealed class GeneratedFilesTests
{
    private const string Update = "RECONCILER_UPDATE_GENERATED";

    private static IEnumerable<GeneratedFile> All =>
        GeneratedFiles
            .All([.. ManifestLoaders.Vendors])
            .Concat(CrdFiles.All([.. ManifestLoaders.Vendors]))
            .Append(CommandPage.Of(CommandLines.Root()))
            .Concat(ManPages.Of(CommandLines.Root()))
            .Concat(CompletionFiles.All())
            .Append(MetricsPage.Of())
            .Concat(SettingsPage.All());

    [Fact]
    public void Generated_files_are_current()
    {
        var stale = All.Where(f => !IsCurrent(f)).ToList();
        if (Environment.GetEnvironmentVariable(Update) == "1")
            stale.ForEach(Write);
        else
            Assert.True(
                stale.Count == 0,
                $"{string.Join(", ", stale.Select(f => f.Path))} differ from what the code generates; run\n"
                    + $"  {Update}=1 dotnet test --filter Generated_files_are_current\nand commit what changes"
            );
    }

    [Fact]
    public void Every_file_ends_with_one_line_break_and_has_no_other_kind() =>
        Assert.All(
            All,
            f =>
            {
                Assert.EndsWith("\n", f.Content, StringComparison.Ordinal);
                Assert.False(f.Content.EndsWith("\n\n", StringComparison.Ordinal));
                Assert.DoesNotContain('\r', f.Content);
            }
        );

    [Theory]
    [InlineData("build/packaging/completions")]
    [InlineData("build/packaging/man")]
    [InlineData("schemas")]
    [InlineData("charts/reconciler/files/crds")]
    [InlineData("charts/reconciler/files/crds-cel")]
    [InlineData("charts/reconciler/files/crds-vendors")]
    [InlineData("charts/reconciler/files/crds-vendors-cel")]
    public void No_file_is_left_over_from_what_is_gone(string folder)
    {
        var made = All.Select(f => f.Path).ToHashSet(StringComparer.Ordinal);

        Assert.All(
            Directory.EnumerateFiles(Repository.At(folder)),
            f => Assert.Contains($"{folder}/{Path.GetFileName(f)}", made)
        );
    }

    private static bool IsCurrent(GeneratedFile file)
    {
        var path = Repository.At(file.Path);
        return File.Exists(path) && File.ReadAllText(path) == file.Content;
    }

    private static void Write(GeneratedFile file)
    {
        var path = Repository.At(file.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, file.Content);
    }
}

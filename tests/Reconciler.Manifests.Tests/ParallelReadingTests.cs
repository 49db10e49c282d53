using System.Text;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Manifests.Yaml;
using Reconciler.Testing.Sources;

namespace Reconciler.Manifests.Tests;

/// <summary>Files are read several at one time, and nothing may show that.</summary>
public sealed class ParallelReadingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Files_are_read_as_if_one_after_the_other(int seed)
    {
        var random = new RandomManifests(seed);
        var files = Enumerable
            .Range(0, 400)
            .Select(i =>
                (Name: $"f{i:000}.yaml", Bytes: i % 50 == 7 ? [0xFF, 0xC0] : Encoding.UTF8.GetBytes(random.Text()))
            )
            .ToList();
        foreach (var (name, bytes) in files)
            File.WriteAllBytes(_folder[name], bytes);

        var problems = new Problems();
        var together = ManifestReader.ReadAll([_folder.Path], [], problems);

        var (one, expected) = OneByOne(files);
        Assert.Equal(Shown(expected), Shown(problems));
        Assert.Equal(expected.ErrorCount, problems.ErrorCount);
        Assert.Equal(
            (one.Count, one.Skipped, one.IsIncomplete),
            (together.Count, together.Skipped, together.IsIncomplete)
        );
        Assert.Equal(Shown(one), Shown(together));
    }

    [Fact]
    public void Of_two_documents_with_one_name_the_one_in_the_first_file_counts()
    {
        for (var i = 0; i < 100; i++)
            _folder.Team($"f{i:000}.yaml", "a");

        var (set, problems) = Reading.Paths([_folder.Path]);

        Assert.EndsWith(
            "f000.yaml",
            Assert.Single(set.All<Team>()).Metadata.Origin.Position.Path,
            StringComparison.Ordinal
        );
        Assert.Equal(99, problems.Count);
        Assert.All(problems, p => Assert.Contains("f000.yaml:3:11", p, StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_cannot_be_read_does_not_hide_the_others()
    {
        _folder.Team("a.yaml", "a");
        _folder.Team("c.yaml", "c");
        using (var tooLong = File.Create(_folder["b.yaml"]))
            tooLong.SetLength(YamlLimits.Bytes + 1);

        var (set, problems) = Reading.Paths([_folder.Path]);

        Assert.Equal(["a", "c"], set.All<Team>().Select(t => t.Metadata.Name));
        Assert.Contains("b.yaml", Assert.Single(problems), StringComparison.Ordinal);
        Assert.True(set.IsIncomplete);
    }

    private (ManifestSet Set, Problems Problems) OneByOne(List<(string Name, byte[] Bytes)> files)
    {
        var (set, problems) = (new ManifestSet(), new Problems());
        foreach (var (name, bytes) in files)
        {
            if (SourceText.Decode(_folder[name], bytes, problems) is { } text)
                ManifestReader.ReadText(_folder[name], text, set, problems);
            else
                set.MarkIncomplete();
        }

        return (set, problems);
    }

    private static IEnumerable<string> Shown(Problems problems) => problems.Sorted.Select(p => p.ToString());

    private static IEnumerable<string> Shown(ManifestSet set) =>
        set.Readable<Manifest>().Select(m => $"{m.GetType().Name} {m.Id} at {m.Metadata.Origin.Position}");
}

using Reconciler.Sources;
using Reconciler.Tests.State;

namespace Reconciler.Tests.Sources;

/// <summary>What counts as read again, so that a document that is missing there counts as deleted.</summary>
public sealed class ReadScopeTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public ReadScopeTests()
    {
        foreach (var file in new[] { "people/a/one.yaml", "people/b/two.yaml", "people/.staging/three.yaml" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.At(file))!);
            File.WriteAllText(_folder.At(file), "# a manifest");
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("people", "people", true)]
    [InlineData("people", "people/a", true)]
    [InlineData("people", "people/a/one.yaml", true)]
    [InlineData("people/a", "people", false)]
    [InlineData("people/a", "people/b", false)]
    [InlineData("people", "people/.staging", false)]
    public void A_scope_covers_what_a_walk_of_it_reads(string now, string then, bool covers) => Assert.Equal(covers, Of(now).Covers(Of(then)));

    [Fact]
    public void A_folder_with_an_ignore_file_covers_nothing_that_was_named_below_it()
    {
        File.WriteAllText(_folder.At("people/.reconcilerignore"), "a/\n");
        Assert.False(Of("people").Covers(Of("people/a")));
        Assert.True(Of("people").Covers(Of("people")));
    }

    [Fact]
    public void Patterns_that_are_left_out_must_be_those_of_the_last_time_for_the_same_roots()
    {
        var all = Of("people");
        var without = ReadScope.OfFiles(_folder.Path, ["people"], ["b/"]);
        Assert.True(all.Covers(without));
        Assert.False(without.Covers(all));
        Assert.True(without.Covers(ReadScope.OfFiles(_folder.Path, ["people"], ["b/"])));
        Assert.False(without.Covers(ReadScope.OfFiles(_folder.Path, ["people/a"], ["b/"])));
    }

    [Fact]
    public void A_folder_without_manifests_is_no_root()
    {
        Directory.CreateDirectory(_folder.At("empty"));
        Assert.Empty(Of("empty").Roots);
    }

    [Fact]
    public void A_link_to_a_folder_is_that_folder()
    {
        Directory.CreateSymbolicLink(_folder.At("current"), _folder.At("people"));
        Assert.True(Of("current").Covers(Of("people/b")));
    }

    [Fact]
    public void A_scope_reads_back_and_the_wider_of_two_is_kept()
    {
        var (all, part) = (Of("people"), Of("people/a"));
        Assert.Equal(all.ToText(), part.Widest(ReadScope.Parse(all.ToText())).ToText());
        Assert.Equal(part.ToText(), part.Widest(Of("people/b")).ToText());
        Assert.Null(ReadScope.Parse("{"));
    }

    private ReadScope Of(string path) => ReadScope.OfFiles(_folder.Path, [path], []);
}

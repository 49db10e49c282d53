using Reconciler.Testing.State;

namespace Reconciler.Manifests.Tests;

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
    public void A_scope_covers_what_a_walk_of_it_reads(string now, string then, bool covers) =>
        Assert.Equal(covers, Of(now).Covers(Of(then)));

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

    [Fact]
    public void A_scope_that_leaves_more_out_takes_the_place_of_a_wider_one_so_that_later_deletions_are_seen()
    {
        var (all, without) = (Of("people"), ReadScope.OfFiles(_folder.Path, ["people"], ["b/"]));
        var remembered = without.Widest(all);
        Assert.Equal(without.ToText(), remembered.ToText());
        Assert.True(without.Covers(remembered));
        Assert.Equal(all.ToText(), all.Widest(without).ToText());
    }

    [Theory]
    [InlineData(".", "people", true)]
    [InlineData(".", ".", true)]
    [InlineData("people", "people/a", true)]
    [InlineData("./people/", "people/a/one.yaml", true)]
    [InlineData("people/a", "people", false)]
    [InlineData("people", ".", false)]
    [InlineData("people", "people-too", false)]
    [InlineData("people", "people/.staging", false)]
    [InlineData(".", ".github", false)]
    [InlineData(".staging", ".staging/a", true)]
    public void A_scope_of_a_repository_is_judged_by_its_paths_alone(string now, string then, bool covers) =>
        Assert.Equal(covers, In(now).Covers(In(then)));

    [Fact]
    public void Another_repository_or_branch_and_files_tell_nothing_about_a_repository()
    {
        var (main, next, files) = (
            In("."),
            ReadScope.OfSource("https://git.example/people#next", ["."], [], _folder.Path),
            Of(".")
        );
        Assert.All(
            [(main, next), (next, main), (main, files), (files, main)],
            pair => Assert.False(pair.Item1.Covers(pair.Item2))
        );
        Assert.Equal("https://git.example/people: people", In("people").ToString());
        Assert.Equal(main.ToText(), ReadScope.Parse(main.ToText())?.ToText());
    }

    [Fact]
    public void An_ignore_file_here_does_not_change_what_a_scope_of_a_repository_says_about_another_place()
    {
        // The process's own folder has nothing to do with the repository's paths.
        var (wide, narrow) = (In("people"), In("people/a"));
        File.WriteAllText(_folder.At("people/.reconcilerignore"), "a/\n");
        Assert.True(wide.Covers(narrow));
    }

    [Fact]
    public void What_an_ignore_file_of_a_repository_names_is_part_of_its_scope()
    {
        var before = In("people");
        File.WriteAllText(_folder.At("people/.reconcilerignore"), "# a comment\na/\n\n");
        var ignoring = In("people");
        Assert.Equal(["a/"], ignoring.Exclude);
        Assert.False(ignoring.Covers(before));
        Assert.True(ignoring.Covers(In("people")));
        Assert.True(before.Covers(ignoring));
        Assert.False(ignoring.Covers(In("people/b")));
    }

    private ReadScope In(string path) => ReadScope.OfSource("https://git.example/people", [path], [], _folder.Path);

    private ReadScope Of(string path) => ReadScope.OfFiles(_folder.Path, [path], []);
}

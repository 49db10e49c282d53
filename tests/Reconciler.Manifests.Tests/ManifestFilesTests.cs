using System.Text;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Testing.Sources;

namespace Reconciler.Manifests.Tests;

public sealed class ManifestFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _outside = new();

    public void Dispose()
    {
        _folder.Dispose();
        _outside.Dispose();
    }

    [Fact]
    public void Folders_are_read_recursively_in_a_fixed_order()
    {
        _folder.Team("b/c.yml", "c");
        _folder.Team("a.yaml", "a");
        _folder.Write("notes.txt", "not: [yaml");

        Assert.Equal(["a", "c"], Names());
    }

    [Fact]
    public void Dot_folders_and_dot_files_are_left_out()
    {
        _folder.Team(".github/x.yaml", "x");
        _folder.Team("a/.hidden.yaml", "hidden");
        _folder.Team("a/b.yaml", "b");

        Assert.Equal(["b"], Names());
    }

    [Fact]
    public void The_ignore_file_leaves_out_names_folders_and_paths()
    {
        _folder.Write(".reconcilerignore", "# drafts\ndrafts/\n*.local.yaml\n/top.yaml\na/one.yaml\n\n");
        foreach (
            var name in new[] { "drafts/a", "b/drafts/c", "x.local", "b/x.local", "top", "b/top", "a/one", "b/a/one" }
        )
            _folder.Team($"{name}.yaml", name.Replace('/', '-').Replace('.', '-'));

        Assert.Equal(["b-a-one", "b-top"], Names());
    }

    [Theory]
    [InlineData("drafts")]
    [InlineData("drafts/")]
    [InlineData("./drafts")]
    [InlineData("drafts/*.yaml")]
    [InlineData("**/x.yaml")]
    public void Exclude_leaves_out_what_it_names(string pattern)
    {
        _folder.Team("drafts/x.yaml", "x");
        _folder.Team("kept.yaml", "kept");

        Assert.Equal(["kept"], Names(pattern));
    }

    [Fact]
    public void An_ignore_pattern_that_would_take_something_back_in_is_an_error()
    {
        _folder.Write(".reconcilerignore", "drafts\n!drafts/keep.yaml\n");

        Assert.EndsWith(
            ".reconcilerignore:2:1: begins with !, which has no effect here; expected patterns of what to leave out",
            Assert.Single(Read().Problems),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_path_that_does_not_exist_is_an_error() =>
        Assert.Equal(
            ["nowhere/at/all: does not exist; expected a file or a folder with manifests"],
            Reading.Paths(["nowhere/at/all"]).Problems
        );

    [Fact]
    public void A_file_named_twice_is_read_once()
    {
        var file = _folder.Team("a.yaml", "a");

        Assert.Empty(Reading.Paths([_folder.Path, file, _folder["./a.yaml"]]).Problems);
    }

    [Fact]
    public void A_link_out_of_the_root_is_refused()
    {
        _outside.Team("secret.yaml", "secret");
        _folder.Link("file.yaml", _outside["secret.yaml"]);
        _folder.Link("folder", _outside.Path);

        var reading = Read();

        Assert.Equal(2, reading.Problems.Count);
        Assert.All(reading.Problems, p => Assert.Contains("is a symbolic link out of", p, StringComparison.Ordinal));
        Assert.Empty(reading.Set.All<Team>());
    }

    [Fact]
    public void A_link_out_of_the_root_by_way_of_a_folder_that_is_not_read_is_refused()
    {
        _outside.Team("secret.yaml", "secret");
        _folder.Link(".hidden", _outside.Path);
        _folder.Link("file.yaml", ".hidden/secret.yaml");

        var reading = Read();

        Assert.Contains("is a symbolic link out of", Assert.Single(reading.Problems), StringComparison.Ordinal);
        Assert.Empty(reading.Set.All<Team>());
    }

    [Fact]
    public void A_link_into_a_folder_whose_name_begins_with_the_roots_is_refused()
    {
        using var parent = new TemporaryFolder();
        parent.Team("root/a.yaml", "a");
        parent.Team("root-private/b.yaml", "b");
        parent.Link("root/link.yaml", "../root-private/b.yaml");

        Assert.Contains(
            "is a symbolic link out of",
            Assert.Single(Reading.Paths([parent["root"]]).Problems),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Links_that_lead_round_are_survived()
    {
        _folder.Team("a/a.yaml", "a");
        _folder.Team("b/b.yaml", "b");
        _folder.Link("a/up", "..");
        _folder.Link("a/x", "../b");
        _folder.Link("b/y", "../a");
        _folder.Link("b/self", "self");

        Assert.Equal(["a", "b"], Names());
    }

    [Theory]
    [InlineData("x.yaml")]
    [InlineData("nothing.yaml")]
    public void A_link_that_leads_nowhere_is_an_error(string target)
    {
        _folder.Link("x.yaml", target);

        Assert.Contains("x.yaml: ", Assert.Single(Read().Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_link_inside_the_root_repeats_is_read_once()
    {
        _folder.Team("teams/a.yaml", "a");
        _folder.Link("also.yaml", "teams/a.yaml");
        _folder.Link("again", "teams");

        Assert.Equal(["a"], Names());
    }

    [Fact]
    public void A_folder_that_Kubernetes_mounts_from_a_ConfigMap_reads_as_it_looks()
    {
        _folder.Team("..2026_07_30/a.yaml", "a");
        _folder.Link("..data", "..2026_07_30");
        _folder.Link("a.yaml", "..data/a.yaml");

        Assert.Equal(["a"], Names());
    }

    [Fact]
    public void A_root_that_is_a_link_is_followed()
    {
        _outside.Team("v1/a.yaml", "a");
        _outside.Link("v1/b.yaml", "a.yaml");
        _folder.Link("current", _outside["v1"]);

        Assert.Single(Reading.Paths([_folder["current"]]).Set.All<Team>());
    }

    [Fact]
    public void A_file_of_more_than_8_MiB_is_refused()
    {
        _folder.Write("big.yaml", new string('#', (8 * 1024 * 1024) + 1));

        Assert.EndsWith(
            "big.yaml: is longer than 8 MiB; expected several smaller files",
            Assert.Single(Read().Problems),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_link_does_not_hide_how_long_a_file_is()
    {
        _folder.Write("big.bin", new string('#', (8 * 1024 * 1024) + 1));
        _folder.Link("big.yaml", "big.bin");

        Assert.EndsWith(
            "big.yaml: is longer than 8 MiB; expected several smaller files",
            Assert.Single(Read().Problems),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_file_that_is_not_UTF8_is_refused()
    {
        File.WriteAllBytes(_folder["latin.yaml"], Encoding.Latin1.GetBytes("name: Müller"));

        Assert.EndsWith("latin.yaml: is not UTF-8 text", Assert.Single(Read().Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void One_unreadable_file_does_not_hide_the_problems_of_others_nor_blame_references_to_it()
    {
        _folder.Write("broken.yaml", "a: [");
        _folder.Write("typo.yaml", "apiVersion: reconciler.dev/v1alpha1\nkind: Teem\nmetadata: {name: a}\n");

        var reading = Read();

        Assert.Equal(2, reading.Problems.Count);
        Assert.True(reading.Set.IsIncomplete);
    }

    [Fact]
    public void A_set_that_misses_a_refused_link_knows_that_it_is_incomplete()
    {
        _folder.Link("file.yaml", _outside.Team("a.yaml", "a"));

        Assert.True(Read().Set.IsIncomplete);
    }

    private Reading Read(params string[] exclude) => Reading.Paths([_folder.Path], exclude);

    private string[] Names(params string[] exclude)
    {
        var reading = Read(exclude);
        Assert.Empty(reading.Problems);
        return [.. reading.Set.All<Team>().Select(t => t.Metadata.Name)];
    }
}

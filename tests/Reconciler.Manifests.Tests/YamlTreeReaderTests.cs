using System.Diagnostics;
using System.Text;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Testing.Sources;

namespace Reconciler.Manifests.Tests;

public sealed class YamlTreeReaderTests
{
    [Fact]
    public void Every_piece_knows_its_place()
    {
        var (documents, problems, _) = Reading.Tree("# first\na:\n  b: [x, \"y\"]\n---\nc: d\n");

        Assert.Empty(problems);
        var list = (SequenceNode)((MappingNode)((MappingNode)documents[0])["a"]!)["b"]!;
        Assert.Equal(new Position("a.yaml", 3, 6), list.Position);
        Assert.Equal(new Position("a.yaml", 3, 10), list.Items[1].Position);
        Assert.Equal("a.b[1]", list.Items[1].Path);
        Assert.Equal(new Position("a.yaml", 5, 4), ((MappingNode)documents[1])["c"]!.Position);
        Assert.Equal(new Position("a.yaml", 5, 1), ((MappingNode)documents[1]).Entries[0].Key.Position);
    }

    [Fact]
    public void A_key_that_stands_twice_is_an_error_at_its_second_place()
    {
        var (_, problems, _) = Reading.Tree("a: 1\nb:\n  c: 1\n  c: 2\n");

        Assert.Equal(["a.yaml:4:3: the key \"c\" stands twice; expected it once"], problems);
    }

    [Fact]
    public void A_key_that_stands_twice_is_found_in_a_large_mapping_too()
    {
        var text = string.Concat(Enumerable.Range(0, 40).Select(i => $"k{i}: v\n"));

        var (_, problems, _) = Reading.Tree($"{text}k39: v\nk1: v\n");

        Assert.Equal(
            [
                "a.yaml:41:1: the key \"k39\" stands twice; expected it once",
                "a.yaml:42:1: the key \"k1\" stands twice; expected it once",
            ],
            problems
        );
    }

    [Fact]
    public void A_merge_key_is_refused()
    {
        var (_, problems, end) = Reading.Tree("a: &a {x: y}\nb:\n  <<: *a\n");

        Assert.False(end);
        Assert.StartsWith("a.yaml:3:3: merges a mapping with <<", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_quoted_merge_key_is_a_key_like_others() => Assert.Empty(Reading.Tree("\"<<\": a\n").Problems);

    [Theory]
    [InlineData("a: !!str 5", "a.yaml:1:4: has the tag \"tag:yaml.org,2002:str\"")]
    [InlineData("a: !secret token", "a.yaml:1:4: has the tag \"!secret\"")]
    [InlineData("a: !!python/object {x: y}", "a.yaml:1:4: has the tag \"tag:yaml.org,2002:python/object\"")]
    [InlineData("a: !include [x]", "a.yaml:1:4: has the tag \"!include\"")]
    [InlineData("!Ref a: b", "a.yaml:1:1: has the tag \"!Ref\"")]
    public void A_tag_is_refused(string text, string problem) =>
        Assert.StartsWith(problem, Assert.Single(Reading.Tree(text).Problems), StringComparison.Ordinal);

    [Fact]
    public void An_alias_repeats_what_its_anchor_names()
    {
        var (documents, problems, _) = Reading.Tree("a: &x [1, 2]\nb: *x\n");

        Assert.Empty(problems);
        Assert.Equal(2, ((SequenceNode)((MappingNode)documents[0])["b"]!).Items.Count);
    }

    [Theory]
    [InlineData("a: *x", "a.yaml:1:4: repeats \"x\", which no anchor before it names")]
    [InlineData("a: &x [*x]", "a.yaml:1:8: repeats \"x\", which no anchor before it names")]
    [InlineData("a: &x 1\n---\nb: *x", "a.yaml:3:4: repeats \"x\", which no anchor before it names")]
    public void An_alias_of_nothing_is_refused(string text, string problem) =>
        Assert.Equal([problem], Reading.Tree(text).Problems);

    [Theory]
    [InlineData("a: [b", "is not YAML")]
    [InlineData("a: \"b", "is not YAML")]
    [InlineData("a: b\n c: d", "is not YAML")]
    [InlineData("%YAML 9.9\n---\na: b", "is not YAML")]
    [InlineData("%YAML 99999999999999.1\n---\na: b", "is not YAML")]
    [InlineData("a: \"\\UFFFFFFFF\"", "is followed by something that is not YAML")]
    [InlineData("a: \"\\uD800\"", "is not YAML")]
    [InlineData("a: b\n--- c\n- d: [", "is not YAML")]
    [InlineData("[a]: b", "has a list or mapping as a key")]
    [InlineData("? {a: b}\n: c", "has a list or mapping as a key")]
    public void Text_that_is_not_YAML_is_refused_with_its_place(string text, string problem)
    {
        var (_, problems, end) = Reading.Tree(text);

        Assert.False(end);
        Assert.Matches($"^a\\.yaml:[0-9]+:[0-9]+: {problem}", Assert.Single(problems));
    }

    [Fact]
    public void Documents_before_a_broken_one_are_kept()
    {
        var (documents, problems, _) = Reading.Tree("a: b\n---\nc: [\n");

        Assert.Single(documents);
        Assert.Single(problems);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("---\n---\n")]
    [InlineData("\uFEFFa: b\n")]
    public void Text_without_content_is_no_problem(string text) => Assert.Empty(Reading.Tree(text).Problems);

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public void Deep_nesting_is_refused_at_once(char open)
    {
        var clock = Stopwatch.StartNew();

        var (_, problems, _) = Reading.Tree(new string(open, 200_000));

        Assert.Contains("is nested more than 32 deep", Assert.Single(problems), StringComparison.Ordinal);
        Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1));
        Assert.Empty(Reading.Tree("a: b").Problems);
    }

    [Theory]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("a: [")]
    [InlineData("&a ")]
    [InlineData("!a ")]
    [InlineData("\"")]
    [InlineData("a: ")]
    [InlineData("[a,")]
    [InlineData("---\n")]
    public void Hostile_repetition_costs_little(string piece)
    {
        var clock = Stopwatch.StartNew();

        Reading.Tree(string.Concat(Enumerable.Repeat(piece, 200_000 / piece.Length)));

        Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1), $"took {clock.Elapsed}");
    }

    [Fact]
    public void An_alias_bomb_is_refused_before_it_grows()
    {
        var bomb =
            "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
            + string.Concat(
                Enumerable
                    .Range(1, 8)
                    .Select(i => $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 10))}]\n")
            );
        var before = GC.GetAllocatedBytesForCurrentThread();

        var (_, problems, _) = Reading.Tree(bomb);

        Assert.Contains(
            "has more than 2000000 values, counting what aliases repeat",
            Assert.Single(problems),
            StringComparison.Ordinal
        );
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 10_000_000);
        Assert.Empty(Reading.Tree("a: b").Problems);
    }

    [Fact]
    public void Many_aliases_are_refused()
    {
        var text = "a: &a x\nb:\n" + string.Concat(Enumerable.Repeat("- *a\n", 1001));

        Assert.Contains(
            "has more than 1000 aliases",
            Assert.Single(Reading.Tree(text).Problems),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Mangled_manifests_never_throw()
    {
        var seed = Encoding.UTF8.GetBytes(
            "apiVersion: reconciler.dev/v1alpha1\nkind: &k Team\nmetadata: {name: \"a\\u0041\", "
                + "labels: {a: 'b'}}\nspec:\n  members:\n  - {email: *k}\n  - |+\n    x\n%TAG ! x\n"
        );
        var random = new Random(7);
        const string Noise = "[]{}:,-?&*!|>'\"%@`#\\\n\t \0\u0085\u2028\uFEFFuUx0~<=";
        for (var round = 0; round < 3_000; round++)
        {
            var text = Encoding.UTF8.GetString(seed).ToCharArray().ToList();
            for (var change = random.Next(1, 6); change > 0; change--)
                text.Insert(random.Next(text.Count), Noise[random.Next(Noise.Length)]);
            Reading.Text(new string([.. text]));
        }
    }
}

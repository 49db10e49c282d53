using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Manifests.Editing;

namespace Reconciler.Manifests.Tests.Editing;

/// <summary>Entries leave a list, and everything else of the text stays as it was.</summary>
public sealed class EntryRemovalTests
{
    [Fact]
    public void An_entry_of_several_lines_goes_and_the_comments_of_others_stay()
    {
        const string Before = """
            spec:
              # Who is in.
              members:
                # The lead.
                - email: ana@example.com   # since 2024
                  access: {role: Member}
                - email: bob@example.com
                  # asked for by finance
                  access:
                    role: Member
                  reason: |
                    SEC-1

                    # not a comment

                # The last.
                - {email: eve@example.com, access: {role: Member}}
              prune: all
            """;
        Assert.Equal(
            """
            spec:
              # Who is in.
              members:
                # The lead.
                - email: ana@example.com   # since 2024
                  access: {role: Member}

                # The last.
                - {email: eve@example.com, access: {role: Member}}
              prune: all
            """,
            Without(Before, "bob@example.com")
        );
    }

    [Theory]
    [InlineData("  members:\n  - email: a\n  prune: all\n", "  members: []\n  prune: all\n")]
    [InlineData("  members: # nobody else\n    - email: a\n", "  members: [] # nobody else\n")]
    [InlineData("  members:\n  - email: a\n  - email: b\n", "  members: []\n", "a", "b")]
    [InlineData("  members: [{email: a}]\n", "  members: []\n")]
    [InlineData("  members: [{email: a}, {email: b}]\n", "  members: [{email: b}]\n")]
    [InlineData("  members: [{email: b}, {email: a}]\n", "  members: [{email: b}]\n")]
    [InlineData("  members: [{email: b}, {email: a} ] # all\n", "  members: [{email: b} ] # all\n")]
    [InlineData(
        "  members: [{email: a}, {email: b, x: [c]}, {email: d}] # all\n",
        "  members: [] # all\n",
        "a",
        "b",
        "d"
    )]
    [InlineData("  members: [{email: b}, {email: a}, {email: c}]\n", "  members: [{email: b}]\n", "a", "c")]
    [InlineData("  members: [\n    {email: a},\n    {email: b},\n  ]\n", "  members: [\n    {email: b},\n  ]\n")]
    [InlineData("  members:\n  -\n    # who\n    email: a\n  - email: b\n", "  members:\n  - email: b\n")]
    [InlineData("  members:\n  - email: b\n  - email: a", "  members:\n  - email: b\n")]
    [InlineData("  members:\r\n  - email: a\r\n  - email: b\r\n", "  members:\r\n  - email: b\r\n")]
    [InlineData(
        "  members:\n  - \"email\": a\n    reason: \"two\n      lines\"\n  - email: b\n",
        "  members:\n  - email: b\n"
    )]
    public void Every_way_to_write_a_list_is_edited(string before, string after, params string[] names)
    {
        Assert.Equal(
            $"kind: X\nspec:\n{after}",
            Without($"kind: X\nspec:\n{before}", names.Length == 0 ? ["a"] : names)
        );
    }

    [Fact]
    public void Of_several_documents_only_the_one_with_the_entry_changes()
    {
        const string One = "kind: A\nmembers:\n- email: x\n---\nkind: B\nmembers:\n- email: a\n- email: x\n";
        Assert.Equal("kind: A\nmembers:\n- email: x\n---\nkind: B\nmembers:\n- email: x\n", Without(One, "a"));
    }

    [Theory]
    [InlineData("members: &all\n- email: a\n- email: b\n", 2, 3)]
    [InlineData("members:\n- email: a\n", 7, 3)]
    public void What_cannot_be_taken_out_is_named_with_its_line(string text, int line, int column)
    {
        var problems = new Problems();
        Assert.Null(EntryRemoval.Run(text, [new("x.yaml", line, column)], problems));
        Assert.StartsWith(
            $"x.yaml:{line}:{column}: cannot be taken out",
            Assert.Single(problems.Sorted).ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Every_entry_that_cannot_be_taken_out_is_named()
    {
        var problems = new Problems();
        Position[] entries = [new("x.yaml", 2, 3), new("x.yaml", 3, 3)];
        Assert.Null(EntryRemoval.Run("members: &all\n- email: a\n- email: b\n", entries, problems));
        Assert.Equal(entries, problems.Sorted.Select(p => p.Position));
    }

    private static string Without(string text, params string[] names)
    {
        var problems = new Problems();
        var after = EntryRemoval.Run(text, [.. names.Select(n => Place(text, n))], problems);
        Assert.Empty(problems.Sorted);
        return after!;
    }

    // Where the mapping with the address begins: at its first key, or at its bracket.
    private static Position Place(string text, string name)
    {
        var lines = text.Split('\n');
        var line = Array.FindIndex(
            lines,
            l =>
                l.Contains($"email: {name}", StringComparison.Ordinal)
                || l.Contains($"\"email\": {name}", StringComparison.Ordinal)
        );
        var at = lines[line].IndexOf($"email: {name}", StringComparison.Ordinal);
        if (at < 0)
            at = lines[line].IndexOf("\"email\"", StringComparison.Ordinal);
        else if (at > 0 && lines[line][at - 1] == '{')
            at--;
        return new("x.yaml", line + 1, at + 1);
    }
}

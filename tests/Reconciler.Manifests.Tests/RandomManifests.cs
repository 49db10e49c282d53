namespace Reconciler.Manifests.Tests;

/// <summary>Texts of manifests, right and wrong, in every form that people write.</summary>
internal sealed class RandomManifests(int seed)
{
    private static readonly string[] Fields =
    [
        "email: ana@example.com",
        "email: Bob@Example.com",
        "email: 'quoted@example.com'",
        "email: \"twice@example.com\"",
        "email: bad",
        "email: é@example.com",
        "email: &m anchored@example.com",
        "email: *m",
        "email:",
        "emial: a@example.com",
        "team: a1",
        "person: p1",
        "expiresAt: 2026-01-01",
        "reason: some text: here",
        "reason: text # and a comment",
        "reason: https://example.com/a#b",
        "reason: \"\\u00e9\"",
        "reason: 'it''s'",
        "role: on",
    ];

    private static readonly string[] Oddities =
    [
        .. (string[])
            [" ", "  ", "\n", ":", ": ", "- ", "'", "\"", "\t", "#", " #", "{", "}", "[", "]", ",", "&a ", "*a", "!x "],
        .. (string[])["? ", "\r\n", "é", "| ", "> ", "---", "...", "a", "%", "@", "-", "<<: ", "~", "\u0085", "\0"],
    ];

    // The same seed always makes the same texts, so that a failure can be seen again.
#pragma warning disable CA5394
    private readonly Random _random = new(seed);

    public string Text()
    {
        var text =
            Of("", "", "---\n", "# a comment\n", "\uFEFF")
            + string.Join(Of("---\n", "--- # next\n", "...\n---\n", "---\n---\n"), Some(1, 3, Document));
        for (var i = Of(0, 0, 0, 1, 2); i > 0; i--)
            text = text.Insert(_random.Next(text.Length), Of(Oddities));
        return Of(0, 0, 0, 0, 0, 0, 0, 1) == 1 ? text.Replace("\n", "\r\n", StringComparison.Ordinal) : text;
    }

    private string Document()
    {
        var indent = Of(" ", "  ", "    ");
        var name = Of("a", "b", "c") + _random.Next(40);
        var text =
            $"apiVersion: {Of("reconciler.dev/v1alpha1", "reconciler.dev/v1alpha1", "reconciler.dev/v1", "apps/v1")}\n"
            + $"kind: {Of("Team", "Team", "ProjectMembership", "Person", "Taem")}\nmetadata:"
            + Of($" {{name: {name}}}\n", $"\n{indent}name: {name}\n", $" &d {{name: {name}, labels: {{}}}}\n")
            + $"spec:\n{indent}members:{Of("", "", " # all", " []", " [*d]")}\n"
            + string.Concat(Some(0, 4, () => Entry(indent + Of("", " ", "  "))));
        return Of(0, 0, 0, 0, 1) == 0
            ? text
            : "apiVersion: v1\nkind: List\nitems:\n- "
                + text.TrimEnd('\n').Replace("\n", "\n  ", StringComparison.Ordinal)
                + "\n";
    }

    private string Entry(string indent) =>
        Of(0, 0, 0, 1, 1, 2, 3) switch
        {
            0 => $"{indent}- {string.Join($"\n{indent}  ", Some(1, 3, () => Of(Fields)))}\n",
            1 => $"{indent}- {{{string.Join(", ", Some(1, 3, () => Of(Fields)))}}}\n",
            2 => $"{indent}-\n{indent}  {Of(Fields)}\n",
            _ =>
                $"{indent}- {Of("x", "[a, b]", "[ a b , {c: d}]", "*m", "- y", $"|\n{indent}   text", "{}", "", "!t x")}\n",
        };

    private string[] Some(int least, int most, Func<string> make) =>
        [.. Enumerable.Range(0, _random.Next(least, most + 1)).Select(_ => make())];

    private T Of<T>(params T[] choices) => choices[_random.Next(choices.Length)];
#pragma warning restore CA5394
}

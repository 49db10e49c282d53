using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;

namespace Reconciler.Core.Manifests.Values.Unicode;

/// <summary>Finds mixed scripts that UTS #39 does not allow at the level "highly restrictive".</summary>
internal static class ScriptMix
{
    // UTS #39, 5.2: one script, or Latin with the scripts that Chinese, Japanese and Korean are written in.
    private static readonly ImmutableArray<FrozenSet<string>> Together =
    [
        FrozenSet.ToFrozenSet(["Latin", "Han", "Hiragana", "Katakana"], StringComparer.Ordinal),
        FrozenSet.ToFrozenSet(["Latin", "Han", "Bopomofo"], StringComparer.Ordinal),
        FrozenSet.ToFrozenSet(["Latin", "Han", "Hangul"], StringComparer.Ordinal),
    ];

    /// <summary>A warning about a text whose letters are of several scripts; null if there is none.</summary>
    /// <param name="text">The text.</param>
    public static string? Doubt(string text) =>
        Odd(text) is var (letter, script)
            ? $"mixes scripts in {ProblemText.Quote(text)}: {VisibleText.Name(letter)} is {script}; "
                + "make sure that no letter stands in for another"
            : null;

    /// <summary>
    /// Finds the first letter of a script that must not be mixed with the others; null if all may be mixed.
    /// </summary>
    /// <param name="text">A local part, or one label of a domain.</param>
    public static (Rune Letter, string Script)? Odd(string text)
    {
        if (Ascii.IsValid(text))
            return null;
        var letters = text.EnumerateRunes()
            .Select(r => (Rune: r, Scripts: ScriptTable.Of(r.Value)))
            .Where(l => !l.Scripts.IsEmpty && !l.Scripts.Contains("Common") && !l.Scripts.Contains("Inherited"))
            .ToList();
        var candidates = letters.SelectMany(l => l.Scripts).Distinct(StringComparer.Ordinal).ToList();
        if (candidates.Exists(script => letters.TrueForAll(l => l.Scripts.Contains(script))))
            return null;
        if (letters.Count == 0 || Together.Any(set => letters.TrueForAll(l => l.Scripts.Any(set.Contains))))
            return null;
        var usual = candidates
            .OrderByDescending(script => letters.Count(l => l.Scripts.Contains(script)))
            .ThenBy(script => script, StringComparer.Ordinal)
            .First();
        var odd = letters.First(l => !l.Scripts.Contains(usual));
        return (odd.Rune, odd.Scripts[0]);
    }
}

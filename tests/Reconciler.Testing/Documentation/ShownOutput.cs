namespace Reconciler.Testing.Documentation;

/// <summary>
/// What a page shows of an output, where <c>…</c> on a line of its own stands for lines that are left out.
/// </summary>
public static class ShownOutput
{
    private const string LeftOut = "…";

    /// <summary>Why a page's output is not what was printed; null where it is.</summary>
    public static string? Difference(string shown, string printed)
    {
        ArgumentNullException.ThrowIfNull(shown);
        ArgumentNullException.ThrowIfNull(printed);
        var (parts, lines) = (Parts(Lines(shown)), Lines(printed));
        var at = 0;
        for (var index = 0; index < parts.Count; index++)
        {
            var part = parts[index];
            if (part.Count == 0)
                continue;
            var found = Enumerable
                .Range(at, Math.Max(0, lines.Count - part.Count - at + 1))
                .Where(i => lines.Skip(i).Take(part.Count).SequenceEqual(part, StringComparer.Ordinal))
                .Select(i => (int?)i)
                .FirstOrDefault();
            if (found is null || (index == 0 && found > 0))
                return $"the page shows\n{string.Join('\n', part)}\nand the program prints\n{printed}";
            at = found.Value + part.Count;
        }

        return parts[^1].Count == 0 || at == lines.Count ? null : $"the page ends before the program does:\n{printed}";
    }

    private static List<string> Lines(string text) =>
        [.. text.Split('\n').Select(l => l.TrimEnd()).Where(l => l.Length > 0)];

    private static List<List<string>> Parts(List<string> lines)
    {
        var parts = new List<List<string>> { new() };
        foreach (var line in lines)
        {
            if (line == LeftOut)
                parts.Add([]);
            else
                parts[^1].Add(line);
        }

        return parts;
    }
}

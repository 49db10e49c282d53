namespace Reconciler.Reports.Explaining;

/// <summary>Breaks text between words, so that it fits beside a label in 80 columns.</summary>
internal static class WrappedText
{
    private const int Width = 80;

    /// <summary>Returns the lines of a text; a word that is longer than a line stays whole.</summary>
    /// <param name="text">The text, without line breaks.</param>
    /// <param name="indent">How many columns stand before it.</param>
    public static IEnumerable<string> Lines(string text, int indent)
    {
        var line = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && indent + line.Length + 1 + word.Length > Width)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        if (line.Length > 0)
            yield return line;
    }
}

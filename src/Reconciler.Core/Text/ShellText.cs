namespace Reconciler.Core.Text;

/// <summary>Writes words so that a shell takes them as they are, for commands that people paste.</summary>
public static class ShellText
{
    /// <summary>Returns a word as it is where a shell acts on none of its signs, or else in single quotes.</summary>
    /// <param name="word">The word, such as a path.</param>
    public static string Word(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        // A shell interprets nothing inside single quotes.
        return
            word.Length > 0
            && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=@,+".Contains(c, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
    }
}

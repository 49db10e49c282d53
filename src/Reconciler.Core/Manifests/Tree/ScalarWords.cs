using System.Globalization;

namespace Reconciler.Core.Manifests.Tree;

/// <summary>The type of unquoted text, by the rules that kubectl and YAML share.</summary>
public enum ScalarKind
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>true or false, in a spelling that YAML 1.1 or 1.2 takes for one.</summary>
    Flag,

    /// <summary>A number.</summary>
    Number,

    /// <summary>null, ~ or no value at all.</summary>
    Nothing,
}

internal static class ScalarWords
{
    // kubectl reads YAML 1.1, in which an unquoted yes or no is a flag, so such text must be quoted to mean the same
    // everywhere.
    private static readonly HashSet<string> Flags = new(StringComparer.OrdinalIgnoreCase)
    {
        "true",
        "false",
        "yes",
        "no",
        "on",
        "off",
        "y",
        "n",
    };

    public static ScalarKind KindOf(string text)
    {
        if (text.Length == 0 || text == "~")
            return ScalarKind.Nothing;
        if (text.Length <= 5)
        {
            if (text.Equals("null", StringComparison.OrdinalIgnoreCase))
                return ScalarKind.Nothing;
            if (Flags.Contains(text))
                return ScalarKind.Flag;
        }

        return LooksNumeric(text) ? ScalarKind.Number : ScalarKind.Text;
    }

    private static bool LooksNumeric(string text)
    {
        var first = text[0];
        if (!char.IsAsciiDigit(first) && first is not ('-' or '+' or '.'))
            return false;
        if (text is ".inf" or "-.inf" or "+.inf" or ".nan")
            return true;
        if (text.StartsWith("0b", StringComparison.Ordinal))
            return text.Length > 2 && text.AsSpan(2).IndexOfAnyExcept('0', '1') < 0;
        // YAML 1.1 allows underscores between digits.
        if (char.IsAsciiDigit(text[^1]))
            text = text.Replace("_", "", StringComparison.Ordinal);
        if (text.StartsWith("0x", StringComparison.Ordinal))
            return long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _);
        if (text.StartsWith("0o", StringComparison.Ordinal))
            return text.AsSpan(2).IndexOfAnyExceptInRange('0', '7') < 0;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
    }
}

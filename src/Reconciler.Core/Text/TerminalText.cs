using System.Globalization;
using Reconciler.Core.Manifests.Values.Unicode;

namespace Reconciler.Core.Text;

/// <summary>
/// Makes untrusted text safe to print: names at vendors and in manifests could contain terminal commands.
/// </summary>
public static class TerminalText
{
    /// <summary>Returns the text on one line, with invisible characters escaped.</summary>
    public static string Escape(string text) => VisibleText.Spell(text);

    /// <summary>Formats a time to the minute, in UTC.</summary>
    public static string Minute(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}

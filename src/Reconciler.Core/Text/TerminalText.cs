using System.Globalization;
using Reconciler.Core.Manifests.Values.Unicode;

namespace Reconciler.Core.Text;

/// <summary>
/// Makes text of unknown origin safe to print: names at vendors and in manifests could carry terminal commands.
/// </summary>
public static class TerminalText
{
    /// <summary>The text on one line, with characters that nobody sees spelled out.</summary>
    public static string Escape(string text) => VisibleText.Spell(text);

    /// <summary>A time to the minute, in UTC.</summary>
    public static string Minute(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}

namespace Reconciler.Reports;

/// <summary>Colours for a terminal; plain text elsewhere.</summary>
/// <param name="colour">Whether to use colour.</param>
public sealed class Palette(bool colour)
{
    /// <summary>Colours a text green: it is done or in order.</summary>
    public string Good(string text) => Paint("32", text);

    internal string Changed(string text) => Paint("33", text);

    /// <summary>Colours a text red: it failed, or takes something away.</summary>
    public string Bad(string text) => Paint("31", text);

    /// <summary>Colours a text bold red: somebody has to look at it.</summary>
    public string Alarm(string text) => Paint("1;31", text);

    /// <summary>Dims a text: a detail that may be skipped.</summary>
    public string Quiet(string text) => Paint("2", text);

    /// <summary>Makes a text bold: a name or a heading.</summary>
    public string Strong(string text) => Paint("1", text);

    private string Paint(string code, string text) =>
        colour && text.Length > 0 ? $"\u001b[{code}m{text}\u001b[0m" : text;
}

namespace Reconciler.Reports;

/// <summary>Colours for a terminal; plain text elsewhere.</summary>
/// <param name="colour">Whether to use colour.</param>
public sealed class Palette(bool colour)
{
    public string Good(string text) => Paint("32", text);

    internal string Changed(string text) => Paint("33", text);

    public string Bad(string text) => Paint("31", text);

    public string Alarm(string text) => Paint("1;31", text);

    public string Quiet(string text) => Paint("2", text);

    public string Strong(string text) => Paint("1", text);

    private string Paint(string code, string text) =>
        colour && text.Length > 0 ? $"\u001b[{code}m{text}\u001b[0m" : text;
}

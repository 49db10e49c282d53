using Reconciler.Core.Text;

namespace Reconciler.Reports;

/// <summary>Prints cells in columns that are as wide as their longest text.</summary>
internal static class TextTable
{
    /// <summary>Prints the rows below their heads. A column in which every cell is empty is left out.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="palette">The colours.</param>
    /// <param name="heads">The columns' heads.</param>
    /// <param name="cells">The rows, each with a cell for each head; texts of others are escaped here.</param>
    public static void Write(TextWriter output, Palette palette, string[] heads, IEnumerable<string[]> cells)
    {
        var rows = cells.Select(r => r.Select(TerminalText.Escape).ToArray()).ToList();
        var columns = Enumerable.Range(0, heads.Length).Where(c => rows.Exists(r => r[c].Length > 0)).ToList();
        var widths = columns.ToDictionary(c => c, c => Math.Max(heads[c].Length, rows.Max(r => r[c].Length)));
        output.WriteLine(palette.Strong(Row(heads)));
        foreach (var row in rows)
            output.WriteLine(Row(row));

        string Row(string[] row) => string.Join("  ", columns.Select(c => row[c].PadRight(widths[c]))).TrimEnd();
    }
}

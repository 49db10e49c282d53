using System.Globalization;
using System.Text;

namespace Reconciler.Testing.Sources.Git;

/// <summary>What a commit does to one path: writes a file, a link or a submodule, or deletes what was there.</summary>
public sealed record GitChange(string Path, string Mode, byte[]? Content)
{
    public static implicit operator GitChange((string Path, string? Text) file) =>
        new(file.Path, "100644", file.Text is null ? null : Encoding.UTF8.GetBytes(file.Text));

    public static GitChange Link(string path, string target) => new(path, "120000", Encoding.UTF8.GetBytes(target));

    public static GitChange Submodule(string path, string commit) =>
        new(path, "160000", Encoding.ASCII.GetBytes(commit));

    /// <summary>The change as a line of git fast-import.</summary>
    internal void Write(Stream stream)
    {
        var escaped = Path.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
        var path = $"\"{escaped}\"";
        if (Content is null)
            Text(stream, $"D {path}\n");
        else if (Mode == "160000")
            Text(stream, $"M {Mode} {Encoding.ASCII.GetString(Content)} {path}\n");
        else
        {
            Text(
                stream,
                string.Create(CultureInfo.InvariantCulture, $"M {Mode} inline {path}\ndata {Content.Length}\n")
            );
            stream.Write(Content);
            Text(stream, "\n");
        }
    }

    private static void Text(Stream stream, string text) => stream.Write(Encoding.UTF8.GetBytes(text));
}

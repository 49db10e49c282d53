using System.Globalization;
using System.Text.RegularExpressions;

namespace Reconciler.Testing.Documentation;

/// <summary>A folder of a reader who writes a page's blocks into files.</summary>
public sealed partial class DocumentFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("reconciler-docs").FullName;

    /// <summary>Writes a block into the file that its first line names, or else into one of its own.</summary>
    public void Write(FencedBlock block)
    {
        var named = FirstLine().Match(block.Lines[0]);
        var path = System.IO.Path.Combine(
            Path,
            named.Success
                ? named.Groups["path"].Value
                : string.Create(CultureInfo.InvariantCulture, $"line-{block.Line}.yaml")
        );
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, block.Text);
    }

    /// <summary>Whether the first line of a block names the file that it is.</summary>
    public static bool IsNamed(FencedBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        return FirstLine().IsMatch(block.Lines[0]);
    }

    public void CopyFromExample(params string[] files)
    {
        foreach (var file in files)
            File.Copy(Repository.At($"examples/acme/{file}"), System.IO.Path.Combine(Path, file));
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    [GeneratedRegex(@"^# (?<path>[a-z0-9./-]+\.yaml)$", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex FirstLine();
}

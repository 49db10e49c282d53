using System.Text;

namespace Reconciler.Manifests.Writing;

/// <summary>
/// Writes files completely or not at all. Every text is first written to a temporary name that is not read as a
/// manifest. Once all of them are written, they are renamed one after the other.
/// </summary>
/// <param name="root">The folder.</param>
public sealed class OutputFolder(string root)
{
    private readonly string _root = Path.GetFullPath(root);

    /// <summary>Returns the full path of a file of the folder.</summary>
    public string At(string path) => Path.Combine(_root, path);

    /// <summary>Writes files in their order.</summary>
    /// <param name="files">The files.</param>
    /// <param name="replace">Whether existing files are replaced; otherwise the first of them is an error.</param>
    /// <exception cref="IOException">
    /// A file cannot be written. Temporary files that were not renamed are deleted.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public void Write(IReadOnlyList<ManifestFile> files, bool replace)
    {
        var written = new List<string>();
        try
        {
            foreach (var file in files)
                written.Add(WriteBeside(At(file.Path), file.Text));
            for (var i = 0; i < files.Count; i++)
                File.Move(written[i], At(files[i].Path), replace);
        }
        finally
        {
            foreach (var left in written.Where(File.Exists))
                File.Delete(left);
        }
    }

    private static string WriteBeside(string path, string text)
    {
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        var beside = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        try
        {
            File.WriteAllText(beside, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            return beside;
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }
}

using System.Text;

namespace Reconciler.Manifests.Writing;

/// <summary>
/// Writes files whole or not at all: every text is first written beside its place under a name that no reader of
/// manifests looks at, and only once all of them lie there they are renamed, one after the other.
/// </summary>
/// <param name="root">The folder.</param>
public sealed class OutputFolder(string root)
{
    private readonly string _root = Path.GetFullPath(root);

    /// <summary>Where a file of the folder lies.</summary>
    public string At(string path) => Path.Combine(_root, path);

    /// <summary>Writes files in their order.</summary>
    /// <param name="files">The files.</param>
    /// <param name="replace">
    /// Whether files that are there are replaced; otherwise the first of them is an error.
    /// </param>
    /// <exception cref="IOException">
    /// Something cannot be written. What was not renamed by then is taken away.
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

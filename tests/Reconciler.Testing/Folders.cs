namespace Reconciler.Testing;

/// <summary>What tests do with whole folders.</summary>
public static class Folders
{
    /// <summary>Copies every file of a folder; one that is there already is written over.</summary>
    public static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }
}

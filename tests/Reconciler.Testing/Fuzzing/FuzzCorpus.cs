namespace Reconciler.Testing.Fuzzing;

/// <summary>
/// The inputs that a fuzzer starts from, and those that once went wrong: a folder for each target.
/// </summary>
public static class FuzzCorpus
{
    /// <summary>The folder, from the repository's root.</summary>
    public const string Folder = "tests/Reconciler.Fuzzing/Corpus";

    /// <summary>Returns each input of targets, for a theory: the target's name and the file's.</summary>
    /// <param name="targets">The targets.</param>
    public static TheoryData<string, string> Of(IEnumerable<FuzzTarget> targets)
    {
        var data = new TheoryData<string, string>();
        foreach (var target in targets)
        {
            foreach (var file in Directory.EnumerateFiles(Repository.At($"{Folder}/{target.Name}")).Order())
                data.Add(target.Name, Path.GetFileName(file));
        }

        return data;
    }

    /// <summary>Tries one input again.</summary>
    /// <param name="targets">The targets.</param>
    /// <param name="target">The name of one of them.</param>
    /// <param name="file">The name of the input.</param>
    public static async Task TryAsync(IEnumerable<FuzzTarget> targets, string target, string file) =>
        await targets.Single(t => t.Name == target).Try(Read(target, file));

    /// <summary>Reads an input.</summary>
    /// <param name="target">The name of the target.</param>
    /// <param name="file">The name of the input.</param>
    public static byte[] Read(string target, string file) =>
        File.ReadAllBytes(Repository.At($"{Folder}/{target}/{file}"));
}

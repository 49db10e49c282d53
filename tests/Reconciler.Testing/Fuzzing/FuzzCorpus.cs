namespace Reconciler.Testing.Fuzzing;

/// <summary>
/// The inputs that a fuzzer starts from, and those that once went wrong: a folder for each target.
/// </summary>
public static class FuzzCorpus
{
    /// <summary>The folder, from the repository's root.</summary>
    public const string Folder = "tests/Reconciler.Fuzzing/Corpus";

    /// <summary>Each input of targets, for a theory: the target's name and the file's.</summary>
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
    public static async Task TryAsync(IEnumerable<FuzzTarget> targets, string target, string file) =>
        await targets
            .Single(t => t.Name == target)
            .Try(await File.ReadAllBytesAsync(Repository.At($"{Folder}/{target}/{file}")));
}

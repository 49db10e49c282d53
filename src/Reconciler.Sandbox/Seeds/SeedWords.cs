namespace Reconciler.Sandbox.Seeds;

/// <summary>Checks the words in a seed against those that a vendor knows.</summary>
internal static class SeedWords
{
    public static string OneOf(string word, IEnumerable<string> known, string problem)
    {
        var words = known.ToList();
        return words.Contains(word, StringComparer.Ordinal)
            ? word
            : throw new SandboxException($"{problem} '{word}'; known: {string.Join(", ", words)}");
    }

    public static void OnlyNames(SandboxAccess access, string where, params string[] known)
    {
        foreach (var name in access.Names)
            OneOf(name, known, $"{where}: unknown access");
    }

    public static Guid Uuid(string id, string where) =>
        Guid.TryParseExact(id, "D", out var uuid)
            ? uuid
            : throw new SandboxException($"{where}: the id must be a uuid");
}

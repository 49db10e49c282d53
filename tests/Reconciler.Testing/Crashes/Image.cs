namespace Reconciler.Testing.Crashes;

/// <summary>What the image says of its processes, so that tests and figures are of the program as it is run.</summary>
public static class Image
{
    private const string Instruction = "ENV ";

    /// <summary>The runtime's settings.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Variables { get; } =
    [
        .. File.ReadLines(Repository.At("Dockerfile"))
            .Where(line => line.StartsWith(Instruction, StringComparison.Ordinal))
            .SelectMany(line => line[Instruction.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(word => word.Split('=', 2))
            .Where(pair => pair is [var name, _] && name.StartsWith("DOTNET_", StringComparison.Ordinal))
            .Select(pair => new KeyValuePair<string, string>(pair[0], pair[1])),
    ];
}

using System.Text.RegularExpressions;

namespace Reconciler.Testing.Crashes;

/// <summary>
/// What the native program has built in, as variables: memory is measured with any build as it would be natively.
/// </summary>
public static partial class BuiltInSettings
{
    /// <summary>The variables.</summary>
    public static IReadOnlyDictionary<string, string> Variables { get; } =
        Option()
            .Matches(File.ReadAllText(Repository.At("src/Reconciler/Reconciler.csproj")))
            .ToDictionary(
                m => $"DOTNET_{m.Groups["name"].Value}",
                m => m.Groups["value"].Value,
                StringComparer.Ordinal
            );

    [GeneratedRegex("--runtimeopt:(?<name>\\w+)=(?<value>\\w+)", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Option();
}

using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Reconciler.Engine.Planning;

namespace Reconciler.Reports;

/// <summary>
/// Reads and writes a saved plan: JSON with a version, readable by its owner only, since it contains addresses.
/// </summary>
public static class SavedPlanFile
{
    internal const string CurrentVersion = "reconciler.dev/saved-plan/v1";

    /// <summary>Writes the file completely or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, SavedPlan plan)
    {
        var document = new SavedPlanDocument(CurrentVersion, plan.At, plan.Digest, plan.Actions);
        PrivateFile.Write(
            path,
            file => JsonSerializer.Serialize(file, document, SavedPlanJson.Default.SavedPlanDocument)
        );
    }

    /// <summary>The maximum size of a file, in bytes. A plan of a million actions is smaller.</summary>
    public const int LargestFile = 512 * 1024 * 1024;

    /// <summary>Reads the file; null, with the problem, where it is no plan.</summary>
    /// <param name="path">The path of the file, for messages.</param>
    /// <param name="read">Reads its content; may throw <see cref="IOException"/>.</param>
    /// <param name="problem">Describes what is wrong.</param>
    public static SavedPlan? Read(string path, Func<byte[]> read, out string problem)
    {
        problem = "";
        try
        {
            var document = JsonSerializer.Deserialize(read(), SavedPlanJson.Default.SavedPlanDocument);
            if (
                document is { Version: CurrentVersion, Digest: not null, Actions.IsDefault: false }
                && document.Actions.All(IsWhole)
            )
                return new(document.At, document.Digest, document.Actions);
            problem =
                $"{path} is no plan that this version can read; expected a file that plan --out wrote, of "
                + $"{CurrentVersion}";
        }
        catch (JsonException broken)
        {
            problem = $"{path} is no plan: {broken.Message}; expected a file that plan --out wrote";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            problem = $"the plan {path} cannot be read: {unreadable.Message}";
        }

        return null;
    }

    // The deserializer leaves what is missing as null.
    private static bool IsWhole(SavedAction? action) => action is { Name: not null, Project: not null, Text: not null };
}

internal sealed record SavedPlanDocument(
    string Version,
    DateTimeOffset At,
    string Digest,
    ImmutableArray<SavedAction> Actions
);

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SavedPlanDocument))]
internal sealed partial class SavedPlanJson : JsonSerializerContext;

using System.Collections.Immutable;
using System.Text;
using Reconciler.Core.Manifests.Shapes;

namespace Reconciler.Worker.Settings;

/// <summary>One setting that a variable or the command line can give.</summary>
/// <param name="Path">Its way in the settings file, such as <c>source.git.url</c>.</param>
/// <param name="Shape">Its shape: a scalar, a list of scalars or a mapping of them.</param>
public sealed record SettingsField(string Path, ValueShape Shape)
{
    /// <summary>The variables' common beginning.</summary>
    internal const string Prefix = "RECONCILER_WORKER_";

    /// <summary>The variable that gives it, such as <c>RECONCILER_WORKER_SOURCE_GIT_URL</c>.</summary>
    public string Variable { get; } = Prefix + Upper(Path);

    /// <summary>
    /// Every setting that can be given so, in the order of the settings; lists of mappings stand in the file alone.
    /// </summary>
    public static ImmutableArray<SettingsField> All { get; } = [.. Below("", WorkerSettings.Shape)];

    /// <summary>The setting that names the state, which another variable may give as well.</summary>
    internal static SettingsField State { get; } = All.Single(f => f.Path == "state");

    private static IEnumerable<SettingsField> Below(string path, RecordShape record) =>
        record.Fields.SelectMany(f =>
        {
            var name = path.Length == 0 ? f.Name : $"{path}.{f.Name}";
            return f.Shape switch
            {
                RecordShape inner => Below(name, inner),
                ListShape { Item: RecordShape } or MapShape { Value: RecordShape } => [],
                _ => [new SettingsField(name, f.Shape)],
            };
        });

    private static string Upper(string path)
    {
        var text = new StringBuilder();
        foreach (var c in path)
        {
            if (char.IsUpper(c))
                text.Append('_');
            text.Append(c == '.' ? '_' : char.ToUpperInvariant(c));
        }

        return text.ToString();
    }
}

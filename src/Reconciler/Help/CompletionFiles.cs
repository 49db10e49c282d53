using Reconciler.Manifests.Schemas;
using Reconciler.Reports;

namespace Reconciler.Help;

/// <summary>The scripts of <c>completion</c> as files, for packages that install them.</summary>
internal static class CompletionFiles
{
    /// <summary>The scripts' folder.</summary>
    public const string Folder = "build/packaging/completions";

    /// <summary>One file for each shell, such as <c>reconciler.bash</c>.</summary>
    public static IEnumerable<GeneratedFile> All() =>
        CompletionScripts.Shells.Select(s => new GeneratedFile($"{Folder}/reconciler.{s}", CompletionScripts.Of(s)));
}

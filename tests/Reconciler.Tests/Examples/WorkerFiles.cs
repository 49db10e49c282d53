using Reconciler.Core.Manifests;
using Reconciler.Testing;
using Reconciler.Worker.Settings;

namespace Reconciler.Tests.Examples;

/// <summary>Settings files of a worker, read as the worker reads them.</summary>
internal static class WorkerFiles
{
    /// <summary>The settings files among the examples, from the repository's root.</summary>
    public static IEnumerable<string> Paths =>
        Directory
            .EnumerateFiles(Repository.At("examples"), "worker.yaml", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Repository.Root, f).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);

    /// <summary>The settings of a file, which must have no problem.</summary>
    public static WorkerSettings Read(string path)
    {
        var problems = new Problems();
        var settings = SettingsReader.Read(
            new(Repository.At(path), new Dictionary<string, string>(StringComparer.Ordinal), []),
            problems
        );
        Assert.Empty(problems.Sorted);
        return Assert.IsType<WorkerSettings>(settings);
    }
}

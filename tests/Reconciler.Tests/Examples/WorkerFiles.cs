using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Shapes;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Hosts.Worker.Settings;
using Reconciler.Sources;

namespace Reconciler.Tests.Examples;

/// <summary>Settings files of a worker, read as their shape says.</summary>
internal static class WorkerFiles
{
    /// <summary>The settings of a file, which must have no problem.</summary>
    public static WorkerSettings Read(string path)
    {
        var (documents, problems) = (new List<Node>(), new Problems());
        using var text = File.OpenText(Repository.At(path));
        YamlTreeReader.Read(path, text, problems, documents);
        var settings = ShapeOf.Record(typeof(WorkerSettings)).Read(Assert.Single(documents), problems);
        Assert.Empty(problems.Sorted);
        return Assert.IsType<WorkerSettings>(settings);
    }
}

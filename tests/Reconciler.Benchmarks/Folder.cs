namespace Reconciler.Benchmarks;

/// <summary>A folder that is deleted in the end.</summary>
internal sealed class Folder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("reconciler-bench-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

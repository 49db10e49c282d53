using Reconciler.Manifests;
using Reconciler.Sources.Git;
using Reconciler.Testing.Sources;
using Reconciler.Testing.Sources.Git;

namespace Reconciler.Sources.Tests.Git;

/// <summary>A repository, and a source that follows it.</summary>
internal sealed class GitBench : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private GitSource? _source;

    public GitRepository Repository { get; } = new();

    /// <summary>Where the source works.</summary>
    public string Folder => _folder["source"];

    public GitSettings Settings
    {
        get => field ??= new(Repository.Url, Folder);
        set => field = value;
    }

    public GitSource Source => _source ??= new(Settings, TimeProvider.System);

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public string Write(string name, string text) => _folder.Write(name, text);

    public string At(string name) => _folder[name];

    public Task<SourceRevision> FetchAsync() => Source.FetchAsync(Cancellation);

    /// <summary>The error of a fetch that must fail.</summary>
    public async Task<string> FailAsync() => (await Assert.ThrowsAsync<SourceException>(FetchAsync)).Message;

    /// <summary>Ends the source and starts another, as a new process would.</summary>
    public void Restart()
    {
        _source?.Dispose();
        _source = null;
    }

    /// <summary>The files of a revision, by name.</summary>
    public static string[] Files(SourceRevision revision) =>
        [
            .. Directory
                .EnumerateFiles(revision.Folder, "*", SearchOption.AllDirectories)
                .Select(f => Path.GetRelativePath(revision.Folder, f))
                .Order(StringComparer.Ordinal),
        ];

    public static string Text(SourceRevision revision, string file) =>
        File.ReadAllText(Path.Combine(revision.Folder, file));

    public void Dispose()
    {
        _source?.Dispose();
        Repository.Dispose();
        _folder.Dispose();
    }
}

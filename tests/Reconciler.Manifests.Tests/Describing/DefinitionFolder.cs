using Reconciler.Core.Manifests;
using Reconciler.Core.Membership;
using Reconciler.Manifests.Loading;
using Reconciler.Testing.Sources;

namespace Reconciler.Manifests.Tests.Describing;

/// <summary>A folder with one file of definitions, which is read as the runner's.</summary>
internal sealed class DefinitionFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Reads a text as the only definitions.</summary>
    /// <returns>The first vendor, null if there is none; and the problems, by line.</returns>
    public (Vendor? Vendor, IReadOnlyList<string> Problems) Read(string text)
    {
        var problems = new Problems();
        var vendors = VendorFolder.Read(Request(text), [], problems);
        return (vendors.FirstOrDefault(), [.. problems.Sorted.Select(p => p.ToString())]);
    }

    /// <summary>Asks for nothing but a text as the only definitions.</summary>
    public ManifestRequest Request(string text)
    {
        File.WriteAllText(_folder["acme.yaml"], text);
        return new([]) { Vendors = "acme.yaml", Folder = _folder.Path };
    }

    public void Dispose() => _folder.Dispose();
}

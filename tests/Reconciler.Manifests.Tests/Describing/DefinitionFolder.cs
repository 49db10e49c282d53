using Reconciler.Core.Manifests;
using Reconciler.Core.Membership;
using Reconciler.Manifests.Loading;
using Reconciler.Testing;
using Reconciler.Testing.Sources;

namespace Reconciler.Manifests.Tests.Describing;

/// <summary>A folder with one file of definitions, which is read as the runner's.</summary>
internal sealed class DefinitionFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>The text of a definition of the catalogue.</summary>
    public static string Catalogued(string type) => File.ReadAllText(Repository.At($"vendors/{type}.yaml"));

    /// <summary>Reads a text as the only definitions.</summary>
    /// <returns>The first vendor, null if there is none; and the problems, by line.</returns>
    public (Vendor? Vendor, IReadOnlyList<string> Problems) Read(string text)
    {
        var problems = new Problems();
        var vendors = VendorFolder.Read(Request(text), [], problems);
        return (vendors.FirstOrDefault(), [.. problems.Sorted.Select(p => p.ToString())]);
    }

    /// <summary>Replaces a text of a definition, and expects a problem at a line of it, and no vendor.</summary>
    public void Refuses(string definition, string right, string wrong, string message)
    {
        Assert.Contains(right, definition, StringComparison.Ordinal);

        var (vendor, problems) = Read(definition.Replace(right, wrong, StringComparison.Ordinal));

        Assert.Null(vendor);
        Assert.True(
            problems.Any(p => p.Contains(message, StringComparison.Ordinal)),
            string.Join(Environment.NewLine, problems)
        );
        Assert.All(problems, p => Assert.Matches("acme.yaml:[0-9]+:[0-9]+: ", p));
    }

    /// <summary>Asks for nothing but a text as the only definitions.</summary>
    public ManifestRequest Request(string text)
    {
        File.WriteAllText(_folder["acme.yaml"], text);
        return new([]) { Vendors = "acme.yaml", Folder = _folder.Path };
    }

    public void Dispose() => _folder.Dispose();
}

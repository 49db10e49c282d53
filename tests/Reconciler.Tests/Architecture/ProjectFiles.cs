using System.Xml.Linq;
using Reconciler.Testing;

namespace Reconciler.Tests.Architecture;

/// <summary>A project of the repository, as its project file states it.</summary>
/// <param name="Name">The project's name.</param>
/// <param name="Folder">The folder of the project file.</param>
internal sealed record ProjectFile(string Name, string Folder)
{
    private XDocument Xml => XDocument.Load(Path.Combine(Folder, $"{Name}.csproj"));

    /// <summary>The projects that it references.</summary>
    public IReadOnlyList<string> Projects =>
        [.. Includes("ProjectReference").Select(p => Path.GetFileNameWithoutExtension(p.Replace('\\', '/')))];

    /// <summary>The packages that it references.</summary>
    public IReadOnlyList<string> Packages => [.. Includes("PackageReference")];

    /// <summary>The assemblies that see its internal types, besides its own tests.</summary>
    public IReadOnlyList<string> Friends => [.. Includes("InternalsVisibleTo")];

    private IEnumerable<string> Includes(string element) =>
        Xml.Descendants(element).Select(e => (string)e.Attribute("Include")!);
}

/// <summary>Finds projects and source files.</summary>
internal static class ProjectFiles
{
    /// <summary>The projects below <c>src</c>.</summary>
    public static IReadOnlyList<ProjectFile> Products { get; } =
    [
        .. Directory
            .EnumerateFiles(Repository.At("src"), "*.csproj", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(f => new ProjectFile(Path.GetFileNameWithoutExtension(f), Path.GetDirectoryName(f)!)),
    ];

    /// <summary>The C# files below a folder, without what a build writes.</summary>
    /// <param name="folder">The folder.</param>
    public static IEnumerable<string> Sources(string folder) =>
        Directory
            .EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(f =>
                !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal)
            );
}

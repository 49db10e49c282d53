using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Reconciler.Tests.Architecture;

/// <summary>A use of one folder's type in another folder.</summary>
/// <param name="From">The folder that uses it.</param>
/// <param name="To">The folder that declares it.</param>
/// <param name="Example">The file and the type.</param>
internal sealed record FolderUse(string From, string To, string Example);

/// <summary>A use of a type, wherever it is declared.</summary>
/// <param name="Folder">The folder that uses it.</param>
/// <param name="Type">The type's name, with its namespace.</param>
/// <param name="File">The file.</param>
internal sealed record TypeUse(string Folder, string Type, string File);

/// <summary>
/// The folders of a project and their uses of each other, as the compiler resolves names: a qualified name, an alias
/// and an extension method count as much as a using directive.
/// </summary>
internal sealed class FolderGraph
{
    private const string ImplicitUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; "
        + "global using System.Linq; global using System.Net.Http; global using System.Threading; "
        + "global using System.Threading.Tasks;";

    private readonly Dictionary<string, Dictionary<string, FolderUse>> _uses = new(StringComparer.Ordinal);

    private readonly IReadOnlyList<TypeUse> _types;

    private FolderGraph(IEnumerable<FolderUse> uses, IReadOnlyList<TypeUse> types)
    {
        _types = types;
        foreach (var use in uses)
        {
            if (!_uses.TryGetValue(use.From, out var targets))
                _uses[use.From] = targets = new(StringComparer.Ordinal);
            targets.TryAdd(use.To, use);
        }
    }

    /// <summary>Reads the folders of a project.</summary>
    /// <param name="root">The project's folder.</param>
    /// <param name="assembly">The project's own assembly, which its sources replace.</param>
    public static FolderGraph Read(string root, string assembly) =>
        Of(ProjectFiles.Sources(root).Select(f => (Path.GetRelativePath(root, f), File.ReadAllText(f))), assembly);

    /// <summary>The graph of source texts.</summary>
    /// <param name="files">Each file's path below the project's folder, and its text.</param>
    /// <param name="assembly">The assembly that they make.</param>
    public static FolderGraph Of(IEnumerable<(string Path, string Text)> files, string assembly)
    {
        var options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest);
        var trees = files.Select(f => CSharpSyntaxTree.ParseText(f.Text, options, f.Path)).ToList();
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(p => !Path.GetFileNameWithoutExtension(p).Equals(assembly, StringComparison.OrdinalIgnoreCase))
            .Select(p => MetadataReference.CreateFromFile(p));
        var compilation = CSharpCompilation.Create(
            assembly,
            [.. trees, CSharpSyntaxTree.ParseText(ImplicitUsings, options)],
            references
        );
        var models = trees.Select(t => (Tree: t, Model: compilation.GetSemanticModel(t))).ToList();
        return new(
            models.SelectMany(m => UsesOf(m.Tree, m.Model)),
            [.. models.SelectMany(m => TypesOf(m.Tree, m.Model)).Distinct()]
        );
    }

    /// <summary>
    /// The circles: each a set of folders that reach each other, with an example of every use in it. A folder and the
    /// folders inside it may use each other.
    /// </summary>
    public IReadOnlyList<string> Circles() =>
        [
            .. StrongComponents
                .Of(_uses.Keys, folder => _uses.GetValueOrDefault(folder)?.Keys.Where(t => !IsInside(folder, t)) ?? [])
                .Where(c => c.Count > 1)
                .Select(c => string.Join("; ", InCircle(c).Order(StringComparer.Ordinal))),
        ];

    /// <summary>The folders that one uses.</summary>
    /// <param name="folder">The folder, below the project.</param>
    public IEnumerable<FolderUse> UsesOf(string folder) =>
        _uses.GetValueOrDefault(folder)?.Values ?? Enumerable.Empty<FolderUse>();

    /// <summary>The types that a folder and the folders inside it use.</summary>
    /// <param name="folder">The folder, below the project.</param>
    public IEnumerable<TypeUse> TypesUsedIn(string folder) =>
        _types.Where(t => t.Folder == folder || t.Folder.StartsWith(folder + "/", StringComparison.Ordinal));

    private static IEnumerable<TypeUse> TypesOf(SyntaxTree tree, SemanticModel model) =>
        tree.GetRoot()
            .DescendantNodes()
            .OfType<SimpleNameSyntax>()
            .Select(name => model.GetSymbolInfo(name).Symbol)
            .Select(symbol => symbol as INamedTypeSymbol ?? symbol?.ContainingType)
            .Where(type => type is not null)
            .Select(type => new TypeUse(
                FolderOf(tree.FilePath),
                type!.OriginalDefinition.ToDisplayString(),
                Path.GetFileName(tree.FilePath)
            ));

    private IEnumerable<string> InCircle(IReadOnlyCollection<string> circle) =>
        circle
            .SelectMany(f => _uses.GetValueOrDefault(f)?.Values ?? Enumerable.Empty<FolderUse>())
            .Where(u => circle.Contains(u.To) && !IsInside(u.From, u.To))
            .Select(u => $"{u.From} → {u.To} ({u.Example})");

    private static bool IsInside(string one, string other) =>
        one.Length == 0
        || other.Length == 0
        || one.StartsWith(other + "/", StringComparison.Ordinal)
        || other.StartsWith(one + "/", StringComparison.Ordinal);

    private static IEnumerable<FolderUse> UsesOf(SyntaxTree tree, SemanticModel model)
    {
        var from = FolderOf(tree.FilePath);
        foreach (var name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
        {
            if (model.GetSymbolInfo(name).Symbol is not { } symbol)
                continue;
            var type = symbol as INamedTypeSymbol ?? symbol.ContainingType;
            foreach (var location in type?.OriginalDefinition.Locations.Where(l => l.IsInSource) ?? [])
            {
                var to = FolderOf(location.SourceTree!.FilePath);
                if (to != from)
                    yield return new(from, to, $"{Path.GetFileName(tree.FilePath)}: {type!.Name}");
            }
        }
    }

    private static string FolderOf(string path) =>
        (Path.GetDirectoryName(path) ?? "").Replace(Path.DirectorySeparatorChar, '/');
}

using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Manifests;
using Reconciler.Manifests.Yaml;

namespace Reconciler.Testing.Sources;

/// <summary>What came of reading one text, or one folder.</summary>
public sealed record Reading(ManifestSet Set, IReadOnlyList<string> Problems)
{
    public static Reading Text(string text)
    {
        var (set, problems) = (new ManifestSet(), new Problems());
        ManifestReader.ReadText("a.yaml", text, set, problems);
        return Of(set, problems);
    }

    public static Reading Paths(IEnumerable<string> paths, params string[] exclude)
    {
        var problems = new Problems();
        return Of(ManifestReader.ReadAll(paths, exclude, problems), problems);
    }

    public static (IReadOnlyList<Node> Documents, IReadOnlyList<string> Problems, bool ToTheEnd) Tree(string text)
    {
        var (documents, problems) = (new List<Node>(), new Problems());
        var end = YamlTreeReader.Read("a.yaml", text, problems, documents);
        return (documents, [.. problems.Sorted.Select(p => p.ToString())], end);
    }

    private static Reading Of(ManifestSet set, Problems problems) =>
        new(set, [.. problems.Sorted.Select(p => p.ToString())]);
}

/// <summary>A folder that goes away with the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("reconciler-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string Write(string name, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], text);
        return this[name];
    }

    public string Team(string name, string team) => Write(name, TeamNamed(team));

    public void Link(string name, string target) => File.CreateSymbolicLink(this[name], target);

    public static string TeamNamed(string name) =>
        $"apiVersion: reconciler.dev/v1alpha1\nkind: Team\nmetadata: {{name: {name}}}\nspec: {{members: []}}\n";

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

namespace Reconciler.Kubernetes.Configuration;

/// <summary>A named cluster, user or context, with the folder that its relative paths start from.</summary>
internal sealed record NamedEntry(YamlMapping Values, string Folder)
{
    /// <summary>The absolute path in a field; null where it is absent.</summary>
    public string? File(string key) => Values.Text(key) is { } path ? Path.GetFullPath(path, Folder) : null;
}

/// <summary>
/// Merges kubeconfig files. For every name, and for the current context, the first file that has it is used.
/// </summary>
internal sealed class KubeConfigFile
{
    private readonly Dictionary<(string Section, string Name), NamedEntry> _entries = [];

    public string? CurrentContext { get; private set; }

    public static KubeConfigFile Read(IReadOnlyList<string> files)
    {
        var merged = new KubeConfigFile();
        var found = files.Where(File.Exists).ToList();
        if (found.Count == 0)
            throw new ConfigurationException($"there is no kubeconfig: looked for {string.Join(", ", files)}");
        foreach (var file in found)
            merged.Add(file);
        return merged;
    }

    public NamedEntry? Find(string section, string name) => _entries.GetValueOrDefault((section, name));

    private void Add(string file)
    {
        var yaml = PlainYaml.Read(file, ReadText(file));
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        CurrentContext ??= yaml.Text("current-context");
        foreach (var section in (string[])["cluster", "user", "context"])
        {
            foreach (var entry in yaml.Mappings($"{section}s"))
            {
                if (entry.Text("name") is { } name && entry.Mapping(section) is { } values)
                    _entries.TryAdd((section, name), new(values, folder));
            }
        }
    }

    private static string ReadText(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{file} cannot be read: {failed.Message}", failed);
        }
    }
}

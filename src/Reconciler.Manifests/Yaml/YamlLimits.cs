namespace Reconciler.Manifests.Yaml;

/// <summary>The limits of a YAML file. The parser has none, so they are checked while its events are read.</summary>
public static class YamlLimits
{
    /// <summary>The longest file, in bytes.</summary>
    public const int Bytes = 8 * 1024 * 1024;

    /// <summary>The deepest nesting; manifests need nine levels.</summary>
    internal const int Depth = 32;

    /// <summary>The most nodes in a file; an alias counts as everything that it repeats.</summary>
    internal const int Nodes = 2_000_000;

    /// <summary>The most aliases in a file.</summary>
    internal const int Aliases = 1_000;
}

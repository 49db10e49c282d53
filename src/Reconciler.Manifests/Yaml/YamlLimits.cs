namespace Reconciler.Manifests.Yaml;

/// <summary>
/// What a file may cost. The parser itself has no limits, so they are counted while its events are pulled.
/// </summary>
internal static class YamlLimits
{
    /// <summary>The longest file, in bytes.</summary>
    public const int Bytes = 8 * 1024 * 1024;

    /// <summary>The deepest nesting. The deepest manifest needs nine.</summary>
    public const int Depth = 32;

    /// <summary>The most pieces in a file, where an alias counts as everything it repeats.</summary>
    public const int Nodes = 2_000_000;

    /// <summary>The most aliases in a file.</summary>
    public const int Aliases = 1_000;
}

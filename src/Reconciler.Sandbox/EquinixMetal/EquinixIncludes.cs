namespace Reconciler.Sandbox.EquinixMetal;

/// <summary>
/// Parses <c>include</c> and <c>exclude</c> of a request: dotted names of nested objects with up to three levels,
/// separated by commas. Exclusion wins. Including a part of an object includes the object.
/// </summary>
internal sealed class EquinixIncludes
{
    private const int Deepest = 3;

    private readonly HashSet<string> included;
    private readonly HashSet<string> excluded;
    private readonly bool byDefault;

    public EquinixIncludes(IEnumerable<string?> include, IEnumerable<string?> exclude, bool byDefault)
    {
        included = [.. Names(include).SelectMany(Prefixes)];
        excluded = [.. Names(exclude)];
        this.byDefault = byDefault;
    }

    /// <summary>
    /// Whether the object at this path, such as <c>project.organization</c>, is complete in the answer.
    /// </summary>
    public bool Full(string path) =>
        !excluded.Contains(path) && (included.Contains(path) || (byDefault && path.Split('.').Length == 1));

    private static IEnumerable<string> Names(IEnumerable<string?> values) =>
        values
            .SelectMany(value =>
                (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            )
            .Where(name => name.Split('.').Length <= Deepest);

    private static IEnumerable<string> Prefixes(string name)
    {
        for (var end = name.IndexOf('.', StringComparison.Ordinal); end >= 0; end = name.IndexOf('.', end + 1))
            yield return name[..end];
        yield return name;
    }
}

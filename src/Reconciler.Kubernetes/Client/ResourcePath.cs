using System.Text;

namespace Reconciler.Kubernetes.Client;

/// <summary>
/// Builds the path of a kind or an object below the server's address. The package does not escape names in paths, so
/// each must go through <see cref="Segment"/>.
/// </summary>
internal static class ResourcePath
{
    public static string Of<T>(
        ResourceType<T> type,
        string? @namespace,
        string? name = null,
        string? subresource = null
    )
        where T : class
    {
        var path = new StringBuilder(type.Group.Length == 0 ? "api" : "apis");
        if (type.Group.Length > 0)
            Add(path, type.Group);
        Add(path, type.Version);
        if (@namespace is not null)
            Add(Add(path, "namespaces"), @namespace);
        Add(path, type.Plural);
        if (name is not null)
            Add(path, name);
        if (subresource is not null)
            Add(path, subresource);
        return path.ToString();
    }

    public static string Query(params IEnumerable<(string Name, string? Value)> parameters)
    {
        var pairs = parameters
            .Where(one => one.Value is not null)
            .Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value!)}");
        return string.Join('&', pairs) is { Length: > 0 } query ? $"?{query}" : "";
    }

    /// <summary>Checks that a name is safe as a segment of a path.</summary>
    /// <exception cref="ArgumentException">The name would change the path; servers allow no such names.</exception>
    public static string Segment(string name)
    {
        // A name that changes the path would address another object. These are the server's own rules.
        if (name is "" or "." or ".." || name.AsSpan().ContainsAny('/', '%'))
            throw new ArgumentException($"\"{name}\" is no name of a resource", nameof(name));
        return Uri.EscapeDataString(name);
    }

    private static StringBuilder Add(StringBuilder path, string segment) => path.Append('/').Append(Segment(segment));
}

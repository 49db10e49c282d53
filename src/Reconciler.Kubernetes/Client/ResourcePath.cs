using System.Text;

namespace Reconciler.Kubernetes.Client;

/// <summary>Where a kind, an object or a part of one is found below the server's address.</summary>
internal static class ResourcePath
{
    public static string Of<T>(ResourceType<T> type, string? space, string? name = null, string? subresource = null)
        where T : class
    {
        var path = new StringBuilder(type.Group.Length == 0 ? "api" : "apis");
        if (type.Group.Length > 0) Add(path, type.Group);
        Add(path, type.Version);
        if (space is not null) Add(Add(path, "namespaces"), space);
        Add(path, type.Plural);
        if (name is not null) Add(path, name);
        if (subresource is not null) Add(path, subresource);
        return path.ToString();
    }

    public static string Query(params IEnumerable<(string Name, string? Value)> parameters)
    {
        var pairs = parameters.Where(one => one.Value is not null).Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value!)}");
        return string.Join('&', pairs) is { Length: > 0 } query ? $"?{query}" : "";
    }

    // A name that moves about in the path would ask for another object than it says. These are the server's own rules.
    private static StringBuilder Add(StringBuilder path, string segment)
    {
        if (segment is "" or "." or ".." || segment.AsSpan().ContainsAny('/', '%'))
            throw new ArgumentException($"\"{segment}\" is no name of a resource", nameof(segment));
        return path.Append('/').Append(Uri.EscapeDataString(segment));
    }
}

using System.Text.Json.Nodes;

namespace Reconciler.Kubernetes.Client;

/// <summary>A kind of resource.</summary>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Version">The version of the group.</param>
/// <param name="Plural">The name in paths, such as <c>leases</c>.</param>
/// <param name="Kind">The name in objects, such as <c>Lease</c>.</param>
/// <typeparam name="T">
/// The type of an object: one of the package's models, or a type in <see cref="ClientOptions.Types"/>.
/// </typeparam>
public sealed record ResourceType<T>(string Group, string Version, string Plural, string Kind)
    where T : class
{
    /// <summary>The group and version, as objects contain them.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>Formats the kind for messages.</summary>
    public override string ToString() => Group.Length == 0 ? Plural : $"{Plural}.{Group}";
}

/// <summary>Creates kinds whose objects are read as plain JSON.</summary>
public static class ResourceType
{
    /// <summary>
    /// Creates a kind whose objects are read as plain JSON: all fields are kept, and no object is refused.
    /// </summary>
    /// <param name="group">The API group; empty for the core group.</param>
    /// <param name="version">The version of the group.</param>
    /// <param name="plural">The name in paths.</param>
    /// <param name="kind">The name in objects.</param>
    public static ResourceType<JsonObject> Untyped(string group, string version, string plural, string kind) =>
        new(group, version, plural, kind);
}

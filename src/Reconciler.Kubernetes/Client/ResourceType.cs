using System.Text.Json.Nodes;

namespace Reconciler.Kubernetes.Client;

/// <summary>A kind of resource.</summary>
/// <param name="Group">The API group; empty for the oldest kinds.</param>
/// <param name="Version">The version of the group.</param>
/// <param name="Plural">The name in paths, such as <c>leases</c>.</param>
/// <param name="Kind">The name in objects, such as <c>Lease</c>.</param>
/// <typeparam name="T">
/// The type of an object: one of the package's models, or one that <see cref="ClientOptions.Types"/> knows.
/// </typeparam>
public sealed record ResourceType<T>(string Group, string Version, string Plural, string Kind)
    where T : class
{
    /// <summary>Group and version as objects name them.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>The kind for error texts.</summary>
    public override string ToString() => Group.Length == 0 ? Plural : $"{Plural}.{Group}";
}

/// <summary>Kinds whose objects are read as they come.</summary>
public static class ResourceType
{
    /// <summary>A kind as plain JSON: nothing of an object is lost, and none is refused.</summary>
    /// <param name="group">The API group; empty for the oldest kinds.</param>
    /// <param name="version">The version of the group.</param>
    /// <param name="plural">The name in paths.</param>
    /// <param name="kind">The name in objects.</param>
    public static ResourceType<JsonObject> Untyped(string group, string version, string plural, string kind) =>
        new(group, version, plural, kind);
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Reconciler.Kubernetes.Client;

/// <summary>What every object says of itself under <c>metadata</c>. Fields that are not named here are kept as they came.</summary>
public sealed record ObjectMeta
{
    /// <summary>The name.</summary>
    public string? Name { get; init; }

    /// <summary>What the server makes a name from, where none is given.</summary>
    public string? GenerateName { get; init; }

    /// <summary>The namespace.</summary>
    public string? Namespace { get; init; }

    /// <summary>The server's own name of it: another object of the same name has another.</summary>
    public string? Uid { get; init; }

    /// <summary>The version; a text without meaning, good for comparing whether two are the same.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>Counts changes of the spec.</summary>
    public long? Generation { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset? CreationTimestamp { get; init; }

    /// <summary>When somebody asked to delete it; it goes when its last finalizer does.</summary>
    public DateTimeOffset? DeletionTimestamp { get; init; }

    /// <summary>What it is found by.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>What else is known of it.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>What must be done before it may go.</summary>
    public IReadOnlyList<string>? Finalizers { get; init; }

    /// <summary>Everything else.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Other { get; set; }

    /// <summary>What it is called.</summary>
    [JsonIgnore]
    public ObjectKey Key => new(Namespace, Name ?? "");
}

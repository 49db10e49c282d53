using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using k8s.Models;
using Reconciler.Core.Manifests;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Hosts.Operator;

/// <summary>A custom resource as the server has it. Spec and status stay text until somebody needs them: thousands are kept at a time.</summary>
internal sealed record ClusterResource
{
    /// <summary>The finalizer that keeps a deleted membership until its deletion policy is carried out.</summary>
    public const string Finalizer = "reconciler.dev/finalizer";

    /// <summary>The annotation whose change asks for a pass now.</summary>
    public const string RequestedAt = "reconciler.dev/requestedAt";

    /// <summary>The annotation that releases a held plan.</summary>
    public const string Approve = "reconciler.dev/approve";

    /// <summary>Resources of our kinds.</summary>
    public static ImmutableDictionary<string, ResourceType<ClusterResource>> Types { get; } =
        ManifestKind.All.ToImmutableDictionary(
            k => k.Name,
            k => new ResourceType<ClusterResource>("reconciler.dev", "v1alpha1", k.Plural, k.Name),
            StringComparer.Ordinal
        );

    public string? ApiVersion { get; init; }

    public string? Kind { get; init; }

    public required V1ObjectMeta Metadata { get; init; }

    /// <summary>What it asks for; states of one object that ask for the same share it.</summary>
    public JsonElement? Spec { get; set; }

    public JsonElement? Status { get; init; }

    /// <summary>What else stands at the root, where nothing belongs: the reader says so.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Other { get; set; }

    /// <summary>
    /// Who wrote the spec last, as the server noted it in <c>managedFields</c>; null where it noted nobody.
    /// </summary>
    [JsonIgnore]
    public string? SpecManager { get; private set; }

    [JsonIgnore]
    public ObjectKey Key => ObjectKey.Of(Metadata);

    [JsonIgnore]
    public string Namespace => Metadata.NamespaceProperty ?? "default";

    [JsonIgnore]
    public IReadOnlyDictionary<string, string>? Labels => Metadata.Labels?.AsReadOnly();

    /// <summary>When it was made, as the server says.</summary>
    [JsonIgnore]
    public DateTimeOffset? CreatedAt => Metadata.CreationTimestamp is { } at ? new(at) : null;

    /// <summary>When somebody asked to delete it; it goes when its last finalizer does.</summary>
    [JsonIgnore]
    public DateTimeOffset? DeletedAt => Metadata.DeletionTimestamp is { } at ? new(at) : null;

    [JsonIgnore]
    public bool IsBeingDeleted => Metadata.DeletionTimestamp is not null;

    [JsonIgnore]
    public bool HasFinalizer => Metadata.Finalizers?.Contains(Finalizer) == true;

    /// <summary>An annotation; null where it is absent or empty, since an empty one asks for nothing.</summary>
    public string? Annotation(string name)
    {
        string? text = null;
        Metadata.Annotations?.TryGetValue(name, out text);
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }

    /// <summary>A word of the spec, also of one that cannot be read as a whole; null where it is no text.</summary>
    public string? SpecWord(string field) =>
        Spec is { ValueKind: JsonValueKind.Object } spec
        && spec.TryGetProperty(field, out var word)
        && word.ValueKind == JsonValueKind.String
            ? word.GetString()
            : null;

    /// <summary>Lets go of what is most of a resource and nobody here asks for: who wrote which field, and what kubectl last applied.</summary>
    public static void Slim(V1ObjectMeta? metadata)
    {
        metadata?.ManagedFields = null;
        metadata?.Annotations?.Remove("kubectl.kubernetes.io/last-applied-configuration");
    }

    /// <summary>Keeps who wrote the spec last; to be called before <see cref="Slim"/>.</summary>
    public void NoteManager()
    {
        var writers = (Metadata.ManagedFields ?? []).Where(f =>
            f.FieldsV1 is JsonElement { ValueKind: JsonValueKind.Object } owned && owned.TryGetProperty("f:spec", out _)
        );
        var last = writers.OrderBy(f => f.Time).LastOrDefault()?.Manager;
        // Few names serve thousands of resources.
        if (!string.IsNullOrEmpty(last))
            SpecManager = string.Intern(last);
    }

    /// <summary>Whether two states of one object differ in anything that asks for a look: not in what a controller notes in it.</summary>
    public static bool IsSameWish(ClusterResource before, ClusterResource after) =>
        IsSameSpec(before, after)
        && before.HasFinalizer == after.HasFinalizer
        && before.Annotation(RequestedAt) == after.Annotation(RequestedAt)
        && before.Annotation(Approve) == after.Annotation(Approve);

    /// <summary>Whether two states of one object ask for the same access.</summary>
    public static bool IsSameSpec(ClusterResource before, ClusterResource after) =>
        before.Metadata.Uid == after.Metadata.Uid
        && before.Metadata.Generation == after.Metadata.Generation
        && before.IsBeingDeleted == after.IsBeingDeleted
        && AreSame(before.Metadata.Labels, after.Metadata.Labels);

    private static bool AreSame(IDictionary<string, string>? before, IDictionary<string, string>? after) =>
        (before?.Count ?? 0) == (after?.Count ?? 0)
        && (before is null || before.All(l => after!.TryGetValue(l.Key, out var value) && value == l.Value));
}

/// <summary>How the operator's resources are read: what its client has as <see cref="ClientOptions.Types"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(ClusterResource))]
internal sealed partial class ClusterJson : JsonSerializerContext;

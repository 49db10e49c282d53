using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using k8s.Models;
using Reconciler.Core.Manifests;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Operator.Resources;

/// <summary>
/// A custom resource as the server has it. Spec and status stay JSON until they are needed: thousands are kept in
/// memory.
/// </summary>
internal sealed record ClusterResource
{
    /// <summary>The finalizer that keeps a deleted membership until its deletion policy is carried out.</summary>
    public const string Finalizer = "reconciler.dev/finalizer";

    /// <summary>The annotation whose change asks for a reconcile now.</summary>
    public const string RequestedAt = "reconciler.dev/requestedAt";

    /// <summary>The annotation that releases a held plan.</summary>
    public const string Approve = "reconciler.dev/approve";

    /// <summary>The resource types of the manifests' kinds.</summary>
    public static ImmutableDictionary<string, ResourceType<ClusterResource>> Types { get; } =
        ManifestKind.OfFiles.ToImmutableDictionary(
            k => k.Name,
            k => new ResourceType<ClusterResource>("reconciler.dev", "v1alpha1", k.Plural, k.Name),
            StringComparer.Ordinal
        );

    /// <summary>The API group and version.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>The kind.</summary>
    public string? Kind { get; init; }

    /// <summary>The metadata.</summary>
    public required V1ObjectMeta Metadata { get; init; }

    /// <summary>The spec; states of one object with the same spec share one copy.</summary>
    public JsonElement? Spec { get; set; }

    /// <summary>The status.</summary>
    public JsonElement? Status { get; init; }

    /// <summary>Unknown fields at the root, which the manifest reader reports.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Other { get; set; }

    /// <summary>
    /// Who wrote the spec last, as the server noted it in <c>managedFields</c>; null where it noted nobody.
    /// </summary>
    [JsonIgnore]
    public string? SpecManager { get; private set; }

    /// <summary>Namespace and name.</summary>
    [JsonIgnore]
    public ObjectKey Key => ObjectKey.Of(Metadata);

    /// <summary>The namespace.</summary>
    [JsonIgnore]
    public string Namespace => Metadata.NamespaceProperty ?? "default";

    /// <summary>The labels; null where there are none.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, string>? Labels => Metadata.Labels?.AsReadOnly();

    /// <summary>When it was created.</summary>
    [JsonIgnore]
    public DateTimeOffset? CreatedAt => Metadata.CreationTimestamp is { } at ? new(at) : null;

    /// <summary>When somebody asked to delete it; it goes when its last finalizer does.</summary>
    [JsonIgnore]
    public DateTimeOffset? DeletedAt => Metadata.DeletionTimestamp is { } at ? new(at) : null;

    /// <summary>Whether somebody asked to delete it.</summary>
    [JsonIgnore]
    public bool IsBeingDeleted => Metadata.DeletionTimestamp is not null;

    /// <summary>How often an operator wrote the status; 0 where it has none.</summary>
    [JsonIgnore]
    public long StatusRevision =>
        Status is { ValueKind: JsonValueKind.Object } status
        && status.TryGetProperty("ledger", out var ledger)
        && ledger.ValueKind == JsonValueKind.Object
        && ledger.TryGetProperty("revision", out var revision)
        && revision.ValueKind == JsonValueKind.Number
        && revision.TryGetInt64(out var number)
            ? number
            : 0;

    /// <summary>Whether it has the operator's finalizer.</summary>
    [JsonIgnore]
    public bool HasFinalizer => Metadata.Finalizers?.Contains(Finalizer) == true;

    /// <summary>Returns an annotation; null where it is absent or empty.</summary>
    public string? Annotation(string name)
    {
        string? text = null;
        Metadata.Annotations?.TryGetValue(name, out text);
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }

    /// <summary>
    /// Returns a text field of the spec, also of a spec that cannot be read as a whole; null where it is no text.
    /// </summary>
    public string? SpecWord(string field) =>
        Spec is { ValueKind: JsonValueKind.Object } spec
        && spec.TryGetProperty(field, out var word)
        && word.ValueKind == JsonValueKind.String
            ? word.GetString()
            : null;

    /// <summary>
    /// Removes what makes up most of a resource and is not needed here: who wrote which field, and what kubectl last
    /// applied.
    /// </summary>
    public static void Trim(V1ObjectMeta? metadata)
    {
        metadata?.ManagedFields = null;
        metadata?.Annotations?.Remove("kubectl.kubernetes.io/last-applied-configuration");
    }

    /// <summary>Keeps who wrote the spec last; to be called before <see cref="Trim"/>.</summary>
    public void KeepSpecManager()
    {
        var writers = (Metadata.ManagedFields ?? []).Where(f =>
            f.FieldsV1 is JsonElement { ValueKind: JsonValueKind.Object } owned && owned.TryGetProperty("f:spec", out _)
        );
        var last = writers.OrderBy(f => f.Time).LastOrDefault()?.Manager;
        // Thousands of resources share few names, so each name is kept in memory once.
        if (!string.IsNullOrEmpty(last))
            SpecManager = string.Intern(last);
    }

    /// <summary>
    /// Whether two states of one object ask for the same: their status may differ. A finalizer that was set asks for
    /// nothing, since the operator sets it; one that was lost must be set again.
    /// </summary>
    public static bool IsSameRequest(ClusterResource before, ClusterResource after) =>
        IsSameSpec(before, after)
        && (after.HasFinalizer || !before.HasFinalizer)
        && before.Annotation(RequestedAt) == after.Annotation(RequestedAt)
        && before.Annotation(Approve) == after.Annotation(Approve);

    /// <summary>A copy without spec and status, and trimmed: what is kept of thousands of memberships.</summary>
    public ClusterResource WithoutSpecAndStatus()
    {
        KeepSpecManager();
        Trim(Metadata);
        return this with { Spec = null, Status = null, Other = null };
    }

    /// <summary>Returns a text field of the status; null where it is absent or no text.</summary>
    public string? StatusWord(string field) =>
        Status is { ValueKind: JsonValueKind.Object } status
        && status.TryGetProperty(field, out var text)
        && text.ValueKind == JsonValueKind.String
            ? text.GetString()
            : null;

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

/// <summary>The JSON types of the operator's client, for <see cref="ClientOptions.Types"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(ClusterResource))]
[JsonSerializable(typeof(V1Secret))]
internal sealed partial class ClusterJson : JsonSerializerContext;

using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Testing.Kubernetes.Servers;

/// <summary>Requests that tests make and the program does not: the package's, with the client's errors.</summary>
public static partial class PackageCalls
{
    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Deletes an object. What has finalizers goes when the last of them does.</summary>
    public static Task DeleteAsync<T>(
        this ClusterClient client,
        ResourceType<T> type,
        ObjectKey key,
        V1DeleteOptions? options,
        CancellationToken cancellation
    )
        where T : class =>
        client.AskAsync(
            "DELETE",
            (kubernetes, token) =>
                kubernetes.CustomObjects.DeleteNamespacedCustomObjectAsync<JsonObject>(
                    type.Group,
                    type.Version,
                    key.Namespace,
                    type.Plural,
                    key.Name,
                    options,
                    cancellationToken: token
                ),
            cancellation
        );

    /// <summary>Lets the server say what would come of an object.</summary>
    public static Task<T> CreateDryAsync<T>(
        this ClusterClient client,
        ResourceType<T> type,
        string? @namespace,
        T value,
        CancellationToken cancellation
    )
        where T : class =>
        client.AskAsync(
            "POST",
            (kubernetes, token) =>
                @namespace is null
                    ? kubernetes.CustomObjects.CreateClusterCustomObjectAsync<T>(
                        value,
                        type.Group,
                        type.Version,
                        type.Plural,
                        dryRun: "All",
                        cancellationToken: token
                    )
                    : kubernetes.CustomObjects.CreateNamespacedCustomObjectAsync<T>(
                        value,
                        type.Group,
                        type.Version,
                        @namespace,
                        type.Plural,
                        dryRun: "All",
                        cancellationToken: token
                    ),
            cancellation
        );

    /// <summary>Server-side apply: the server merges what is given and remembers who owns which field.</summary>
    public static Task<JsonObject> ApplyAsync(
        this ClusterClient client,
        ResourceType<JsonObject> type,
        ObjectKey key,
        JsonObject value,
        string fieldManager,
        bool force,
        CancellationToken cancellation
    )
    {
        // The server reads the body as YAML, which knows no surrogate escapes.
        var text = Surrogates().Replace(value.ToJsonString(Plain), pair => $"{Code(pair, "high")}{Code(pair, "low")}");
        var patch = new V1Patch(text, V1Patch.PatchType.ApplyPatch);
        return client.AskAsync(
            "PATCH",
            (kubernetes, token) =>
                kubernetes.CustomObjects.PatchNamespacedCustomObjectAsync<JsonObject>(
                    patch,
                    type.Group,
                    type.Version,
                    key.Namespace,
                    type.Plural,
                    key.Name,
                    fieldManager: fieldManager,
                    force: force,
                    cancellationToken: token
                ),
            cancellation
        );
    }

    private static char Code(Match pair, string part) =>
        (char)ushort.Parse(pair.Groups[part].Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"\\u(?<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?<low>[dD][c-fC-F][0-9a-fA-F]{2})",
        RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex Surrogates();
}

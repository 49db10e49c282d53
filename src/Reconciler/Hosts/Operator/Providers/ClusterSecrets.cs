using System.Collections.Concurrent;
using System.Text;
using k8s.Models;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Hosts.Operator;

/// <summary>
/// Tokens from Secrets of the provider's own namespace that carry the label <c>reconciler.dev/credential: "true"</c>. They are read one by one, at
/// each pass and after a 401, and never listed or watched.
/// </summary>
/// <param name="client">Reaches the cluster.</param>
internal sealed class ClusterSecrets(ClusterClient client) : ISecretSource
{
    private const string Label = "reconciler.dev/credential";

    private static readonly ResourceType<V1Secret> Type = new(
        V1Secret.KubeGroup,
        V1Secret.KubeApiVersion,
        V1Secret.KubePluralName,
        V1Secret.KubeKind
    );

    private readonly ConcurrentDictionary<string, Kept> _kept = new(StringComparer.Ordinal);

    /// <summary>Reads the Secrets of a provider anew; a pass begins with it.</summary>
    /// <returns>Whether its authorities are others than before, so that its connection must be made anew.</returns>
    public async Task<bool> RefreshAsync(DesiredProvider provider, CancellationToken cancellation)
    {
        var before = _kept.GetValueOrDefault(KeyOf(provider));
        Kept kept;
        try
        {
            var token = await ReadAsync(
                provider,
                provider.Spec.Credentials.Token.SecretRef,
                "credentials.token.secretRef",
                cancellation
            );
            var authorities = provider.Spec.CaSecretRef is { } reference
                ? await ReadAsync(provider, reference, "caSecretRef", cancellation)
                : null;
            kept = new(token.Trim(), authorities, null);
        }
        catch (ProviderException refusal)
        {
            kept = new(null, before?.Authorities, refusal);
        }

        _kept[KeyOf(provider)] = kept;
        return before is not null && before.Authorities != kept.Authorities;
    }

    /// <inheritdoc/>
    public ValueTask<string> TokenAsync(DesiredProvider provider, CancellationToken cancellation) =>
        ValueTask.FromResult(KeptOf(provider).Token!);

    /// <inheritdoc/>
    public async ValueTask<string> FreshTokenAsync(DesiredProvider provider, CancellationToken cancellation)
    {
        await RefreshAsync(provider, cancellation);
        return KeptOf(provider).Token!;
    }

    /// <inheritdoc/>
    public string? Prepare(DesiredProvider provider) => KeptOf(provider).Authorities;

    // By everything that says what is read and where it goes: whoever edits a provider must not have the old address get the new token.
    private static string KeyOf(DesiredProvider provider)
    {
        var (token, authorities) = (provider.Spec.Credentials.Token.SecretRef, provider.Spec.CaSecretRef);
        return $"{provider.Id} {provider.BaseUrl.AbsoluteUri} {token?.Name}/{token?.Key} {authorities?.Name}/{authorities?.Key}";
    }

    private Kept KeptOf(DesiredProvider provider)
    {
        var kept = _kept.GetValueOrDefault(KeyOf(provider)) ?? throw Refuse("its Secret was not read yet");
        return kept.Refusal is { } refusal
            ? throw new ProviderException(refusal.Fault, refusal.Message, refusal)
            : kept;
    }

    // A Secret is named once it was found: before, what stands in the reference may be a token that somebody pasted.
    private async Task<string> ReadAsync(
        DesiredProvider provider,
        SecretReference? reference,
        string field,
        CancellationToken cancellation
    )
    {
        if (reference is null)
            throw Refuse("the operator takes tokens from secretRef alone");
        var (@namespace, named) = (
            provider.Namespace,
            $"the Secret of namespace {provider.Namespace} that {field} names"
        );
        try
        {
            var secret = await client.GetAsync(Type, new(@namespace, reference.Name), cancellation);
            // Else whoever can write an AccessProvider could send any Secret of the namespace to a vendor.
            string? label = null;
            secret.Metadata.Labels?.TryGetValue(Label, out label);
            if (label != "true")
                throw Refuse(Unlabelled(@namespace, reference.Name));
            byte[]? value = null;
            secret.Data?.TryGetValue(reference.Key, out value);
            if (value is null or [])
                throw Refuse($"the Secret {@namespace}/{reference.Name} has no key of the name that {field}.key gives");
            return Encoding.UTF8.GetString(value);
        }
        catch (KubernetesException missing) when (missing.IsNotFound)
        {
            throw Refuse($"{named} does not exist");
        }
        catch (KubernetesException failed) when (failed.IsForbidden)
        {
            throw Refuse($"{named} may not be read: the operator's role has no right to it");
        }
        catch (KubernetesException failed)
        {
            var why = failed.Message.Replace(reference.Name, "…", StringComparison.Ordinal);
            throw new ProviderException(ProviderFault.Unavailable, $"{named} cannot be read now: {why}", failed);
        }
    }

    private static string Unlabelled(string @namespace, string name) =>
        $"the Secret {@namespace}/{name} lacks the label {Label}: \"true\", without which it is not read; "
        + $"kubectl label secret {name} -n {@namespace} {Label}=true";

    private static ProviderException Refuse(string message) => new(ProviderFault.Configuration, message);

    private sealed record Kept(string? Token, string? Authorities, ProviderException? Refusal);
}

using System.Collections.Concurrent;
using System.Text;
using k8s.Models;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Kubernetes.Client;
using Reconciler.Operator.Status;

namespace Reconciler.Operator.Providers;

/// <summary>
/// Reads tokens from Secrets of the provider's own namespace with the label <c>reconciler.dev/credential: "true"</c>:
/// one by one, at each reconcile and after a 401, and never by a list or a watch.
/// </summary>
/// <param name="client">Reaches the cluster.</param>
internal sealed class ClusterSecrets(ClusterClient client) : ISecretSource
{
    private static readonly ResourceType<V1Secret> Type = new(
        V1Secret.KubeGroup,
        V1Secret.KubeApiVersion,
        V1Secret.KubePluralName,
        V1Secret.KubeKind
    );

    private readonly ConcurrentDictionary<string, Credentials> _read = new(StringComparer.Ordinal);

    /// <summary>Reads the Secrets of a provider again; a reconcile begins with it.</summary>
    /// <returns>Whether its certificate authorities changed, so that its connection must be made again.</returns>
    public async Task<bool> RefreshAsync(DesiredProvider provider, CancellationToken cancellation)
    {
        var before = _read.GetValueOrDefault(KeyOf(provider));
        Credentials credentials;
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
            credentials = new(token.Trim(), authorities, null);
        }
        catch (ProviderException refusal)
        {
            credentials = new(null, before?.Authorities, refusal);
        }

        _read[KeyOf(provider)] = credentials;
        return before is not null && before.Authorities != credentials.Authorities;
    }

    /// <inheritdoc/>
    public ValueTask<string> TokenAsync(DesiredProvider provider, CancellationToken cancellation) =>
        ValueTask.FromResult(CredentialsOf(provider).Token!);

    /// <inheritdoc/>
    public async ValueTask<string> FreshTokenAsync(DesiredProvider provider, CancellationToken cancellation)
    {
        await RefreshAsync(provider, cancellation);
        return CredentialsOf(provider).Token!;
    }

    /// <inheritdoc/>
    public string? Prepare(DesiredProvider provider) => CredentialsOf(provider).Authorities;

    // Keyed by everything that says what is read and where it is sent, so that an old address never gets a new token.
    private static string KeyOf(DesiredProvider provider)
    {
        var (token, authorities) = (provider.Spec.Credentials.Token.SecretRef, provider.Spec.CaSecretRef);
        return $"{provider.Id} {provider.BaseUrl.AbsoluteUri} {token?.Name}/{token?.Key} "
            + $"{authorities?.Name}/{authorities?.Key}";
    }

    private Credentials CredentialsOf(DesiredProvider provider)
    {
        var credentials = _read.GetValueOrDefault(KeyOf(provider)) ?? throw Refuse("its Secret was not read yet");
        return credentials.Refusal is { } refusal
            ? throw new ProviderException(refusal.Fault, refusal.Message, refusal)
            : credentials;
    }

    // A Secret is named only once it was found: what stands in the reference may be a token that was pasted there.
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
            // Without the label, anybody who can write an AccessProvider could send any Secret of the namespace to a
            // vendor.
            string? label = null;
            secret.Metadata.Labels?.TryGetValue(Advice.CredentialLabel, out label);
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
        $"the Secret {@namespace}/{name} lacks the label {Advice.CredentialLabel}: \"true\", "
        + $"without which it is not read; set it with: {Advice.Label(@namespace, name)}";

    private static ProviderException Refuse(string message) => new(ProviderFault.Configuration, message);

    private sealed record Credentials(string? Token, string? Authorities, ProviderException? Refusal);
}

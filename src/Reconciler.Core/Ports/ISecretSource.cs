using Reconciler.Core.Membership;

namespace Reconciler.Core.Ports;

/// <summary>
/// Supplies providers' tokens and certificates, from files and variables or from a cluster's Secrets.
/// </summary>
public interface ISecretSource
{
    /// <summary>
    /// Returns the token of a provider. Called for each request; the source decides how long it caches a token.
    /// </summary>
    /// <exception cref="ProviderException">There is none, or it may not be read.</exception>
    ValueTask<string> TokenAsync(DesiredProvider provider, CancellationToken cancellation);

    /// <summary>Returns the current token without a cache, because the vendor refused the cached one.</summary>
    /// <exception cref="ProviderException">There is none, or it may not be read.</exception>
    ValueTask<string> FreshTokenAsync(DesiredProvider provider, CancellationToken cancellation);

    /// <summary>Checks that the token and the certificates of a provider can be read.</summary>
    /// <returns>The certificate authorities to trust for the vendor (PEM); null for the system's.</returns>
    /// <exception cref="ProviderException">They cannot be read.</exception>
    string? Prepare(DesiredProvider provider);
}

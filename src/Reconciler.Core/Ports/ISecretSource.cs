using Reconciler.Core.Membership;

namespace Reconciler.Core.Ports;

/// <summary>Where providers' tokens and certificates come from: files and variables, or Secrets of a cluster.</summary>
public interface ISecretSource
{
    /// <summary>The token of a provider; asked for each request. The source decides how long it keeps one.</summary>
    /// <exception cref="ProviderException">There is none, or it may not be read.</exception>
    ValueTask<string> TokenAsync(DesiredProvider provider, CancellationToken cancellation);

    /// <summary>The token as it is now: the vendor refused the one that was kept.</summary>
    /// <exception cref="ProviderException">There is none, or it may not be read.</exception>
    ValueTask<string> FreshTokenAsync(DesiredProvider provider, CancellationToken cancellation);

    /// <summary>Makes sure that a connection can be made at all.</summary>
    /// <returns>The authorities that the vendor's certificate may come from (PEM); null for the system's.</returns>
    /// <exception cref="ProviderException">It cannot.</exception>
    string? Prepare(DesiredProvider provider);
}

using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Providers.Http;

namespace Reconciler.Providers;

/// <summary>
/// Opens the connections of a run, one for each provider, when they are first needed. A connection that could not be
/// opened is tried again.
/// </summary>
/// <param name="secrets">Reads the tokens.</param>
/// <param name="clock">The clock.</param>
public sealed class Connections(ISecretSource secrets, TimeProvider clock) : IDisposable
{
    private readonly ConcurrentDictionary<Target, Lazy<ProviderConnection>> _made = new();

    /// <summary>Called after every request, from any thread; null for no call.</summary>
    public Action<DesiredProvider, RequestSeen>? Seen { get; init; }

    /// <summary>Whether a write over a connection may begin now; null where writes are always allowed.</summary>
    public Func<DesiredProvider, bool>? MayWrite { get; init; }

    /// <summary>Opens the connection of a provider, or returns the open one.</summary>
    /// <exception cref="ProviderException">The configuration of the provider is invalid.</exception>
    public ProviderConnection Of(DesiredProvider provider)
    {
        var target = new Target(provider.Spec, provider.BaseUrl.AbsoluteUri, provider.Vendor.Description?.Digest);
        var made = _made.GetOrAdd(target, _ => new(() => Connect(provider)));
        try
        {
            return made.Value;
        }
        catch
        {
            // A side-car may write the token or the file of authorities later, so the next caller tries again.
            _made.TryRemove(new(target, made));
            throw;
        }
    }

    /// <summary>Closes the connections that are not needed any more.</summary>
    /// <param name="isNeeded">
    /// Whether a connection for this specification is still needed, under the definition of its vendor with this
    /// digest; null for a vendor that a provider in code serves.
    /// </param>
    public void Release(Func<AccessProviderSpec, string?, bool> isNeeded)
    {
        foreach (var (target, made) in _made.Where(m => !isNeeded(m.Key.Spec, m.Key.Definition)))
        {
            if (_made.TryRemove(new(target, made)) && made.IsValueCreated)
                made.Value.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var made in _made.Values.Where(m => m.IsValueCreated))
            made.Value.Dispose();
    }

    private ProviderConnection Connect(DesiredProvider provider)
    {
        var spec = provider.Spec;
        var authorities = secrets.Prepare(provider);
        var settings = new ConnectionSettings(
            provider.BaseUrl,
            cancellation => secrets.TokenAsync(provider, cancellation)
        )
        {
            FreshToken = cancellation => secrets.FreshTokenAsync(provider, cancellation),
            MayWrite = MayWrite is { } may ? () => may(provider) : null,
            RequestsPerSecond = spec.RequestsPerSecond,
            MaxConcurrency = provider.MaxConcurrency,
            CertificateAuthorities = authorities,
            Clock = clock,
            Observer = Seen is { } seen ? request => seen(provider, request) : null,
        };
        return ProviderCatalog.Connect(provider.Vendor, settings);
    }

    /// <summary>
    /// Identifies a connection. Two revisions of a manifest may use one name for different vendors, and neither may get
    /// the other's address or token; a changed definition of a vendor changes what is sent.
    /// </summary>
    private readonly record struct Target(AccessProviderSpec Spec, string Address, string? Definition)
    {
        public bool Equals(Target other) =>
            ReferenceEquals(Spec, other.Spec) && Address == other.Address && Definition == other.Definition;

        public override int GetHashCode() => HashCode.Combine(RuntimeHelpers.GetHashCode(Spec), Address);
    }
}

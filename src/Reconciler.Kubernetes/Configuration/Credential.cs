using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Reconciler.Kubernetes.Configuration;

/// <summary>What a request proves its sender with. Its text shows nothing of it.</summary>
public sealed class Credential
{
    /// <summary>The value of the Authorization header.</summary>
    public string? Authorization { get; init; }

    /// <summary>The client's certificate with its key, first, and those between it and the root.</summary>
    public X509Certificate2Collection? Certificates { get; init; }

    /// <summary>A bearer token as a credential.</summary>
    /// <param name="token">The token.</param>
    public static Credential Bearer(string token) => new() { Authorization = $"Bearer {token}" };

    /// <summary>A user name and its password as a credential.</summary>
    /// <param name="user">The name.</param>
    /// <param name="password">The password.</param>
    public static Credential Basic(string user, string password) =>
        new() { Authorization = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))}" };
}

/// <summary>Where credentials come from. Asked before every request.</summary>
public interface ICredentialSource
{
    /// <summary>The credential that holds now. The same object as long as it stays the same.</summary>
    /// <param name="cancellation">Stops the wait.</param>
    ValueTask<Credential> GetAsync(CancellationToken cancellation);

    /// <summary>The server answered 401 to it.</summary>
    /// <param name="refused">What was sent.</param>
    /// <returns>Whether asking again can bring another.</returns>
    bool Refuse(Credential refused);
}

/// <summary>A credential that never changes.</summary>
/// <param name="credential">The credential.</param>
public sealed class FixedCredential(Credential credential) : ICredentialSource
{
    /// <summary>Nobody.</summary>
    public static ICredentialSource Anonymous { get; } = new FixedCredential(new());

    /// <inheritdoc/>
    public ValueTask<Credential> GetAsync(CancellationToken cancellation) => ValueTask.FromResult(credential);

    /// <inheritdoc/>
    public bool Refuse(Credential refused) => false;
}

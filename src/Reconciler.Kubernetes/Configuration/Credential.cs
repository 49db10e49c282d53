using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Reconciler.Kubernetes.Configuration;

/// <summary>The credential of a request. Its text representation shows none of it.</summary>
public sealed class Credential
{
    /// <summary>The value of the Authorization header.</summary>
    public string? Authorization { get; init; }

    /// <summary>
    /// The client's certificate with its key, followed by the intermediate certificates; null for none.
    /// </summary>
    public X509Certificate2Collection? Certificates { get; init; }

    /// <summary>Creates a credential from a bearer token.</summary>
    /// <param name="token">The token.</param>
    public static Credential Bearer(string token) => new() { Authorization = $"Bearer {token}" };

    /// <summary>Creates a credential from a user name and a password.</summary>
    /// <param name="user">The name.</param>
    /// <param name="password">The password.</param>
    public static Credential Basic(string user, string password) =>
        new() { Authorization = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))}" };
}

/// <summary>Provides the credential before every request.</summary>
public interface ICredentialSource
{
    /// <summary>Returns the current credential: the same object as long as it is unchanged.</summary>
    /// <param name="cancellation">Cancels the wait.</param>
    ValueTask<Credential> GetAsync(CancellationToken cancellation);

    /// <summary>Reports that the server answered 401.</summary>
    /// <param name="refused">The credential that was refused.</param>
    /// <returns>Whether another call can return another credential.</returns>
    bool Refuse(Credential refused);
}

/// <summary>A credential that never changes.</summary>
/// <param name="credential">The credential.</param>
public sealed class FixedCredential(Credential credential) : ICredentialSource
{
    /// <summary>No credential.</summary>
    public static ICredentialSource Anonymous { get; } = new FixedCredential(new());

    /// <inheritdoc/>
    public ValueTask<Credential> GetAsync(CancellationToken cancellation) => ValueTask.FromResult(credential);

    /// <inheritdoc/>
    public bool Refuse(Credential refused) => false;
}

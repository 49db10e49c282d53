using System.Net.Http.Headers;
using k8s.Authentication;
using Reconciler.Kubernetes.Configuration;

namespace Reconciler.Kubernetes.Client;

/// <summary>
/// Gives the package the current credential before every request. The package's own token sources support neither
/// <c>tokenFile</c>, nor renewed certificates, nor a second attempt after a 401.
/// </summary>
internal sealed class CredentialHeader(ICredentialSource source) : ITokenProvider
{
    public async Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken)
    {
        var credential = await source.GetAsync(cancellationToken);
        // Built from its parts instead of parsed, since a parse error would contain the value.
        return credential.Authorization?.Split(' ', 2) is [var scheme, var parameter] ? new(scheme, parameter) : null!;
    }
}

using System.Net.Http.Headers;
using k8s.Authentication;
using Reconciler.Kubernetes.Configuration;

namespace Reconciler.Kubernetes.Client;

/// <summary>
/// Gives the package the credential that holds now, before every request. The package's own sources of tokens know no
/// <c>tokenFile</c>, no renewed certificate and no second attempt after a 401.
/// </summary>
internal sealed class CredentialHeader(ICredentialSource source) : ITokenProvider
{
    public async Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken)
    {
        var credential = await source.GetAsync(cancellationToken);
        // Made from its parts and not parsed: a value that cannot be parsed would stand in the exception's text.
        return credential.Authorization?.Split(' ', 2) is [var scheme, var parameter] ? new(scheme, parameter) : null!;
    }
}

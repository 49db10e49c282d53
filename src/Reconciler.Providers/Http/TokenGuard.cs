using System.Collections.Immutable;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;

namespace Reconciler.Providers.Http;

/// <summary>
/// Refuses to read projects where a manifest declares the provider's token as a word of access.
/// <see cref="VendorHttp"/> checks the vendor's answers.
/// </summary>
internal sealed class TokenGuard(IProjectReader reader, ConnectionSettings settings) : IProjectReader
{
    /// <summary>Wraps the reader of a connection.</summary>
    public static ProviderConnection Around(ProviderConnection connection, ConnectionSettings settings) =>
        connection with
        {
            Reader = new TokenGuard(connection.Reader, settings),
        };

    /// <inheritdoc/>
    public async Task<LiveProject> ReadAsync(DesiredProject project, CancellationToken cancellation)
    {
        var token = await settings.Token(cancellation);
        ImmutableArray<string> tokens = token is null ? [] : [.. QuotedToken.PartsOf(token)];
        if (project.Members.Any(m => m.Access.Grants.Grants.Any(g => QuotedToken.Holds(g.Word, tokens))))
        {
            throw new ProviderException(
                ProviderFault.Invalid,
                "a word of access in the manifest is the provider's token; take it out of the manifest, "
                    + "and renew the token"
            );
        }

        return await reader.ReadAsync(project, cancellation);
    }
}

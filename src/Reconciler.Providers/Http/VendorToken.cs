using System.Collections.Immutable;
using Reconciler.Core.Ports;

namespace Reconciler.Providers.Http;

/// <summary>The header in which a vendor expects its token.</summary>
/// <param name="Name">The header's name.</param>
/// <param name="Prefix">The text before the token.</param>
/// <param name="Second">
/// The header of the second key, where the token is two keys with a colon between; null where it is one.
/// </param>
internal sealed record TokenHeader(string Name, string Prefix = "", string? Second = null)
{
    /// <summary>The header of RFC 6750.</summary>
    public static TokenHeader Bearer { get; } = new("Authorization", "Bearer ");

    /// <summary>The headers of a token.</summary>
    /// <param name="token">The token, which <see cref="VendorToken"/> has checked.</param>
    public IEnumerable<(string Name, string Value)> Of(string token)
    {
        var colon = Second is null ? -1 : token.IndexOf(':', StringComparison.Ordinal);
        return colon < 0
            ? [(Name, Prefix + token)]
            : [(Name, Prefix + token[..colon]), (Second!, token[(colon + 1)..])];
    }
}

/// <summary>
/// Reads the token, and refuses one that is not valid in a header. No message contains any part of it.
/// </summary>
internal sealed class VendorToken(
    TokenHeader header,
    Func<CancellationToken, ValueTask<string>> source,
    Func<CancellationToken, ValueTask<string>>? fresh = null
)
{
    // After a rotation, the vendor may still have stored the old token, so several are remembered, with their parts.
    private const int MostKept = 12;

    private ImmutableArray<string> _known = [];

    /// <summary>
    /// The recent tokens that are long enough to be recognized, newest first. None of them may be shown.
    /// </summary>
    public ImmutableArray<string> Known => _known;

    public async ValueTask<string> ReadAsync(CancellationToken cancellation) => Keep(Fit(await source(cancellation)));

    /// <summary>Reads the token again after one was refused.</summary>
    public async ValueTask<string> RenewAsync(CancellationToken cancellation) =>
        Keep(Fit(await (fresh ?? source)(cancellation)));

    private string Keep(string token)
    {
        // In a token of one key, what stands before a colon may be a name that lists have, and is no secret.
        var parts = header.Second is null ? QuotedToken.PartsOf(token).Take(1) : QuotedToken.PartsOf(token);
        // The whole token is added last and so struck first, and with it a key that is too short to be searched for.
        foreach (var part in parts.Reverse().Where(p => !_known.Contains(p)))
            ImmutableInterlocked.Update(
                ref _known,
                (known, added) => known.Contains(added) ? known : [added, .. known.Take(MostKept - 1)],
                part
            );
        return token;
    }

    private string Fit(string token)
    {
        if (string.IsNullOrWhiteSpace(token))
            throw Unfit("is empty");
        foreach (var character in token)
        {
            if (character is '\r' or '\n')
                throw Unfit("has a line break");
            if (character is <= ' ' or > '~')
                throw Unfit("has a space, a control character or one that is not ASCII");
        }

        if (header.Second is not null && token.Split(':') is not [{ Length: > 0 }, { Length: > 0 }])
            throw Unfit($"is not two keys, of {header.Name} and {header.Second}, with a colon between");
        return token;
    }

    private static ProviderException Unfit(string why) =>
        new(ProviderFault.Configuration, $"the token {why}; check the variable, file or Secret that it comes from");
}

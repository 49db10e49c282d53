using System.Collections.Immutable;
using Reconciler.Core.Ports;

namespace Reconciler.Providers.Http;

/// <summary>The header in which a vendor expects its token.</summary>
/// <param name="Name">The header's name.</param>
/// <param name="Prefix">The text before the token.</param>
internal sealed record TokenHeader(string Name, string Prefix = "")
{
    /// <summary>The header of RFC 6750.</summary>
    public static TokenHeader Bearer { get; } = new("Authorization", "Bearer ");
}

/// <summary>
/// Reads the token, and refuses one that is not valid in a header. No message contains any part of it.
/// </summary>
internal sealed class VendorToken(
    Func<CancellationToken, ValueTask<string>> source,
    Func<CancellationToken, ValueTask<string>>? fresh = null
)
{
    // After a rotation, the vendor may still have stored the old token, so several are remembered.
    private const int MostKept = 4;

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
        if (token.Length >= QuotedToken.Shortest && !_known.Contains(token))
            ImmutableInterlocked.Update(
                ref _known,
                (known, added) => known.Contains(added) ? known : [added, .. known.Take(MostKept - 1)],
                token
            );
        return token;
    }

    private static string Fit(string token)
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

        return token;
    }

    private static ProviderException Unfit(string why) =>
        new(ProviderFault.Configuration, $"the token {why}; check the variable, file or Secret that it comes from");
}

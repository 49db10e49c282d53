using System.Collections.Immutable;
using Reconciler.Core.Ports;

namespace Reconciler.Providers.Http;

/// <summary>The header that a vendor wants its token in.</summary>
/// <param name="Name">The header's name.</param>
/// <param name="Prefix">What stands before the token.</param>
internal sealed record TokenHeader(string Name, string Prefix = "")
{
    /// <summary>RFC 6750's header.</summary>
    public static TokenHeader Bearer { get; } = new("Authorization", "Bearer ");
}

/// <summary>Gets the token, and refuses what cannot stand in a header. No message holds any part of it.</summary>
internal sealed class VendorToken(
    Func<CancellationToken, ValueTask<string>> source,
    Func<CancellationToken, ValueTask<string>>? fresh = null
)
{
    // A token that was renewed may still stand in what the vendor stored while the old one was sent.
    private const int MostKept = 4;

    private ImmutableArray<string> _known = [];

    /// <summary>
    /// The tokens of late that are long enough to be told from a word, the newest first: none may be shown.
    /// </summary>
    public ImmutableArray<string> Known => _known;

    public async ValueTask<string> ReadAsync(CancellationToken cancellation) => Keep(Fit(await source(cancellation)));

    /// <summary>The token as it is now, after one was refused.</summary>
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

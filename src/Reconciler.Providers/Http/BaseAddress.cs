using Flurl;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;

namespace Reconciler.Providers.Http;

/// <summary>
/// Builds the URLs below a vendor's base URL. No other URL can be requested, whatever ids and links contain.
/// </summary>
internal sealed class BaseAddress
{
    private readonly Uri _root;

    /// <summary>Checks a base URL.</summary>
    /// <exception cref="ProviderException">The URL is not one that a token may be sent to.</exception>
    public BaseAddress(Uri url)
    {
        if (!url.IsAbsoluteUri || url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
            throw new ProviderException(
                ProviderFault.Configuration,
                "the base URL must be absolute, without user, query and fragment"
            );
        if (url.Scheme != Uri.UriSchemeHttps && !(url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
            throw new ProviderException(
                ProviderFault.Configuration,
                $"the base URL {url} is not https; only loopback gets a token without encryption"
            );
        _root = new Uri(url.AbsoluteUri.TrimEnd('/') + "/");
    }

    public bool IsLoopback => _root.IsLoopback;

    /// <summary>
    /// Builds a URL from path segments, each escaped, with a slash at the end where <paramref name="closed"/>.
    /// </summary>
    /// <exception cref="ProviderException">A segment is invalid.</exception>
    public Uri Of(bool closed, ReadOnlySpan<string> segments, params ReadOnlySpan<(string Name, string Value)> query) =>
        Of(closed, [.. segments.ToArray().Select(s => new PathSegment(s, MayHoldSlashes: false))], query);

    /// <summary>
    /// Builds a URL from path segments, each escaped, with a slash at the end where <paramref name="closed"/>.
    /// </summary>
    /// <exception cref="ProviderException">A segment is invalid.</exception>
    public Uri Of(
        bool closed,
        ReadOnlySpan<PathSegment> segments,
        params ReadOnlySpan<(string Name, string Value)> query
    )
    {
        var url = new Url(_root);
        foreach (var segment in segments)
        {
            foreach (var part in segment.MayHoldSlashes ? segment.Text.Split('/') : [segment.Text])
            {
                if (VendorId.Problem(part, uuid: false) is { } problem)
                    throw Refused($"an id {problem}");
            }

            url.AppendPathSegment(segment.Text, fullyEncode: true);
        }

        if (closed)
            url.AppendPathSegment("/");
        foreach (var (name, value) in query)
            url.AppendQueryParam(name, value);

        // Uri resolves dot segments, also in spellings that the check above may not know, so the result is compared
        // with what was meant.
        var asked = url.ToUri();
        if (Covers(asked) && asked.AbsoluteUri == url.ToString())
            return asked;
        throw Refused("an id would change the path of the request");
    }

    /// <summary>
    /// Builds the URL of the next page. The vendor's link must stay on the origin and path of the current page.
    /// </summary>
    /// <exception cref="ProviderException">The link leads elsewhere.</exception>
    public Uri Follow(Uri page, string link)
    {
        var isUrl = Uri.TryCreate(page, link, out var next);
        if (isUrl && next!.UserInfo.Length == 0 && Covers(next) && next.AbsolutePath == page.AbsolutePath)
            return next;
        // The query is not shown, since it may contain any text.
        var where = VendorText.Clean(isUrl ? next!.GetLeftPart(UriPartial.Path) : "nowhere");
        throw new ProviderException(
            ProviderFault.BadAnswer,
            $"GET {PathOf(page)}: the link to the next page leads to {where}, and not to the same origin and path"
        );
    }

    /// <summary>Whether a URL is below the base URL.</summary>
    public bool Covers(Uri url) => url.AbsoluteUri.StartsWith(_root.AbsoluteUri, StringComparison.Ordinal);

    /// <summary>The path below the base URL, for messages.</summary>
    public string PathOf(Uri url) => url.AbsolutePath[(_root.AbsolutePath.Length - 1)..];

    private static ProviderException Refused(string why) =>
        new(ProviderFault.Configuration, $"nothing was sent: {why}");
}

/// <summary>A segment of a path, not yet escaped.</summary>
/// <param name="Text">The text.</param>
/// <param name="MayHoldSlashes">
/// Whether slashes in it are escaped, as GitLab has paths of groups in one segment; else they are refused.
/// </param>
internal readonly record struct PathSegment(string Text, bool MayHoldSlashes);

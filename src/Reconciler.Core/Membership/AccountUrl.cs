using System.Text;

namespace Reconciler.Core.Membership;

/// <summary>
/// Normalises a vendor's base URL, so that two spellings of one account share one state, limit and owner.
/// </summary>
public static class AccountUrl
{
    private static readonly string[] EncodedDelimiters = ["%2F", "%5C", "%2E", "%3F", "%23", "%25"];

    /// <summary>
    /// Returns the normalised URL: scheme and host in lower case, no default port, letters not encoded, no empty
    /// segment, one slash at the end.
    /// </summary>
    /// <param name="url">An absolute URL without user, query and fragment.</param>
    public static Uri Normal(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        var segments = Plain(url.AbsolutePath).Split('/', StringSplitOptions.RemoveEmptyEntries);
        var port = url.IsDefaultPort ? "" : $":{url.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)}";
        var path = segments.Length == 0 ? "" : $"{string.Join('/', segments)}/";
        return new($"{url.Scheme}://{Host(url)}{port}/{path}");
    }

    /// <summary>Reads a base URL: http or https, with a host and without user, query and fragment.</summary>
    /// <param name="text">The text; it may hold a password, so no message shows it where this returns null.</param>
    /// <returns>The URL as it is written; null if the text is none.</returns>
    public static Uri? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return
            !text.Any(char.IsWhiteSpace)
            && Uri.TryCreate(text, UriKind.Absolute, out var url)
            && url
                is {
                    Scheme: "https" or "http",
                    Host.Length: > 0,
                    UserInfo.Length: 0,
                    Query.Length: 0,
                    Fragment.Length: 0
                }
            ? url
            : null;
    }

    /// <summary>Normalises a text; returns it unchanged if it is no URL.</summary>
    /// <param name="text">A base URL as it was written down.</param>
    public static string Normal(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "https" or "http" && url!.Host.Length > 0
            ? Normal(url).AbsoluteUri
            : text;

    /// <summary>Why a URL cannot be normalised; null if it can.</summary>
    /// <param name="url">An absolute URL.</param>
    public static string? Problem(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (!Ascii.IsValid(url.Host))
            return "has letters beyond ASCII in its host; expected the A-labels, which begin with xn--";
        var encoded = EncodedDelimiters.FirstOrDefault(d =>
            url.AbsolutePath.Contains(d, StringComparison.OrdinalIgnoreCase)
        );
        return encoded is null ? null : $"encodes a delimiter of paths as {encoded}; expected a path without it";
    }

    private static string Host(Uri url) =>
        url.HostNameType == UriHostNameType.IPv6 ? url.Host : url.Host.ToLowerInvariant().TrimEnd('.');

    // Letters, digits and - _ ~ mean the same encoded or not (RFC 3986, 6.2.2.2); other characters are encoded with
    // capitals.
    private static string Plain(string path)
    {
        if (!path.Contains('%', StringComparison.Ordinal))
            return path;
        var plain = new StringBuilder(path.Length);
        for (var i = 0; i < path.Length; i++)
        {
            if (
                path[i] != '%'
                || i + 2 >= path.Length
                || !char.IsAsciiHexDigit(path[i + 1])
                || !char.IsAsciiHexDigit(path[i + 2])
            )
            {
                plain.Append(path[i]);
                continue;
            }

            var value = (char)Convert.ToByte(path.Substring(i + 1, 2), 16);
            if (char.IsAsciiLetterOrDigit(value) || value is '-' or '_' or '~')
                plain.Append(value);
            else
                plain.Append(path.Substring(i, 3).ToUpperInvariant());
            i += 2;
        }

        return plain.ToString();
    }
}

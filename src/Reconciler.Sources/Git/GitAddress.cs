using System.Net;
using System.Text.RegularExpressions;
using Reconciler.Manifests;

namespace Reconciler.Sources.Git;

/// <summary>
/// A repository's address. Only some of git's schemes are allowed; others, such as <c>ext::</c>, can run commands.
/// </summary>
/// <param name="Scheme">https, http, ssh or file, as git's protocol lists name it.</param>
/// <param name="Url">The address for git.</param>
/// <param name="Normal">
/// The normalised address: no user, no default port, no <c>.git</c>, the host in lower case.
/// </param>
/// <param name="Site">Scheme, host and port, for https and http: where credentials may go.</param>
public sealed partial record GitAddress(string Scheme, string Url, string Normal, string Site)
{
    private const string Expected = "expected https://host/path, ssh://user@host/path, user@host:path or file:///path";

    /// <summary>Whether it is reached over HTTP.</summary>
    internal bool IsHttp => Scheme is "https" or "http";

    /// <summary>Whether it is reached over SSH.</summary>
    internal bool IsSsh => Scheme == "ssh";

    /// <summary>Parses an address.</summary>
    /// <exception cref="SourceException">It is invalid, or refused.</exception>
    public static GitAddress Parse(string url)
    {
        if (url.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))
            throw new SourceException($"the repository's address holds white space; {Expected}");
        // Checked first, because helper::address runs the program git-remote-helper.
        if (Helper().Match(url) is { Success: true } helper)
            throw Refused(helper.Value);
        if (!url.Contains("://", StringComparison.Ordinal))
            return Short(url);
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri))
            throw new SourceException($"the repository's address cannot be read; {Expected}");
        if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
            throw new SourceException($"the repository's address has a query or a fragment; {Expected}");
        return uri.Scheme switch
        {
            "https" => Http(uri),
            "http" when IsLoopback(uri) => Http(uri),
            "http" => throw new SourceException(
                $"http://{uri.Host} is not encrypted: anybody on the way could change the manifests; "
                    + "use https (http is for loopback only)"
            ),
            "ssh" => Ssh(url, uri),
            "file" when uri.Host.Length == 0 && uri.AbsolutePath.Length > 1 => new(
                uri.Scheme,
                url,
                $"file://{Trimmed(uri.AbsolutePath)}",
                ""
            ),
            _ => throw Refused($"{uri.Scheme}://"),
        };
    }

    private static GitAddress Http(Uri uri)
    {
        // The user is not shown, because it may be a token.
        if (uri.UserInfo.Length > 0)
            throw new SourceException(
                "the repository's address holds credentials, which would show in process lists and logs; "
                    + $"take them out and use a token file (host {uri.Host})"
            );
        if (Trimmed(uri.AbsolutePath).Length == 0)
            throw new SourceException($"{uri.Scheme}://{uri.Host} has no path; {Expected}");
        var site = $"{uri.Scheme}://{Authority(uri)}";
        return new(uri.Scheme, uri.AbsoluteUri, site + Trimmed(uri.AbsolutePath), site);
    }

    private static GitAddress Ssh(string url, Uri uri)
    {
        if (uri.UserInfo.Contains(':', StringComparison.Ordinal))
            throw new SourceException(
                $"the repository's address holds a password; take it out and use a key file (host {uri.Host})"
            );
        Check(uri.UserInfo, uri.Host);
        if (Trimmed(uri.AbsolutePath).Length == 0)
            throw new SourceException($"ssh://{uri.Host} has no path; {Expected}");
        var host = uri.Port is 22 or -1 ? uri.Host : $"{uri.Host}:{uri.Port}";
        return new("ssh", url, $"ssh://{host.ToLowerInvariant()}{Trimmed(uri.AbsolutePath)}", "");
    }

    private static GitAddress Short(string url)
    {
        if (ShortForm().Match(url) is not { Success: true } match)
            throw new SourceException($"the repository's address cannot be read; {Expected}");
        var (user, host, path) = (match.Groups["user"].Value, match.Groups["host"].Value, match.Groups["path"].Value);
        Check(user, host);
        return new("ssh", url, $"ssh://{host.ToLowerInvariant()}{Trimmed("/" + path.TrimStart('/'))}", "");
    }

    // A name that begins with a dash would be an option for ssh.
    private static void Check(string user, string host)
    {
        if (user.StartsWith('-') || host.StartsWith('-'))
            throw new SourceException(
                $"the repository's address has a user or a host that begins with a dash; {Expected}"
            );
    }

    private static SourceException Refused(string scheme) =>
        new($"addresses that begin with {scheme} are refused; {Expected}");

    private static bool IsLoopback(Uri uri) =>
        uri.IsLoopback
        || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static string Authority(Uri uri) =>
        (uri.IsDefaultPort ? uri.Host : $"{uri.Host}:{uri.Port}").ToLowerInvariant();

    private static string Trimmed(string path)
    {
        var bare = path.TrimEnd('/');
        return (
            bare.EndsWith(".git", StringComparison.Ordinal) && !bare.EndsWith("/.git", StringComparison.Ordinal)
                ? bare[..^4]
                : bare
        ).TrimEnd('/');
    }

    [GeneratedRegex("^[A-Za-z0-9]*::", RegexOptions.NonBacktracking)]
    private static partial Regex Helper();

    [GeneratedRegex(
        @"^((?<user>[A-Za-z0-9._-]+)@)?(?<host>[A-Za-z0-9._-]{2,}):(?<path>[^:].*)$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex ShortForm();
}

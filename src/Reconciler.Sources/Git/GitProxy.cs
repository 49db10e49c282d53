using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Reconciler.Sources.Git;

/// <summary>The proxy through which git reaches a repository: the one of the process's own requests.</summary>
/// <param name="Shown">Its address without user and password.</param>
/// <param name="Address">Its address for git.</param>
/// <param name="Secrets">What of it must never appear in a message.</param>
internal sealed partial record GitProxy(string Shown, string Address, IReadOnlyList<string> Secrets)
{
    /// <summary>Returns the proxy of an address; null where git connects directly.</summary>
    /// <param name="address">The repository.</param>
    public static GitProxy? Of(GitAddress address)
    {
        // SSH uses no proxy, and http is for loopback only.
        if (address.Scheme != "https" || new Uri(address.Url) is not { IsLoopback: false } target)
            return null;
        if (HttpClient.DefaultProxy.GetProxy(target) is not { } proxy || proxy == target)
            return null;
        var shown = $"{proxy.Scheme}://{proxy.Authority}";
        // Curl looks names up itself, unless the scheme says that the proxy does.
        var scheme = proxy.Scheme == "socks5" ? "socks5h" : proxy.Scheme;
        if (HttpClient.DefaultProxy.Credentials?.GetCredential(proxy, "Basic") is not { UserName.Length: > 0 } login)
            return new(shown, $"{scheme}://{proxy.Authority}", []);
        var (user, password) = (Uri.EscapeDataString(login.UserName), Uri.EscapeDataString(login.Password));
        return new(
            shown,
            $"{scheme}://{user}:{password}@{proxy.Authority}",
            [.. new[] { login.Password, password }.Where(s => s.Length > 0).Distinct(StringComparer.Ordinal)]
        );
    }

    /// <summary>
    /// Says what the proxy did, where git's message is about it; null where it is not.
    /// </summary>
    /// <param name="errors">What git wrote.</param>
    /// <param name="host">The host that git wanted to reach.</param>
    public string? Explain(string errors, string host)
    {
        if (StatusOf(errors) is { } status)
            return string.Create(
                CultureInfo.InvariantCulture,
                $"cannot be reached: the proxy {Shown} answered {status} when asked to connect to {host}; "
                    + $"{Advice(status)}"
            );
        if (errors.Contains("Could not resolve proxy", StringComparison.OrdinalIgnoreCase))
            return $"cannot be reached: the name of the proxy {Shown} is not known";
        return IsAboutConnecting(errors) ? $"cannot be reached through the proxy {Shown}" : null;
    }

    // Curl says "CONNECT tunnel failed, response 403"; before 7.87 "Received HTTP code 403 from proxy after CONNECT".
    private static int? StatusOf(string errors) =>
        Refusal().Match(errors) is { Success: true } refusal
            ? int.Parse(refusal.Groups["status"].ValueSpan, CultureInfo.InvariantCulture)
            : null;

    private static string Advice(int status) =>
        status == 407
            ? "it wants a user and a password in HTTPS_PROXY"
            : "ask who runs it, or name the host in NO_PROXY where no proxy is needed";

    private static bool IsAboutConnecting(string errors) =>
        Array.Exists(
            (string[])
                [
                    "Failed to connect",
                    "Couldn't connect",
                    "Connection refused",
                    "connection to proxy closed",
                    "Proxy CONNECT aborted",
                    "timed out",
                    "SOCKS",
                ],
            s => errors.Contains(s, StringComparison.OrdinalIgnoreCase)
        );

    [GeneratedRegex(
        "(CONNECT tunnel failed, response|Received HTTP code) (?<status>[0-9]{3})",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Refusal();
}

using System.Net;

namespace Reconciler.Proxies;

/// <summary>
/// The proxies that the environment names: <c>HTTPS_PROXY</c>, <c>HTTP_PROXY</c>, and <c>ALL_PROXY</c> where neither
/// fits, in capitals or small letters; <see cref="NoProxyList"/> says what is reached without them. It is the default
/// of every HTTP client of the process, so that vendors, webhooks, collectors, API servers and git follow one rule.
/// </summary>
internal sealed class EnvironmentProxy : IWebProxy
{
    // The runtime knows no usual port of SOCKS, as it does of HTTP.
    private const int SocksPort = 1080;

    private static readonly string[] Schemes = ["http", "https", "socks5", "socks5h", "socks4", "socks4a"];

    private readonly Uri? _https;
    private readonly Uri? _http;
    private readonly NoProxyList _direct;

    private EnvironmentProxy(Uri? https, Uri? http, NoProxyList direct)
    {
        (_https, _http, _direct) = (Plain(https), Plain(http), direct);
        Credentials = new ProxyCredentials([(_https, https), (_http, http)]);
    }

    /// <inheritdoc/>
    public ICredentials? Credentials { get; set; }

    /// <summary>Reads the variables.</summary>
    /// <param name="variable">Gives a variable; null where it is not set.</param>
    /// <exception cref="ProxyVariableException">
    /// One of them is no address: without an error, requests would go past the proxy.
    /// </exception>
    public static EnvironmentProxy Of(Func<string, string?> variable)
    {
        var any = Address(variable, "ALL_PROXY");
        // A CGI script gets the header Proxy of a stranger's request in this variable: https://httpoxy.org.
        var isScript = variable("REQUEST_METHOD") is { Length: > 0 };
        return new(
            Address(variable, "HTTPS_PROXY") ?? any,
            (isScript ? null : Address(variable, "HTTP_PROXY")) ?? any,
            NoProxyList.Parse(Value(variable, "NO_PROXY").Text)
        );
    }

    /// <inheritdoc/>
    public Uri? GetProxy(Uri destination)
    {
        var proxy = destination.Scheme is "https" or "wss" ? _https : _http;
        return proxy is null || _direct.Covers(destination) ? null : proxy;
    }

    /// <inheritdoc/>
    public bool IsBypassed(Uri host) => GetProxy(host) is null;

    private static Uri? Address(Func<string, string?> variable, string name)
    {
        var (at, text) = Value(variable, name);
        if (text.Length == 0)
            return null;
        // A host with a port is read as a scheme, so that the double slash decides.
        var address = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        return
            Uri.TryCreate(address, UriKind.Absolute, out var proxy)
            && Schemes.Contains(proxy.Scheme, StringComparer.Ordinal)
            && proxy.Host.Length > 0
            ? proxy
            : throw new ProxyVariableException(at);
    }

    private static (string Name, string Text) Value(Func<string, string?> variable, string name)
    {
        foreach (var at in (string[])[name, name.ToLowerInvariant()])
        {
            if (variable(at)?.Trim() is { Length: > 0 } text)
                return (at, text);
        }

        return (name, "");
    }

    // Without user and password: this address is shown in messages. The runtime's SOCKS always sends names.
    private static Uri? Plain(Uri? proxy) =>
        proxy is null
            ? null
            : new UriBuilder(
                proxy.Scheme == "socks5h" ? "socks5" : proxy.Scheme,
                proxy.Host,
                proxy.Port < 0 ? SocksPort : proxy.Port
            ).Uri;

    private sealed class ProxyCredentials((Uri? Shown, Uri? Given)[] proxies) : ICredentials
    {
        public NetworkCredential? GetCredential(Uri uri, string authType)
        {
            var given = Array.Find(proxies, p => p.Shown is { } shown && shown.Authority == uri.Authority).Given;
            if (given?.UserInfo.Split(':', 2) is not [{ Length: > 0 } user, .. var password])
                return null;
            return new(Uri.UnescapeDataString(user), Uri.UnescapeDataString(string.Concat(password)));
        }
    }
}

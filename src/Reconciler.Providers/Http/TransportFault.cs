using System.Globalization;
using System.Security.Authentication;
using Reconciler.Core.Ports;

namespace Reconciler.Providers.Http;

/// <summary>Decides what a request without a complete answer may have done.</summary>
internal static class TransportFault
{
    /// <summary>Judges an exception from sending a request or reading its answer.</summary>
    /// <param name="fault">The exception.</param>
    /// <param name="isLate">Whether the timeout of the request was over.</param>
    /// <param name="settings">The settings of the connection.</param>
    public static Attempt Judge(Exception fault, bool isLate, ConnectionSettings settings)
    {
        if (isLate)
            return Of(Outcome.Lost, $"got no answer within {settings.RequestTimeout.TotalSeconds:0.###} s", fault);
        var host = settings.BaseUrl.Authority;
        if (
            fault is HttpRequestException failed
            && ProxyOf(settings.BaseUrl) is { } proxy
            && ThroughProxy(failed, proxy, host) is { } refused
        )
            return refused;

        return (fault as HttpRequestException)?.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => Of(
                Outcome.Unsent,
                $"was not sent: the host {host} is not known",
                fault
            ),
            HttpRequestError.ConnectionError or HttpRequestError.ProxyTunnelError => Of(
                Outcome.Unsent,
                $"was not sent: no connection to {host}",
                fault
            ),
            // Another attempt would get the same certificate.
            HttpRequestError.SecureConnectionError when fault.InnerException is AuthenticationException => Of(
                Outcome.Denied,
                $"was not sent: the certificate of {host} is not trusted; check the host and the provider's caFile",
                fault
            ),
            HttpRequestError.SecureConnectionError => Of(
                Outcome.Unsent,
                $"was not sent: no secure connection to {host}",
                fault
            ),
            HttpRequestError.ConfigurationLimitExceeded => Of(
                Outcome.Unreadable,
                "answered with more than 32 MiB",
                fault
            ),
            _ => Of(Outcome.Lost, "lost its connection before the whole answer came", fault),
        };
    }

    // The address of the proxy stands in messages, and its user and password do not.
    private static string? ProxyOf(Uri target) =>
        !target.IsLoopback && HttpClient.DefaultProxy.GetProxy(target) is { } proxy && proxy != target
            ? proxy.GetLeftPart(UriPartial.Scheme) + proxy.Authority
            : null;

    private static Attempt? ThroughProxy(HttpRequestException fault, string proxy, string host) =>
        (fault.HttpRequestError, (int?)fault.StatusCode) switch
        {
            (HttpRequestError.ProxyTunnelError, 407) => Of(
                Outcome.Denied,
                $"was not sent: the proxy {proxy} answered 407; it wants a user and a password in HTTPS_PROXY",
                fault
            ),
            // A proxy that forbids a host does so at the next attempt too; one that fails may be well again.
            (HttpRequestError.ProxyTunnelError, { } status) => Of(
                status < 500 ? Outcome.Denied : Outcome.Unsent,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"was not sent: the proxy {proxy} answered {status} when asked to connect to {host}; "
                ) + "ask who runs it, or name the host in NO_PROXY where no proxy is needed",
                fault
            ),
            (HttpRequestError.NameResolutionError, _) => Of(
                Outcome.Unsent,
                $"was not sent: the name of the proxy {proxy} is not known",
                fault
            ),
            (HttpRequestError.ProxyTunnelError or HttpRequestError.ConnectionError, _) => Of(
                Outcome.Unsent,
                $"was not sent: no connection to {host} through the proxy {proxy}",
                fault
            ),
            _ => null,
        };

    private static Attempt Of(Outcome outcome, string text, Exception fault) =>
        new(outcome, text) { Fault = ProviderFault.Unavailable, Cause = fault };
}

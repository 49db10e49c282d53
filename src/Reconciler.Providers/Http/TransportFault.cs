using System.Security.Authentication;
using Reconciler.Core.Ports;

namespace Reconciler.Providers.Http;

/// <summary>Tells what a request that got no whole answer may have done.</summary>
internal static class TransportFault
{
    /// <summary>Judges what was thrown while a request was sent or its answer read.</summary>
    /// <param name="fault">What was thrown.</param>
    /// <param name="isLate">Whether the request's time was over.</param>
    /// <param name="settings">The connection.</param>
    public static Attempt Judge(Exception fault, bool isLate, ConnectionSettings settings)
    {
        if (isLate)
            return Of(Outcome.Lost, $"got no answer within {settings.RequestTimeout.TotalSeconds:0.###} s", fault);
        var host = settings.BaseUrl.Authority;
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
            // Another attempt meets the same certificate.
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

    private static Attempt Of(Outcome outcome, string text, Exception fault) =>
        new(outcome, text) { Fault = ProviderFault.Unavailable, Cause = fault };
}

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

    private static Attempt Of(Outcome outcome, string text, Exception fault) =>
        new(outcome, text) { Fault = ProviderFault.Unavailable, Cause = fault };
}

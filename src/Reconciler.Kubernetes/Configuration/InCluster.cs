using System.Net;
using System.Net.Sockets;

namespace Reconciler.Kubernetes.Configuration;

/// <summary>
/// Reads the connection of a pod to its own cluster: two environment variables, and a folder with the token, the
/// authority and the namespace.
/// </summary>
public static class InCluster
{
    private const string Mounted = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>Whether this process runs in a pod with access to its cluster.</summary>
    public static bool IsAvailable =>
        Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST") is { Length: > 0 }
        && File.Exists($"{Mounted}/token");

    /// <summary>Reads the connection.</summary>
    /// <param name="clock">
    /// The clock that decides when token and authority are read again; null for the system's.
    /// </param>
    /// <exception cref="ConfigurationException">
    /// This process does not run in a pod, or the pod has no token.
    /// </exception>
    public static ClusterConnection Load(TimeProvider? clock = null) =>
        Load(Environment.GetEnvironmentVariable, Mounted, clock ?? TimeProvider.System);

    internal static ClusterConnection Load(Func<string, string?> variable, string folder, TimeProvider clock)
    {
        if (
            variable("KUBERNETES_SERVICE_HOST") is not { Length: > 0 } host
            || variable("KUBERNETES_SERVICE_PORT") is not { Length: > 0 } port
        )
        {
            throw new ConfigurationException(
                "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set: this is no pod of a cluster"
            );
        }

        var token = Path.Combine(folder, "token");
        if (!File.Exists(token))
            throw new ConfigurationException($"{token} is missing: the pod was given no service account token");
        var name = Path.Combine(folder, "namespace");
        return new()
        {
            Server = Address(host, port),
            Namespace = File.Exists(name) && File.ReadAllText(name).Trim() is { Length: > 0 } own ? own : "default",
            Authorities = Authorities.FromFile(Path.Combine(folder, "ca.crt"), clock),
            Credentials = FileCredential.Token(token, clock),
        };
    }

    private static Uri Address(string host, string port)
    {
        var isIPv6 = IPAddress.TryParse(host, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;
        var bracketed = isIPv6 ? $"[{address}]" : host;
        return Uri.TryCreate($"https://{bracketed}:{port}/", UriKind.Absolute, out var server)
            ? server
            : throw new ConfigurationException(
                $"KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT make no address: {host}, {port}"
            );
    }
}

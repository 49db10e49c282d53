namespace Reconciler.Kubernetes.Configuration;

/// <summary>
/// Describes how to reach a cluster, and with which credential. Created by <see cref="KubeConfig"/> or
/// <see cref="InCluster"/>, or by hand.
/// </summary>
public sealed record ClusterConnection
{
    /// <summary>The address of the API server, including a path where it has one.</summary>
    public required Uri Server { get; init; }

    /// <summary>The default namespace.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>The authorities for the server's certificate; null for those of the machine.</summary>
    public Authorities? Authorities { get; init; }

    /// <summary>
    /// The name in the server's certificate, where it differs from the host (<c>tls-server-name</c>); null otherwise.
    /// </summary>
    public string? TlsServerName { get; init; }

    /// <summary>Whether any certificate is accepted (<c>insecure-skip-tls-verify</c>).</summary>
    public bool SkipTlsVerify { get; init; }

    /// <summary>The proxy (http, https or socks5); null for the one in the environment.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>The source of the credential.</summary>
    public ICredentialSource Credentials { get; init; } = FixedCredential.Anonymous;
}

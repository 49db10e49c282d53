namespace Reconciler.Kubernetes.Configuration;

/// <summary>
/// How one cluster is reached, as whom. Made by <see cref="KubeConfig"/> or <see cref="InCluster"/>, or by hand.
/// </summary>
public sealed record ClusterConnection
{
    /// <summary>The API server, with a path where it stands behind one.</summary>
    public required Uri Server { get; init; }

    /// <summary>The namespace meant where none is named.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>Who signs the server's certificate; null trusts what the machine trusts.</summary>
    public Authorities? Authorities { get; init; }

    /// <summary>
    /// The name that the server's certificate must have, where it is not the host's (<c>tls-server-name</c>).
    /// </summary>
    public string? TlsServerName { get; init; }

    /// <summary>Whether any certificate will do (<c>insecure-skip-tls-verify</c>).</summary>
    public bool SkipTlsVerify { get; init; }

    /// <summary>The proxy on the way (http, https or socks5); null takes the one that the environment names.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>Who asks.</summary>
    public ICredentialSource Credentials { get; init; } = FixedCredential.Anonymous;
}

namespace Reconciler.Kubernetes.Configuration;

/// <summary>
/// An error in the connection's configuration: in a kubeconfig, an exec plugin or the pod's own files. It contains no
/// secret.
/// </summary>
public sealed class ConfigurationException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The error, with its place.</param>
    /// <param name="inner">The cause; null for none.</param>
    public ConfigurationException(string message, Exception? inner = null)
        : base(message, inner) { }
}

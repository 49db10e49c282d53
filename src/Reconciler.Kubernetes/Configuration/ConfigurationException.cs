namespace Reconciler.Kubernetes.Configuration;

/// <summary>
/// How to reach the cluster cannot be told: a kubeconfig, an exec plugin or the pod's own files are wrong. Its text
/// holds no secret.
/// </summary>
public sealed class ConfigurationException : Exception
{
    /// <summary>Says what is wrong.</summary>
    /// <param name="message">What is wrong, and where.</param>
    /// <param name="inner">What made it known.</param>
    public ConfigurationException(string message, Exception? inner = null)
        : base(message, inner) { }
}

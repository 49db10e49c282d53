using Reconciler.Testing.Kubernetes.Servers;

namespace Reconciler.Operator.Tests.Vendors;

/// <summary>
/// The API server of tests with VendorDefinitions. The chart's definitions are others with them, and all tests of one
/// server share its definitions.
/// </summary>
public sealed class DescribedApiServer : IAsyncDisposable
{
    /// <summary>The server.</summary>
    public KubeApiServer Server { get; } = new();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

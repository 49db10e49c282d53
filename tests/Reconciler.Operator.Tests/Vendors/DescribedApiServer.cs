using Reconciler.Testing.Kubernetes.Servers;

namespace Reconciler.Operator.Tests.Vendors;

/// <summary>
/// The API server of tests with VendorDefinitions. The chart's definitions are others with them, and all tests of one
/// server share its definitions.
/// </summary>
public sealed class DescribedApiServer : IAsyncDisposable
{
    /// <summary>
    /// Tests that run an operator here, one at a time: every operator sees every definition, and writes its status.
    /// </summary>
    public const string Operators = "operators with VendorDefinitions";

    /// <summary>The server.</summary>
    public KubeApiServer Server { get; } = new();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

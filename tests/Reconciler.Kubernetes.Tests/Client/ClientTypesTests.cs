using Reconciler.Kubernetes.Client;
using Reconciler.Testing.Kubernetes;

namespace Reconciler.Kubernetes.Tests.Client;

/// <summary>What the native program, which has no table of the package's models, finds of their types.</summary>
public sealed class ClientTypesTests
{
    [Fact]
    public void Every_kind_that_the_library_reads_or_writes_is_known_without_the_package() =>
        Assert.NotEmpty(ResourceModels.AreKnown(typeof(ClusterClient).Assembly, ClientTypes.Default));
}

using Reconciler.Operator.Resources;
using Reconciler.Testing.Kubernetes;

namespace Reconciler.Operator.Tests.Client;

/// <summary>What the native program, which has no table of the package's models, finds of their types.</summary>
public sealed class ClusterTypesTests
{
    [Fact]
    public void Every_kind_that_the_operator_reads_or_writes_is_known_without_the_package() =>
        Assert.Contains(
            typeof(k8s.Models.V1Secret),
            ResourceModels.AreKnown(typeof(ClusterResource).Assembly, ClusterJson.Default)
        );
}

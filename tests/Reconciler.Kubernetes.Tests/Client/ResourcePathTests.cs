using Reconciler.Kubernetes.Client;

namespace Reconciler.Kubernetes.Tests.Client;

public sealed class ResourcePathTests
{
    [Fact]
    public void Kinds_objects_and_parts_have_their_paths()
    {
        var pods = ResourceType.Untyped("", "v1", "pods", "Pod");
        Assert.Equal("api/v1/pods", ResourcePath.Of(pods, null));
        Assert.Equal("api/v1/namespaces/a/pods/b", ResourcePath.Of(pods, "a", "b"));
        var things = ResourceType.Untyped("example.com", "v1alpha1", "things", "Thing");
        Assert.Equal(
            "apis/example.com/v1alpha1/namespaces/a/things/b%20c/status",
            ResourcePath.Of(things, "a", "b c", "status")
        );
        Assert.Equal(
            "?labelSelector=a%20in%20%28b%2Cc%29",
            ResourcePath.Query(("labelSelector", "a in (b,c)"), ("limit", null))
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/../b")]
    [InlineData("%2e%2e")]
    public void A_name_that_would_lead_elsewhere_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() =>
            ResourcePath.Of(ResourceType.Untyped("", "v1", "secrets", "Secret"), "a", name)
        );
}

using System.Text.Json;
using Reconciler.Operator.Resources;

namespace Reconciler.Operator.Tests;

/// <summary>
/// Who wrote a resource's spec last, as far as the API server tells: the source in the operator's audit trail.
/// </summary>
public sealed class SpecManagerTests
{
    [Fact]
    public void The_last_manager_of_the_spec_counts_and_not_who_wrote_the_status()
    {
        var resource = Of(
            """
            [{"manager": "kubectl", "time": "2026-11-01T08:00:00Z", "fieldsV1": {"f:spec": {}}},
             {"manager": "kustomize-controller", "time": "2026-11-02T08:00:00Z", "fieldsV1": {"f:metadata": {},
            """
                + """
                 "f:spec": {"f:members": {}}}},
                 {"manager": "reconciler-operator", "time": "2026-11-03T08:00:00Z", "subresource": "status", "fieldsV1": {"f:status": {}}}]
                """
        );
        resource.KeepSpecManager();
        Assert.Equal("kustomize-controller", resource.SpecManager);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("[{}, {\"manager\": null, \"fieldsV1\": {\"f:spec\": {}}}, {\"manager\": \"m\", \"fieldsV1\": \"x\"}]")]
    public void Odd_fields_name_nobody(string fields)
    {
        var resource = Of(fields);
        resource.KeepSpecManager();
        Assert.Null(resource.SpecManager);
    }

    private static ClusterResource Of(string managedFields) =>
        JsonSerializer.Deserialize(
            """{"apiVersion": "reconciler.dev/v1alpha1", "kind": "ProjectMembership", "metadata": """
                + $$"""{"name": "p", "namespace": "default", "managedFields": {{managedFields}}} }""",
            ClusterJson.Default.ClusterResource
        )!;
}

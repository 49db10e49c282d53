using System.Reflection;
using System.Text.Json;
using Reconciler.Kubernetes.Client;
using Reconciler.Operator.Resources;

namespace Reconciler.Operator.Tests.Client;

/// <summary>What the native program, which has no table of the package's models, finds of their types.</summary>
public sealed class ClusterTypesTests
{
    [Fact]
    public void Every_kind_that_the_operator_reads_or_writes_is_known_without_the_package()
    {
        var models = typeof(ClusterResource)
            .Assembly.GetTypes()
            .Where(type => !type.ContainsGenericParameters)
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Select(field => field.FieldType)
            .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ResourceType<>))
            .Select(type => type.GenericTypeArguments[0])
            .Distinct()
            .ToList();
        Assert.Contains(typeof(k8s.Models.V1Secret), models);
        var options = new JsonSerializerOptions { TypeInfoResolver = ClusterJson.Default };
        Assert.All(models, model => Assert.True(options.TryGetTypeInfo(model, out _), $"{model} is not known"));
    }
}

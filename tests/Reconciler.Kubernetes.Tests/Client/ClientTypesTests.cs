using System.Reflection;
using System.Text.Json;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Kubernetes.Tests.Client;

/// <summary>What the native program, which has no table of the package's models, finds of their types.</summary>
public sealed class ClientTypesTests
{
    [Fact]
    public void Every_kind_that_the_library_reads_or_writes_is_known_without_the_package()
    {
        var models = typeof(ClusterClient)
            .Assembly.GetTypes()
            .Where(type => !type.ContainsGenericParameters)
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Select(field => field.FieldType)
            .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ResourceType<>))
            .Select(type => type.GenericTypeArguments[0])
            .ToList();
        Assert.NotEmpty(models);
        var options = new JsonSerializerOptions { TypeInfoResolver = ClientTypes.Default };
        Assert.All(models, model => Assert.True(options.TryGetTypeInfo(model, out _), $"{model} is not known"));
    }
}

using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Testing.Kubernetes;

/// <summary>The models of the Kubernetes kinds that an assembly reads or writes.</summary>
public static class ResourceModels
{
    /// <summary>Fails where JSON types lack a model that a static field of the assembly names as its kind's.</summary>
    /// <param name="assembly">The assembly, with a field of <see cref="ResourceType{T}"/> for each kind.</param>
    /// <param name="known">The JSON types.</param>
    /// <returns>The models.</returns>
    public static IReadOnlyList<Type> AreKnown(Assembly assembly, IJsonTypeInfoResolver known)
    {
        var models = assembly
            .GetTypes()
            .Where(type => !type.ContainsGenericParameters)
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Select(field => field.FieldType)
            .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ResourceType<>))
            .Select(type => type.GenericTypeArguments[0])
            .Distinct()
            .ToList();
        var options = new JsonSerializerOptions { TypeInfoResolver = known };
        Assert.All(models, model => Assert.True(options.TryGetTypeInfo(model, out _), $"{model} is not known"));
        return models;
    }
}

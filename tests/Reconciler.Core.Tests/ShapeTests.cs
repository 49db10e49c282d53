using System.Reflection;
using System.Runtime.CompilerServices;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Shapes;

namespace Reconciler.Core.Tests;

/// <summary>The generated shapes, compared with what reflection says of the manifest types.</summary>
public sealed class ShapeTests
{
    public static TheoryData<Type> Parts =>
        [
            .. typeof(ManifestPart)
                .Assembly.GetTypes()
                .Where(t => t is { IsAbstract: false } && t.IsAssignableTo(typeof(ManifestPart))),
        ];

    [Theory]
    [MemberData(nameof(Parts))]
    public void Every_property_of_a_manifest_type_is_a_field(Type type)
    {
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanWrite && p.GetCustomAttribute<NotAFieldAttribute>() is null)
            .OrderBy(p => p.DeclaringType == type ? 1 : 0)
            .ToList();
        var shape = ShapeOf(type);
        Assert.Equal(
            properties.Select(p => (char.ToLowerInvariant(p.Name[0]) + p.Name[1..], p.DeclaringType!)),
            shape.Fields.Select(f => (f.Name, f.Owner))
        );
        Assert.Equal(
            properties.Select(p => p.GetCustomAttribute<RequiredMemberAttribute>() is not null),
            shape.Fields.Select(f => f.IsRequired)
        );
        Assert.Equal(
            properties.Select(p => p.GetCustomAttribute<SecretAttribute>() is not null),
            shape.Fields.Select(f => f.IsSecret)
        );
        Assert.Equal(
            properties.Select(p => p.GetCustomAttribute<DefaultAttribute>()?.Text),
            shape.Fields.Select(f => f.Default)
        );
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public void Every_field_and_type_of_manifests_has_a_description(Type type)
    {
        var shape = ShapeOf(type);
        Assert.NotEmpty(shape.Summary);
        Assert.All(shape.Fields, f => Assert.False(string.IsNullOrWhiteSpace(f.Summary), f.Name));
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public void A_field_sets_the_property_of_its_name(Type type)
    {
        foreach (var field in ShapeOf(type).Fields)
        {
            var property = type.GetProperty(char.ToUpperInvariant(field.Name[0]) + field.Name[1..])!;
            var bare = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            var value = Sample(bare, field.Shape);
            var part = (ManifestPart)RuntimeHelpers.GetUninitializedObject(type);
            field.Set(part, value);
            Assert.Equal(value, property.GetValue(part));
        }
    }

    [Fact]
    public void A_word_stands_for_each_member_of_an_enum()
    {
        var words = Parts
            .SelectMany(p => ShapeOf(p.Data).Fields)
            .Select(f => f.Shape)
            .OfType<WordShape>()
            .Distinct()
            .ToList();
        Assert.True(words.Count >= 4);
        Assert.All(
            words,
            w => Assert.Equal(Enum.GetValues(w.Members[0].Value.GetType()).Cast<Enum>(), w.Members.Select(m => m.Value))
        );
        Assert.All(words.SelectMany(w => w.Members), m => Assert.NotEmpty(m.Meaning));
    }

    private static RecordShape ShapeOf(Type type) => (RecordShape)type.GetProperty("Shape")!.GetValue(null)!;

    private static object Sample(Type type, ValueShape shape) =>
        shape switch
        {
            FlagShape => true,
            NumberShape => 7,
            WordShape word => word.Members[^1].Value,
            TextShape => "text",
            ListShape or MapShape => Collection(type),
            _ => RuntimeHelpers.GetUninitializedObject(type),
        };

    private static object Collection(Type type)
    {
        var arguments = type.GetGenericArguments();
        var made =
            arguments.Length == 1
                ? typeof(List<>).MakeGenericType(arguments)
                : typeof(Dictionary<,>).MakeGenericType(arguments);
        return Activator.CreateInstance(made)!;
    }
}

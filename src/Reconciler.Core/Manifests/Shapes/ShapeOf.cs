using System.Collections.Concurrent;
using System.Reflection;
using Reconciler.Core.Manifests.Values;

namespace Reconciler.Core.Manifests.Shapes;

/// <summary>Derives shapes from the manifest types.</summary>
public static class ShapeOf
{
    private const int MostItems = 10_000;

    private static readonly ConcurrentDictionary<Type, RecordShape> Known = new();

    /// <summary>The shape of a record type; made once.</summary>
    /// <param name="type">A subclass of <see cref="ManifestPart"/>.</param>
    public static RecordShape Record(Type type) => Known.GetOrAdd(type, t => new RecordShape(t));

    internal static ValueShape Property(PropertyInfo property) => Value(property.PropertyType, property);

    private static ValueShape Value(Type type, PropertyInfo property)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
            return new TextShape(property.GetCustomAttribute<TextAttribute>() ?? new TextAttribute());
        if (type == typeof(bool))
            return new FlagShape();
        if (type == typeof(int))
            return new NumberShape(
                property.GetCustomAttribute<NumberAttribute>() ?? new NumberAttribute(0, int.MaxValue)
            );
        if (type.IsEnum)
            return new WordShape(type);
        if (type == typeof(AccessWords))
            return new AccessShape();
        if (typeof(ManifestPart).IsAssignableFrom(type))
            return Record(type);
        if (IsForm(type))
            return Form(type, property.GetCustomAttribute<AtLeastAttribute>());
        return Collection(type, property);
    }

    private static ValueShape Form(Type type, AtLeastAttribute? least) =>
        (ValueShape)
            Activator.CreateInstance(typeof(FormShape<>).MakeGenericType(type), least?.Min, least?.Unit ?? 'm')!;

    private static ValueShape Collection(Type type, PropertyInfo property)
    {
        var most = property.GetCustomAttribute<MaxItemsAttribute>()?.Count ?? MostItems;
        var arguments = type.GetGenericArguments();
        return arguments.Length switch
        {
            1 => new ListShape(arguments[0], Value(arguments[0], property), most),
            2 => new MapShape(arguments[1], Value(arguments[1], property), most),
            _ => throw new InvalidOperationException(
                $"{property.DeclaringType?.Name}.{property.Name} has a type without a shape"
            ),
        };
    }

    private static bool IsForm(Type type) =>
        type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IFieldText<>));
}

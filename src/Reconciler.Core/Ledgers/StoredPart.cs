using System.Text.Json;

namespace Reconciler.Core.Ledgers;

/// <summary>
/// Refuses a stored part that lacks what it must have. The deserializer leaves what is missing or null, also in a list,
/// as null, and takes any number for an enum value.
/// </summary>
internal static class StoredPart
{
    /// <summary>A value that is always written.</summary>
    /// <param name="value">The value as it was read.</param>
    /// <exception cref="JsonException">It is missing.</exception>
    public static T Of<T>(T? value)
        where T : class => value ?? throw new JsonException($"a {typeof(T).Name} is missing");

    /// <summary>The items of a list that is always written.</summary>
    /// <param name="items">The list as it was read.</param>
    /// <exception cref="JsonException">It, or an item, is missing.</exception>
    public static IEnumerable<T> All<T>(IEnumerable<T>? items)
        where T : class => Of(items).Select(Of);

    /// <summary>A word of a list of words.</summary>
    /// <param name="value">The value as it was read.</param>
    /// <exception cref="JsonException">It is none of them.</exception>
    public static T Word<T>(T value)
        where T : struct, Enum =>
        Enum.IsDefined(value) ? value : throw new JsonException($"\"{value}\" is no {typeof(T).Name}");
}

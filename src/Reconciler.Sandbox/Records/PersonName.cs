namespace Reconciler.Sandbox.Records;

/// <summary>A person's name, made from the address: Ana Rossi for ana.rossi@example.com.</summary>
internal static class PersonName
{
    private static readonly char[] Separators = ['.', '-', '_', '+'];

    public static string First(Person person) => Parts(person)[0];

    public static string Last(Person person) => string.Join(' ', Parts(person).Skip(1));

    public static string Full(Person person) => string.Join(' ', Parts(person));

    private static string[] Parts(Person person)
    {
        var local = person.Email[..Math.Max(0, person.Email.IndexOf('@', StringComparison.Ordinal))];
        var words = local.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? [""] : [.. words.Select(w => $"{char.ToUpperInvariant(w[0])}{w[1..]}")];
    }
}

using System.Collections.Immutable;
using System.Globalization;

namespace Reconciler.Sandbox.Seeds;

/// <summary>
/// Reads the fields of one mapping and collects problems; <see cref="Dispose"/> reports unknown fields.
/// </summary>
internal readonly ref struct SeedFields(SeedNode node, string what, List<string> problems)
{
    private readonly List<KeyValuePair<string, SeedNode>> left = Open(node, what, problems);

    public SeedNode? Take(string name)
    {
        var at = left.FindIndex(field => field.Key.Equals(name, StringComparison.Ordinal));
        if (at < 0)
            return null;
        var found = left[at].Value;
        left.RemoveAt(at);
        return found is SeedScalar { Value: null } ? null : found;
    }

    public string? Text(string name) => Take(name) is { } value ? TextOf(value, name) : null;

    public string Required(string name)
    {
        if (Text(name) is { Length: > 0 } text)
            return text;
        problems.Add($"line {node.Line}: {what} needs '{name}'");
        return "";
    }

    /// <summary>Reads the address of a person, or the login where the vendor knows people by logins.</summary>
    public string Name()
    {
        if (Text("login") is not { Length: > 0 } login)
            return Required("email");
        if (Text("email") is not null)
            problems.Add($"line {node.Line}: {what} has a login or an email, not both");
        return login;
    }

    public bool Flag(string name) => Take(name) is { } value && FlagOf(value, name);

    /// <summary>Reads a whole number, from 1.</summary>
    public int Number(string name)
    {
        var text = Required(name);
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
            return number;
        if (text.Length > 0)
            problems.Add($"line {node.Line}: '{name}' must be a whole number from 1 on");
        return 1;
    }

    public DateTimeOffset? Instant(string name)
    {
        if (Take(name) is not { } value)
            return null;
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParse(TextOf(value, name), CultureInfo.InvariantCulture, Utc, out var instant))
            return instant;
        problems.Add($"line {value.Line}: '{name}' must be an instant like 2026-01-31T09:00:00Z");
        return null;
    }

    public ImmutableArray<T> List<T>(string name, Func<SeedNode, T> read)
    {
        var value = Take(name);
        if (value is null)
            return [];
        if (value is SeedList list)
            return [.. list.Items.Select(read)];
        problems.Add($"line {value.Line}: '{name}' must be a list");
        return [];
    }

    public ImmutableArray<string> Texts(string name)
    {
        var found = problems;
        return List(name, item => TextOf(item, name, found));
    }

    public IReadOnlyDictionary<string, bool> Flags(string name)
    {
        if (Take(name) is not { } value)
            return ImmutableDictionary<string, bool>.Empty;
        var flags = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var (flag, on) in Open(value, $"'{name}'", problems))
            flags[flag] = FlagOf(on, flag);
        return flags;
    }

    /// <summary>Reads a mapping from words to one or several values.</summary>
    public SandboxAccess Access(string name)
    {
        if (Take(name) is { } value)
            return AccessOf(value, name);
        problems.Add($"line {node.Line}: {what} needs '{name}'");
        return SandboxAccess.None;
    }

    /// <summary>Reads such a mapping where it may be absent.</summary>
    public SandboxAccess OptionalAccess(string name) =>
        Take(name) is { } value ? AccessOf(value, name) : SandboxAccess.None;

    private SandboxAccess AccessOf(SeedNode value, string name)
    {
        var access = SandboxAccess.None;
        foreach (var (word, values) in Open(value, $"'{name}'", problems))
        {
            var items = values is SeedList list ? list.Items : [values];
            var texts = new string[items.Count];
            for (var i = 0; i < texts.Length; i++)
                texts[i] = TextOf(items[i], word);
            access = access.With(word, texts);
        }

        return access;
    }

    public void Dispose()
    {
        foreach (var (name, value) in left)
            problems.Add($"line {value.Line}: {what} has no field '{name}'");
    }

    /// <summary>The keys and values of a mapping.</summary>
    public static IReadOnlyList<KeyValuePair<string, SeedNode>> Entries(
        SeedNode node,
        string what,
        List<string> problems
    ) => [.. Open(node, what, problems)];

    private static List<KeyValuePair<string, SeedNode>> Open(SeedNode node, string what, List<string> problems)
    {
        if (node is not SeedMap map)
        {
            problems.Add($"line {node.Line}: {what} must be a mapping");
            return [];
        }

        for (var i = 1; i < map.Fields.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (map.Fields[i].Key.Equals(map.Fields[j].Key, StringComparison.Ordinal))
                    problems.Add($"line {map.Fields[i].Value.Line}: '{map.Fields[i].Key}' is there twice");
            }
        }

        return map.Fields;
    }

    private string TextOf(SeedNode value, string name) => TextOf(value, name, problems);

    public static string TextOf(SeedNode value, string name, List<string> problems)
    {
        if (value is SeedScalar { Value: { } text })
            return text;
        problems.Add($"line {value.Line}: '{name}' must be text");
        return "";
    }

    private bool FlagOf(SeedNode value, string name)
    {
        if (value is SeedScalar { Value: "true" or "false" } flag)
            return flag.Value.Equals("true", StringComparison.Ordinal);
        problems.Add($"line {value.Line}: '{name}' must be true or false");
        return false;
    }
}

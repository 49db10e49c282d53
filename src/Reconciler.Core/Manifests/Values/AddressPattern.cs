namespace Reconciler.Core.Manifests.Values;

/// <summary>An address, or a pattern of addresses where <c>*</c> stands for any run of characters; compared without case.</summary>
public sealed class AddressPattern : IFieldText<AddressPattern>
{
    private readonly string[] _parts;

    private AddressPattern(string text) => (Text, _parts) = (text, text.ToLowerInvariant().Split('*'));

    /// <inheritdoc/>
    public static string Pattern => "^\\s*[^@\\s]+@[^@\\s]+\\s*$";

    /// <inheritdoc/>
    public static string Expected => "an address or a pattern such as *@vendor.example";

    /// <inheritdoc/>
    public static string Example => "*@vendor.example";

    /// <summary>As declared.</summary>
    public string Text { get; }

    /// <inheritdoc/>
    public static AddressPattern? Parse(string text)
    {
        var trimmed = text.Trim();
        var at = trimmed.IndexOf('@', StringComparison.Ordinal);
        if (at < 1 || at == trimmed.Length - 1 || trimmed.LastIndexOf('@') != at) return null;
        return trimmed.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) ? null : new(trimmed);
    }

    /// <summary>Whether an address is one of these.</summary>
    /// <param name="emailKey">The address's <see cref="EmailAddress.Key"/>.</param>
    public bool Matches(string emailKey)
    {
        if (_parts.Length == 1) return emailKey == _parts[0];
        if (!emailKey.StartsWith(_parts[0], StringComparison.Ordinal)) return false;
        var from = _parts[0].Length;
        foreach (var part in _parts.AsSpan(1, _parts.Length - 2))
        {
            var found = emailKey.IndexOf(part, from, StringComparison.Ordinal);
            if (found < 0) return false;
            from = found + part.Length;
        }

        return emailKey.Length - from >= _parts[^1].Length && emailKey.EndsWith(_parts[^1], StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}

using System.Text;
using Reconciler.Core.Manifests.Values.Unicode;

namespace Reconciler.Core.Manifests.Values;

/// <summary>
/// An address, or a pattern of addresses where <c>*</c> stands for any run of characters; compared as an
/// <see cref="EmailAddress"/> is.
/// </summary>
public sealed class AddressPattern : IFieldText<AddressPattern>
{
    private readonly string[] _parts;

    private AddressPattern(string text, string key) => (Text, _parts) = (text, key.Split('*'));

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
        if (ProblemOf(trimmed) is not null)
            return null;
        var at = trimmed.IndexOf('@', StringComparison.Ordinal);
        var domain = string.Join('.', trimmed[(at + 1)..].Split('.').Select(LabelKey));
        return new(trimmed, $"{EmailAddress.LocalKey(trimmed[..at])}@{domain}");
    }

    /// <inheritdoc/>
    public static string? Explain(string text) => ProblemOf(text.Trim());

    /// <summary>Whether an address is one of these.</summary>
    /// <param name="emailKey">The address's <see cref="EmailAddress.Key"/>.</param>
    public bool Matches(string emailKey)
    {
        if (_parts.Length == 1)
            return emailKey == _parts[0];
        if (!emailKey.StartsWith(_parts[0], StringComparison.Ordinal))
            return false;
        var from = _parts[0].Length;
        foreach (var part in _parts.AsSpan(1, _parts.Length - 2))
        {
            var found = emailKey.IndexOf(part, from, StringComparison.Ordinal);
            if (found < 0)
                return false;
            from = found + part.Length;
        }

        return emailKey.Length - from >= _parts[^1].Length && emailKey.EndsWith(_parts[^1], StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    // Replace stars by a letter, so that the pattern can be checked like an address; which letter does not matter.
    private static string? ProblemOf(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (
            at >= 0
            && text[(at + 1)..].Split('.').Any(l => l.Contains('*', StringComparison.Ordinal) && !Ascii.IsValid(l))
        )
        {
            return "has a * beside letters other than a to z in one label of the domain; "
                + "expected a label of its own for the *";
        }

        return EmailAddress.WhyNone(text.Replace('*', 'x'));
    }

    private static string LabelKey(string label) =>
        Ascii.IsValid(label) ? label.ToLowerInvariant() : DomainLabels.Map(label).Ascii ?? label;
}

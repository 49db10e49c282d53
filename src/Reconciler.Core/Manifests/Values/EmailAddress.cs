using System.Text;

namespace Reconciler.Core.Manifests.Values;

/// <summary>
/// A person's address. Compared without case and by code unit; dots and plus parts are kept, since only the vendor knows what they mean.
/// Written to the vendor as declared.
/// </summary>
public sealed class EmailAddress : IFieldText<EmailAddress>, IEquatable<EmailAddress>
{
    private const int Longest = 254;

    private EmailAddress(string text) => (Text, Key) = (text, KeyOf(text));

    /// <inheritdoc/>
    public static string Pattern => "^\\s*[^@\\s<>,;\"]+@[^@\\s<>,;\"]+\\s*$";

    /// <inheritdoc/>
    public static string Expected => "an e-mail address such as ana@example.com";

    /// <inheritdoc/>
    public static string Example => "ana@example.com";

    /// <summary>As declared, without space around it.</summary>
    public string Text { get; }

    /// <summary>What two spellings of one address share.</summary>
    public string Key { get; }

    /// <summary>What comes after the @, in lower case.</summary>
    public string Domain => Key[(Key.IndexOf('@', StringComparison.Ordinal) + 1)..];

    /// <summary>What two spellings of one address share.</summary>
    /// <param name="text">An address as a vendor or a person wrote it.</param>
    public static string KeyOf(string text)
    {
        var trimmed = text.Trim();
        // Most addresses are in lower case already, and there are many.
        return trimmed.AsSpan().ContainsAnyInRange('A', 'Z') || !Ascii.IsValid(trimmed) ? trimmed.ToLowerInvariant() : trimmed;
    }

    /// <inheritdoc/>
    public static EmailAddress? Parse(string text)
    {
        var trimmed = text.Trim();
        var at = trimmed.IndexOf('@', StringComparison.Ordinal);
        if (at <= 0 || at == trimmed.Length - 1 || trimmed.Length > Longest) return null;
        if (trimmed.LastIndexOf('@') != at) return null;
        foreach (var c in trimmed)
        {
            if (char.IsWhiteSpace(c) || char.IsControl(c) || c is '<' or '>' or ',' or ';' or '"') return null;
        }

        return new(trimmed);
    }

    /// <inheritdoc/>
    public bool Equals(EmailAddress? other) => other is not null && Key == other.Key;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EmailAddress);

    /// <inheritdoc/>
    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Text;
}

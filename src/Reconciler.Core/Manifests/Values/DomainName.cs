namespace Reconciler.Core.Manifests.Values;

/// <summary>
/// A domain of addresses. Compared as the A-labels that UTS #46 maps it to, as the domain of an
/// <see cref="EmailAddress"/> is.
/// </summary>
public sealed class DomainName : IFieldText<DomainName>
{
    private DomainName(string text, string key) => (Text, Key) = (text, key);

    /// <inheritdoc/>
    public static string Pattern => "^[^@\\s*/:]+$";

    /// <inheritdoc/>
    public static string Expected => "a domain such as example.com";

    /// <inheritdoc/>
    public static string Example => "example.com";

    /// <summary>As declared.</summary>
    public string Text { get; }

    /// <summary>Equal for all spellings of one domain.</summary>
    public string Key { get; }

    /// <inheritdoc/>
    public static DomainName? Parse(string text) =>
        EmailAddress.Parse($"x@{text}") is { } address && !text.AsSpan().ContainsAny(" \t\r\n")
            ? new(text, address.Domain)
            : null;

    /// <inheritdoc/>
    public static string? Explain(string text) =>
        text.Length == 0 || text.Contains('@', StringComparison.Ordinal) ? null : EmailAddress.Explain($"x@{text}");

    /// <inheritdoc/>
    public static string? Doubt(DomainName value) =>
        EmailAddress.Parse($"x@{value.Text}") is { } address ? EmailAddress.Doubt(address) : null;

    /// <inheritdoc/>
    public override string ToString() => Text;
}

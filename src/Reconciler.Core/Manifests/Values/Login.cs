using System.Text;
using Reconciler.Core.Manifests.Values.Unicode;

namespace Reconciler.Core.Manifests.Values;

/// <summary>
/// A person's name at a vendor that knows people by names instead of addresses, such as GitHub. Two spellings that
/// differ in the case of ASCII letters have one <see cref="Key"/>; where a vendor tells them apart, the planner reports
/// what differs in case alone.
/// </summary>
public sealed class Login : IFieldText<Login>, IEquatable<Login>
{
    private const int Longest = 128;

    private Login(string text) => Text = text;

    /// <inheritdoc/>
    public static string Pattern => "^\\s*[^@:/\\\\%?#<>,;\"\\s]+\\s*$";

    /// <inheritdoc/>
    public static string Expected => "a login such as octocat";

    /// <inheritdoc/>
    public static string Example => "octocat";

    /// <summary>As declared, without space around it.</summary>
    public string Text { get; }

    /// <summary>Equal for all spellings of one login. No address and no id has the same key.</summary>
    public string Key => EmailAddress.KeyOf(Text);

    /// <summary>Why a text cannot be a login; null if it can.</summary>
    /// <param name="text">As a vendor or a person wrote it.</param>
    public static string? WhyNone(string text)
    {
        if (text.Length == 0)
            return "is empty";
        if (text[0] == '@')
            return "begins with @, which is no part of a login";
        if (text.Contains('@', StringComparison.Ordinal))
            return "is an address, and no login";
        if (text is "." or "..")
            return "is dots alone";
        if (text.Length > Longest)
            return "has more than 128 characters";
        // As the key has it: the Greek question mark composes to a semicolon.
        text = NormalForm.C(text);
        for (var i = 0; i < text.Length; i++)
        {
            var point = VisibleText.PointAt(text, ref i);
            // Half a surrogate pair is no rune, and hidden.
            if (Rune.TryCreate(point, out var rune) && Rune.IsWhiteSpace(rune))
                return "holds white space";
            if (VisibleText.IsHidden(point))
                return $"holds the invisible character {VisibleText.Spelling(point)}";
            if (rune.IsAscii && ":/\\%?#<>,;\"".Contains((char)rune.Value, StringComparison.Ordinal))
                return $"holds {rune}";
        }

        return null;
    }

    /// <summary>Whether a vendor's text is a login that can be used in a write.</summary>
    /// <param name="text">As the vendor wrote it.</param>
    public static bool IsUsable(string text) => WhyNone(text) is null;

    /// <inheritdoc/>
    public static string? Explain(string text) => WhyNone(text.Trim());

    /// <inheritdoc/>
    public static string? Doubt(Login value) => ScriptMix.Doubt(value.Text);

    /// <inheritdoc/>
    public static Login? Parse(string text) => Explain(text) is null ? new(text.Trim()) : null;

    /// <inheritdoc/>
    public bool Equals(Login? other) => other is not null && Key == other.Key;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Login);

    /// <inheritdoc/>
    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Text;
}

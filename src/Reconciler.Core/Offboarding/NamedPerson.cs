using Reconciler.Core.Manifests.Values;

namespace Reconciler.Core.Offboarding;

/// <summary>
/// A person as somebody names them: by an address, or by a login and the place where it holds, such as
/// <c>github:octocat</c>. A login alone names nobody, since each vendor has its own.
/// </summary>
public sealed class NamedPerson
{
    private NamedPerson(EmailAddress? email, string? place, Login? login) =>
        (Email, Place, Login) = (email, place, login);

    /// <summary>What is expected, as an error says it.</summary>
    public static string Expected => $"{EmailAddress.Expected}, or a login such as github:octocat";

    /// <summary>The address; null where a login was given.</summary>
    public EmailAddress? Email { get; }

    /// <summary>
    /// Where the login holds: the name of a connection, of a vendor, or of a site; null where an address was given.
    /// </summary>
    public string? Place { get; }

    /// <summary>The login; null where an address was given.</summary>
    public Login? Login { get; }

    /// <summary>The words as they were given.</summary>
    public string Text => Email?.Text ?? $"{Place}:{Login}";

    /// <summary>Reads the words.</summary>
    /// <param name="text">An address, or a place, a colon and a login.</param>
    /// <returns>The person; null where <see cref="WhyNone"/> says why.</returns>
    public static NamedPerson? Parse(string text) =>
        WhyNone(text) is not null ? null
        : Split(text) is var (place, login) ? new(null, place, Login.Parse(login))
        : new(EmailAddress.Existing(text), null, null);

    /// <summary>Why the words name nobody; null where they do.</summary>
    /// <param name="text">The words.</param>
    public static string? WhyNone(string text) =>
        Split(text) is not var (place, login) ? EmailAddress.WhyNone(text)
        : place.Length == 0 ? "has no place before the colon"
        : Login.WhyNone(login) is { } problem ? $"has a login that {problem}"
        : null;

    // Only a quoted address could hold a colon, and none of those is read.
    private static (string Place, string Login)? Split(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 || text.Contains('@', StringComparison.Ordinal)
            ? null
            : (text[..colon].Trim(), text[(colon + 1)..].Trim());
    }
}

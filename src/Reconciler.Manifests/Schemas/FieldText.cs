using System.Globalization;
using System.Text.RegularExpressions;
using Reconciler.Core.Manifests.Shapes;

namespace Reconciler.Manifests.Schemas;

/// <summary>Describes a field in words, for editors and for the reference page.</summary>
internal static class FieldText
{
    /// <summary>The field's summary, with the meaning of its words.</summary>
    /// <param name="field">The field.</param>
    public static string Description(FieldShape field)
    {
        var text = field.Summary;
        return field.Shape switch
        {
            WordShape word => Sentences([text, .. Meanings(word)]),
            _ => text,
        };
    }

    /// <summary>
    /// Returns the description, with what a schema cannot express: a shortest duration, and a default that is no value.
    /// </summary>
    /// <param name="field">The field.</param>
    /// <param name="tellDefault">Whether the default is added in words.</param>
    public static string Whole(FieldShape field, bool tellDefault) =>
        Sentences(
            Description(field),
            field.Shape is FormShape { Min: { } min } ? $"At least {min}." : "",
            tellDefault && field.Default is { } standard ? $"Default: {standard}." : ""
        );

    /// <summary>Joins sentences, without empty ones.</summary>
    /// <param name="sentences">The sentences.</param>
    public static string Sentences(params IEnumerable<string> sentences) =>
        string.Join(' ', sentences.Where(s => s.Length > 0));

    /// <summary>Whether a field's default is a value as in a manifest, not a phrase.</summary>
    /// <param name="field">The field.</param>
    public static bool IsLiteral(FieldShape field) =>
        field.Default is { } text
        && field.Shape switch
        {
            FlagShape => text is "true" or "false",
            NumberShape => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _),
            WordShape word => word.Words.Contains(text),
            FormShape form => Matches(text, form.Pattern),
            TextShape { Bounds.Pattern: { } pattern } => Matches(text, pattern),
            _ => false,
        };

    private static IEnumerable<string> Meanings(WordShape word) =>
        word.Members.Where(m => m.Meaning.Length > 0).Select(m => $"{m.Text}: {Within(m.Meaning)}");

    // A sentence after a colon starts in lower case, unless it starts with a name in capitals.
    private static string Within(string sentence) =>
        sentence.Length > 1 && char.IsUpper(sentence[1])
            ? sentence
            : $"{char.ToLowerInvariant(sentence[0])}{sentence[1..]}";

    private static bool Matches(string text, string pattern) =>
        Regex.IsMatch(text, pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
}

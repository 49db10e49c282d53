using System.Globalization;
using System.Text.RegularExpressions;
using Reconciler.Core.Manifests.Shapes;

namespace Reconciler.Manifests.Schemas;

/// <summary>What is told of a field in words, for editors and for the reference page alike.</summary>
internal static class FieldText
{
    /// <summary>The field's summary, with the meaning of its words.</summary>
    /// <param name="field">The field.</param>
    /// <param name="docs">The summaries.</param>
    public static string Description(FieldShape field, XmlDocs docs)
    {
        var text = docs.Of(field.Property);
        return field.Shape switch
        {
            WordShape word => Sentences([text, .. Meanings(word, docs)]),
            _ => text,
        };
    }

    /// <summary>
    /// The description, with what a schema has no word for: a shortest duration, and the default where it is no
    /// keyword.
    /// </summary>
    /// <param name="field">The field.</param>
    /// <param name="docs">The summaries.</param>
    /// <param name="tellDefault">Whether the default is told in words.</param>
    public static string Whole(FieldShape field, XmlDocs docs, bool tellDefault) =>
        Sentences(
            Description(field, docs),
            field.Shape is FormShape { Min: { } min } ? $"At least {min}." : "",
            tellDefault && field.Default is { } standard ? $"Default: {standard}." : ""
        );

    /// <summary>Sentences in a row; empty ones are left out.</summary>
    /// <param name="sentences">The sentences.</param>
    public static string Sentences(params IEnumerable<string> sentences) =>
        string.Join(' ', sentences.Where(s => s.Length > 0));

    /// <summary>Whether a field's default is written as a manifest would write it, not told in words.</summary>
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

    private static IEnumerable<string> Meanings(WordShape word, XmlDocs docs) =>
        word
            .Words.Zip(
                word.Type.GetFields().Where(f => f.IsLiteral),
                (text, member) => (text, Meaning: docs.Of(member))
            )
            .Where(m => m.Meaning.Length > 0)
            .Select(m => $"{m.text}: {Within(m.Meaning)}");

    // A sentence that goes on behind a colon; a name in capitals stays one.
    private static string Within(string sentence) =>
        sentence.Length > 1 && char.IsUpper(sentence[1])
            ? sentence
            : $"{char.ToLowerInvariant(sentence[0])}{sentence[1..]}";

    private static bool Matches(string text, string pattern) =>
        Regex.IsMatch(text, pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
}

using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Manifests.Values;

namespace Reconciler.Core.Manifests.Shapes;

/// <summary>Text within bounds.</summary>
/// <param name="bounds">The bounds.</param>
public sealed class TextShape(TextAttribute bounds) : ValueShape
{
    private readonly Regex? _form =
        bounds.Pattern is null || bounds.IsCheckedLater
            ? null
            : new Regex(bounds.Pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    /// <summary>The bounds.</summary>
    public TextAttribute Bounds { get; } = bounds;

    /// <inheritdoc/>
    public override string Expected => Bounds.Expected ?? "text";

    /// <inheritdoc/>
    public override object? Read(Node node, Problems problems)
    {
        var text =
            Bounds.AllowsNumber && node is ScalarNode { Text: var digits } && IsPlainNumber(digits)
                ? digits
                : TextOf(node, problems);
        if (text is null)
            return null;
        if (IsTooLong(text, Bounds.MaxLength, node, problems))
            return null;
        if (text.Length >= Bounds.MinLength && _form?.IsMatch(text) != false && !text.Any(IsRefused))
            return text;
        problems.Error(node, $"is {((ScalarNode)node).Quote()}; expected {Expected}{TemplateText.Hint(text)}");
        return null;
    }

    // YAML reads 0123 and 1e3 as other numbers than they look like.
    private static bool IsPlainNumber(string text) =>
        text == "0" || (text.Length > 0 && text[0] != '0' && text.All(char.IsAsciiDigit));

    // Check for line breaks here, because the $ of a .NET pattern also matches before a last line break.
    private bool IsRefused(char c) => char.IsControl(c) && (!Bounds.Lines || c is not ('\n' or '\r' or '\t'));
}

/// <summary>Text with a form of its own, such as a duration.</summary>
public abstract class FormShape : ValueShape
{
    /// <summary>The longest text, in characters, including the space around it.</summary>
    public const int MaxLength = 1024;

    /// <summary>The form as a regular expression.</summary>
    public abstract string Pattern { get; }

    /// <summary>A value to show.</summary>
    public abstract string Example { get; }

    /// <summary>The shortest duration; null if there is none, and for other forms.</summary>
    public abstract string? Min { get; }
}

/// <summary>Text with a form of its own, such as a duration.</summary>
/// <typeparam name="T">The value's type.</typeparam>
/// <param name="min">The shortest, for durations.</param>
/// <param name="unit">The unit that most people mean, for durations.</param>
public sealed class FormShape<T>(string? min, char unit) : FormShape
    where T : class, IFieldText<T>
{
    private readonly TimeSpan? _min = min is null ? null : Duration.Parse(min)!.Value;

    /// <inheritdoc/>
    public override string Pattern => T.Pattern;

    /// <inheritdoc/>
    public override string Example => T.Example;

    /// <inheritdoc/>
    public override string? Min => min;

    /// <inheritdoc/>
    public override string Expected => min is null ? T.Expected : $"{T.Expected}, at least {min}";

    /// <inheritdoc/>
    public override object? Read(Node node, Problems problems)
    {
        if (UnitMissing(node) is { } advice)
        {
            problems.Error(node, advice);
            return null;
        }

        var text = TextOf(node, problems);
        if (text is null || IsTooLong(text, MaxLength, node, problems))
            return null;
        if (ValueOf(text) is not { } value)
        {
            var scalar = (ScalarNode)node;
            var why =
                !scalar.IsSecret && T.Parse(text) is null && T.Explain(text) is { } explained
                    ? $", which {explained}"
                    : "";
            problems.Error(node, $"is {scalar.Quote()}{why}; expected {Expected}{TemplateText.Hint(text)}");
            return null;
        }

        if (T.Doubt(value) is { } doubt)
            problems.Warning(node, doubt);
        return value;
    }

    private T? ValueOf(string text) =>
        T.Parse(text) is { } value && (value is not Duration duration || _min is null || duration.Value >= _min)
            ? value
            : null;

    // For a number without a unit, suggest the unit of the field, if the result would be valid.
    private string? UnitMissing(Node node)
    {
        if (
            typeof(T) != typeof(Duration)
            || node is not ScalarNode { IsSecret: false } scalar
            || !IsWholeNumber(scalar.Text)
        )
            return null;
        var number = scalar.Text.TrimStart('0');
        var units = "smhd";
        foreach (var candidate in units[units.IndexOf(unit, StringComparison.Ordinal)..])
        {
            if (number.Length > 0 && ValueOf($"{number}{candidate}") is not null)
                return $"{scalar.Text} has no unit; write {number}{candidate} for {Duration.Words(number, candidate)}";
        }

        return null;
    }

    private static bool IsWholeNumber(string text) =>
        text.Length is > 0 and < 10 && !text.AsSpan().ContainsAnyExceptInRange('0', '9');
}

/// <summary>true or false.</summary>
public sealed class FlagShape : ValueShape
{
    /// <inheritdoc/>
    public override string Expected => "true or false";

    /// <inheritdoc/>
    public override object? Read(Node node, Problems problems) =>
        node switch
        {
            ScalarNode { Quoted: false, Text: "true" } => true,
            ScalarNode { Quoted: false, Text: "false" } => false,
            _ => Refuse(node, problems),
        };
}

/// <summary>A whole number within bounds.</summary>
/// <param name="bounds">The bounds.</param>
public sealed class NumberShape(NumberAttribute bounds) : ValueShape
{
    /// <summary>The bounds.</summary>
    public NumberAttribute Bounds { get; } = bounds;

    /// <inheritdoc/>
    public override string Expected =>
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {Bounds.Min} to {Bounds.Max}");

    /// <inheritdoc/>
    public override object? Read(Node node, Problems problems)
    {
        return
            node is ScalarNode { Quoted: false } scalar
            && !HasLeadingZero(scalar.Text)
            && int.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= Bounds.Min
            && number <= Bounds.Max
            ? number
            : Refuse(node, problems);
    }

    // kubectl reads YAML 1.1, in which 010 is eight; in YAML 1.2 it is ten.
    private static bool HasLeadingZero(string text)
    {
        var digits = text.AsSpan().TrimStart("+-");
        return digits.Length > 1 && digits[0] == '0';
    }
}

/// <summary>A member of an enum, as manifests write it.</summary>
/// <param name="Text">The word.</param>
/// <param name="Value">The member.</param>
/// <param name="Meaning">The member's summary, as plain text; empty where it has none.</param>
public sealed record Word(string Text, Enum Value, string Meaning);

/// <summary>One of a few words.</summary>
/// <param name="members">The words, in the enum's order.</param>
public sealed class WordShape(ImmutableArray<Word> members) : ValueShape
{
    /// <summary>The words with their values and meanings, in the enum's order.</summary>
    public ImmutableArray<Word> Members { get; } = members;

    /// <summary>The words, in the enum's order.</summary>
    public IEnumerable<string> Words => Members.Select(w => w.Text);

    /// <inheritdoc/>
    public override string Expected => $"one of {string.Join(", ", Words)}";

    /// <summary>The word of an enum's value.</summary>
    /// <param name="value">The value.</param>
    public string WordOf(Enum value) => Members.Single(w => w.Value.Equals(value)).Text;

    /// <inheritdoc/>
    public override object? Read(Node node, Problems problems)
    {
        var text = TextOf(node, problems);
        if (text is null)
            return null;
        foreach (var word in Members)
        {
            if (word.Text == text)
                return word.Value;
        }

        problems.Error(
            node,
            $"is {((ScalarNode)node).Quote()}; expected {Expected}{ProblemText.DidYouMean(text, Words)}"
        );
        return null;
    }
}

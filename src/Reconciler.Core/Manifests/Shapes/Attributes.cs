namespace Reconciler.Core.Manifests.Shapes;

/// <summary>Bounds of a text field. Without it a text may be anything of 1 to 1,024 characters on one line.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TextAttribute : Attribute
{
    /// <summary>A regular expression (ECMA 262 and RE2) that the whole text matches; none by default.</summary>
    public string? Pattern { get; init; }

    /// <summary>The form in words, to stand after "expected"; needed with a pattern.</summary>
    public string? Expected { get; init; }

    /// <summary>The shortest text, in characters.</summary>
    public int MinLength { get; init; } = 1;

    /// <summary>The longest text, in characters.</summary>
    public int MaxLength { get; init; } = 1024;

    /// <summary>Whether the text may have several lines, and tabs.</summary>
    public bool Lines { get; init; }

    /// <summary>Whether a whole number without quotes is read as its digits: many vendors' ids are numbers.</summary>
    public bool AllowsNumber { get; init; }

    /// <summary>A value to show in documentation.</summary>
    public string? Example { get; init; }

    /// <summary>Whether the pattern is for schemas alone, since a later check knows better what to advise.</summary>
    public bool IsCheckedLater { get; init; }
}

/// <summary>Bounds of a whole number.</summary>
/// <param name="min">The smallest.</param>
/// <param name="max">The largest.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NumberAttribute(int min, int max) : Attribute
{
    /// <summary>The smallest.</summary>
    public int Min { get; } = min;

    /// <summary>The largest.</summary>
    public int Max { get; } = max;
}

/// <summary>Bounds of a duration.</summary>
/// <param name="min">The shortest, as a manifest writes it.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AtLeastAttribute(string min) : Attribute
{
    /// <summary>The shortest, as a manifest writes it.</summary>
    public string Min { get; } = min;

    /// <summary>The unit to suggest if none is written; <c>m</c> by default.</summary>
    public char Unit { get; init; } = 'm';
}

/// <summary>The most entries of a list or mapping (10,000 without it).</summary>
/// <param name="count">The most entries.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MaxItemsAttribute(int count) : Attribute
{
    /// <summary>The most entries.</summary>
    public int Count { get; } = count;
}

/// <summary>The default of a field, in words for the reference page.</summary>
/// <param name="text">The default as a manifest would write it, or a phrase.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DefaultAttribute(string text) : Attribute
{
    /// <summary>The default as a manifest would write it, or a phrase.</summary>
    public string Text { get; } = text;
}

/// <summary>Exactly one of these fields stands in the mapping.</summary>
/// <param name="fields">The fields' names in the manifest.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class ExactlyOneAttribute(params string[] fields) : Attribute
{
    /// <summary>The fields' names in the manifest.</summary>
    public IReadOnlyList<string> Fields { get; } = fields;
}

/// <summary>At most one of these fields stands in the mapping.</summary>
/// <param name="fields">The fields' names in the manifest.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class AtMostOneAttribute(params string[] fields) : Attribute
{
    /// <summary>The fields' names in the manifest.</summary>
    public IReadOnlyList<string> Fields { get; } = fields;
}

/// <summary>A mapping with at least one field.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NotEmptyAttribute : Attribute;

/// <summary>The word of an enum's member in manifests, where it is not the name in lower case.</summary>
/// <param name="text">The word.</param>
[AttributeUsage(AttributeTargets.Field)]
public sealed class WordAttribute(string text) : Attribute
{
    /// <summary>The word.</summary>
    public string Text { get; } = text;
}

/// <summary>
/// Marks a field that says where a secret is. Somebody may have pasted the secret itself, so messages never show its
/// value.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretAttribute : Attribute;

/// <summary>Marks a property that is no field of the manifest.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotAFieldAttribute : Attribute;

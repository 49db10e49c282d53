namespace Reconciler.Core.Manifests.Values;

/// <summary>A field's value that is written as text with a form of its own.</summary>
/// <typeparam name="T">The type itself.</typeparam>
public interface IFieldText<T>
    where T : IFieldText<T>
{
    /// <summary>The form as a regular expression that JSON Schema (ECMA 262) and Kubernetes understand.</summary>
    static abstract string Pattern { get; }

    /// <summary>The form in words, to stand after "expected".</summary>
    static abstract string Expected { get; }

    /// <summary>A value to show.</summary>
    static abstract string Example { get; }

    /// <summary>Reads the text.</summary>
    /// <param name="text">As written.</param>
    /// <returns>The value; null if the text has another form.</returns>
    static abstract T? Parse(string text);

    /// <summary>
    /// What is wrong with text that <see cref="Parse"/> refuses, as words after "it"; null if the expected form says
    /// enough.
    /// </summary>
    /// <param name="text">As written.</param>
    static virtual string? Explain(string text) => null;

    /// <summary>A warning about a valid value; null if there is none.</summary>
    /// <param name="value">The value.</param>
    static virtual string? Doubt(T value) => null;
}

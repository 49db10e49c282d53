using System.Text.RegularExpressions;

namespace Reconciler.Core.Manifests;

/// <summary>Recognises templates, which another tool must render before they are manifests.</summary>
public static partial class TemplateText
{
    /// <summary>The kind of template that a text looks like, with its article; null if it looks like none.</summary>
    /// <param name="text">A value, or a line.</param>
    public static string? NameOf(string text)
    {
        if (Helm().IsMatch(text))
            return "a Helm template";
        if (Jinja().IsMatch(text))
            return "a Jinja template";
        if (text.Contains("{{", StringComparison.Ordinal))
            return "a template";
        if (text.Contains("<%", StringComparison.Ordinal) && text.Contains("%>", StringComparison.Ordinal))
            return "an ERB template";
        return Placeholder().IsMatch(text) ? "a template" : null;
    }

    /// <summary>
    /// Returns <c>"; it looks like a Helm template: render it first"</c> if a value looks like one, else an empty text.
    /// </summary>
    /// <param name="text">A value.</param>
    public static string Hint(string text) =>
        NameOf(text) is { } name ? $"; it looks like {name}: render it first" : "";

    // Go's actions: a field of the values, a keyword, a function that Helm's charts use, or a comment; or the trimming
    // dash.
    private const string GoAction = "\\{\\{-|-\\}\\}|\\{\\{\\s*(\\.|\\$|/\\*|(" + GoWords + ")\\b)";
    private const string GoWords =
        "if|else|end|range|with|include|template|define|block|toYaml|tpl|printf|default|required|quote|lookup";
    private const string JinjaTag = "\\{%.*%\\}|\\{#.*#\\}|\\{%-?\\s*\\w+";
    private const string ShellVariable = "\\$\\{[A-Za-z_][^}]*\\}|\\$\\([A-Za-z_][^)]*\\)";

    [GeneratedRegex(GoAction, RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Helm();

    [GeneratedRegex(JinjaTag, RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Jinja();

    [GeneratedRegex(ShellVariable, RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Placeholder();
}

namespace Reconciler.Options;

/// <summary>The words of <c>--format</c>.</summary>
internal static class OutputFormat
{
    public const string Text = "text";
    public const string Json = "json";
    public const string Markdown = "markdown";
    public const string GitHub = "github";
    public const string Csv = "csv";
    public const string Html = "html";
}

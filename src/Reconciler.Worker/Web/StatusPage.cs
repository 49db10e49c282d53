using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using RazorSlices;
using Reconciler.Hosting.Web;

namespace Reconciler.Worker.Web;

/// <summary>
/// What all pages share: the frame, the style, and what a browser may do with them, which is to show them.
/// </summary>
internal static class StatusPage
{
    /// <summary>What every page is called, and stands in every title.</summary>
    public const string Title = "Reconciler";

    /// <summary>After how long a page is loaded anew.</summary>
    public const int RefreshSeconds = 30;

    /// <summary>The style, as it stands in each page.</summary>
    public static string Style { get; } = Resource("status.css");

    /// <summary>The script, as it stands in each page.</summary>
    public static string Script { get; } = Resource("status.js");

    /// <summary>
    /// What a browser may load and run: this very style, this very script and nothing else, wherever a text that got in
    /// unescaped would point to.
    /// </summary>
    public static string Policy { get; } =
        string.Join(
            "; ",
            "default-src 'none'",
            $"script-src {Hash(Script)}",
            $"style-src {Hash(Style)}",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'"
        );

    /// <summary>A page.</summary>
    /// <param name="frame">What it shows, and what stands around it.</param>
    /// <param name="status">The status code.</param>
    public static HttpAnswer Of(PageFrame frame, int status = StatusCodes.Status200OK) =>
        new(status, "text/html; charset=utf-8", Text(Templates.Layout(frame)));

    // Templates await nothing but each other and write into memory, so that they are done when the call returns.
    private static string Text(RazorSlice template)
    {
        var text = template.RenderAsync(VisibleHtmlEncoder.Instance).AsTask();
        return text.IsCompleted
            ? text.GetAwaiter().GetResult()
            : throw new InvalidOperationException("A template of the status pages waits for something.");
    }

    private static string Hash(string text) =>
        $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    private static string Resource(string name)
    {
        using var stream = typeof(StatusPage).Assembly.GetManifestResourceStream($"status/{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}

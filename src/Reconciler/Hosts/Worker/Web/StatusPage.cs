using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Reconciler.Core.Text;
using Reconciler.Hosts.Web;

namespace Reconciler.Hosts.Worker.Web;

/// <summary>What all pages share: the frame, the style, and what a browser may do with them, which is to show them.</summary>
internal static class StatusPage
{
    /// <summary>After how long a page is loaded anew.</summary>
    public const int RefreshSeconds = 30;

    private const string Title = "Reconciler";

    /// <summary>The style, as it stands in each page.</summary>
    public static string Style { get; } = Resource();

    /// <summary>What a browser may load and run: this very style and nothing else, wherever a text that got in unescaped would point to.</summary>
    public static string Policy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>A page.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="main">What it shows.</param>
    /// <param name="query">What was asked for.</param>
    /// <param name="now">When it is made.</param>
    /// <param name="refreshes">Whether it is loaded anew by itself, unless the reader asks that it is not.</param>
    /// <param name="status">The status code.</param>
    public static HttpAnswer Of(
        string name,
        Html main,
        StatusQuery query,
        DateTimeOffset now,
        bool refreshes,
        int status = StatusCodes.Status200OK
    )
    {
        var again =
            refreshes && !query.IsStill
                ? Html.Of($"<meta http-equiv=\"refresh\" content=\"{RefreshSeconds}\">\n")
                : Html.None;
        var page = Html.Of(
            $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex">
            {again}<title>{name} · {Title}</title>
            <style>{Html.Raw(Style)}</style>
            </head>
            <body>
            <a class="skip" href="#main">Skip to the content</a>
            <header class="top">
            <a class="name" href="/">{Title}</a>
            <nav aria-label="Pages">{Tab("/", "Status", query)}{Tab(
                "/people",
                "Who has what",
                query
            )}<a href="/status.json">JSON</a></nav>
            <p class="quiet">As of <time datetime="{StatusParts.Machine(now)}">{TerminalText.Minute(now)}</time>{(
                refreshes ? Refresh(query) : Html.None
            )}</p>
            </header>
            <main id="main" tabindex="-1">
            {main}
            </main>
            </body>
            </html>

            """
        );
        return new(status, "text/html; charset=utf-8", page.ToString());
    }

    private static Html Tab(string path, string name, StatusQuery query) =>
        query.Path == path
            ? Html.Of($"<a href=\"{path}\" aria-current=\"page\">{name}</a>")
            : Html.Of($"<a href=\"{path}\">{name}</a>");

    private static Html Refresh(StatusQuery query) =>
        query.IsStill
            ? Html.Of(
                $"<span class=\"again\"> · <a href=\"{(query with { IsStill = false }).Link}\">refresh every {RefreshSeconds} s</a></span>"
            )
            : Html.Of(
                $"<span class=\"again\">, again every {RefreshSeconds} s · <a href=\"{(query with { IsStill = true }).Link}\">stop that</a></span>"
            );

    private static string Resource()
    {
        using var stream = typeof(StatusPage).Assembly.GetManifestResourceStream("status/status.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}

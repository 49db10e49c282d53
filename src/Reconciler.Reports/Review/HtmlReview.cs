using System.Net;
using System.Security.Cryptography;
using System.Text;
using Reconciler.Core.Text;
using Reconciler.Engine.Reviews;

namespace Reconciler.Reports.Review;

/// <summary>
/// Renders a review as one page that needs no server and no network. Its Content-Security-Policy lists the hashes of
/// its style and scripts, so that text which was not escaped correctly could still neither run nor load anything.
/// </summary>
public static class HtmlReview
{
    private static readonly string[] Scripts =
    [
        "rows.js",
        "text.js",
        "pictures.js",
        "compare.js",
        "decisions.js",
        "address.js",
        "page.js",
    ];

    /// <summary>The style of the page, exactly as the page contains it.</summary>
    internal static string Style { get; } = Resource("page.css");

    /// <summary>Renders a review as one HTML page.</summary>
    public static string Of(AccessReview review)
    {
        var scripts = Scripts.Select(Resource).ToList();
        var policy = string.Join(
            "; ",
            "default-src 'none'",
            $"script-src {string.Join(' ', scripts.Select(Hash))}",
            $"style-src {Hash(Style)}",
            "base-uri 'none'",
            "form-action 'none'"
        );
        // The page's own parts are filled in first, so that nothing in other texts is taken for a placeholder.
        var page = Resource("page.html")
            .Replace("{{policy}}", policy, StringComparison.Ordinal)
            .Replace("{{style}}", $"<style>{Style}</style>", StringComparison.Ordinal)
            .Replace(
                "{{scripts}}",
                string.Join('\n', scripts.Select(s => $"<script>{s}</script>")),
                StringComparison.Ordinal
            )
            .Replace("{{at}}", WebUtility.HtmlEncode(TerminalText.Minute(review.At)), StringComparison.Ordinal)
            .Replace(
                "{{totals}}",
                string.Join(
                    '\n',
                    new ReviewTotals(review).Sentences().Select(s => $"<li>{WebUtility.HtmlEncode(s)}</li>")
                ),
                StringComparison.Ordinal
            )
            .Split("{{provenance}}");
        var (head, rest) = (page[0], page[1].Split("{{not-read}}"));
        var tail = rest[1].Split("{{data}}");
        var data = ReviewDocument.Of(review).ToScriptData();
        // The page keeps what a reviewer decides under this digest, so that no other review finds it.
        var digest = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(data)))}";
        return string.Concat([
            head,
            HtmlProvenance.Of(review),
            rest[0],
            NotRead(review),
            tail[0].Replace("{{digest}}", digest, StringComparison.Ordinal),
            data,
            tail[1],
        ]);
    }

    private static string NotRead(AccessReview review)
    {
        var projects = review.Projects.Where(p => p.Reading != ReviewReading.Read).ToList();
        if (projects.Count == 0)
            return "";
        var items = projects.Select(p =>
        {
            var name = $"{Text(ReviewWords.Project(p))} ({Text(p.ProjectId)})";
            return $"<li><strong>{ReviewDocument.Word(p.Reading)}</strong> {name}: {Text(p.Message ?? "")}</li>";
        });
        return string.Concat(
            """<section class="not-read" aria-labelledby="not-read"><h2 id="not-read">Not read</h2><ul>""",
            string.Concat(items),
            "</ul></section>"
        );
    }

    private static string Text(string text) => BreakableText.Html(TerminalText.Escape(text));

    private static string Hash(string text) =>
        $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    private static string Resource(string name)
    {
        using var stream = typeof(HtmlReview).Assembly.GetManifestResourceStream($"review/{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}

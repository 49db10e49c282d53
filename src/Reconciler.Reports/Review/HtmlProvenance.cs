using System.Text;
using Reconciler.Core.Text;
using Reconciler.Engine.Reviews;

namespace Reconciler.Reports.Review;

/// <summary>Says at the top of a page where its review comes from, so that it can be checked years later.</summary>
internal static class HtmlProvenance
{
    private const int ShortCommit = 12;
    private const string Changed = "+changes";

    public static string Of(AccessReview review)
    {
        if (review.Provenance is not { } provenance)
            return "";
        var origin = provenance.Origin;
        var html = new StringBuilder("""<dl class="provenance" aria-label="Where this review comes from">""");
        Add(html, "Manifests", Manifests(provenance));
        Add(html, "Their digest", Code(provenance.Digest));
        Add(html, "Made by", Text($"{origin.Actor} on {origin.Host}"));
        Add(html, "With", Text(origin.Program));
        if (origin.Run.Length > 0)
            Add(html, "In the run", Text(origin.Run));
        return html.Append("</dl>").ToString();
    }

    private static string Manifests(ReviewProvenance provenance)
    {
        var origin = provenance.Origin;
        var files = Text(TextNames.Count(provenance.Files.Length, "file", "files"));
        var revision = origin.Revision;
        if (revision.Length == 0)
            return $"{files}, without a git history";
        // Behind a plus stands whether the files differ from the commit.
        var plus = revision.IndexOf('+', StringComparison.Ordinal);
        var commit = plus < 0 ? revision : revision[..plus];
        var shown = commit.Length > ShortCommit ? commit[..ShortCommit] : commit;
        return $"{files} of {Text(origin.Repository)} at commit {Code(shown)}"
            + (plus >= 0 && revision[plus..] == Changed ? ", with changes that are not committed" : "")
            + (plus >= 0 && revision[plus..] != Changed ? "; whether they were changed since is not known" : "");
    }

    private static void Add(StringBuilder html, string name, string value) =>
        html.Append("<div><dt>").Append(name).Append("</dt><dd>").Append(value).Append("</dd></div>");

    private static string Code(string text) => $"<code>{Text(text)}</code>";

    private static string Text(string text) => BreakableText.Html(TerminalText.Escape(text));
}

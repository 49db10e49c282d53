using System.Text.RegularExpressions;
using FsCheck.Xunit;
using Reconciler.Testing.Reports;

namespace Reconciler.Worker.Tests.Web;

/// <summary>Texts that others write stay texts.</summary>
public sealed partial class StatusListenerTests
{
    private static readonly string[] Tags =
    [
        "!doctype",
        "a",
        "article",
        "body",
        "button",
        "caption",
        "code",
        "dd",
        "del",
        "div",
        "dl",
        "dt",
        "form",
        "h1",
        "h2",
        "h3",
        "head",
        "header",
        "html",
        "input",
        "ins",
        "label",
        "li",
        "link",
        "main",
        "meta",
        "nav",
        "option",
        "p",
        "pre",
        "rect",
        "script",
        "section",
        "select",
        "span",
        "strong",
        "style",
        "svg",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "time",
        "title",
        "tr",
        "ul",
        "wbr",
    ];

    [Property(MaxTest = 40)]
    public void Whatever_others_write_stays_text(HostileRun run)
    {
        var status = HostileStatus.Of(run);
        foreach (var (path, html) in HostileStatus.Pages(status, run.Sentence()))
        {
            var tags = Tag().Matches(Style().Replace(html, "<style></style>"));
            Assert.All(tags, t => Assert.Contains(t.Groups["name"].Value, Tags));
            Assert.All(tags, t => Assert.Matches(Shape(), t.Value));
            Assert.DoesNotContain(html, c => char.IsControl(c) && c != '\n');
            Assert.DoesNotContain('\u202e', html);
            Assert.Equal(html.Count(c => c == '<'), tags.Count + Style().Match(html).Value.Count(c => c == '<') - 2);
            Assert.All(Link().Matches(html), l => Assert.Matches("^(?:/(?!/)|#)", l.Groups["to"].Value));
            Assert.StartsWith("/", path, StringComparison.Ordinal);
        }
    }

    [GeneratedRegex("^</?[!a-z0-9]+(?: [a-zA-Z-]+(?:=\"[^\"<>]*\")?)*/?>$", RegexOptions.NonBacktracking)]
    private static partial Regex Shape();

    [GeneratedRegex(
        "(?:href|action|src)=\"(?<to>[^\"]*)\"",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Link();
}

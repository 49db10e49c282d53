using Microsoft.AspNetCore.Html;
using RazorSlices;
using Reconciler.Core.Membership;
using Reconciler.Engine.Reviews;
using Reconciler.Hosting.Reconciling;
using Reconciler.Reports;

namespace Reconciler.Worker.Web;

/// <summary>
/// The base of all templates: the small parts that stand in the middle of a line, by name. The template of such a part
/// ends with a block of code, because the line break after anything else would be a space behind the part.
/// </summary>
/// <typeparam name="TModel">What the template shows.</typeparam>
internal abstract class StatusSlice<TModel> : RazorSlice<TModel>
{
    /// <summary>How long ago something was, with the time itself; a dash for never.</summary>
    protected ValueTask<HtmlString> When(DateTimeOffset? at, DateTimeOffset now) =>
        RenderPartialAsync(Templates.Time(Moment.Past(at, now)));

    /// <summary>When something is due; what is late says so.</summary>
    protected ValueTask<HtmlString> Due(DateTimeOffset? at, DateTimeOffset now) =>
        RenderPartialAsync(Templates.Time(Moment.Due(at, now)));

    /// <summary>A project's state; a colour never says it alone.</summary>
    protected ValueTask<HtmlString> Badge(ProjectState state) => RenderPartialAsync(Templates.Badge(state));

    /// <summary>A project's name as a link to its page.</summary>
    protected ValueTask<HtmlString> ProjectLink(DesiredProject project) =>
        RenderPartialAsync(Templates.ProjectLink(project));

    /// <summary>A reviewed project with its provider, as a link to its page.</summary>
    protected ValueTask<HtmlString> ProjectLink(ReviewProject project) =>
        RenderPartialAsync(Templates.ReviewedProject(project));

    /// <summary>A text that breaks where a reader would break it: after a sign that joins words.</summary>
    protected static HtmlString Broken(string text) =>
        new(BreakableText.Html(text, VisibleHtmlEncoder.Instance.Encode));

    /// <summary>A text of several lines, each as it is.</summary>
    protected static HtmlString Lines(string text) =>
        new(string.Join('\n', text.Split('\n').Select(VisibleHtmlEncoder.Instance.Encode)));

    /// <summary>Somebody, with the link to everything they have.</summary>
    protected ValueTask<HtmlString> PersonLink(string person) => RenderPartialAsync(Templates.PersonLink(person));

    /// <summary>A column's cell of plain text, which names its column where columns do not fit.</summary>
    protected ValueTask<HtmlString> Cell(string label, string text) =>
        RenderPartialAsync(Templates.TextCell(new(label, text)));

    /// <summary>The caption and the heads of a table.</summary>
    protected ValueTask<HtmlString> TableHead(string caption, params string[] columns) =>
        RenderPartialAsync(Templates.TableHead(new(caption, columns)));

    /// <summary>The field that a reader searches with.</summary>
    protected ValueTask<HtmlString> Search(string text, string hint) =>
        RenderPartialAsync(Templates.SearchField(new(text, hint)));

    /// <summary>Which rows are shown, and the way to the others.</summary>
    protected ValueTask<HtmlString> Pager(Paging paging) => RenderPartialAsync(Templates.Pager(paging));
}

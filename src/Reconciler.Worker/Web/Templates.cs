using System.Collections.Immutable;
using RazorSlices;
using Reconciler.Core.Actions;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Reviews;
using Reconciler.Hosting.Reconciling;
using Reconciler.Worker.Web.Pages;
using Reconciler.Worker.Web.Pages.Overview;
using Reconciler.Worker.Web.Pages.Parts;
using Reconciler.Worker.Web.Pages.People;
using Reconciler.Worker.Web.Pages.Project;

namespace Reconciler.Worker.Web;

/// <summary>
/// Makes the templates. The Razor compiler names their types after the paths of their files in the project, so that
/// these names stand here only.
/// </summary>
internal static class Templates
{
    // Pages
    public static RazorSlice Layout(PageFrame m) => new Web_Pages_Layout { Model = m };

    public static RazorSlice NotFound() => new Web_Pages_NotFound();

    public static RazorSlice Overview(OverviewPage m) => new Web_Pages_Overview_Page { Model = m };

    public static RazorSlice Project(ProjectPage m) => new Web_Pages_Project_Page { Model = m };

    public static RazorSlice People(PeopleList m) => new Web_Pages_People_Page { Model = m };

    // The first page
    public static RazorSlice OverviewTiles(ImmutableArray<StateTile> m) => new Web_Pages_Overview_Tiles { Model = m };

    public static RazorSlice OverviewInForce(OverviewPage m) => new Web_Pages_Overview_InForce { Model = m };

    public static RazorSlice OverviewAlerts(OverviewPage m) => new Web_Pages_Overview_Alerts { Model = m };

    public static RazorSlice OverviewHeld(IReadOnlyList<HeldPlan> m) => new Web_Pages_Overview_Held { Model = m };

    public static RazorSlice OverviewProjects(OverviewPage m) => new Web_Pages_Overview_Projects { Model = m };

    public static RazorSlice OverviewProject(ProjectLine m) => new Web_Pages_Overview_ProjectRow { Model = m };

    public static RazorSlice OverviewWaiting(IReadOnlyList<ReviewRow> m) =>
        new Web_Pages_Overview_Waiting { Model = m };

    public static RazorSlice OverviewPasses(OverviewPage m) => new Web_Pages_Overview_Passes { Model = m };

    public static RazorSlice OverviewSource(OverviewPage m) => new Web_Pages_Overview_Source { Model = m };

    public static RazorSlice OverviewProviders(OverviewPage m) => new Web_Pages_Overview_Providers { Model = m };

    public static RazorSlice Problems(ProblemList m) => new Web_Pages_Overview_Problems { Model = m };

    // A project's page
    public static RazorSlice ProjectFacts(ProjectPage m) => new Web_Pages_Project_Facts { Model = m };

    public static RazorSlice ProjectHeld(ProjectPage m) => new Web_Pages_Project_Held { Model = m };

    public static RazorSlice ProjectPlan(ProjectPlan m) => new Web_Pages_Project_Plan { Model = m };

    public static RazorSlice ProjectAction(ActionLine m) => new Web_Pages_Project_ActionRow { Model = m };

    public static RazorSlice ProjectResult(ProjectResult m) => new Web_Pages_Project_Result { Model = m };

    public static RazorSlice ProjectFindings(ProjectPlan m) => new Web_Pages_Project_Findings { Model = m };

    public static RazorSlice ProjectPeople(ProjectPage m) => new Web_Pages_Project_People { Model = m };

    public static RazorSlice ProjectHistory(ProjectPage m) => new Web_Pages_Project_History { Model = m };

    // Parts of several pages
    public static RazorSlice Time(Moment m) => new Web_Pages_Parts_Time { Model = m };

    public static RazorSlice Badge(ProjectState m) => new Web_Pages_Parts_Badge { Model = m };

    public static RazorSlice ProjectLink(DesiredProject m) => new Web_Pages_Parts_ProjectLink { Model = m };

    public static RazorSlice ReviewedProject(ReviewProject m) => new Web_Pages_Parts_ReviewedProject { Model = m };

    public static RazorSlice PersonLink(string m) => new Web_Pages_Parts_PersonLink { Model = m };

    public static RazorSlice Action(PlannedAction m) => new Web_Pages_Parts_Action { Model = m };

    public static RazorSlice Grants(PlannedAction m) => new Web_Pages_Parts_Grants { Model = m };

    public static RazorSlice TextCell(TextCell m) => new Web_Pages_Parts_TextCell { Model = m };

    public static RazorSlice SearchField(SearchField m) => new Web_Pages_Parts_SearchField { Model = m };

    public static RazorSlice Choice(Choice m) => new Web_Pages_Parts_Choice { Model = m };

    public static RazorSlice Check(Check m) => new Web_Pages_Parts_Check { Model = m };

    public static RazorSlice TableHead(TableHead m) => new Web_Pages_Parts_TableHead { Model = m };

    public static RazorSlice Pager(Paging m) => new Web_Pages_Parts_Pager { Model = m };

    public static RazorSlice Holds(HeldPlan m) => new Web_Pages_Parts_Holds { Model = m };

    public static RazorSlice HeldActions(HeldPlan m) => new Web_Pages_Parts_HeldActions { Model = m };

    public static RazorSlice ReviewRow(ReviewLine m) => new Web_Pages_Parts_ReviewRow { Model = m };
}

using Reconciler.Engine.Applying;
using Reconciler.Core.Actions;
using System.Collections.Immutable;
using RazorSlices;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Engine.Reviews;
using Reconciler.Hosts.Passes;
using Reconciler.Hosts.Worker.Web.Pages.Overview;
using Reconciler.Hosts.Worker.Web.Pages.Parts;
using Reconciler.Hosts.Worker.Web.Pages.People;
using Reconciler.Hosts.Worker.Web.Pages.Project;
using Reconciler.Hosts.Worker.Web.Pages;

namespace Reconciler.Hosts.Worker.Web;

/// <summary>
/// Makes the templates. The Razor compiler names their types after the paths of their files in the project, so that
/// these names stand here only.
/// </summary>
internal static class Templates
{
    // Pages
    public static RazorSlice Layout(PageFrame m) => new Hosts_Worker_Web_Pages_Layout { Model = m };

    public static RazorSlice NotFound() => new Hosts_Worker_Web_Pages_NotFound();

    public static RazorSlice Overview(OverviewPage m) => new Hosts_Worker_Web_Pages_Overview_Page { Model = m };

    public static RazorSlice Project(ProjectPage m) => new Hosts_Worker_Web_Pages_Project_Page { Model = m };

    public static RazorSlice People(PeopleList m) => new Hosts_Worker_Web_Pages_People_Page { Model = m };

    // The first page
    public static RazorSlice OverviewTiles(ImmutableArray<StateTile> m) =>
        new Hosts_Worker_Web_Pages_Overview_Tiles { Model = m };

    public static RazorSlice OverviewAlerts(OverviewPage m) => new Hosts_Worker_Web_Pages_Overview_Alerts { Model = m };

    public static RazorSlice OverviewHeld(IReadOnlyList<ProjectStatus> m) =>
        new Hosts_Worker_Web_Pages_Overview_Held { Model = m };

    public static RazorSlice OverviewProjects(OverviewPage m) =>
        new Hosts_Worker_Web_Pages_Overview_Projects { Model = m };

    public static RazorSlice OverviewProject(ProjectLine m) =>
        new Hosts_Worker_Web_Pages_Overview_ProjectRow { Model = m };

    public static RazorSlice OverviewWaiting(IReadOnlyList<ReviewRow> m) =>
        new Hosts_Worker_Web_Pages_Overview_Waiting { Model = m };

    public static RazorSlice OverviewPasses(OverviewPage m) => new Hosts_Worker_Web_Pages_Overview_Passes { Model = m };

    public static RazorSlice OverviewSource(OverviewPage m) => new Hosts_Worker_Web_Pages_Overview_Source { Model = m };

    public static RazorSlice OverviewProviders(OverviewPage m) =>
        new Hosts_Worker_Web_Pages_Overview_Providers { Model = m };

    public static RazorSlice Problems(ProblemList m) => new Hosts_Worker_Web_Pages_Overview_Problems { Model = m };

    // A project's page
    public static RazorSlice ProjectFacts(ProjectPage m) => new Hosts_Worker_Web_Pages_Project_Facts { Model = m };

    public static RazorSlice ProjectHeld(ProjectPlan m) => new Hosts_Worker_Web_Pages_Project_Held { Model = m };

    public static RazorSlice ProjectPlan(ProjectPlan m) => new Hosts_Worker_Web_Pages_Project_Plan { Model = m };

    public static RazorSlice ProjectAction(ActionLine m) => new Hosts_Worker_Web_Pages_Project_ActionRow { Model = m };

    public static RazorSlice ProjectResult(ProjectResult m) => new Hosts_Worker_Web_Pages_Project_Result { Model = m };

    public static RazorSlice ProjectFindings(ProjectPlan m) =>
        new Hosts_Worker_Web_Pages_Project_Findings { Model = m };

    public static RazorSlice ProjectPeople(ProjectPage m) => new Hosts_Worker_Web_Pages_Project_People { Model = m };

    // Parts of several pages
    public static RazorSlice Time(Moment m) => new Hosts_Worker_Web_Pages_Parts_Time { Model = m };

    public static RazorSlice Badge(ProjectState m) => new Hosts_Worker_Web_Pages_Parts_Badge { Model = m };

    public static RazorSlice ProjectLink(DesiredProject m) =>
        new Hosts_Worker_Web_Pages_Parts_ProjectLink { Model = m };

    public static RazorSlice ReviewedProject(ReviewProject m) =>
        new Hosts_Worker_Web_Pages_Parts_ReviewedProject { Model = m };

    public static RazorSlice PersonLink(string m) => new Hosts_Worker_Web_Pages_Parts_PersonLink { Model = m };

    public static RazorSlice Action(PlannedAction m) => new Hosts_Worker_Web_Pages_Parts_Action { Model = m };

    public static RazorSlice Grants(PlannedAction m) => new Hosts_Worker_Web_Pages_Parts_Grants { Model = m };

    public static RazorSlice TextCell(TextCell m) => new Hosts_Worker_Web_Pages_Parts_TextCell { Model = m };

    public static RazorSlice SearchField(SearchField m) => new Hosts_Worker_Web_Pages_Parts_SearchField { Model = m };

    public static RazorSlice TableHead(TableHead m) => new Hosts_Worker_Web_Pages_Parts_TableHead { Model = m };

    public static RazorSlice Pager(Paging m) => new Hosts_Worker_Web_Pages_Parts_Pager { Model = m };

    public static RazorSlice Holds(ProjectPlan m) => new Hosts_Worker_Web_Pages_Parts_Holds { Model = m };

    public static RazorSlice ReviewRow(ReviewLine m) => new Hosts_Worker_Web_Pages_Parts_ReviewRow { Model = m };
}

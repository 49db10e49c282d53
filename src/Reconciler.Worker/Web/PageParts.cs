using RazorSlices;
using Reconciler.Core.Actions;
using Reconciler.Core.Planning;
using Reconciler.Engine.Reviews;
using Reconciler.Hosting.Reconciling;

namespace Reconciler.Worker.Web;

/// <summary>What every page shares: the frame around it.</summary>
/// <param name="Name">The page's name.</param>
/// <param name="Query">What was asked for.</param>
/// <param name="Now">When it is made.</param>
/// <param name="Refreshes">Whether it is loaded anew by itself, unless the reader asks that it is not.</param>
/// <param name="Main">What it shows.</param>
internal sealed record PageFrame(string Name, StatusQuery Query, DateTimeOffset Now, bool Refreshes, RazorSlice Main)
{
    /// <summary>Whether the page is loaded anew by itself.</summary>
    public bool IsRefreshing => Refreshes && !Query.IsStill;

    /// <summary>The same page, with that begun or stopped.</summary>
    public string RefreshLink => (Query with { IsStill = !Query.IsStill }).Link;

    /// <summary>How the link to a page is marked that leads to this one; null where it leads elsewhere.</summary>
    /// <param name="path">Where the link leads.</param>
    public string? Current(string path) => Query.Path == path ? "page" : null;
}

/// <summary>A cell of plain text.</summary>
/// <param name="Label">Its column, said where columns do not fit.</param>
/// <param name="Text">The text; empty for an empty cell.</param>
internal sealed record TextCell(string Label, string Text);

/// <summary>What stands above a table's rows.</summary>
/// <param name="Caption">What the table is, for those who cannot see it.</param>
/// <param name="Columns">Its columns.</param>
internal sealed record TableHead(string Caption, IReadOnlyList<string> Columns);

/// <summary>Where a reader says what to look for.</summary>
/// <param name="Text">What was looked for.</param>
/// <param name="Hint">What can be looked for.</param>
internal sealed record SearchField(string Text, string Hint);

/// <summary>A row of a review.</summary>
/// <param name="Row">The row.</param>
/// <param name="NamesPerson">Whether it begins with the person; else with the project.</param>
/// <param name="Columns">The columns of its table.</param>
internal sealed record ReviewLine(ReviewRow Row, bool NamesPerson, ReviewColumns Columns);

/// <summary>A field of which one value is chosen.</summary>
/// <param name="Name">Its name in the address.</param>
/// <param name="Options">Each value with its words.</param>
/// <param name="Chosen">The value that is chosen.</param>
internal sealed record Choice(string Name, IReadOnlyList<(string Value, string Words)> Options, string Chosen)
{
    /// <summary>A field that may be left open. What was asked for and is not offered is shown all the same.</summary>
    public static Choice Of(string name, string open, IEnumerable<(string Value, string Words)> options, string chosen)
    {
        var all = options.Prepend((Value: "", Words: open)).ToList();
        return new(name, all.Exists(o => o.Value == chosen) ? all : [.. all, (chosen, chosen)], chosen);
    }
}

/// <summary>A field that is on or off.</summary>
/// <param name="Name">Its name in the address.</param>
/// <param name="Words">What it says.</param>
/// <param name="IsChecked">Whether it is on.</param>
internal sealed record Check(string Name, string Words, bool IsChecked);

/// <summary>A project in a list.</summary>
/// <param name="Project">How it stands.</param>
/// <param name="Now">When.</param>
internal sealed record ProjectLine(ProjectStatus Project, DateTimeOffset Now);

/// <summary>An action of a plan.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Action">The action.</param>
internal sealed record ActionLine(ProjectPlan Plan, PlannedAction Action)
{
    /// <summary>What comes of it.</summary>
    public string Fate =>
        Plan.Project.DryRun ? "nothing: dry run"
        : Plan.IsHeld(Action) ? "held"
        : "the next reconcile does it";
}

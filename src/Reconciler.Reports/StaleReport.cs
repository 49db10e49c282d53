using System.Collections.Immutable;
using Reconciler.Core.Text;
using Reconciler.Engine.Planning;
using Reconciler.Reports.Masking;

namespace Reconciler.Reports;

/// <summary>Describes why a saved plan is not applied any more.</summary>
public static class StaleReport
{
    /// <summary>
    /// Prints what would be done and is not in the saved plan, and what is in it and would not be done any more.
    /// </summary>
    public static void Write(TextWriter output, Palette palette, Staleness stale, AddressMask? mask)
    {
        output.WriteLine();
        var why = stale.MadeAt is { } made
            ? $"it was made on {TerminalText.Minute(made)}, and plans are good for "
                + $"{SavedPlan.GoodFor.TotalHours:0} hours"
            : "things have changed since it was made";
        output.WriteLine($"{palette.Alarm("The plan is stale:")} {why}. Nothing was applied.");
        Write(output, stale.Added, "not in the saved plan", palette.Alarm, mask);
        Write(output, stale.Gone, "in the saved plan, and not to be done now", palette.Quiet, mask);
        output.WriteLine("Make a new plan, read it, and apply that one.");
    }

    /// <summary>Prints that the digest of the run is not the expected one.</summary>
    public static void Write(TextWriter output, Palette palette, string expected, string actual)
    {
        output.WriteLine();
        output.WriteLine(
            $"{palette.Alarm("The plan is stale:")} its digest is not the expected one. Nothing was applied."
        );
        output.WriteLine($"  expected {expected}");
        output.WriteLine($"  it is    {actual}");
        output.WriteLine(
            "The plan above is what would be done now. Read it, and expect its digest; a saved plan (plan "
                + "--out) shows the difference."
        );
    }

    private static void Write(
        TextWriter output,
        ImmutableArray<SavedAction> actions,
        string title,
        Func<string, string> colour,
        AddressMask? mask
    )
    {
        foreach (var action in actions)
            output.WriteLine(
                $"  {colour(title)}: {TerminalText.Escape(TextNames.Short(action.Project))}: "
                    + $"{TerminalText.Escape(mask?.Text(action.Text) ?? action.Text)}"
            );
    }
}

using System.Diagnostics.CodeAnalysis;
using Reconciler.Core.Planning;
using Reconciler.Core.Text;
using Reconciler.Engine.Planning;

namespace Reconciler.Reports;

/// <summary>Reports which approvals released nothing, and what is still held.</summary>
public static class ApprovalReport
{
    private const int MostHeld = 10;

    /// <summary>Prints a line for each approval that released nothing, and then each hold with its digest.</summary>
    /// <param name="output">The output.</param>
    /// <param name="palette">The colours.</param>
    /// <param name="plan">The plan, checked with the approvals.</param>
    public static void Write(TextWriter output, Palette palette, RunPlan plan)
    {
        var unused = plan.Approvals.Where(u => u.Fate != ApprovalFate.Releases).ToList();
        foreach (var use in unused)
            output.WriteLine($"{palette.Alarm("note:")} {TerminalText.Escape(Sentence(use))}");
        var held = plan.Held.ToList();
        if (unused.Count == 0 || held.Count == 0)
            return;
        output.WriteLine("Held now:");
        foreach (var one in held.Take(MostHeld))
            output.WriteLine($"  {TerminalText.Escape(Line(one))}");
        if (held.Count > MostHeld)
            output.WriteLine($"  and {held.Count - MostHeld} more");
    }

    /// <summary>Describes in a sentence how an approval was used.</summary>
    /// <param name="use">The approval.</param>
    public static string Sentence(ApprovalUse use) =>
        $"the approval of {use.Approval.Hold} ({use.Approval.By}) {Fate(use)}";

    /// <summary>Describes in a few words why an approval does not release a hold.</summary>
    /// <param name="use">The approval.</param>
    [SuppressMessage("Naming", "CA1720", Justification = "The short form of the sentence, not a number type.")]
    public static string Short(ApprovalUse use) =>
        use.Fate switch
        {
            ApprovalFate.FitsNothing => "names another hold",
            ApprovalFate.Used => "was used",
            ApprovalFate.Expired => "has ended",
            _ => use.Approval.Problem ?? "is not used",
        };

    private static string Line(ProjectPlan plan) => $"{TextNames.Short(plan.Project.Id)}: {plan.HeldDigest}";

    private static string Fate(ApprovalUse use) =>
        use.Fate switch
        {
            ApprovalFate.Releases => "releases a hold, once",
            ApprovalFate.Used => "was used before, and is good for once; it released nothing",
            ApprovalFate.Expired => $"ended on {TerminalText.Minute(use.Approval.Ends!.Value)}; it released nothing",
            ApprovalFate.Waits => "fits what is held, and the next reconcile looks at it",
            ApprovalFate.Unusable => $"is not used: {use.Approval.Problem}",
            _ => "fits nothing that is held now; it released nothing",
        };
}

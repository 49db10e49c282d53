using System.Security.Cryptography;
using System.Text;
using Reconciler.Core.Actions;
using Reconciler.Core.Planning;
using Reconciler.Core.Text;
using Reconciler.Hosting.Reconciling;

namespace Reconciler.Worker.Web;

/// <summary>A held plan as a page shows it: who would lose what, since when it waits, and how it is released.</summary>
/// <param name="Status">The project.</param>
/// <param name="Plan">Its plan.</param>
/// <param name="ApprovalsFolder">The folder of Approvals that the settings name; null for none.</param>
/// <param name="Now">When.</param>
internal sealed record HeldPlan(ProjectStatus Status, ProjectPlan Plan, string? ApprovalsFolder, DateTimeOffset Now)
{
    /// <summary>How many people a card names before it says how many more there are.</summary>
    public const int MostShown = 10;

    private const int DigestDigits = 8;

    // A name has at most 63 characters, of which "release-" takes eight.
    private const int LongestPart = 55;

    /// <summary>The held plan of a project; null where none is.</summary>
    public static HeldPlan? Of(ProjectStatus status, WorkerStatus worker, DateTimeOffset now) =>
        status.Planned?.Plan is { IsFree: false } plan ? new(status, plan, worker.ApprovalsFolder, now) : null;

    /// <summary>The id of the command on a page, by which its button finds it.</summary>
    public string CommandId => $"release-{Status.Project.Id.Replace('/', '_')}";

    /// <summary>What waits, those who lose something first.</summary>
    public IReadOnlyList<PlannedAction> Actions =>
        [.. Plan.Actions.Where(Plan.IsHeld).OrderBy(a => a.Removed.Grants.IsEmpty && !a.CountsAsRemoval)];

    /// <summary>The Approval that releases it.</summary>
    public string Approval =>
        $$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: Approval
            metadata: {name: {{Name}}}
            spec:
              hold: {{Plan.HeldDigest}}
              reason: why this may happen
            """;

    /// <summary>The command that puts the Approval into its folder; null where the settings name none.</summary>
    public string? Command =>
        ApprovalsFolder is { } folder
            ? $"cat > {ShellText.Word($"{folder.TrimEnd('/')}/{Name}.yaml")} <<'END'\n{Approval}\nEND"
            : null;

    private string Name => $"release-{NamePart(Status.Project.Id)}";

    // A name of a document holds no slash, so a namespace and a name joined by a dash need some digits of their digest
    // to be told from another pair; a long one needs them because it is cut.
    private static string NamePart(string id)
    {
        var name = TextNames.Short(id);
        if (!name.Contains('/', StringComparison.Ordinal) && name.Length <= LongestPart)
            return name;
        var digits = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))[..DigestDigits];
        var words = name.Replace('/', '-');
        return $"{words[..Math.Min(words.Length, LongestPart - DigestDigits - 1)]}-{digits}";
    }
}

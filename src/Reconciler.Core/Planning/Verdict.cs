using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Planning;

/// <summary>Collects what the rows of the plan table decide.</summary>
internal sealed class Verdict(DesiredProject project, ProjectLedger ledger, DateTimeOffset now)
{
    private readonly List<PlannedAction> _actions = [];
    private readonly List<Finding> _findings = [];

    public DesiredProject Project { get; } = project;

    public ProjectLedger Ledger { get; } = ledger;

    public DateTimeOffset Now { get; } = now;

    public int NotJudged { get; set; }

    public int LeftAlone { get; set; }

    public int Converged { get; set; }

    public IReadOnlyList<PlannedAction> Actions => _actions;

    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>Whether mails and givings-up are remembered: without that nothing is sent again and nothing is given up.</summary>
    public bool Remembers => Ledger.Source == OwnershipSource.Ledger;

    public void Find(FindingKind kind, PersonIdentity person, string message) => _findings.Add(new(kind, person.Label, message));

    public void Find(FindingKind kind, string about, string message) => _findings.Add(new(kind, about, message));

    /// <summary>Plans an action, or a manual item where the vendor has no way for it.</summary>
    public void Do(PlannedAction action)
    {
        var capabilities = Project.Provider.Vendor.Capabilities;
        if (capabilities.Manual.TryGetValue(action.Kind, out var step)) Find(FindingKind.Manual, action.Person, step);
        else _actions.Add(action with { Note = capabilities.Notes.GetValueOrDefault(action.Kind) });
    }
}

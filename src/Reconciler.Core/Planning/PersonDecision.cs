using Reconciler.Core.Actions;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Planning;

/// <summary>Collects the actions and findings that the rows of the plan table decide.</summary>
internal sealed class PersonDecision(DesiredProject project, ProjectLedger ledger, DateTimeOffset now)
{
    private readonly List<PlannedAction> _actions = [];
    private readonly List<Finding> _findings = [];

    public DesiredProject Project { get; } = project;

    public ProjectLedger Ledger { get; } = ledger;

    public DateTimeOffset Now { get; } = now;

    /// <summary>The account that Reconciler acts as.</summary>
    public PersonKeys Actor { get; } = new(project.Provider.Actor);

    /// <summary>The people whom Guardrails protect.</summary>
    public PersonKeys Protected { get; } = new(project.Limits.Protected);

    /// <summary>What the vendor refused in earlier reconciles.</summary>
    public LessonBook Learned { get; } = new(ledger, now);

    /// <summary>The keys of the people about whom nothing was decided.</summary>
    public List<string> NotJudged { get; } = [];

    /// <summary>The people who are not managed.</summary>
    public List<NotManaged> NotManaged { get; } = [];

    /// <summary>The keys of the people who have what is declared.</summary>
    public List<string> Converged { get; } = [];

    public IReadOnlyList<PlannedAction> Actions => _actions;

    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>
    /// Whether a ledger records sent mails and abandoned invitations. Without one, no invitation is sent again or given
    /// up.
    /// </summary>
    public bool Remembers => Ledger.Source == OwnershipSource.Ledger;

    public void AddFinding(FindingKind kind, PersonIdentity person, string message) =>
        _findings.Add(new(kind, person.Label, message));

    public void AddFinding(FindingKind kind, string about, string message) => _findings.Add(new(kind, about, message));

    /// <summary>
    /// Plans an action, or a finding if the vendor's API cannot do it or the vendor refused it before.
    /// </summary>
    /// <param name="action">The action.</param>
    /// <param name="isAddable">Whether the vendor can add the person without an invitation.</param>
    public void Do(PlannedAction action, bool isAddable = false)
    {
        var capabilities = Project.Provider.Vendor.Capabilities;
        if (capabilities.Manual.TryGetValue(action.Kind, out var step))
            AddFinding(FindingKind.Manual, action.Person, step);
        else if (!LearnedRules.Objects(action, this, isAddable))
        {
            var note = capabilities.Notes.GetValueOrDefault(action.Kind);
            _actions.Add(
                action with
                {
                    Note = action.Note is null || note is null ? action.Note ?? note : $"{action.Note}; {note}",
                }
            );
        }
    }
}

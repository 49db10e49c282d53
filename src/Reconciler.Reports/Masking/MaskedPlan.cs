using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;

namespace Reconciler.Reports.Masking;

/// <summary>
/// Masks the addresses in a plan, a result and problems, for any output format. Digests stay the same as those of the
/// plan that is applied.
/// </summary>
public static class MaskedPlan
{
    /// <summary>
    /// Masks every text of the plan, and drops people whom no output shows; returns the plan itself where there is no
    /// mask.
    /// </summary>
    public static RunPlan Masked(this RunPlan plan, AddressMask? mask)
    {
        if (mask is null)
            return plan;
        plan.TeachTo(mask);
        mask.Number(
            plan.Plans.SelectMany(p =>
                p.Actions.SelectMany(a => new[] { a.Email, a.Person.Label })
                    .Concat(p.Findings.Select(f => f.Person))
                    .Concat(p.NotManaged.Select(n => n.Label))
            )
        );
        return plan with { Projects = [.. plan.Projects.Select(p => Of(p, mask))] };
    }

    /// <summary>Adds everybody whom a text about the plan could name to a mask.</summary>
    internal static void TeachTo(this RunPlan plan, AddressMask mask) =>
        mask.Learn(plan.Projects.SelectMany(Addresses));

    /// <summary>Masks the result of a run.</summary>
    public static RunResult Masked(this RunResult result, AddressMask? mask) =>
        mask is null
            ? result
            : new(
                result.Plan.Masked(mask),
                [
                    .. result.Projects.Select(p => new ProjectResult(
                        Of(p.Plan, mask),
                        [.. p.Outcomes.Select(o => o.Masked(mask))]
                    )
                    {
                        NotRemembered = p.NotRemembered is null ? null : mask.Text(p.NotRemembered),
                    }),
                ]
            );

    /// <summary>Masks the outcome of an action.</summary>
    public static ActionOutcome Masked(this ActionOutcome outcome, AddressMask? mask) =>
        mask is null
            ? outcome
            : outcome with
            {
                Action = Of(outcome.Action, mask),
                Message = outcome.Message is null ? null : mask.Text(outcome.Message),
            };

    /// <summary>Masks an action.</summary>
    public static PlannedAction Masked(this PlannedAction action, AddressMask? mask) =>
        mask is null ? action : Of(action, mask);

    private static PlannedProject Of(PlannedProject project, AddressMask mask) =>
        new(
            Of(project.Project, mask),
            project.Plan is { } plan ? Of(plan, mask) : null,
            project.Failure is { } failure ? new ProviderException(failure.Fault, mask.Text(failure.Message)) : null
        );

    /// <summary>Masks the plan of a project.</summary>
    public static ProjectPlan Masked(this ProjectPlan plan, AddressMask? mask) => mask is null ? plan : Of(plan, mask);

    // The id of a project that no manifest declares contains the vendor's id.
    private static DesiredProject Of(DesiredProject project, AddressMask mask) =>
        project with
        {
            Id = mask.Text(project.Id),
            ProjectId = mask.Text(project.ProjectId),
            Members = [],
            Removals = [],
            Limits = Limits.None,
            Declared = Of(project.Declared, mask),
        };

    private static ProjectPlan Of(ProjectPlan plan, AddressMask mask) =>
        plan with
        {
            Project = Of(plan.Project, mask),
            Live = plan.Live with
            {
                Name = plan.Live.Name is { } name ? mask.Text(name) : null,
                Members = [],
                Invitations = [],
                Addable = [],
            },
            Actions = [.. plan.Actions.Select(a => Of(a, mask))],
            Findings =
            [
                .. plan.Findings.Select(f => f with { Person = mask.Text(f.Person), Message = mask.Text(f.Message) }),
            ],
            NotManaged =
            [
                .. plan.NotManaged.Select(n => n with { Key = mask.Text(n.Key), Label = mask.Text(n.Label) }),
            ],
            LimitChange = plan.LimitChange with
            {
                Earlier = Limits.None,
                Texts = [.. plan.LimitChange.Texts.Select(mask.Text)],
            },
            Holds =
            [
                .. plan.Holds.Select(h =>
                    h with
                    {
                        Message = mask.Text(h.Message),
                        Person = h.Person is null ? null : mask.Text(h.Person),
                    }
                ),
            ],
        };

    private static PlannedAction Of(PlannedAction action, AddressMask mask) =>
        action with
        {
            Person = new(mask.Text(action.Person.Label), null),
            Reason = mask.Text(action.Reason),
            Email = mask.Text(action.Email),
            Member = null,
            Invitation = null,
            Access = action.Access is { } access ? access with { Grants = Of(access.Grants, mask) } : null,
            Added = Of(action.Added, mask),
            Removed = Of(action.Removed, mask),
            Message = action.Message is null ? null : mask.Text(action.Message),
            Note = action.Note is null ? null : mask.Text(action.Note),
            // A commit's author and message may name the person whom the mask hides.
            RemovedBy = action.RemovedBy is { } by ? by with { Author = "", Subject = "" } : null,
            Declared = [.. action.Declared.Select(d => Of(d, mask))],
        };

    private static Access Of(Access access, AddressMask mask) =>
        Access.Of(access.Grants.Select(g => new Grant(g.Field, mask.Text(g.Word), mask.Text(g.Label))));

    private static Position Of(Position position, AddressMask mask) =>
        position with
        {
            Path = mask.Text(position.Path),
        };

    // Everybody whom a text could name: declared people, accounts at the vendor, and people in the rules.
    private static IEnumerable<string> Addresses(PlannedProject project)
    {
        var people = project
            .Project.Members.Select(m => m.Person)
            .Concat(project.Project.Removals.Select(r => r.Person));
        var live = project.Plan?.Live;
        return people
            .SelectMany(p => p.Aliases.Append(p.Label))
            .Concat((project.Plan?.Actions ?? []).SelectMany(a => new[] { a.Email, a.Person.Label }))
            .Concat((project.Plan?.Findings ?? []).Select(f => f.Person))
            .Concat((project.Plan?.NotManaged ?? []).Select(n => n.Label))
            .Concat(project.Project.Limits.Protected)
            .Concat(project.Plan?.LimitChange.Earlier.Protected ?? [])
            .Concat(project.Project.Provider.Spec.ActingAs is { } actingAs ? [actingAs.Text] : [])
            .Concat(live?.Members.Select(m => m.Email) ?? [])
            .Concat(live?.Invitations.Select(i => i.Email) ?? []);
    }
}

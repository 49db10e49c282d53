using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Values;
using Reconciler.Engine.Planning;
using Reconciler.Manifests.Loading;
using Reconciler.Sources.Git.Removals;

namespace Reconciler.Runs;

/// <summary>Adds to a plan which commits took out the entries of the people whom it takes away.</summary>
internal static class RemovalCommits
{
    /// <summary>Asks git once for all removals; the plan is the same where git does not tell.</summary>
    public static async Task<RunPlan> NameAsync(
        RunPlan plan,
        ManifestSet manifests,
        ManifestRequest request,
        CancellationToken cancellation
    )
    {
        var entries = plan
            .Plans.SelectMany(p => p.Actions.Where(a => a.IsPruned).Select(a => EntryOf(p.Project, a, manifests)))
            .ToList();
        if (entries.Count == 0)
            return plan;
        var found = await new RemovalHistory(request.Folder, request.Paths).FindAsync(
            [.. entries.Select(e => e.Entry)],
            TeamsNow.Of(manifests),
            cancellation
        );
        var commits = entries
            .Where(e => found.ContainsKey(e.Entry))
            .ToDictionary(object (e) => e.Action, e => found[e.Entry], ReferenceEqualityComparer.Instance);
        return commits.Count == 0 ? plan : plan with { Projects = [.. plan.Projects.Select(p => Of(p, commits))] };
    }

    private static (RemovedEntry Entry, PlannedAction Action) EntryOf(
        Reconciler.Core.Membership.DesiredProject project,
        PlannedAction action,
        ManifestSet manifests
    )
    {
        var address = action.Email.Length > 0 ? action.Email : action.Person.Label;
        var keys = action
            .Person.Aliases.Append(action.Person.Key)
            .Append(EmailAddress.KeyOf(address))
            .ToHashSet(StringComparer.Ordinal);
        var ids = new[] { action.Person.UserId, action.Member?.PersonId, action.Invitation?.PersonId };
        var persons = manifests
            .All<Person>()
            .Where(p =>
                (p.Spec.Aliases ?? []).Prepend(p.Spec.Email).Any(e => keys.Contains(e.Key))
                || (p.Spec.Logins?.Values ?? []).Any(l => keys.Contains(l.Key))
            )
            .ToList();
        var entry = new RemovedEntry(project.Id, address)
        {
            Aliases =
            [
                .. persons
                    .SelectMany(p => (p.Spec.Aliases ?? []).Prepend(p.Spec.Email).Select(e => e.Text))
                    .Concat(ids.OfType<string>()),
            ],
            Persons = [.. persons.Select(p => p.Id)],
            IsDeleted = project.IsDeleted,
        };
        return (entry, action);
    }

    private static PlannedProject Of(PlannedProject project, Dictionary<object, RemovedBy> commits) =>
        project.Plan is not { } plan || !plan.Actions.Any(commits.ContainsKey)
            ? project
            : project with
            {
                Plan = plan with
                {
                    Actions =
                    [
                        .. plan.Actions.Select(a => commits.TryGetValue(a, out var by) ? a with { RemovedBy = by } : a),
                    ],
                },
            };
}

using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Core.Text;
using Reconciler.Engine.Applying;
using Reconciler.Hosting.Reconciling;
using Reconciler.Operator.Caching;
using Reconciler.Operator.Status;

namespace Reconciler.Operator.Evaluating;

/// <summary>
/// Names the fields of what a vendor does not know, such as <c>spec.members[1].access.role</c>: a custom resource has
/// no lines to point at. The document is read again for it, since thousands of memberships do not keep theirs.
/// </summary>
internal static class AccessPlaces
{
    /// <summary>Puts the fields into the messages of a reconcile that failed over them.</summary>
    /// <param name="reconcile">The reconcile.</param>
    /// <param name="membership">The membership that it was about.</param>
    public static ProjectReconcile WithFields(ProjectReconcile reconcile, DesiredMembership membership)
    {
        if (reconcile.Planned is not { Failure: { } failure, Project: var project })
            return reconcile.Result is { } result && result.Outcomes.Any(IsRefused)
                ? reconcile with
                {
                    Result = result with { Outcomes = WithEntries(result.Outcomes, membership) },
                }
                : reconcile;
        var message = failure switch
        {
            { Fault: ProviderFault.NotFound } when project.IsDeleted => Conditions.Advised(
                NotFound(failure, project),
                $"where it is gone, leave everybody in with: {Advice.Orphan(membership.Resource)}"
            ),
            { Fault: ProviderFault.NotFound } => $"spec.projectId: {NotFound(failure, project)}",
            { Access.IsEmpty: false } => Text(failure, membership, project.Provider.Vendor.Type),
            _ => null,
        };
        return message is null
            ? reconcile
            : reconcile with
            {
                Planned = reconcile.Planned with
                {
                    Failure = new(failure.Fault, message, failure)
                    {
                        Access = failure.Access,
                        RetryAfter = failure.RetryAfter,
                    },
                },
            };
    }

    // What the run over files advises, a command over its state file, is left out.
    private static string NotFound(ProviderException failure, DesiredProject project) =>
        $"{project.Provider.Vendor.Name} has no project {ProblemText.Quote(project.ProjectId)}, "
        + $"or hides it from the token: {(failure.InnerException as ProviderException ?? failure).Message}";

    private static bool IsRefused(ActionOutcome outcome) =>
        outcome is { IsRefused: true, Action.Kind: ActionKind.Invite or ActionKind.Update or ActionKind.Replace };

    // The vendor says what it refuses; only the entry that asks for it is added.
    private static ImmutableArray<ActionOutcome> WithEntries(
        ImmutableArray<ActionOutcome> outcomes,
        DesiredMembership membership
    )
    {
        var entries = Read(
            membership,
            m =>
                (m.Spec.Members ?? [])
                    .Where(e => (e.Email?.Key ?? e.Login?.Key) is not null)
                    .ToLookup(e => e.Email?.Key ?? e.Login!.Key, e => e.Origin.Path)
        );
        return
        [
            .. outcomes.Select(o =>
                IsRefused(o) && entries?[o.Action.Person.Key].FirstOrDefault() is { } field
                    ? o with
                    {
                        Message = $"{field}: {o.Message}",
                    }
                    : o
            ),
        ];
    }

    private static string Text(ProviderException failure, DesiredMembership membership, string vendor) =>
        Read(membership, m => string.Join("; ", failure.Access.Select(p => Text(p, m, membership.Namespace, vendor))))
        ?? failure.Message;

    private static T? Read<T>(DesiredMembership membership, Func<ProjectMembership, T> find)
        where T : class
    {
        var document = membership.Document;
        try
        {
            return document.Manifest is ProjectMembership manifest ? find(manifest) : null;
        }
        finally
        {
            document.Release();
        }
    }

    private static string Text(
        AccessProblem problem,
        ProjectMembership manifest,
        NamespaceResources @namespace,
        string vendor
    )
    {
        var fields = FieldsOf(problem, manifest, @namespace, vendor).Distinct(StringComparer.Ordinal).ToList();
        var more = fields.Count - 1;
        var where =
            fields.Count == 0 ? problem.Field
            : more == 0 ? fields[0]
            : $"{fields[0]} (and {TextNames.Count(more, "more field", "more fields")})";
        return $"{where}: {problem.Message}";
    }

    private static IEnumerable<string> FieldsOf(
        AccessProblem problem,
        ProjectMembership manifest,
        NamespaceResources @namespace,
        string vendor
    )
    {
        foreach (var entry in manifest.Spec.Members ?? [])
        {
            foreach (var field in FieldsIn(entry.Access, problem))
                yield return field;
            if (
                entry.Role is { } name
                && @namespace.Find(nameof(AccessRole), manifest.Metadata.NamespaceOrDefault, name) is { } found
                && found.Manifest is AccessRole role
                && role.Spec.Access.TryGetValue(vendor, out var words)
            )
            {
                foreach (var field in FieldsIn(words, problem))
                    yield return $"{found.Position}: {field}";
            }
        }
    }

    private static List<string> FieldsIn(AccessWords? words, AccessProblem problem) =>
        words?.Origin[problem.Field] switch
        {
            ScalarNode word when word.Text == problem.Word => [word.Path],
            SequenceNode list => list
                .Items.OfType<ScalarNode>()
                .Where(word => word.Text == problem.Word)
                .Select(word => word.Path)
                .ToList(),
            _ => [],
        };
}

using System.Collections.Immutable;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;
using Reconciler.Engine.Planning;

namespace Reconciler.Engine.Reviews;

/// <summary>Asks the vendors that tell it what the roles or groups of projects permit.</summary>
/// <param name="connections">Gives each provider's connection.</param>
public sealed class MeaningsReader(Func<DesiredProvider, ProviderConnection> connections)
{
    /// <summary>
    /// Reads the meanings for each project that was read, in parallel. What a vendor does not tell is missing, and
    /// fails nothing.
    /// </summary>
    /// <param name="plan">The plan of the run.</param>
    /// <param name="isShown">Whether a project is shown, so that its meanings are needed.</param>
    /// <param name="cancellation">Stops between requests.</param>
    public async Task<IReadOnlyDictionary<ProjectKey, ImmutableArray<GrantMeaning>>> RunAsync(
        RunPlan plan,
        Func<DesiredProject, bool> isShown,
        CancellationToken cancellation
    )
    {
        var projects = plan.Plans.Select(p => p.Project).Where(isShown).DistinctBy(p => p.Key);
        var read = await Task.WhenAll(projects.Select(async p => (p.Key, Known: await ReadAsync(p, cancellation))));
        return read.Where(r => !r.Known.IsEmpty).ToDictionary(r => r.Key, r => r.Known);
    }

    /// <summary>Returns the meanings of the words that somebody in a project has, or is to have.</summary>
    internal static ImmutableArray<GrantMeaning> UsedIn(ProjectPlan plan, ImmutableArray<GrantMeaning> known)
    {
        var used = plan
            .Live.Members.Select(m => m.Access)
            .Concat(plan.Live.Invitations.Select(i => i.Access))
            .Concat(plan.Project.Members.Select(m => m.Access.Grants))
            .SelectMany(a => a.Grants)
            .Select(g => (g.Field, g.Word))
            .ToHashSet();
        return
        [
            .. known
                .Where(m => m.IsKnown && used.Contains((m.Field, m.Word)))
                .DistinctBy(m => (m.Field, m.Word))
                .OrderBy(m => m.Field, StringComparer.Ordinal)
                .ThenBy(m => m.Word, StringComparer.Ordinal),
        ];
    }

    private async Task<ImmutableArray<GrantMeaning>> ReadAsync(DesiredProject project, CancellationToken cancellation)
    {
        try
        {
            return connections(project.Provider).Meanings is { } meanings
                ? await meanings.ReadAsync(project.ProjectId, cancellation)
                : [];
        }
        catch (ProviderException)
        {
            return [];
        }
    }
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;

namespace Reconciler.Engine.Planning;

/// <summary>
/// Plans a run: reads every project, compares it with the manifests, and checks the plans of each provider against the
/// limits together. It has readers only, so it cannot write. A project or provider that fails does not stop the others.
/// </summary>
/// <param name="readers">Opens the reader of a provider; may throw a <see cref="ProviderException"/>.</param>
/// <param name="ledgers">Loads the ledgers.</param>
/// <param name="clock">The clock.</param>
public sealed class PlanRun(Func<DesiredProvider, IProjectReader> readers, LedgerReader ledgers, TimeProvider clock)
{
    /// <summary>The approvals that may release holds.</summary>
    public Approvals Approvals { get; init; } = Approvals.None;

    /// <summary>Plans the projects.</summary>
    /// <param name="projects">The projects.</param>
    /// <param name="onRead">Called after each project, from any thread.</param>
    /// <param name="cancellation">Stops between requests.</param>
    public async Task<RunPlan> RunAsync(
        IReadOnlyList<DesiredProject> projects,
        Action<PlannedProject>? onRead,
        CancellationToken cancellation
    )
    {
        var now = clock.GetUtcNow();
        var planned = new ConcurrentDictionary<string, PlannedProject>(StringComparer.Ordinal);
        await Task.WhenAll(
            projects
                .GroupBy(p => p.Provider)
                .Select(group => ReadProviderAsync(group.Key, [.. group], now, Keep, cancellation))
        );
        foreach (var group in projects.GroupBy(p => p.Provider))
        {
            var mails = new SharedMails(group.Select(p => planned[p.Id]));
            foreach (var project in group)
                planned[project.Id] = mails.PlanAgainIfMailed(planned[project.Id], now);
        }

        var judged = await JudgeAsync([.. projects.Select(p => planned[p.Id])], now, cancellation);
        return new(judged, now, judged.Any(p => p.Memory.Ledger.Source != OwnershipSource.None))
        {
            Approvals = Approvals.Uses(judged, now),
        };

        void Keep(PlannedProject project)
        {
            planned[project.Project.Id] = project;
            onRead?.Invoke(project);
        }
    }

    private async Task ReadProviderAsync(
        DesiredProvider provider,
        IReadOnlyList<DesiredProject> projects,
        DateTimeOffset now,
        Action<PlannedProject> keep,
        CancellationToken cancellation
    )
    {
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = provider.MaxConcurrency,
            CancellationToken = cancellation,
        };
        await Parallel.ForEachAsync(
            projects,
            options,
            async (project, token) => keep(await PlanAsync(project, now, token))
        );
    }

    private async Task<PlannedProject> PlanAsync(
        DesiredProject project,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        if (project.Suspended)
            return new(project, null, null);
        try
        {
            var (live, memory) = await ReadAsync(project, now, cancellation);
            CheckAddresses(project, live);
            return new(project, Planner.Plan(project, memory.Believed ?? live, memory.Ledger, now), null)
            {
                Memory = memory,
            };
        }
        catch (ProviderException failure) when (project.IsDeleted && failure.Fault == ProviderFault.NotFound)
        {
            return new(
                project,
                null,
                new ProviderException(
                    failure.Fault,
                    $"{failure.Message}; where the vendor has deleted the project too, forget it with: "
                        + $"reconciler state abandon {project.ProjectId}",
                    failure
                )
            );
        }
        catch (ProviderException failure)
        {
            return new(project, null, failure);
        }
        catch (LedgerException unreadable)
        {
            return new(project, null, new ProviderException(ProviderFault.Invalid, unreadable.Message, unreadable));
        }
        catch (Exception unforeseen) when (unforeseen is not OperationCanceledException)
        {
            // A bug in this program that affects one project must not stop the others.
            return new(
                project,
                null,
                new ProviderException(
                    ProviderFault.BadAnswer,
                    $"not foreseen: {unforeseen.GetType().Name}: {unforeseen.Message}",
                    unforeseen
                )
            );
        }
    }

    // One entry without an address affects nobody. If no entry has an address, the format of the vendor's answer has
    // changed, and everybody would be invited again.
    private static void CheckAddresses(DesiredProject project, LiveProject live)
    {
        var people = live.Members.Where(m => !m.IsService).ToList();
        var ids = project.Members.Select(m => m.Person.UserId).OfType<string>().ToHashSet(StringComparer.Ordinal);
        if (people.Count < 2 || !project.Members.Any(m => m.Person.Account is not null))
            return;
        if (people.TrueForAll(m => m.Email.Length == 0 && (m.PersonId is null || !ids.Contains(m.PersonId))))
        {
            throw new ProviderException(
                ProviderFault.BadAnswer,
                $"the vendor lists {people.Count} members and no "
                    + $"{(project.Provider.Vendor.Logins is null ? "address" : "login")} of any: "
                    + "nobody could be recognised"
            );
        }
    }

    // An invitation whose outcome a crashed run did not record may have been sent, and the list may lag. The project is
    // read again until the lag is over, before another invitation is planned.
    private async Task<(LiveProject Live, LoadedLedger Memory)> ReadAsync(
        DesiredProject project,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        var reader = readers(project.Provider);
        RecoveryDelays? delays = null;
        while (true)
        {
            var live = await reader.ReadAsync(project, cancellation);
            var memory = await ledgers.LoadAsync(project, live, now, cancellation);
            if (memory.MailDoubtfulSince is not { } since)
                return (live, memory);
            delays ??= new(project.Provider.SettleAfter - (now - since), clock);
            if (!await delays.WaitAsync(cancellation))
                return (live, memory);
        }
    }

    // Grouped by the address of the account, so that a second AccessProvider for the same account gets no second quota
    // of removals.
    private async Task<ImmutableArray<PlannedProject>> JudgeAsync(
        ImmutableArray<PlannedProject> projects,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        var judged = new Dictionary<string, ProjectPlan>(StringComparer.Ordinal);
        var memory = projects.ToDictionary(p => p.Project.Id, p => p.Memory.Ledger, StringComparer.Ordinal);
        foreach (var account in projects.GroupBy(p => (p.Project.Key.VendorType, p.Project.Key.BaseUrl)))
        {
            ImmutableArray<ProjectPlan> plans = [.. account.Select(p => p.Plan).OfType<ProjectPlan>()];
            var isRemoving = plans.Any(p => Judge.RemovalsOf(p) > 0);
            var recent = isRemoving ? await RecentAsync([.. account], now, cancellation) : _ => 0;
            foreach (var plan in AccountJudge.Of(plans, recent, p => Approvals.For(p, memory[p.Project.Id], now)))
                judged[plan.Project.Id] = plan;
        }

        return [.. projects.Select(p => p with { Plan = judged.GetValueOrDefault(p.Project.Id) })];
    }

    private Task<Func<TimeSpan, int>> RecentAsync(
        IReadOnlyCollection<PlannedProject> account,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        ledgers.RemovalsAsync(
            account,
            account.SelectMany(p => (p.Plan?.Project ?? p.Project).Limits.ProviderRemovals).Select(l => l.Window),
            now,
            cancellation
        );
}

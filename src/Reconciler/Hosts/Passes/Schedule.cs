using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;

namespace Reconciler.Hosts.Passes;

/// <summary>
/// When each project is due. What changed in the manifests comes first, and all of it at one time, since limits over a provider judge
/// what is planned together. Used by one loop alone.
/// </summary>
/// <param name="chance">Spreads the passes; from 0 to 1.</param>
internal sealed class Schedule(Func<double> chance)
{
    /// <summary>The most projects in a pass that nothing hurries: a change of the manifests waits for no more than these.</summary>
    public const int MostAtOnce = 32;

    private readonly Dictionary<ProjectKey, Entry> _entries = [];

    /// <summary>How long a project waits after it failed once.</summary>
    public static TimeSpan FirstBackoff { get; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest wait after failures, where the interval is not longer.</summary>
    public static TimeSpan LongestBackoff { get; } = TimeSpan.FromMinutes(15);

    /// <summary>Soon enough that what was written is seen to be there, and late enough that the vendor shows it.</summary>
    public static TimeSpan Verification { get; } = TimeSpan.FromSeconds(30);

    /// <summary>The projects, by key.</summary>
    public IReadOnlyDictionary<ProjectKey, Entry> Entries => _entries;

    /// <summary>Takes over the projects of a revision. What is not as it was is due at once.</summary>
    /// <param name="projects">The projects.</param>
    /// <param name="now">The time.</param>
    public void Replace(IEnumerable<DesiredProject> projects, DateTimeOffset now)
    {
        var before = new Dictionary<ProjectKey, Entry>(_entries);
        _entries.Clear();
        foreach (var project in projects)
        {
            if (!before.TryGetValue(project.Key, out var entry))
                entry = new()
                {
                    Project = project,
                    NextAt = now,
                    IsHurried = true,
                };
            else if (!DesiredChange.IsNone(entry.Project, project))
                (entry.NextAt, entry.IsHurried, entry.Failures) = (now, true, 0);
            else if (entry.IsGone)
                (entry.NextAt, entry.IsHurried) = (now, true);
            (entry.Project, entry.IsGone) = (project, false);
            _entries[project.Key] = entry;
        }

        // What runs stays known until it has ended: no project has two passes at one time.
        foreach (var (key, entry) in before.Where(e => e.Value.IsRunning && !_entries.ContainsKey(e.Key)))
        {
            entry.IsGone = true;
            _entries[key] = entry;
        }
    }

    /// <summary>Somebody asks for a pass over a project now.</summary>
    /// <param name="key">The project.</param>
    /// <param name="now">The time.</param>
    public void Hurry(ProjectKey key, DateTimeOffset now)
    {
        if (_entries.TryGetValue(key, out var entry))
            (entry.NextAt, entry.IsHurried, entry.Failures) = (now, true, 0);
    }

    /// <summary>When the next of an account's projects is due; null where none waits.</summary>
    public DateTimeOffset? NextOf(Account account) => Waiting(account).Select(e => (DateTimeOffset?)e.NextAt).Min();

    /// <summary>Takes what is due of an account, the hurried ones first; they run until <see cref="Ended"/>.</summary>
    public IReadOnlyList<Entry> TakeDue(Account account, DateTimeOffset now)
    {
        var due = Waiting(account)
            .Where(e => e.NextAt <= now)
            .OrderBy(e => e.NextAt)
            .ThenBy(e => e.Project.Id, StringComparer.Ordinal)
            .ToList();
        var hurried = due.Where(e => e.IsHurried).ToList();
        var taken = hurried.Count > 0 ? hurried : [.. due.Take(MostAtOnce)];
        if (taken.Count == 0)
            return [];
        // What a change asked for and is not settled yet is judged together again: limits over a provider hold all of it, and one project
        // after the other would slip through below them.
        if (taken.Exists(e => e.IsHurried || e.IsUnsettled))
            taken =
            [
                .. taken.Union(
                    Waiting(account).Where(e => e.IsUnsettled && (e.Failures == 0 || taken.Exists(t => t.Failures > 0)))
                ),
            ];
        taken.AddRange(Sharing(taken, account, now));
        foreach (var entry in taken)
        {
            entry.IsUnsettled |= entry.IsHurried;
            (entry.IsRunning, entry.IsHurried) = (true, false);
        }

        return taken;
    }

    /// <summary>A project's pass is over.</summary>
    /// <param name="entry">The project.</param>
    /// <param name="passed">How it went.</param>
    /// <param name="now">The time.</param>
    public void Ended(Entry entry, Passed passed, DateTimeOffset now)
    {
        entry.IsRunning = false;
        if (entry.IsGone)
            _entries.Remove(entry.Project.Key);
        // Neither done nor failed: a newer revision asks for something else, or the process stops.
        if (passed.IsVoid)
            return;
        if (passed.IsSettled)
            entry.IsUnsettled = false;
        entry.Failures = passed.HasFailed ? entry.Failures + 1 : 0;
        entry.Remembered = passed.Remembered ?? entry.Remembered;
        // A change that came in the meantime is due at once.
        if (entry.IsHurried)
            return;
        var interval = passed.HasFailed ? Backoff(entry.Failures, entry.Project.Interval) : entry.Project.Interval;
        // Up to a tenth sooner or later, so that passes which began together do not stay together.
        var next = now + (interval * (0.9 + (0.2 * chance())));
        // What the vendor asked for is no guess of ours: never sooner.
        if (passed.RetryAfter is { } asked && now + asked > next)
            next = now + asked;
        if (passed is { HasFailed: false, HasWritten: true } && now + Verification < next)
            next = now + Verification;
        var due = entry.Remembered is { Ledger: { } ledger } ? DueTimes.Next(entry.Project, ledger, now) : null;
        entry.NextAt = !passed.HasFailed && due < next ? due.Value : next;
    }

    private static TimeSpan Backoff(int failures, TimeSpan interval)
    {
        var wait = FirstBackoff * Math.Pow(2, Math.Min(failures - 1, 10));
        var most = interval > LongestBackoff ? interval : LongestBackoff;
        return wait < most ? wait : most;
    }

    private IEnumerable<Entry> Waiting(Account account) =>
        _entries.Values.Where(e => !e.IsRunning && Account.Of(e.Project) == account);

    // A mail that several projects share is sent once only where they are planned together.
    private IEnumerable<Entry> Sharing(List<Entry> taken, Account account, DateTimeOffset now)
    {
        // Whoever was never read may share any of them.
        var mayShareAny = taken.Exists(e => e.Mails is null);
        var mails = taken
            .Where(e =>
                e.Remembered is { Ledger: { } ledger }
                && ledger.People.Any(p => p.CountingFrom + e.Project.Invitations.ResendAfter <= now)
            )
            .SelectMany(e => e.Mails ?? [])
            .ToHashSet(StringComparer.Ordinal);
        return mails.Count == 0 && !mayShareAny
            ? []
            :
            [
                .. Waiting(account)
                    .Where(e =>
                        !taken.Contains(e) && e.Mails is { Count: > 0 } && (mayShareAny || e.Mails.Any(mails.Contains))
                    ),
            ];
    }

    /// <summary>One project's place in the schedule.</summary>
    internal sealed class Entry
    {
        public required DesiredProject Project { get; set; }

        public DateTimeOffset NextAt { get; set; }

        /// <summary>Whether it goes before what is only due by its interval.</summary>
        public bool IsHurried { get; set; }

        public bool IsRunning { get; set; }

        /// <summary>Whether no revision asks for it any more, and only its pass is not over yet.</summary>
        public bool IsGone { get; set; }

        public int Failures { get; set; }

        /// <summary>What is remembered of it since its last pass.</summary>
        public StoredLedger? Remembered { get; set; }

        /// <summary>The mails of invitations that wait, where the vendor sends one for several projects; null until it was read once.</summary>
        public IReadOnlyList<string>? Mails { get; set; }

        /// <summary>Whether a change of its manifests waits to be carried out: it was not read yet, or a limit holds it.</summary>
        public bool IsUnsettled { get; set; }
    }
}

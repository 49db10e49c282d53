using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;

namespace Reconciler.Hosting.Reconciling;

/// <summary>
/// Says when each project is due. Projects whose manifests changed come first and all together, since limits over a
/// provider count what is planned together. Used by the loop alone.
/// </summary>
/// <param name="chance">Random numbers from 0 to 1, for the jitter.</param>
public sealed class Schedule(Func<double> chance)
{
    /// <summary>
    /// The most projects of one routine reconcile: a change of the manifests waits for no more than these.
    /// </summary>
    public const int MostAtOnce = 32;

    private readonly Dictionary<ProjectKey, Entry> _entries = [];

    // The loop asks for them each turn, and thousands of projects share few.
    private IReadOnlyCollection<Account>? _accounts;

    /// <summary>How long a project waits after it failed once.</summary>
    public static TimeSpan FirstBackoff { get; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest wait after failures, where the interval is not longer.</summary>
    public static TimeSpan LongestBackoff { get; } = TimeSpan.FromMinutes(15);

    /// <summary>When what was written is read back: vendors show a change only after some seconds.</summary>
    public static TimeSpan Verification { get; } = TimeSpan.FromSeconds(30);

    /// <summary>The entries, by project.</summary>
    public IReadOnlyDictionary<ProjectKey, Entry> Entries => _entries;

    /// <summary>The entries, as a list of its own.</summary>
    public IReadOnlyCollection<Entry> All => [.. _entries.Values];

    /// <summary>The accounts of the entries.</summary>
    internal IReadOnlyCollection<Account> Accounts =>
        _accounts ??= [.. _entries.Values.Select(e => e.Account).Distinct()];

    /// <summary>Replaces the projects. One that is new or has changed is due at once.</summary>
    /// <param name="projects">The projects.</param>
    /// <param name="now">The time.</param>
    public void Replace(IEnumerable<DesiredProject> projects, DateTimeOffset now)
    {
        var before = new Dictionary<ProjectKey, Entry>(_entries);
        _entries.Clear();
        _accounts = null;
        foreach (var project in projects)
        {
            if (!before.TryGetValue(project.Key, out var entry))
                entry = new()
                {
                    Project = project,
                    NextAt = now,
                    IsExpedited = true,
                };
            else if (!DesiredChange.IsNone(entry.Project, project))
                (entry.NextAt, entry.IsExpedited, entry.Failures) = (now, true, 0);
            else if (entry.IsGone)
                (entry.NextAt, entry.IsExpedited) = (now, true);
            (entry.Project, entry.IsGone) = (project, false);
            _entries[project.Key] = entry;
        }

        // A project that is being reconciled stays until that has ended, so that no project is reconciled twice at one
        // time.
        foreach (var (key, entry) in before.Where(e => e.Value.IsRunning && !_entries.ContainsKey(e.Key)))
        {
            entry.IsGone = true;
            _entries[key] = entry;
        }
    }

    /// <summary>Makes a project due now, before routine ones.</summary>
    /// <param name="key">The project.</param>
    /// <param name="now">The time.</param>
    public void Expedite(ProjectKey key, DateTimeOffset now)
    {
        if (_entries.TryGetValue(key, out var entry))
            (entry.NextAt, entry.IsExpedited, entry.Failures) = (now, true, 0);
    }

    /// <summary>Returns when the next of an account's projects is due; null where none waits.</summary>
    internal DateTimeOffset? NextOf(Account account) => Waiting(account).Select(e => (DateTimeOffset?)e.NextAt).Min();

    /// <summary>
    /// Takes the projects of an account that are due, expedited ones first; each counts as running until <see
    /// cref="Complete"/>.
    /// </summary>
    internal IReadOnlyList<Entry> TakeDue(Account account, DateTimeOffset now)
    {
        var due = Waiting(account)
            .Where(e => e.NextAt <= now)
            .OrderBy(e => e.NextAt)
            .ThenBy(e => e.Project.Id, StringComparer.Ordinal)
            .ToList();
        var expedited = due.Where(e => e.IsExpedited).ToList();
        var taken = expedited.Count > 0 ? expedited : [.. due.Take(MostAtOnce)];
        if (taken.Count == 0)
            return [];
        // Changes that are not settled yet are planned together again: limits over a provider count all of them, and
        // one project after the other would stay below the limits.
        if (taken.Exists(e => e.IsExpedited || e.IsUnsettled))
            taken =
            [
                .. taken.Union(
                    Waiting(account).Where(e => e.IsUnsettled && (e.Failures == 0 || taken.Exists(t => t.Failures > 0)))
                ),
            ];
        taken.AddRange(Sharing(taken, account, now));
        foreach (var entry in taken)
        {
            entry.IsUnsettled |= entry.IsExpedited;
            (entry.IsRunning, entry.IsExpedited) = (true, false);
        }

        return taken;
    }

    /// <summary>Ends the reconcile of a project and chooses the time of the next.</summary>
    /// <param name="entry">The project.</param>
    /// <param name="result">How it went.</param>
    /// <param name="now">The time.</param>
    internal void Complete(Entry entry, ReconcileResult result, DateTimeOffset now)
    {
        entry.IsRunning = false;
        if (entry.IsGone)
        {
            _entries.Remove(entry.Key);
            _accounts = null;
        }

        // A skipped reconcile neither succeeded nor failed, so the project stays due unless the host asks for a wait.
        if (!result.IsSkipped)
            Reschedule(entry, result, now);
        if (result.RequeueAfter is { } wait && entry is { IsGone: false, IsExpedited: false })
            entry.NextAt = now + wait;
    }

    private void Reschedule(Entry entry, ReconcileResult result, DateTimeOffset now)
    {
        if (result.IsSettled)
            entry.IsUnsettled = false;
        entry.Failures = result.HasFailed ? entry.Failures + 1 : 0;
        entry.Remembered = result.Remembered ?? entry.Remembered;
        // A change that came meanwhile is due at once.
        if (entry.IsExpedited)
            return;
        var interval = result.HasFailed ? Backoff(entry.Failures, entry.Project.Interval) : entry.Project.Interval;
        // A random ±10 % keeps projects from being reconciled all at the same moment.
        var next = now + (interval * (0.9 + (0.2 * chance())));
        // A vendor that asks to wait is never asked sooner.
        if (result.RetryAfter is { } asked && now + asked > next)
            next = now + asked;
        if (result is { HasFailed: false, HasWritten: true } && now + Verification < next)
            next = now + Verification;
        var due = entry.Remembered is { Ledger: { } ledger } ? DueTimes.Next(entry.Project, ledger, now) : null;
        entry.NextAt = !result.HasFailed && due < next ? due.Value : next;
    }

    private static TimeSpan Backoff(int failures, TimeSpan interval)
    {
        var wait = FirstBackoff * Math.Pow(2, Math.Min(failures - 1, 10));
        var most = interval > LongestBackoff ? interval : LongestBackoff;
        return wait < most ? wait : most;
    }

    private IEnumerable<Entry> Waiting(Account account) =>
        _entries.Values.Where(e => !e.IsRunning && e.Account == account);

    // A mail that several projects share is sent only once if they are planned together.
    private IEnumerable<Entry> Sharing(List<Entry> taken, Account account, DateTimeOffset now)
    {
        // A project that was never read may share any mail.
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

    /// <summary>One project in the schedule.</summary>
    public sealed class Entry
    {
        /// <summary>The project as declared.</summary>
        public required DesiredProject Project
        {
            get;
            set
            {
                field = value;
                (Key, Account) = (value.Key, Account.Of(value));
            }
        }

        /// <summary>Its key; kept, since each turn of the loop asks for all of them.</summary>
        public ProjectKey Key { get; private set; } = null!;

        /// <summary>Its account.</summary>
        internal Account Account { get; private set; } = null!;

        /// <summary>When it is due.</summary>
        internal DateTimeOffset NextAt { get; set; }

        /// <summary>Whether it goes before projects that are only due by their interval.</summary>
        public bool IsExpedited { get; set; }

        /// <summary>Whether it is being reconciled.</summary>
        public bool IsRunning { get; set; }

        /// <summary>Whether it is desired no more, and stays only until its reconcile has ended.</summary>
        public bool IsGone { get; set; }

        /// <summary>How many reconciles in a row failed.</summary>
        internal int Failures { get; set; }

        /// <summary>Its ledger after the last reconcile.</summary>
        internal StoredLedger? Remembered { get; set; }

        /// <summary>
        /// Ids of the mails of pending invitations, where the vendor sends one for several projects; null until it was
        /// read once.
        /// </summary>
        internal IReadOnlyList<string>? Mails { get; set; }

        /// <summary>
        /// Whether a change of its manifests is not carried out yet: it was not read, or a limit holds it.
        /// </summary>
        internal bool IsUnsettled { get; set; }
    }
}

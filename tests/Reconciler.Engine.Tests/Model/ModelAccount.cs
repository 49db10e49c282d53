using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Core.Actions;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;

namespace Reconciler.Engine.Tests.Model;

/// <summary>A write that reached the vendor.</summary>
internal sealed record Sent(DesiredProject Project, PlannedAction Action, bool IsDone);

/// <summary>An invitation's mail.</summary>
internal sealed record Mail(string Project, string Email, DateTimeOffset At, bool IsReminder);

/// <summary>
/// One account at a vendor, in memory: projects, people, mails. It keeps the contract of the ports, obeys every write,
/// and itself counts what limits and mails are judged by. One pass speaks to it one request at a time, so that a seed
/// decides everything.
/// </summary>
internal sealed partial class ModelAccount(string name, Vendor vendor, bool isOrganisation, FakeTimeProvider clock)
    : IProjectReader,
        IProjectWriter,
        ICombinedInvitations
{
    private readonly Dictionary<string, int> _left = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _accounts = new(StringComparer.Ordinal);
    private int _ids;

    public Vendor Vendor { get; } = vendor;

    public string Name { get; } = name;

    public SortedDictionary<string, LiveProject> Projects { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// The addresses of those who can be added without an invitation; null where the vendor has no such thing.
    /// </summary>
    public HashSet<string>? Organisation { get; } = isOrganisation ? new(StringComparer.Ordinal) : null;

    public DesiredProvider Provider { get; private set; } = null!;

    public Limits Limits { get; set; } = Limits.None;

    public Trouble? Trouble { get; private set; }

    public List<Sent> Sent { get; } = [];

    public List<Mail> Mails { get; } = [];

    public List<string> Complaints { get; } = [];

    public bool ReadsBack { get; init; }

    public bool ListsDeclined { get; init; } = true;

    public bool ListsExpired { get; init; }

    public ProviderConnection Connection => new(this, () => this, new MemoryStream());

    /// <summary>
    /// The manifest of the connection: one request at a time, an address to leave alone, an address to act as.
    /// </summary>
    public void Connect(string? ignored, string? actingAs) =>
        Provider = new(
            Name,
            Vendor,
            new($"https://api.{Name[(Name.IndexOf('/', StringComparison.Ordinal) + 1)..]}.example/v1/"),
            new()
            {
                Type = Vendor.Type,
                BaseUrl = $"https://api.{Name}.example/v1",
                Credentials = new() { Token = new() { Env = "RECONCILER_TOKEN" } },
                MaxConcurrency = 1,
                SettleAfter = new("0s", TimeSpan.Zero),
                CombineInvitations = Vendor.Capabilities.CombinesInvitations,
                Ignore = ignored is null ? null : [AddressPattern.Parse(ignored)!],
                ActingAs = actingAs is null ? null : EmailAddress.Parse(actingAs),
            }
        );

    public string NextId(string kind) => $"{kind}{++_ids}";

    /// <summary>A new pass begins.</summary>
    public void Begin(Trouble? trouble)
    {
        Trouble = trouble;
        Sent.Clear();
        _left.Clear();
    }

    public Task<LiveProject> ReadAsync(DesiredProject project, CancellationToken cancellation)
    {
        var live = Projects[project.ProjectId];
        if (Trouble is { } trouble)
        {
            if (trouble.Chance.Once(trouble.Reads))
                throw new ProviderException(ProviderFault.Unavailable, "no answer");
            if (trouble.Chance.Once(trouble.ShortReads))
                live = live with { Members = [.. live.Members.Where(_ => trouble.Chance.Once(40))] };
        }

        return Task.FromResult(Organisation is null ? live : live with { Addable = Addable(project, live) });
    }

    public void Change(string project, Func<LiveProject, LiveProject> change)
    {
        var before = Projects[project];
        var after = Projects[project] = change(before);
        // The reminders of somebody who became a member no longer count: if they leave and are invited again, the count
        // starts anew.
        foreach (var member in after.Members)
        {
            if (!before.Members.Contains(member))
                CountAnew(m => m.Project == project && m.Email == EmailAddress.KeyOf(member.Email));
        }
    }

    /// <summary>Some reminders count no more.</summary>
    public void CountAnew(Predicate<Mail> which)
    {
        for (var i = 0; i < Mails.Count; i++)
        {
            if (Mails[i].IsReminder && which(Mails[i]))
                Mails[i] = Mails[i] with { IsReminder = false };
        }
    }

    public LiveMember Member(string email, Access access) => new(NextId("m"), IdOf(email), email, access);

    /// <summary>An account gets another address, unless that is another account's.</summary>
    public bool Move(string from, string to)
    {
        if (_accounts.ContainsKey(to) || !_accounts.Remove(from, out var id))
            return false;
        _accounts[to] = id;
        foreach (var (project, live) in Projects.ToList())
            Projects[project] = live with
            {
                Members = [.. live.Members.Select(m => m.PersonId == id ? m with { Email = to } : m)],
            };
        return true;
    }

    // The first account of a person has the id that manifests know.
    private string IdOf(string email)
    {
        if (_accounts.TryGetValue(email, out var id))
            return id;
        var first = Someone.Id(Someone.Of(email));
        return _accounts[email] = _accounts.ContainsValue(first) ? NextId("v") : first;
    }

    public LiveInvitation Invitation(string email, Access access) =>
        new(NextId("i"), email, access, InvitationState.Pending, clock.GetUtcNow());

    private ImmutableHashSet<string> Addable(DesiredProject project, LiveProject live) =>
        [
            .. project
                .Members.Where(d =>
                    !live.Members.Any(m => d.Person.Is(m.Email, m.PersonId))
                    && !live.Invitations.Any(i => i.State == InvitationState.Pending && d.Person.Is(i.Email, null))
                )
                .SelectMany(d => d.Person.Aliases.Add(d.Person.Key))
                .Where(Organisation!.Contains),
        ];

    public static bool Same(string left, string right) => EmailAddress.KeyOf(left) == EmailAddress.KeyOf(right);
}

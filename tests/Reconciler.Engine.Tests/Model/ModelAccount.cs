using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Core.Actions;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Testing.Model;

namespace Reconciler.Engine.Tests.Model;

/// <summary>A write that reached the vendor.</summary>
internal sealed record Sent(DesiredProject Project, PlannedAction Action, bool IsDone);

/// <summary>An invitation's mail.</summary>
internal sealed record Mail(string Project, string Email, DateTimeOffset At, bool IsReminder);

/// <summary>What goes wrong at a vendor in one pass; every number comes from one seed.</summary>
internal sealed class Trouble(Chance chance)
{
    public Chance Chance { get; } = chance;

    public int Writes { get; init; }

    public int Reads { get; init; }

    public int ShortReads { get; init; }

    /// <summary>How many of a hundred people whose invitation is to go accept just before.</summary>
    public int Races { get; init; }

    /// <summary>How many writes a project still sees before the process dies or is interrupted; null for all.</summary>
    public int? EndsAfter { get; init; }
}

/// <summary>
/// One account at a vendor, in memory: projects, people, mails. It keeps the contract of the ports, obeys every write,
/// and itself counts what limits and mails are judged by. One pass speaks to it one request at a time, so that a seed
/// decides everything.
/// </summary>
internal sealed class ModelAccount(string name, Vendor vendor, bool isOrganisation, FakeTimeProvider clock)
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

    public Task<WriteResult> ApplyAsync(
        DesiredProject project,
        IReadOnlyList<PlannedAction> actions,
        CancellationToken cancellation
    ) => SendAsync([.. actions.Select(a => (project, a))], null);

    public Task<string> ScopeAsync(DesiredProject project, CancellationToken cancellation) =>
        Task.FromResult("one organization");

    public Task<WriteResult> InviteAsync(
        string scope,
        IReadOnlyList<DesiredProject> projects,
        PlannedAction action,
        CancellationToken cancellation
    ) => SendAsync([.. projects.Select(p => (p, action))], NextId("i"));

    // A failure is put into the task, as with requests over a network, so that callers that share a task see the same
    // failure.
    private Task<WriteResult> SendAsync(
        ImmutableArray<(DesiredProject Project, PlannedAction Action)> writes,
        string? shared
    )
    {
        try
        {
            return Task.FromResult(Send(writes, shared));
        }
        catch (Exception failure)
        {
            return Task.FromException<WriteResult>(failure);
        }
    }

    private WriteResult Send(ImmutableArray<(DesiredProject Project, PlannedAction Action)> writes, string? shared)
    {
        End(writes[0].Project);
        Race(writes[0].Project, writes[0].Action);
        var fault =
            Trouble is { } trouble && trouble.Chance.Once(trouble.Writes)
                ? FaultOf(trouble.Chance, writes[0].Action)
                : null;
        if (fault is null or { IsDone: true })
        {
            // A vendor refuses the whole call before it does anything.
            foreach (var (project, action) in writes)
                Refuse(project, action);
        }

        foreach (var (project, action) in writes)
        {
            if (fault is null or { IsDone: true })
                Do(project, action, shared);
            else if (fault.IsPartlyDone && action.Invitation is { } old)
                Change(
                    project.ProjectId,
                    live => live with { Invitations = live.Invitations.RemoveAll(i => i.Id == old.Id) }
                );
            Sent.Add(new(project, action, fault is null or { IsDone: true }));
        }

        if (fault?.Failure is { } failure)
            throw failure;
        return ReadsBack || fault is { IsDone: false } ? WriteResult.ReadBack : WriteResult.Confirmed;
    }

    // The person accepts between the reading and the write: there is no such invitation any more.
    private void Race(DesiredProject project, PlannedAction action)
    {
        if (
            action
            is not { Kind: ActionKind.Revoke or ActionKind.Replace, Invitation: { NamesOtherProjects: false } old }
        )
            return;
        if (Trouble is not { } trouble || !trouble.Chance.Once(trouble.Races))
            return;
        if (!Projects[project.ProjectId].Invitations.Any(i => i.Id == old.Id && i.State == InvitationState.Pending))
            return;
        Change(
            project.ProjectId,
            live =>
                live with
                {
                    Invitations = live.Invitations.RemoveAll(i => i.Id == old.Id),
                    Members = live.Members.Any(m => Same(m.Email, old.Email))
                        ? live.Members
                        : live.Members.Add(Member(old.Email, old.Access)),
                }
        );
        Organisation?.Add(EmailAddress.KeyOf(old.Email));
        Sent.Add(new(project, action, false));
        throw new ProviderException(ProviderFault.NotFound, "there is no such invitation")
        {
            IsSettledByReading = true,
        };
    }

    private void End(DesiredProject project)
    {
        if (Trouble?.EndsAfter is not { } most)
            return;
        var left = _left.GetValueOrDefault(project.ProjectId, most);
        if (left == 0)
            throw new OperationCanceledException();
        _left[project.ProjectId] = left - 1;
    }

    private static Fault FaultOf(Chance chance, PlannedAction action) =>
        chance.Below(action.Kind == ActionKind.Replace ? 10 : 8) switch
        {
            0 => new(false, new ProviderException(ProviderFault.Refused, "refused")),
            1 => new(false, new ProviderException(ProviderFault.Forbidden, "forbidden")),
            2 => new(false, new ProviderException(ProviderFault.RateLimited, "slow down")),
            3 => new(true, new ProviderException(ProviderFault.Ambiguous, "the answer was lost")),
            4 => new(false, new ProviderException(ProviderFault.Ambiguous, "the answer was lost")),
            5 => new(false, null),
            6 => new(true, new InvalidOperationException("a fault of ours")),
            7 => new(false, new ProviderException(ProviderFault.Manual, "do it by hand")),
            8 => new(
                false,
                new ProviderException(ProviderFault.Refused, "revoked, not invited") { IsPartlyDone = true }
            )
            {
                IsPartlyDone = true,
            },
            _ => new(false, new ProviderException(ProviderFault.Ambiguous, "revoked, and the answer was lost"))
            {
                IsPartlyDone = true,
            },
        };

    private void Refuse(DesiredProject project, PlannedAction action)
    {
        var live = Projects[project.ProjectId];
        var reason = action.Kind switch
        {
            ActionKind.Invite when live.Members.Any(m => Same(m.Email, action.Email)) => "is a member",
            ActionKind.Update when !live.Members.Any(m => m.MembershipId == action.Member!.MembershipId) =>
                "there is no such member",
            ActionKind.Resend when !live.Invitations.Any(i => i.Id == action.Invitation!.Id) =>
                "there is no such invitation",
            _ => null,
        };
        if (reason is not null)
            throw new ProviderException(ProviderFault.Refused, reason);
    }

    private void Do(DesiredProject project, PlannedAction action, string? shared)
    {
        var isMail = action.Kind is ActionKind.Invite or ActionKind.Resend or ActionKind.Replace;
        var waits = Projects[project.ProjectId]
            .Invitations.Any(i => i.State == InvitationState.Pending && action.Person.Is(i.Email, i.PersonId));
        if (action.Kind == ActionKind.Invite && waits)
            Complaints.Add($"a second invitation to {action.Email} in {project.Id} while one waits");
        if (action is { Kind: ActionKind.Revoke or ActionKind.Replace, Invitation.NamesOtherProjects: true })
            Complaints.Add($"revoked an invitation of {action.Email} that names other projects");
        var isAdded = action.Kind == ActionKind.Invite && Organisation?.Contains(action.Email) == true;
        if (isMail && !isAdded)
            Mails.Add(new(project.ProjectId, EmailAddress.KeyOf(action.Email), clock.GetUtcNow(), action.IsReminder));
        Change(
            project.ProjectId,
            live =>
                isAdded
                    ? live with
                    {
                        Members = live.Members.Add(Member(action.Email, action.Access!.Grants)),
                    }
                    : After(live, action, shared)
        );
    }

    private LiveProject After(LiveProject live, PlannedAction action, string? shared) =>
        action.Kind switch
        {
            ActionKind.Invite or ActionKind.Replace => live with
            {
                Invitations = live
                    .Invitations.RemoveAll(i => i.Id == action.Invitation?.Id)
                    .Add(
                        Invitation(action.Email, action.Access!.Grants) with
                        {
                            Id = shared ?? NextId("i"),
                            NamesOtherProjects = shared is not null || Organisation is not null,
                        }
                    ),
            },
            ActionKind.Update => live with
            {
                Members =
                [
                    .. live.Members.Select(m =>
                        m.MembershipId != action.Member!.MembershipId
                            ? m
                            : m with
                            {
                                Access = m.Access.Without(action.Access!.ExcessOf(m.Access)).With(action.Access.Grants),
                            }
                    ),
                ],
            },
            ActionKind.Revoke => live with
            {
                Invitations = live.Invitations.RemoveAll(i => i.Id == action.Invitation!.Id),
            },
            ActionKind.Remove => live with
            {
                Members = live.Members.RemoveAll(m => m.MembershipId == action.Member!.MembershipId),
            },
            _ => live,
        };

    public void Change(string project, Func<LiveProject, LiveProject> change)
    {
        var before = Projects[project];
        var after = Projects[project] = change(before);
        // The reminders of whoever became a member no longer count: should they leave and be invited again, the count
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

    private sealed record Fault(bool IsDone, Exception? Failure)
    {
        public bool IsPartlyDone { get; init; }
    }
}

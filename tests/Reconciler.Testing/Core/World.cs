using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;

namespace Reconciler.Testing.Core;

/// <summary>
/// One project as declared, as it lives and as it is remembered; each test says only what matters to it.
/// </summary>
public sealed class World(Vendor? vendor = null)
{
    private readonly List<DesiredMember> _declared = [];
    private readonly List<RequestedRemoval> _removals = [];
    private readonly List<LiveMember> _members = [];
    private readonly List<LiveInvitation> _invitations = [];
    private readonly List<PersonRecord> _records = [];
    private readonly Dictionary<string, LiveAccount?> _accounts = new(StringComparer.Ordinal);
    private Limits _limits = Limits.None;
    private PrunePolicy _prune = PrunePolicy.Owned;
    private InvitationPolicy _invitationPolicy = InvitationPolicy.Default;
    private OwnershipSource _source = OwnershipSource.Ledger;
    private int? _trusted;
    private string? _actingAs;
    private ImmutableArray<string> _ignore = [];
    private bool _dryRun;
    private TimeSpan _settleAfter;

    public static DateTimeOffset Now { get; } = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);

    public Vendor Vendor { get; private set; } = vendor ?? TestVendors.Acme;

    public string Id { get; private set; } = "default/demo";

    public DesiredProject Desired =>
        new(Id, Provider(), "p-1", [.. _declared.OrderBy(d => d.Person.Key, StringComparer.Ordinal)])
        {
            Removals = [.. _removals.OrderBy(r => r.Person.Key, StringComparer.Ordinal)],
            Prune = _prune,
            Invitations = _invitationPolicy,
            Limits = _limits,
            DryRun = _dryRun,
        };

    public LiveProject Live =>
        new([.. _members], [.. _invitations]) { Accounts = _accounts.ToImmutableDictionary(StringComparer.Ordinal) };

    public ProjectLedger Ledger => new(_source, [.. _records]) { TrustedCount = _trusted };

    public static PersonIdentity Person(string email, string? userId = null, params string[] aliases) =>
        new(EmailAddress.KeyOf(email), EmailAddress.Parse(email))
        {
            UserId = userId,
            Aliases = [.. aliases.Select(EmailAddress.KeyOf)],
        };

    public ProjectPlan Plan() => Planner.Plan(Desired, Live, Ledger, Now);

    public World Declare(string email, string words) => Declare(Person(email), words);

    public World DeclareId(string id, string words) =>
        Declare(new PersonIdentity($"id:{id}", null) { UserId = id }, words);

    /// <summary>A vendor that knows people by logins.</summary>
    public World WithLogins(bool caseCounts = false) =>
        Then(() => Vendor = Vendor with { Logins = new(caseCounts, FindsAccounts: true) });

    public static PersonIdentity ByLogin(string login, string? id = null) =>
        new(Login.Parse(login)!.Key, null) { Login = Login.Parse(login), UserId = id };

    public World DeclareLogin(string login, string words, string? id = null) => Declare(ByLogin(login, id), words);

    /// <summary>What the vendor says of a login that is not in the project.</summary>
    public World Account(string login, string? id) =>
        Then(() => _accounts[Login.Parse(login)!.Key] = id is null ? null : new(id, login));

    public World Declare(PersonIdentity person, string words) =>
        Then(() => _declared.Add(new(person, Vendor.Asked(words), [])));

    /// <summary>An entry that expired, or a person who departed.</summary>
    public World TakeAway(PersonIdentity person, string reason = "expired on 2026-06-01") =>
        Then(() => _removals.Add(new(person, reason, Position.None)));

    public World TakeAway(string email) => TakeAway(Person(email));

    /// <summary>A member; the vendor's ids are derived from the address where none is given.</summary>
    public World Member(string email, string words, string? id = null, bool service = false, bool owner = false) =>
        Then(() =>
            _members.Add(
                new($"m-{id ?? email}", id ?? $"u-{EmailAddress.KeyOf(email)}", email, Vendor.Grants(words))
                {
                    IsService = service,
                    IsVendorOwner = owner,
                }
            )
        );

    public World Members(int count, string words) =>
        Then(() =>
        {
            for (var i = 1; i <= count; i++)
                Member($"m{i}@x.example", words);
        });

    public World Pending(
        string email,
        string words,
        double daysAgo = 1,
        string? id = null,
        bool others = false,
        string? mail = null
    ) =>
        Then(() =>
            _invitations.Add(
                new(id ?? $"i-{email}", email, Vendor.Grants(words), InvitationState.Pending, Now.AddDays(-daysAgo))
                {
                    NamesOtherProjects = others,
                    MailId = mail,
                }
            )
        );

    public World Declined(string email, string words, double daysAgo = 1, string? id = null) =>
        Then(() =>
            _invitations.Add(
                new(id ?? $"d-{email}", email, Vendor.Grants(words), InvitationState.Declined, Now.AddDays(-daysAgo))
            )
        );

    public World Expired(string email, string words, double daysAgo = 8, string? failure = null) =>
        Then(() =>
            _invitations.Add(
                new($"e-{email}", email, Vendor.Grants(words), InvitationState.Expired, Now.AddDays(-daysAgo))
                {
                    Failure = failure,
                }
            )
        );

    public World Remember(PersonRecord record) => Then(() => _records.Add(record));

    public World Owned(params string[] emails) =>
        Then(() =>
            _records.AddRange(emails.Select(e => new PersonRecord(e) { Owned = true, State = PersonState.Member }))
        );

    public World Invited(
        string email,
        double daysAgo,
        int resends = 0,
        double? sentDaysAgo = null,
        string words = "read"
    ) =>
        Remember(
            new(email)
            {
                Owned = true,
                State = PersonState.Invited,
                InvitedAt = Now.AddDays(-daysAgo),
                SentAt = Now.AddDays(-(sentDaysAgo ?? daysAgo)),
                Resends = resends,
                Asked = Vendor.Grants(words),
            }
        );

    public World Prune(PrunePolicy prune) => Then(() => _prune = prune);

    public World Invitations(Func<InvitationPolicy, InvitationPolicy> change) =>
        Then(() => _invitationPolicy = change(_invitationPolicy));

    public World Limited(Limits limits) => Then(() => _limits = limits);

    public World Protect(params string[] emails) =>
        Then(() => _limits = _limits with { Protected = [.. emails.Select(EmailAddress.KeyOf)] });

    public World ActingAs(string email) => Then(() => _actingAs = email);

    public World Ignore(params string[] patterns) => Then(() => _ignore = [.. patterns]);

    public World Records(OwnershipSource source) => Then(() => _source = source);

    public World Trusted(int count) => Then(() => _trusted = count);

    public World Cannot(params ActionKind[] kinds) => Then(() => Vendor = Vendor.Without(kinds));

    public World With(Func<Capabilities, Capabilities> change) =>
        Then(() => Vendor = Vendor with { Capabilities = change(Vendor.Capabilities) });

    /// <summary>How long lists may lag; not at all unless a test says so.</summary>
    public World SettlesAfter(TimeSpan grace) => Then(() => _settleAfter = grace);

    public World Named(string name) => Then(() => Id = $"default/{name}");

    public World DryRun() => Then(() => _dryRun = true);

    /// <summary>The same people in another order, as pages may bring them.</summary>
    public World Reversed() =>
        Then(() =>
        {
            _members.Reverse();
            _invitations.Reverse();
            _records.Reverse();
            _declared.Reverse();
        });

    private DesiredProvider Provider() =>
        new(
            "default/acme",
            Vendor,
            new("https://api.acme.example/v1/"),
            new()
            {
                Type = Vendor.Type,
                BaseUrl = "https://api.acme.example/v1",
                Credentials = new() { Token = new() { Env = "RECONCILER_TOKEN" } },
                SettleAfter = new("0s", _settleAfter),
                ActingAs = _actingAs is null ? null : EmailAddress.Parse(_actingAs),
                Ignore = _ignore.IsEmpty ? null : [.. _ignore.Select(p => AddressPattern.Parse(p)!)],
            }
        );

    private World Then(Action change)
    {
        change();
        return this;
    }
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;
using Reconciler.Providers.Http;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Faults;
using Reconciler.Sandbox.GoRules;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing.Contract;

namespace Reconciler.Providers.Tests.GoRules;

/// <summary>A sandbox with one GoRules organisation of several projects, and the catalog's connection to it.</summary>
internal sealed class GoRulesBench : IAsyncDisposable
{
    public const string Name = "gorules-acme";
    public const string ProjectId = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
    public const string OtherProjectId = "4c90c3cc-0d44-4b50-8888-8dd25736052a";
    public const string Token = "s3cr3t-t0ken";
    public const string Auditors = "Auditors";

    private static readonly ImmutableArray<SeedGroup> Groups =
    [
        new("Editors"),
        new("Viewers"),
        new(Auditors) { RoleId = "a090c3cc-0d44-4b50-8888-8dd25736052a" },
    ];

    private static readonly SandboxAccess Editors = SandboxAccess.Groups(owner: false, "Editors");

    private readonly SandboxServer _server;
    private readonly Uri _url;
    private readonly CatalogEntry _entry = ProviderCatalog.Find("gorules")!;

    private GoRulesBench(SandboxServer server)
    {
        _server = server;
        _url = new(server.BaseUrl(Name));
        Connection = _entry.Connect!(
            new(_url, _ => ValueTask.FromResult(Token))
            {
                Backoff = TimeSpan.FromMilliseconds(1),
                Observer = Seen.Enqueue,
                RequestIds = () => "r-1",
            }
        );
        Project = ProjectOf(ProjectId);
        Other = ProjectOf(OtherProjectId);
    }

    public ProviderConnection Connection { get; }

    public DesiredProject Project { get; set; }

    public DesiredProject Other { get; set; }

    public ConcurrentQueue<RequestSeen> Seen { get; } = [];

    public SandboxConnection Vendor => _server.Connection(Name);

    public SandboxServer Server => _server;

    /// <summary>The first project has these people, all of them in Editors; Ken is in the organisation only.</summary>
    public static Task<GoRulesBench> StartAsync(int members = 2, params string[] pending) =>
        StartAsync(new Dictionary<string, bool>(StringComparer.Ordinal), [], members, pending);

    /// <summary>
    /// A vendor that takes nobody into a project before they accept the invitation to the organisation.
    /// </summary>
    public static Task<GoRulesBench> StrictAsync(params string[] pending) =>
        StartAsync(
            new Dictionary<string, bool>(StringComparer.Ordinal) { [GoRulesQuirks.PendingAddable] = false },
            [],
            2,
            pending
        );

    public static async Task<GoRulesBench> StartAsync(
        IReadOnlyDictionary<string, bool> quirks,
        SeedGroup[] more,
        int members,
        params string[] pending
    ) =>
        new(
            await SandboxServer.StartAsync(
                new()
                {
                    Seed = new()
                    {
                        Connections =
                        [
                            new(Name)
                            {
                                Token = Token,
                                ServiceUsers = ["ci@example.com"],
                                KnownUsers = ["ken@example.com"],
                                Quirks = quirks,
                            },
                        ],
                        Projects =
                        [
                            new(ProjectId, Name)
                            {
                                Groups = [.. Groups, .. more],
                                Members =
                                [
                                    .. Enumerable
                                        .Range(1, members)
                                        .Select(i => new SeedMember($"member{i}@example.com", Editors)),
                                ],
                                Invitations = [.. pending.Select(email => new SeedInvitation(email, Editors))],
                            },
                            new(OtherProjectId, Name) { Groups = Groups },
                        ],
                    },
                },
                TestContext.Current.CancellationToken
            )
        );

    public static DesiredAccess Access(params string[] groups) => Access(owner: false, groups);

    public static DesiredAccess Access(bool owner, params string[] groups)
    {
        var grants = groups.Select(g => Words.Grant("groups", g));
        return new(
            Reconciler.Core.Membership.Access.Of(owner ? grants.Append(Words.Grant("owner", "true")) : grants),
            ["groups", "owner"]
        );
    }

    public static DesiredMember Declared(string email, DesiredAccess access, string? userId = null) =>
        new(Person(email) with { UserId = userId }, access, [new Position("acme.yaml", 30, 5)]);

    public static PersonIdentity Person(string email) => new(EmailAddress.KeyOf(email), EmailAddress.Parse(email));

    public static PlannedAction Invitation(string email, DesiredAccess access) =>
        new(ActionKind.Invite, Phase.Grant, Person(email), "a test") { Email = email, Access = access };

    public static async Task<ProviderException> RefusedAsync(Func<Task> act)
    {
        var failure = await Assert.ThrowsAsync<ProviderException>(act);
        Assert.DoesNotContain(Token, failure.ToString(), StringComparison.Ordinal);
        return failure;
    }

    public void Declare(params DesiredMember[] members) =>
        (Project, Other) = (Project with { Members = [.. members] }, Other with { Members = [.. members] });

    public Task<LiveProject> ReadAsync(DesiredProject? project = null) =>
        Connection.Reader.ReadAsync(project ?? Project, TestContext.Current.CancellationToken);

    public Task<WriteResult> ApplyAsync(params PlannedAction[] actions) =>
        ReadBack.OrResultAsync(Connection.Writer().ApplyAsync(Project, actions, TestContext.Current.CancellationToken));

    public Task<WriteResult> ApplyToOtherAsync(params PlannedAction[] actions) =>
        Connection.Writer().ApplyAsync(Other, actions, TestContext.Current.CancellationToken);

    /// <summary>What the planner makes of the live state.</summary>
    public async Task<ProjectPlan> PlanAsync(ProjectLedger? ledger = null)
    {
        var plan = Planner.Plan(Project, await ReadAsync(), ledger ?? ProjectLedger.None, DateTimeOffset.UtcNow);
        _server.ForgetRequests();
        return plan;
    }

    /// <summary>An action on the live state.</summary>
    public async Task<PlannedAction> ActionAsync(ActionKind kind, string email, DesiredAccess? access = null)
    {
        var live = await ReadAsync();
        _server.ForgetRequests();
        return new(kind, Phase.Grant, Person(email), "a test")
        {
            Email = email,
            Access = access,
            Member = live.Members.FirstOrDefault(m => EmailAddress.KeyOf(m.Email) == EmailAddress.KeyOf(email)),
            Invitation = live.Invitations.FirstOrDefault(i => EmailAddress.KeyOf(i.Email) == EmailAddress.KeyOf(email)),
        };
    }

    public string AccessAtVendor(string email, string project = ProjectId) =>
        $"{Vendor.Members(project).Single(m => m.Email == email).Access}";

    public void Inject(Fault fault) => _server.Inject(fault);

    /// <summary>The requests, without paging.</summary>
    public ImmutableArray<string> Sent() =>
        [
            .. _server.Requests.Select(r =>
                $"{r.Method} {r.Target[r.Target.IndexOf("/api/", StringComparison.Ordinal)..]
            .Replace("?page=1&perPage=100", "", StringComparison.Ordinal).Replace("&page=1&perPage=100", "", StringComparison.Ordinal)
            .Replace(ProjectId, "P", StringComparison.Ordinal).Replace(OtherProjectId, "Q", StringComparison.Ordinal)}"
            ),
        ];

    public int SentCount(string request) => Sent().Count(sent => sent == request);

    public ValueTask DisposeAsync()
    {
        Connection.Dispose();
        return _server.DisposeAsync();
    }

    private static AccessVocabulary Words => ProgramVendors.Of("gorules").Access;

    private DesiredProject ProjectOf(string id)
    {
        var spec = new AccessProviderSpec
        {
            Type = "gorules",
            BaseUrl = _url.AbsoluteUri,
            Credentials = new() { Token = new() { Env = "RECONCILER_T" } },
        };
        return new($"default/{id}", new("default/gorules-acme", _entry.Vendor, _url, spec), id, []);
    }
}

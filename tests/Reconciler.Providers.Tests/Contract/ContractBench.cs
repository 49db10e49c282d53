using System.Collections.Concurrent;
using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;
using Reconciler.Core.Resolving;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;
using Reconciler.Manifests;
using Reconciler.Manifests.Loading;
using Reconciler.Providers.Http;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Faults;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Engine;

namespace Reconciler.Providers.Tests.Contract;

/// <summary>
/// One project at one vendor's sandbox, and the whole way to it: manifest text, resolver, planner, applier, provider,
/// HTTP. Every exchange is judged by the vendor's specification where there is one.
/// </summary>
internal sealed class ContractBench : IAsyncDisposable
{
    public const string Token = "c0ntract-t0ken";

    private const string ServiceAccount = "service@example.com";

    private readonly Exchanges _exchanges;
    private readonly ProviderConnection _connection;
    private string _members = "[]";
    private string _settings = "prune: all";
    private string _others = "";

    private ContractBench(VendorRow row, SandboxServer server)
    {
        (Row, Server) = (row, server);
        _exchanges = Exchanges.Of(row, server.BaseUrl(row.Connection));
        var settings = new ConnectionSettings(
            new(server.BaseUrl(row.Connection)),
            _ => ValueTask.FromResult(TokenOf(row))
        )
        {
            Backoff = TimeSpan.FromMilliseconds(1),
            Observer = Seen.Enqueue,
            Around = inner => new BodyRecorder(Bodies) { InnerHandler = _exchanges.Around(inner) },
        };
        _connection = ProviderCatalog.Connect(row.Vendor, settings);
    }

    public VendorRow Row { get; }

    public SandboxServer Server { get; }

    public bool CanReplace => Row.Vendor.Capabilities.Can(ActionKind.Replace);

    public SandboxConnection Vendor => Server.Connection(Row.Connection);

    public IProjectDirectory? Directory => _connection.Directory;

    public ConcurrentQueue<RequestSeen> Seen { get; } = [];

    /// <summary>What remembers from run to run; nothing does unless a test says so.</summary>
    public ILedgerStore? Store { get; set; }

    /// <summary>How long lists may lag; not at all unless a test says so.</summary>
    public string SettleAfter { get; set; } = "0s";

    /// <summary>The answers of every request so far, by path and query.</summary>
    public ConcurrentDictionary<string, string> Bodies { get; } = new(StringComparer.Ordinal);

    public ProjectLedger Ledger { get; set; } = ProjectLedger.None;

    public DateTimeOffset Now { get; set; } = TimeProvider.System.GetUtcNow();

    public static Task<ContractBench> StartAsync(string vendor, Func<VendorRow, SeedProject, SeedProject>? seed = null)
    {
        var row = VendorRows.Of(vendor);
        var project = row.Prepare(new SeedProject(row.ProjectId, row.Connection));
        return StartAsync(row, [seed?.Invoke(row, project) ?? project]);
    }

    /// <summary>Starts with several projects.</summary>
    public static async Task<ContractBench> StartAsync(VendorRow row, IEnumerable<SeedProject> projects)
    {
        var options = new SandboxOptions
        {
            Seed = new()
            {
                Token = TokenOf(row),
                KnownUsers = row.KnownUsers,
                Projects = [.. projects.Select(p => Inhabited(row, p))],
            },
            Described = new(ProgramVendors.All, ProgramVendors.All),
        };
        return new(row, await SandboxServer.StartAsync(options, TestContext.Current.CancellationToken));
    }

    /// <summary>A seed of members with the lesser access.</summary>
    public static Func<VendorRow, SeedProject, SeedProject> Members(params string[] names) =>
        (row, project) => project with { Members = [.. names.Select(n => new SeedMember(row.Key(n), row.SeedLesser))] };

    /// <summary>A seed of pending invitations with the lesser access.</summary>
    public static Func<VendorRow, SeedProject, SeedProject> Pending(params string[] names) =>
        (row, project) =>
            project with
            {
                Invitations = [.. names.Select(n => new SeedInvitation(row.Key(n), row.SeedLesser))],
            };

    /// <summary>The key by which the vendor knows a person.</summary>
    public string Key(string name) => Row.Key(name);

    /// <summary>The person whose key it is.</summary>
    public static string NameOf(string key) => VendorRow.NameOf(key);

    /// <summary>Kind and person of a plan's findings, without those that a login is taken on trust.</summary>
    public IEnumerable<string> Findings(ProjectPlan plan) =>
        plan
            .Findings.Where(f => f.Kind != FindingKind.OnTrust || Row.Vendor.Logins is null)
            .Select(f => $"{f.Kind} {NameOf(f.Person)}");

    /// <summary>Whether a request sends the mail of an invitation.</summary>
    public bool IsInvitation(SandboxRequest request) =>
        request.Method == Row.InviteMethod && request.Target.Contains(Row.InvitePath, StringComparison.Ordinal);

    /// <summary>Declares people with the lesser access.</summary>
    public ContractBench Declare(params string[] names) => Declare(names.Select(n => (n, Row.Lesser)));

    public ContractBench Declare(IEnumerable<(string Name, string Access)> members)
    {
        var field = Row.Vendor.Logins is null ? "email" : "login";
        _members =
            "[" + string.Join(", ", members.Select(m => $"{{{field}: {Key(m.Name)}, access: {m.Access}}}")) + "]";
        return this;
    }

    /// <summary>The mails that a person got.</summary>
    public int MailsTo(string name) => Vendor.MailsTo(Key(name));

    public void Accept(string name) => Vendor.Accept(Row.ProjectId, Key(name));

    public void Decline(string name) => Vendor.Decline(Row.ProjectId, Key(name));

    public void RemoveMember(string name) => Vendor.RemoveMember(Row.ProjectId, Key(name));

    /// <summary>Somebody adds a member with the lesser access at the vendor.</summary>
    public void AddMember(string name) => Vendor.AddMember(Row.ProjectId, Key(name), Row.SeedLesser);

    /// <summary>Further fields of the ProjectMembership.</summary>
    public ContractBench With(string settings)
    {
        _settings = settings;
        return this;
    }

    /// <summary>Declares that addresses are one person's.</summary>
    public ContractBench Person(string email, string alias)
    {
        _others = $$"""
            ---
            apiVersion: reconciler.dev/v1alpha1
            kind: Person
            metadata: {name: somebody}
            spec: {email: {{email}}, aliases: [{{alias}}]}
            """;
        return this;
    }

    /// <summary>Passes remember from now on.</summary>
    public ContractBench Remembering()
    {
        Store = new MemoryLedger();
        return this;
    }

    public async Task<ProjectPlan> PlanAsync()
    {
        var planned = (await PassAsync()).Projects.Single();
        return planned.Plan ?? throw planned.Failure!;
    }

    public async Task<RunPlan> PassAsync() =>
        await new PlanRun(
            _ => _connection.Reader,
            new LedgerReader(Store, _ => Ledger),
            new StandingClock(Now)
        ).RunAsync([Resolve()], null, CancellationToken.None);

    public async Task<ImmutableArray<ActionOutcome>> ApplyAsync(RunPlan? plan = null) =>
        (
            await new Applier(_ => _connection, Store, Clock).ApplyAsync(
                plan ?? await PassAsync(),
                null,
                TestContext.Current.CancellationToken
            )
        )
            .Projects.Single()
            .Outcomes;

    // Lists that lag are waited for, so that time must go by.
    private TimeProvider Clock => SettleAfter == "0s" ? new StandingClock(Now) : TimeProvider.System;

    /// <summary>Applies, and expects everything done and nothing left.</summary>
    public async Task ConvergeAsync()
    {
        Assert.All(
            await ApplyAsync(),
            o => Assert.True(o.Kind == OutcomeKind.Done, $"{o.Action.Kind} {o.Action.Email}: {o.Message}")
        );
        Assert.Empty((await PlanAsync()).Actions);
    }

    public void Inject(Fault fault) => Server.Inject(fault);

    /// <summary>The people with access, in order.</summary>
    public IEnumerable<string> MemberNames() =>
        Vendor
            .Members(Row.ProjectId)
            .Where(m => m.Email != ServiceAccount && (!Row.RemovalKeepsSeat || HasAccess(m.Access)))
            .Select(m => NameOf(m.Email))
            .Order(StringComparer.Ordinal);

    public DesiredProject Resolve(string? projectId = null)
    {
        var problems = new Problems();
        var set = new ManifestSet();
        ManifestReader.ReadText("contract.yaml", $"{Manifests(projectId ?? Row.ProjectId)}\n{_others}", set, problems);
        var state = Resolver.Resolve(
            set,
            new([Row.Vendor], Now) { AllowedHosts = ["127.0.0.1"], LiftsBuiltInLimits = true },
            problems
        );
        Assert.DoesNotContain(problems.Sorted, p => p.Severity == Severity.Error);
        return state.Projects.Single();
    }

    public Task<LiveProject> ReadAsync(DesiredProject project) =>
        _connection.Reader.ReadAsync(project, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        _connection.Dispose();
        await Server.DisposeAsync();
        _exchanges.Judge();
    }

    // The project that a token belongs to has at least the account whose token it is.
    private static SeedProject Inhabited(VendorRow row, SeedProject project) =>
        row.Vendor.Description?.Members.Project is null
            ? project
            : project with
            {
                Members = [.. project.Members, new(ServiceAccount, row.SeedLesser) { Machine = true }],
            };

    // Some vendors ask for two keys; a quote of one gives the token away.
    private static string TokenOf(VendorRow row) =>
        row.Vendor.Description?.SecondHeader is null ? Token : $"{Token}:appl1cation-k3y";

    private static bool HasAccess(SandboxAccess access) =>
        access["groups"].Length > 0 || access["owner"].Contains("true");

    // Where people have logins, the vendor tells whose token it is.
    private string Acting => Row.Vendor.Logins is null ? "actingAs: bot@example.com" : "";

    private string Manifests(string projectId) =>
        $$$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessProvider
            metadata: {name: contract}
            spec:
              type: {{{Row.Type}}}
              baseUrl: {{{Server.BaseUrl(Row.Connection)}}}
              credentials: {token: {env: RECONCILER_CONTRACT_TOKEN}}
              {{{Acting}}}
              settleAfter: {{{SettleAfter}}}
            ---
            apiVersion: reconciler.dev/v1alpha1
            kind: ProjectMembership
            metadata: {name: contract}
            spec:
              provider: contract
              projectId: "{{{projectId}}}"
              members: {{{_members}}}
              {{{_settings}}}
            """;
}

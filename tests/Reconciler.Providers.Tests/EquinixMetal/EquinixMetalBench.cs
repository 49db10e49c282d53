using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Faults;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing.Contract;

namespace Reconciler.Providers.Tests.EquinixMetal;

/// <summary>
/// A sandbox with four Equinix Metal projects, the last one of another organization, and the catalog's connection to
/// it.
/// </summary>
internal sealed class EquinixMetalBench : IAsyncDisposable
{
    public const string Name = "equinix-metal";
    public const string First = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
    public const string Second = "4c90c3cc-0d44-4b50-8888-8dd25736052a";
    public const string Third = "5c90c3cc-0d44-4b50-8888-8dd25736052a";
    public const string Foreign = "6c90c3cc-0d44-4b50-8888-8dd25736052a";
    public const string Organization = "0a90c3cc-0d44-4b50-8888-8dd25736052a";
    public const string Token = "s3cr3t-t0ken";

    private readonly Uri _url;

    private EquinixMetalBench(SandboxServer server, TimeProvider clock)
    {
        Server = server;
        _url = new Uri(server.BaseUrl(Name));
        var entry = ProviderCatalog.Find("equinix-metal")!;
        Connection = entry.Connect!(
            new(_url, _ => ValueTask.FromResult(Token))
            {
                Backoff = TimeSpan.FromMilliseconds(1),
                Clock = clock,
                RequestIds = () => "r-1",
            }
        );
    }

    public ProviderConnection Connection { get; }

    public SandboxServer Server { get; }

    public SandboxConnection Vendor => Server.Connection(Name);

    public IOwnInvitations Own => Connection.OwnInvitations!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<EquinixMetalBench> StartAsync(
        int members = 2,
        IEnumerable<SeedInvitation>? invitations = null,
        string? quirk = null,
        SeedRateLimit? limit = null,
        TimeProvider? clock = null
    ) =>
        new(
            await SandboxServer.StartAsync(
                new()
                {
                    Clock = clock ?? TimeProvider.System,
                    Seed = new()
                    {
                        Token = Token,
                        Connections = [new(Name) { RateLimit = limit }],
                        Quirks = quirk is null
                            ? ImmutableDictionary<string, bool>.Empty
                            : quirk.Split(' ').ToDictionary(q => q, _ => true, StringComparer.Ordinal),
                        Projects =
                        [
                            Project(First, members) with
                            {
                                Name = "Fraud",
                                Organization = Organization,
                                Invitations = [.. invitations ?? []],
                            },
                            Project(Second, 1) with
                            {
                                Name = "Churn",
                                Organization = Organization,
                            },
                            Project(Third, 1) with
                            {
                                Organization = Organization,
                            },
                            Project(Foreign, 1),
                        ],
                    },
                },
                Cancellation
            ),
            clock ?? TimeProvider.System
        );

    public static SeedInvitation Pending(string email, params string[] also) =>
        new(email, SandboxAccess.Roles("collaborator")) { AlsoProjects = [.. also] };

    public static DesiredAccess Roles(params string[] roles) =>
        new(Access.Of(roles.Select(role => ProgramVendors.Of("equinix-metal").Access.Grant("roles", role))), ["roles"]);

    /// <summary>A project that declares these people as collaborators.</summary>
    public DesiredProject Desired(string id, bool combine, params string[] emails)
    {
        var spec = new AccessProviderSpec
        {
            Type = "equinix-metal",
            BaseUrl = _url.AbsoluteUri,
            CombineInvitations = combine,
            Credentials = new() { Token = new() { Env = "RECONCILER_T" } },
        };
        var provider = new DesiredProvider("default/metal", ProgramVendors.Of("equinix-metal"), _url, spec);
        return new(
            $"default/{id}",
            provider,
            id,
            [
                .. emails.Select(e => new DesiredMember(
                    new(EmailAddress.KeyOf(e), EmailAddress.Parse(e)),
                    Roles("collaborator"),
                    []
                )),
            ]
        );
    }

    public Task<LiveProject> ReadAsync(string id = First) =>
        Connection.Reader.ReadAsync(Desired(id, combine: false), Cancellation);

    public Task<WriteResult> ApplyAsync(PlannedAction action) =>
        ReadBack.OrResultAsync(Connection.Writer().ApplyAsync(Desired(First, combine: false), [action], Cancellation));

    /// <summary>Plans and applies as a command line does.</summary>
    public async Task<RunResult> RunAsync(ProjectLedger ledger, params DesiredProject[] projects)
    {
        var plan = await new PlanRun(
            _ => Connection.Reader,
            new LedgerReader(null, _ => ledger),
            TimeProvider.System
        ).RunAsync(projects, null, Cancellation);
        Server.ForgetRequests();
        return await new Applier(_ => Connection, null, TimeProvider.System).ApplyAsync(plan, null, Cancellation);
    }

    /// <summary>An action as the planner makes it of the live state of the first project.</summary>
    public async Task<PlannedAction> ActionAsync(ActionKind kind, string email, params string[] roles)
    {
        var live = await ReadAsync();
        Server.ForgetRequests();
        return new(kind, Phase.Grant, new(EmailAddress.KeyOf(email), EmailAddress.Parse(email)), "a test")
        {
            Email = email,
            Access = roles.Length == 0 ? null : Roles(roles),
            Member = live.Members.FirstOrDefault(m => EmailAddress.KeyOf(m.Email) == EmailAddress.KeyOf(email)),
            Invitation = live.Invitations.FirstOrDefault(i => i.Email == email),
        };
    }

    public static async Task<ProviderException> RefusedAsync(Func<Task> act)
    {
        var failure = await Assert.ThrowsAsync<ProviderException>(act);
        Assert.DoesNotContain(Token, failure.ToString(), StringComparison.Ordinal);
        return failure;
    }

    public void Inject(Fault fault) => Server.Inject(fault);

    /// <summary>The requests that were sent, without the base URL.</summary>
    public ImmutableArray<string> Sent() =>
        [
            .. Server.Requests.Select(r =>
                $"{r.Method} {Uri.UnescapeDataString(r.Target[$"/{Name}/metal/v1".Length..]).Replace(First, "P", StringComparison.Ordinal)}"
            ),
        ];

    public async ValueTask DisposeAsync()
    {
        Connection.Dispose();
        await Server.DisposeAsync();
    }

    private static SeedProject Project(string id, int members) =>
        new(id, Name)
        {
            Members =
            [
                .. Enumerable
                    .Range(1, members)
                    .Select(i => new SeedMember($"member{i}@example.com", SandboxAccess.Roles("collaborator"))),
            ],
        };
}

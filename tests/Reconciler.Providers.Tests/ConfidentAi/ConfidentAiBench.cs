using System.Collections.Concurrent;
using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;
using Reconciler.Providers.Http;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Faults;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing.Contract;

namespace Reconciler.Providers.Tests.ConfidentAi;

/// <summary>
/// A sandbox with one Confident AI project (an Owner, some Members, a custom role Analyst), and the catalog's
/// connection to it.
/// </summary>
internal sealed class ConfidentAiBench : IAsyncDisposable
{
    public const string Name = "confident-ai-eu";
    public const string ProjectId = "project-7";
    public const string Token = "s3cr3t-k3y";
    public const string Owner = "olga@example.com";
    public const string Member1 = "member1@example.com";
    public const string Carol = "carol@example.com";

    private readonly SandboxServer _server;

    private ConfidentAiBench(SandboxServer server)
    {
        _server = server;
        var entry = ProviderCatalog.Find("confident-ai")!;
        var url = new Uri(server.BaseUrl(Name));
        Connection = entry.Connect!(
            new(url, _ => ValueTask.FromResult(Token))
            {
                Backoff = TimeSpan.FromMilliseconds(1),
                Observer = Seen.Enqueue,
                RequestIds = () => "r-1",
            }
        );
        var spec = new AccessProviderSpec
        {
            Type = "confident-ai",
            BaseUrl = url.AbsoluteUri,
            Credentials = new() { Token = new() { Env = "RECONCILER_T" } },
        };
        Project = new("default/evals", new("default/confident-ai-eu", entry.Vendor, url, spec), ProjectId, []);
    }

    public ProviderConnection Connection { get; }

    public DesiredProject Project { get; set; }

    public ConcurrentQueue<RequestSeen> Seen { get; } = [];

    public SandboxConnection Vendor => _server.Connection(Name);

    public SandboxServer Server => _server;

    /// <summary>Starts with the Owner, <paramref name="members"/> Members and invitations to Member.</summary>
    public static async Task<ConfidentAiBench> StartAsync(int members = 2, params string[] pending) =>
        new(
            await SandboxServer.StartAsync(
                new()
                {
                    Seed = new()
                    {
                        Token = Token,
                        Projects =
                        [
                            new(ProjectId, Name)
                            {
                                Roles = ["Analyst"],
                                Members =
                                [
                                    new(Owner, SandboxAccess.Role("Owner")),
                                    .. Enumerable
                                        .Range(1, members)
                                        .Select(i => new SeedMember(
                                            $"member{i}@example.com",
                                            SandboxAccess.Role("Member")
                                        )),
                                ],
                                Invitations =
                                [
                                    .. pending.Select(email => new SeedInvitation(email, SandboxAccess.Role("Member"))),
                                ],
                            },
                        ],
                    },
                },
                TestContext.Current.CancellationToken
            )
        );

    public static DesiredAccess Role(string role) =>
        new(Access.Of([ProgramVendors.Of("confident-ai").Access.Grant("role", role)]), ["role"]);

    /// <summary>Declares people with their roles, one a line of a manifest.</summary>
    public ConfidentAiBench Declare(params ReadOnlySpan<(string Email, string Role)> people)
    {
        var members = ImmutableArray.CreateBuilder<DesiredMember>();
        foreach (var (email, role) in people)
            members.Add(
                new(
                    new(EmailAddress.KeyOf(email), EmailAddress.Parse(email)),
                    Role(role),
                    [new Position("evals.yaml", members.Count + 1, 3)]
                )
            );
        Project = Project with { Members = members.ToImmutable() };
        return this;
    }

    public Task<LiveProject> ReadAsync() => Connection.Reader.ReadAsync(Project, TestContext.Current.CancellationToken);

    public Task<WriteResult> ApplyAsync(params PlannedAction[] actions) =>
        ReadBack.OrResultAsync(Connection.Writer().ApplyAsync(Project, actions, TestContext.Current.CancellationToken));

    /// <summary>Reads and plans, as a pass does.</summary>
    public Task<RunPlan> PlanAsync() =>
        new PlanRun(
            _ => Connection.Reader,
            new LedgerReader(null, _ => ProjectLedger.Empty),
            TimeProvider.System
        ).RunAsync([Project], null, TestContext.Current.CancellationToken);

    /// <summary>Plans, applies, and tells what became of each action.</summary>
    public async Task<ImmutableArray<ActionOutcome>> ConvergeAsync()
    {
        var plan = await PlanAsync();
        Assert.Empty(plan.Failures);
        var result = await new Applier(_ => Connection, null, TimeProvider.System).ApplyAsync(
            plan,
            null,
            TestContext.Current.CancellationToken
        );
        return [.. result.Outcomes];
    }

    /// <summary>An action as the planner makes it of the live state.</summary>
    public async Task<PlannedAction> ActionAsync(ActionKind kind, string email, string? role = null)
    {
        var live = await ReadAsync();
        _server.ForgetRequests();
        return new(kind, Phase.Grant, new(EmailAddress.KeyOf(email), EmailAddress.Parse(email)), "a test")
        {
            Email = email,
            Access = role is null ? null : Role(role),
            Member = live.Members.FirstOrDefault(m => EmailAddress.KeyOf(m.Email) == EmailAddress.KeyOf(email)),
            Invitation = live.Invitations.FirstOrDefault(i => EmailAddress.KeyOf(i.Email) == EmailAddress.KeyOf(email)),
        };
    }

    public static async Task<ProviderException> RefusedAsync(Func<Task> act)
    {
        var failure = await Assert.ThrowsAsync<ProviderException>(act);
        Assert.DoesNotContain(Token, failure.ToString(), StringComparison.Ordinal);
        return failure;
    }

    public void Inject(Fault fault) => _server.Inject(fault);

    public string RoleOf(string email) =>
        Assert.Single(Vendor.Members(ProjectId).Single(m => m.Email == email).Access["role"]);

    /// <summary>Method and path of what was sent, from below the project on.</summary>
    public ImmutableArray<string> Sent() =>
        [
            .. _server.Requests.Select(r =>
                $"{r.Method} {r.Target[(r.Target.IndexOf(ProjectId, StringComparison.Ordinal) + ProjectId.Length)..]}"
            ),
        ];

    public ValueTask DisposeAsync()
    {
        Connection.Dispose();
        return _server.DisposeAsync();
    }
}

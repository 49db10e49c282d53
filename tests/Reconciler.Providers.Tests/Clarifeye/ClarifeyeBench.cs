using System.Collections.Concurrent;
using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Providers.Http;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Faults;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing.Contract;

namespace Reconciler.Providers.Tests.Clarifeye;

/// <summary>A sandbox with one Clarifeye project, and the catalog's connection to it.</summary>
internal sealed class ClarifeyeBench : IAsyncDisposable
{
    public const string Name = "clarifeye-eu";
    public const string ProjectId = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
    public const string Token = "s3cr3t-t0ken";

    private readonly SandboxServer _server;

    private ClarifeyeBench(SandboxServer server)
    {
        _server = server;
        var vendor = ProgramVendors.Of("clarifeye");
        var url = new Uri(server.BaseUrl(Name));
        Connection = ProviderCatalog.Connect(
            vendor,
            new(url, _ => ValueTask.FromResult(Token))
            {
                Backoff = TimeSpan.FromMilliseconds(1),
                Observer = Seen.Enqueue,
                RequestIds = () => "r-1",
            }
        );
        var spec = new AccessProviderSpec
        {
            Type = "clarifeye",
            BaseUrl = url.AbsoluteUri,
            Credentials = new() { Token = new() { Env = "RECONCILER_T" } },
        };
        Project = new("default/fraud", new("default/clarifeye-eu", vendor, url, spec), ProjectId, []);
    }

    public ProviderConnection Connection { get; }

    public DesiredProject Project { get; set; }

    public ConcurrentQueue<RequestSeen> Seen { get; } = [];

    public SandboxConnection Vendor => _server.Connection(Name);

    public SandboxServer Server => _server;

    public static async Task<ClarifeyeBench> StartAsync(int members = 2, params string[] pending) =>
        new(
            await SandboxServer.StartAsync(
                new()
                {
                    Seed = new()
                    {
                        Token = Token,
                        KnownUsers = ["ken@example.com"],
                        Projects =
                        [
                            new(ProjectId, Name)
                            {
                                Members =
                                [
                                    .. Enumerable
                                        .Range(1, members)
                                        .Select(i => new SeedMember(
                                            $"member{i}@example.com",
                                            SandboxAccess.Permissions("CAN_VIEW_DATA")
                                        )),
                                ],
                                Invitations =
                                [
                                    .. pending.Select(email => new SeedInvitation(
                                        email,
                                        SandboxAccess.Permissions("CAN_VIEW_DATA")
                                    )),
                                ],
                            },
                        ],
                    },
                },
                TestContext.Current.CancellationToken
            )
        );

    public static DesiredAccess Access(params string[] permissions) =>
        new(
            Reconciler.Core.Membership.Access.Of(permissions.Select(p => Words.Grant("permissions", p))),
            ["permissions"]
        );

    public static DesiredAccess WithProfile(string profile, params string[] permissions) =>
        new(
            Access(permissions).Grants.With(Reconciler.Core.Membership.Access.Of([Words.Grant("profile", profile)])),
            ["permissions", "profile"]
        );

    public Task<LiveProject> ReadAsync() => Connection.Reader.ReadAsync(Project, TestContext.Current.CancellationToken);

    public Task<WriteResult> ApplyAsync(PlannedAction action) =>
        ReadBack.OrResultAsync(
            Connection.Writer().ApplyAsync(Project, [action], TestContext.Current.CancellationToken)
        );

    /// <summary>An action as the planner makes it of the live state.</summary>
    public async Task<PlannedAction> ActionAsync(ActionKind kind, string email, DesiredAccess? access = null)
    {
        var live = await ReadAsync();
        _server.ForgetRequests();
        return new(kind, Phase.Grant, new(EmailAddress.KeyOf(email), EmailAddress.Parse(email)), "a test")
        {
            Email = email,
            Access = access,
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

    public void Inject(Fault fault) => _server.Inject(fault);

    public ImmutableArray<string> Sent() =>
        [
            .. _server.Requests.Select(r =>
            {
                var target = r.Target[r.Target.IndexOf("/projects/", StringComparison.Ordinal)..];
                return $"{r.Method} {target.Replace(ProjectId, "P", StringComparison.Ordinal)}";
            }),
        ];

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static AccessVocabulary Words => ProgramVendors.Of("clarifeye").Access;
}

using System.Collections.Immutable;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Seeds;
using Reconciler.State;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Crashes;

namespace Reconciler.Testing.Hosts.Crashes;

/// <summary>
/// Four vendors with a project each, manifests that ask for forty actions of every kind there, and the state file of an
/// earlier apply. Each scene has vendors and files of its own.
/// </summary>
public sealed class CrashScene : IAsyncDisposable
{
    public const string Variable = "RECONCILER_CRASH_TOKEN";
    public const string Token = "cr4sh-t0ken";
    private const string Bot = "bot@example.com";

    // Who is there at first, with which access, and what the manifests ask for before and after: l is the lesser
    // access, g the greater, ? an invitation that waits.
    private static readonly ImmutableArray<Cast> Everybody =
    [
        new("invite-1", "", "", "l"),
        new("invite-2", "", "", "l"),
        new("invite-3", "", "", "g"),
        new("promote-1", "l", "l", "g"),
        new("demote-1", "g", "g", "l"),
        new("remove-1", "l", "l", ""),
        new("remove-2", "g", "g", ""),
        new("remind-1", "?l", "l", "l"),
        new("stay-1", "l", "l", "l"),
        new("replace-1", "?l", "l", "g"),
        new("revoke-1", "?l", "l", ""),
    ];

    private static readonly ImmutableArray<VendorRow> Vendors = [.. VendorRows.Names.Select(VendorRows.Of)];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-crash-");
    private readonly int _concurrency;

    private readonly string? _state;

    private CrashScene(RequestGate gate, SandboxServer server, int concurrency, string? state) =>
        (Gate, Server, _concurrency, _state) = (gate, server, concurrency, state);

    public RequestGate Gate { get; }

    public SandboxServer Server { get; }

    public string Folder => _folder.FullName;

    public string StateFile => Path.Combine(Folder, "state.db");

    /// <summary>Where the state is: in the file, or in PostgreSQL.</summary>
    public string State => _state ?? StateFile;

    /// <summary>Everything is as an apply three days ago left it, and the manifests have changed since.</summary>
    /// <param name="concurrency">The most requests at one time.</param>
    /// <param name="state">The URL of PostgreSQL; null for a file.</param>
    public static async Task<CrashScene> StartAsync(int concurrency, string? state = null)
    {
        var gate = new RequestGate();
        // The vendors' clock stands where the invitations of the seed were made: a newer one would be a mail of
        // somebody else's.
        var clock = new StandingClock(TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(4));
        var seed = new SandboxSeed { Token = Token, Projects = [.. Vendors.Select(Seed)] };
        var scene = new CrashScene(
            gate,
            await SandboxServer.StartAsync(
                new()
                {
                    Seed = seed,
                    OnRequest = gate.Pass,
                    Clock = clock,
                },
                TestContext.Current.CancellationToken
            ),
            concurrency,
            state
        );
        await scene.DeclareAsync(c => c.Before);
        var (code, said) = await scene.RunAsync(
            ["apply", "--yes"],
            new StandingClock(TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(3))
        );
        Assert.True(code == ExitCode.Done && scene.Server.NonGetCount == 0, said);
        await scene.DeclareAsync(c => c.After);
        return scene;
    }

    /// <summary>The command line against this scene.</summary>
    internal IEnumerable<string> Words(params IEnumerable<string> words) =>
        [
            .. words,
            "--state",
            State,
            .. Vendors.SelectMany(v => (string[])["--base-url", $"{v.Connection}={Server.BaseUrl(v.Connection)}"]),
        ];

    /// <summary>Runs a command line in a process of its own.</summary>
    public ProgramProcess Start(params IEnumerable<string> words) => ProgramProcess.Start(Folder, Token, Words(words));

    /// <summary>
    /// Runs a command line in this process, which is as good where nobody kills it, and spares the start.
    /// </summary>
    public async Task<(int Code, string Said)> RunAsync(IEnumerable<string> words, TimeProvider? clock = null)
    {
        await using var said = new StringWriter { NewLine = "\n" };
        var environment = new CliEnvironment
        {
            Out = said,
            Error = said,
            In = TextReader.Null,
            Variable = _ => Token,
            Folder = Folder,
            Clock = clock ?? TimeProvider.System,
        };
        var code = await Cli.RunAsync([.. Words(words)], environment, TestContext.Current.CancellationToken);
        return (code, said.ToString());
    }

    /// <summary>The state file has no write left open.</summary>
    public async Task<int> OpenIntentsAsync()
    {
        using var store = StateStore.OpenExisting(State)!;
        return (await store.LoadAllAsync(TestContext.Current.CancellationToken)).Sum(s => s.Ledger!.Intents.Length);
    }

    /// <summary>
    /// Whoever was invited to GoRules accepts, and one more apply goes by. A run that died between the invitation to
    /// the organisation and the adding to the project leaves people who are added then, as where the vendor takes
    /// nobody into a project before.
    /// </summary>
    public async Task AcceptAsync()
    {
        var vendor = Vendors.Single(v => v.RemovalKeepsSeat);
        foreach (var invited in Everybody.Where(c => c.There.Length == 0))
            Server.Connection(vendor.Connection).Accept(vendor.ProjectId, invited.Email);
        var (code, said) = await RunAsync(["apply", "--yes"]);
        Assert.True(code == ExitCode.Done, said);
    }

    /// <summary>Who has which access, or is invited to it, at every vendor.</summary>
    public ImmutableArray<string> People() =>
        [
            .. Vendors
                .SelectMany(v =>
                    Server
                        .Connection(v.Connection)
                        .Members(v.ProjectId)
                        .Select(m => $"{v.Connection}: {m.Email}: {m.Access}")
                        .Concat(
                            Server
                                .Connection(v.Connection)
                                .Invitations(v.ProjectId)
                                .Where(i => i.Status.Equals("pending", StringComparison.OrdinalIgnoreCase))
                                .Select(i => $"{v.Connection}: {i.Email}: invited: {i.Access}")
                        )
                )
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>How many mails each person got from each vendor.</summary>
    public ImmutableSortedDictionary<string, int> Mails() =>
        Vendors
            .SelectMany(v => Everybody.Select(c => (v.Connection, c.Email)))
            .ToImmutableSortedDictionary(
                p => $"{p.Connection}: {p.Email}",
                p => Server.Connection(p.Connection).MailsTo(p.Email),
                StringComparer.Ordinal
            );

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static SeedProject Seed(VendorRow vendor)
    {
        var members = Everybody
            .Where(c => c.There is "l" or "g")
            .Select(c => new SeedMember(c.Email, c.There == "g" ? vendor.SeedGreater : vendor.SeedLesser));
        return vendor.Prepare(
            new(vendor.ProjectId, vendor.Connection)
            {
                Members = [new(Bot, vendor.SeedGreater), .. members],
                Invitations =
                [
                    .. Everybody
                        .Where(c => c.There.StartsWith('?'))
                        .Select(c => new SeedInvitation(c.Email, vendor.SeedLesser)),
                ],
            }
        );
    }

    private Task DeclareAsync(Func<Cast, string> access) =>
        File.WriteAllTextAsync(
            Path.Combine(Folder, "crash.yaml"),
            string.Join("\n---\n", Vendors.Select(v => Manifest(v, access))),
            TestContext.Current.CancellationToken
        );

    private string Manifest(VendorRow vendor, Func<Cast, string> access) =>
        $$$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessProvider
            metadata: {name: {{{vendor.Connection}}}}
            spec:
              type: {{{vendor.Type}}}
              baseUrl: https://{{{vendor.Type}}}.example
              credentials: {token: {env: {{{Variable}}}}}
              actingAs: {{{Bot}}}
              maxConcurrency: {{{_concurrency}}}
            ---
            apiVersion: reconciler.dev/v1alpha1
            kind: ProjectMembership
            metadata: {name: {{{vendor.Connection}}}}
            spec:
              provider: {{{vendor.Connection}}}
              projectId: "{{{vendor.ProjectId}}}"
              invitations: {resendAfter: 24h, resendBy: reinvite}
              members:
              - {email: {{{Bot}}}, access: {{{vendor.Greater}}}}
            {{{string.Join(
                '\n',
                Everybody.Where(c => access(c).Length > 0).Select(c =>
                    $"  - {{email: {c.Email}, access: {(access(c) == "g" ? vendor.Greater : vendor.Lesser)}}}"
                )
            )}}}
            """;

    private sealed record Cast(string Name, string There, string Before, string After)
    {
        public string Email => $"{Name}@example.com";
    }
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Hosting.Reconciling;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Faults;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Crashes;
using Reconciler.Testing.State;

namespace Reconciler.Tests.Worker;

/// <summary>Workers and applies at once, with one state in PostgreSQL.</summary>
public sealed class TeamTests(ITestOutputHelper output)
{
    // By the clock of the test.
    private const int Minutes = 10;
    private const string Bot = "bot@example.com";
    private static readonly ImmutableArray<VendorRow> Vendors =
    [
        .. new[] { "clarifeye", "confident-ai", "equinix-metal" }.Select(VendorRows.Of),
    ];

    // Those who are there at first: one of them is to go in each minute.
    private static readonly ImmutableArray<string> Leaving = People("leaves", Minutes);
    private static readonly ImmutableArray<string> Staying = People("stays", 2 * Minutes);
    private static readonly ImmutableArray<string> Invited = People("comes", 2 * Minutes);

    [Fact]
    public async Task Two_applies_and_three_workers_at_once_under_faults_mail_nobody_twice_and_remove_nobody_else()
    {
        var random = new Random(20261130);
        await using var scene = await TeamScene.SetAsync(null, Vendors.Select(Seed));
        scene.Server.Inject(Fault.Latency(TimeSpan.FromMilliseconds(5)));
        scene.Write(Manifests(0));
        for (var worker = 0; worker < 3; worker++)
            await scene.StartWorkerAsync();
        await scene.QuietAsync();
        var codes = new ConcurrentDictionary<int, int>();
        scene.Proxy.CutBy(() =>
            random.Next(150) switch
            {
                0 => Cut.BeforeStatement,
                1 => Cut.BeforeAnswer,
                _ => null,
            }
        );
        for (var minute = 1; minute <= Minutes; minute++)
        {
            Disturb(scene, random);
            scene.Write(Manifests(minute));
            scene.Wake();
            var applies = TwiceAsync(scene, codes);
            if (minute % 5 == 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, Cancellation);
                scene.RestartDatabase();
            }

            await applies;
            await scene.LetPassAsync(TimeSpan.FromSeconds(30));
            applies = TwiceAsync(scene, codes);
            await scene.LetPassAsync(TimeSpan.FromSeconds(30));
            await applies;
            AcceptSome(scene, random);
        }

        scene.Proxy.CutBy(null);
        scene.Server.ClearFaults();
        await scene.LetPassAsync(TimeSpan.FromMinutes(16));
        var ended = string.Join(", ", codes.OrderBy(c => c.Key).Select(c => $"{c.Key} {c.Value}×"));
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{scene.Proxy.Cuts} connections cut, the database restarted {Minutes / 5} times, "
                    + $"{scene.Server.NonGetCount} writes; exit codes of {codes.Values.Sum()} applies: {ended}"
            )
        );
        Assert.All(codes.Keys, c => Assert.True(c is ExitCode.Done or ExitCode.Partly or ExitCode.Failed, $"exit {c}"));
        Assert.True(scene.Proxy.Cuts >= Minutes, $"{scene.Proxy.Cuts} cuts");
        await IsAsDeclaredAsync(scene, Minutes);
    }

    [Theory]
    [InlineData("confident-ai-contract", 3, SandboxPhase.Arrived)]
    [InlineData("confident-ai-contract", 4, SandboxPhase.Handled)]
    [InlineData("clarifeye-contract", 6, SandboxPhase.Arrived)]
    public async Task A_worker_whose_database_is_killed_and_started_again_in_a_reconcile_completes_it(
        string connection,
        int request,
        SandboxPhase phase
    )
    {
        var gate = new RequestGate();
        await using var scene = await TeamScene.SetAsync(gate.Pass, Vendors.Select(Seed));
        scene.Write(Manifests(0));
        await scene.StartWorkerAsync();
        await scene.QuietAsync();
        var reached = gate.StopAt(new(connection, request, phase));
        scene.Write(Manifests(1));
        scene.Wake();
        await Eventually.Async(() => reached.IsCompleted, () => string.Join('\n', scene.Logs));
        scene.RestartDatabase();
        gate.GoOn();
        await scene.LetPassAsync(TimeSpan.FromMinutes(5));
        await IsAsDeclaredAsync(scene, 1);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static ImmutableArray<string> People(string name, int count) =>
        [
            .. Enumerable
                .Range(1, count)
                .Select(n => string.Create(CultureInfo.InvariantCulture, $"{name}-{n}@example.com")),
        ];

    private static async Task TwiceAsync(TeamScene scene, ConcurrentDictionary<int, int> codes)
    {
        var ended = await Task.WhenAll(
            Task.Run(scene.ApplyAsync, Cancellation),
            Task.Run(scene.ApplyAsync, Cancellation)
        );
        foreach (var (code, _) in ended)
            codes.AddOrUpdate(code, 1, (_, n) => n + 1);
    }

    // A vendor has a bad minute.
    private static void Disturb(TeamScene scene, Random random)
    {
        var vendor = Vendors[random.Next(Vendors.Length)].Connection;
        var times = random.Next(1, 4);
        Fault[] faults =
        [
            Fault.Answer(503) with
            {
                Times = times,
            },
            new(FaultKind.Reset) { Times = times },
            new(FaultKind.LostResponse) { Times = times, Method = "POST" },
            new(FaultKind.LostResponse) { Times = times, Method = "DELETE" },
            new(FaultKind.TruncatedBody) { Times = times, Method = "GET" },
        ];
        scene.Server.Inject(faults[random.Next(faults.Length)] with { Connection = vendor });
        scene.Server.Inject(faults[random.Next(faults.Length)] with { Connection = vendor });
    }

    private static void AcceptSome(TeamScene scene, Random random)
    {
        foreach (var vendor in Vendors)
        {
            var connection = scene.Server.Connection(vendor.Connection);
            foreach (
                var pending in connection
                    .Invitations(vendor.ProjectId)
                    .Where(i => i.Status.Equals("pending", StringComparison.OrdinalIgnoreCase) && random.Next(3) == 0)
            )
                connection.Accept(vendor.ProjectId, pending.Email);
        }
    }

    private static async Task IsAsDeclaredAsync(TeamScene scene, int minute)
    {
        // Each project is one worker's.
        var projects = scene.Loops.SelectMany(l => scene.Own(l.Status)).ToList();
        Assert.Equal(Vendors.Length, projects.Count);
        Assert.All(
            projects,
            p => Assert.True(p.State == ProjectState.Converged, $"{p.Project.Id}: {p.State} {p.Error}")
        );
        var (code, said) = await scene.ApplyAsync();
        Assert.True(code == ExitCode.Done && said.Contains("No changes", StringComparison.Ordinal), said);
        Assert.All(Vendors, v => IsAsDeclared(scene, v, minute));
    }

    private static void IsAsDeclared(TeamScene scene, VendorRow vendor, int minute)
    {
        var connection = scene.Server.Connection(vendor.Connection);
        Assert.Equal(
            Invited.Select((i, n) => (i, n < 2 * minute ? 1 : 0)),
            Invited.Select(i => (i, connection.MailsTo(i)))
        );
        Assert.All([.. Leaving, .. Staying], p => Assert.Equal(0, connection.MailsTo(p)));
        var there = connection
            .Members(vendor.ProjectId)
            .Select(m => m.Email)
            .Concat(
                connection
                    .Invitations(vendor.ProjectId)
                    .Where(i => i.Status.Equals("pending", StringComparison.OrdinalIgnoreCase))
                    .Select(i => i.Email)
            )
            .Order(StringComparer.Ordinal);
        Assert.Equal(
            [
                .. Leaving
                    .Skip(minute)
                    .Concat(Staying)
                    .Concat(Invited.Take(2 * minute))
                    .Append(Bot)
                    .Order(StringComparer.Ordinal),
            ],
            there
        );
        var removals = scene.Server.Requests.Count(r =>
            r.Connection == vendor.Connection
            && r.Method == vendor.Remove.Method
            && r.Target.Contains(vendor.Remove.Path, StringComparison.Ordinal)
            && r.Status is >= 200 and < 300
        );
        Assert.Equal(minute, removals);
    }

    private static SeedProject Seed(VendorRow vendor) =>
        vendor.Prepare(
            new(vendor.ProjectId, vendor.Connection)
            {
                Members =
                [
                    new(Bot, vendor.SeedGreater),
                    .. Leaving.Concat(Staying).Select(p => new SeedMember(p, vendor.SeedLesser)),
                ],
            }
        );

    // In each minute two come, one goes, and two get more.
    private static string Manifests(int minute) => string.Join("\n---\n", Vendors.Select(v => Manifest(v, minute)));

    private static string Manifest(VendorRow vendor, int minute) =>
        $$$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessProvider
            metadata: {name: {{{vendor.Connection}}}}
            spec:
              type: {{{vendor.Type}}}
              baseUrl: https://{{{vendor.Type}}}.example
              credentials: {token: {env: RECONCILER_TEAM_TOKEN}}
              actingAs: {{{Bot}}}
              settleAfter: 0s
              defaults: {interval: 1m}
            ---
            apiVersion: reconciler.dev/v1alpha1
            kind: ProjectMembership
            metadata: {name: {{{vendor.Connection}}}}
            spec:
              provider: {{{vendor.Connection}}}
              projectId: "{{{vendor.ProjectId}}}"
              invitations: {resendAfter: 24h}
              members:
              - {email: {{{Bot}}}, access: {{{vendor.Greater}}}}
            {{{string.Join(
                '\n',
                Leaving.Skip(minute).Concat(Staying.Skip(2 * minute)).Concat(Invited.Take(2 * minute))
                    .Select(p => $"  - {{email: {p}, access: {vendor.Lesser}}}")
                    .Concat(Staying.Take(2 * minute).Select(p => $"  - {{email: {p}, access: {vendor.Greater}}}"))
            )}}}
            """;
}

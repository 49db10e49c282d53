using System.Text.Json.Nodes;
using Reconciler.Hosting;
using Reconciler.Kubernetes.Client;
using Reconciler.Operator.Resources;
using Reconciler.Operator.Tests.Charts;
using Reconciler.Providers;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Kubernetes.Servers;
using Reconciler.Testing.Sources;

namespace Reconciler.Operator.Tests;

/// <summary>
/// An operator on a real API server and imitated vendors, under exactly the chart's role, in a namespace of its own.
/// What people do is done with the real kubectl.
/// </summary>
internal sealed class OperatorScene : IAsyncDisposable
{
    public const string Token = "0perat0r-t0ken";
    public const string Bot = "bot@example.com";

    private static readonly ResourceType<JsonObject> Events = ResourceType.Untyped(
        "events.k8s.io",
        "v1",
        "events",
        "Event"
    );
    private static readonly ResourceType<JsonObject> Memberships = ResourceType.Untyped(
        "reconciler.dev",
        "v1alpha1",
        "projectmemberships",
        "ProjectMembership"
    );

    // A machine that runs everything at once takes its time. Where a right was taken away to see what fails, waiting is
    // all that happens.
    private static readonly TimeSpan Deadline = Environment.GetEnvironmentVariable("RECONCILER_TEST_WITHOUT_RULE")
        is { Length: > 0 }
        ? TimeSpan.FromSeconds(30)
        : TimeSpan.FromMinutes(4);
    private readonly ClusterClient _admin;
    private readonly TemporaryFolder _folder = new();
    private readonly CollectedLogs _logs = new();
    private readonly List<(OperatorHost Host, CancellationTokenSource Stop, Task Running)> _operators = [];
    private string _kubeconfig = "";

    private OperatorScene(ClusterClient admin, SandboxServer sandbox, string space, ChartRole role) =>
        (_admin, Sandbox, Space, Role) = (admin, sandbox, space, role);

    public SandboxServer Sandbox { get; }

    /// <summary>The namespace.</summary>
    public string Space { get; }

    public ChartRole Role { get; }

    /// <summary>A folder of the test's own.</summary>
    public string Folder => _folder.Path;

    public IEnumerable<string> Logs => _logs.Lines;

    // True where the vendors and the role belong to another scene, which also takes them away.
    private bool IsGuest { get; init; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>
    /// A vendor with one project, the bot in it and whoever else is given; a Secret and an AccessProvider for it; no
    /// operator yet.
    /// </summary>
    public static async Task<OperatorScene> SetAsync(
        KubeApiServer server,
        VendorRow vendor,
        params IEnumerable<SeedMember> members
    )
    {
        var scene = await SetAsync(
            server,
            new SandboxSeed
            {
                Token = Token,
                Projects =
                [
                    vendor.Prepare(
                        new(vendor.ProjectId, vendor.Connection)
                        {
                            Members = [new(Bot, vendor.SeedGreater), .. members],
                        }
                    ),
                ],
            }
        );
        await scene.ApplyAsync(OperatorScene.Secret(Token), scene.Provider(vendor));
        return scene;
    }

    /// <summary>Vendors as seeded; nothing in the cluster yet.</summary>
    public static async Task<OperatorScene> SetAsync(
        KubeApiServer server,
        SandboxSeed seed,
        string? watched = "",
        string? without = null
    )
    {
        var admin = await server.ClientAsync();
        var space = await KubeApiServer.NamespaceAsync(admin);
        var only =
            watched is null ? ""
            : watched.Length == 0 ? space
            : watched;
        var role = await ChartRole.ApplyAsync(server, space, $"{{operator: {{watchNamespace: \"{only}\"}}}}", without);
        var sandbox = await SandboxServer.StartAsync(new() { Seed = seed }, Cancellation);
        var scene = new OperatorScene(admin, sandbox, space, role);
        scene._kubeconfig = await server.KubeConfigAsync(scene._folder.Path);
        return scene;
    }

    /// <summary>Another namespace, with the same vendors; the chart's role is of the first one.</summary>
    public async Task<OperatorScene> BesideAsync(KubeApiServer server)
    {
        var admin = await server.ClientAsync();
        var scene = new OperatorScene(admin, Sandbox, await KubeApiServer.NamespaceAsync(admin), Role)
        {
            IsGuest = true,
        };
        scene._kubeconfig = await server.KubeConfigAsync(scene._folder.Path);
        return scene;
    }

    /// <summary>Starts an operator.</summary>
    public OperatorHost Start(Func<OperatorSettings, OperatorSettings>? with = null, TimeProvider? clock = null)
    {
        var environment = new HostEnvironment(
            new(ProviderCatalog.Vendors, [], clock ?? TimeProvider.System),
            folder => new TokenReader(_ => null, folder, [])
        )
        {
            Variable = _ => null,
            Folder = _folder.Path,
            Clock = clock ?? TimeProvider.System,
            Logs = _logs,
        };
        var settings = new OperatorSettings
        {
            WatchNamespace = Space,
            LeaseNamespace = Space,
            LeaseTimes = (TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(1)),
            AllowedHosts = ["127.0.0.1"],
            DeletionGrace = TimeSpan.Zero,
            Listen = new(System.Net.IPAddress.Loopback, 0),
            Log = new() { Level = LogDetail.Debug },
        };
        var host = new OperatorHost(with?.Invoke(settings) ?? settings, Role.Connection, environment);
        var stop = new CancellationTokenSource();
        _operators.Add((host, stop, Task.Run(() => host.RunAsync(stop.Token))));
        return host;
    }

    /// <summary>Stops operators as pods are stopped.</summary>
    /// <param name="only">The only one; null for all.</param>
    public async Task StopAsync(OperatorHost? only = null)
    {
        foreach (var (host, stop, running) in _operators.Where(o => only is null || o.Host == only).ToList())
        {
            await stop.CancelAsync();
            await running;
            await host.DisposeAsync();
            stop.Dispose();
            _operators.RemoveAll(o => o.Host == host);
        }
    }

    /// <summary>What <c>kubectl apply</c> does with these documents.</summary>
    public async Task<string> ApplyAsync(params IEnumerable<string> documents) =>
        (
            await KubeTools.KubectlAsync(
                string.Join("\n---\n", documents),
                "--kubeconfig",
                _kubeconfig,
                "--namespace",
                Space,
                "apply",
                "--filename",
                "-"
            )
        ).Succeeded();

    /// <summary>
    /// What <c>kubectl replace</c> does: the object is as in the manifest, without what others have set.
    /// </summary>
    public async Task<string> ReplaceAsync(string document) =>
        (
            await KubeTools.KubectlAsync(
                document,
                "--kubeconfig",
                _kubeconfig,
                "--namespace",
                Space,
                "replace",
                "--filename",
                "-"
            )
        ).Succeeded();

    /// <summary>
    /// Deletes a membership at once, as if its finalizer had been taken off and the deletion had come before anybody
    /// looked.
    /// </summary>
    public async Task VanishAsync(string name)
    {
        while (await FindAsync("ProjectMembership", name) is { } now)
        {
            ((JsonObject)now["metadata"]!).Remove("finalizers");
            try
            {
                await _admin.ReplaceAsync(Memberships, new(Space, name), now, Cancellation);
                await _admin.DeleteAsync(Memberships, new(Space, name), null, Cancellation);
            }
            catch (KubernetesException late) when (late.IsConflict)
            {
                // Its status was written in between.
            }
        }
    }

    /// <summary>Runs kubectl in the namespace; it must succeed.</summary>
    public async Task<string> KubectlAsync(params IEnumerable<string> words) =>
        (await KubeTools.KubectlAsync("", ["--kubeconfig", _kubeconfig, "--namespace", Space, .. words])).Succeeded();

    /// <summary>Runs the command that a message ends with, as somebody does who copies it into a shell.</summary>
    public async Task<string> RunAdviceAsync(string message)
    {
        var command = message[message.IndexOf("kubectl ", StringComparison.Ordinal)..];
        return (
            await KubeTools.ShellAsync(command, new Dictionary<string, string> { ["KUBECONFIG"] = _kubeconfig })
        ).Succeeded();
    }

    /// <summary>A resource as the server has it; null where there is none.</summary>
    public async Task<JsonObject?> FindAsync(string kind, string name)
    {
        try
        {
            var type = ClusterResource.Types[kind];
            return await _admin.GetAsync(
                ResourceType.Untyped(type.Group, type.Version, type.Plural, kind),
                new(Space, name),
                Cancellation
            );
        }
        catch (KubernetesException missing) when (missing.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>Waits until a membership is as wished.</summary>
    public Task<JsonObject> UntilAsync(Func<JsonObject, bool> wished, string name = "fraud") =>
        UntilAsync("ProjectMembership", name, wished);

    /// <summary>Waits until a resource is as wished.</summary>
    public async Task<JsonObject> UntilAsync(string kind, string name, Func<JsonObject, bool> wished)
    {
        var start = TimeProvider.System.GetTimestamp();
        JsonObject? last = null;
        while (TimeProvider.System.GetElapsedTime(start) < Deadline)
        {
            last = await FindAsync(kind, name);
            if (last is not null && wished(last))
                return last;
            await Task.Delay(TimeSpan.FromMilliseconds(50), Cancellation);
        }

        Assert.Fail(
            $"{kind} {name} did not come to be as wished: {last?["status"]?.ToJsonString() ?? "no status"}\n"
                + $"{string.Join('\n', Logs.TakeLast(40))}"
        );
        throw new InvalidOperationException();
    }

    /// <summary>Waits until something comes about; a listener that refuses says no.</summary>
    public async Task UntilAsync(Func<Task<bool>> wished)
    {
        var start = TimeProvider.System.GetTimestamp();
        string? last = null;
        while (TimeProvider.System.GetElapsedTime(start) < Deadline)
        {
            try
            {
                if (await wished())
                    return;
            }
            catch (Exception refused) when (refused is HttpRequestException)
            {
                last = refused.Message;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), Cancellation);
        }

        Assert.Fail($"it did not come about: {last}\n{string.Join('\n', Logs.TakeLast(40))}");
    }

    /// <summary>Waits until a membership is gone.</summary>
    public Task GoneAsync(string name = "fraud") =>
        UntilAsync(async () => await FindAsync("ProjectMembership", name) is null);

    /// <summary>The Events of a membership: reason and note.</summary>
    public async Task<List<(string Reason, string Note)>> EventsAsync(string name = "fraud") =>
        [
            .. (await _admin.ListAsync(Events, new() { Namespace = Space }, Cancellation))
                .Items.Select(i => i.Value!)
                .Where(e => (string?)e["regarding"]?["name"] == name)
                .Select(e => ((string)e["reason"]!, (string?)e["note"] ?? "")),
        ];

    /// <summary>Waits for an Event.</summary>
    public Task UntilEventAsync(Func<JsonObject, bool> wished) =>
        UntilAsync(async () =>
            (await _admin.ListAsync(Events, new() { Namespace = Space }, Cancellation)).Items.Any(i => wished(i.Value!))
        );

    /// <summary>Makes many memberships, faster than kubectl would.</summary>
    public Task CreateAsync(
        IEnumerable<(string Name, VendorRow Vendor, string ProjectId, IEnumerable<string> Emails)> memberships
    ) =>
        Parallel.ForEachAsync(
            memberships,
            new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancellation },
            async (one, cancellation) =>
            {
                var members = one
                    .Emails.Select(e =>
                        (JsonNode)
                            new JsonObject
                            {
                                ["email"] = e,
                                ["access"] = new JsonObject { ["permissions"] = new JsonArray("CAN_VIEW_DATA") },
                            }
                    )
                    .Append(
                        new JsonObject
                        {
                            ["email"] = Bot,
                            ["access"] = new JsonObject
                            {
                                ["permissions"] = new JsonArray("CAN_VIEW_DATA", "CAN_PERFORM_ADMIN_ACTIONS"),
                            },
                        }
                    );
                var membership = new JsonObject
                {
                    ["apiVersion"] = "reconciler.dev/v1alpha1",
                    ["kind"] = "ProjectMembership",
                    ["metadata"] = new JsonObject { ["name"] = one.Name },
                    ["spec"] = new JsonObject
                    {
                        ["provider"] = "vendor",
                        ["projectId"] = one.ProjectId,
                        ["members"] = new JsonArray([.. members]),
                    },
                };
                await _admin.CreateAsync(Memberships, Space, membership, cancellation);
            }
        );

    /// <summary>
    /// Makes one membership that is too large for kubectl apply, which writes it into an annotation too.
    /// </summary>
    public Task CreateAsync(JsonObject membership) => _admin.CreateAsync(Memberships, Space, membership, Cancellation);

    /// <summary>Waits until so many memberships are ready.</summary>
    public async Task AllReadyAsync(int count)
    {
        while (true)
        {
            var ready = (await _admin.ListAsync(Memberships, new() { Namespace = Space }, Cancellation)).Items.Count(
                i => IsConverged(i.Value!)
            );
            if (ready == count)
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(500), Cancellation);
        }
    }

    /// <summary>How often each membership's status was written.</summary>
    public async Task<List<long>> RevisionsAsync() =>
        [
            .. (await _admin.ListAsync(Memberships, new() { Namespace = Space }, Cancellation)).Items.Select(i =>
                (long)i.Value!["status"]!["ledger"]!["revision"]!
            ),
        ];

    /// <summary>The people of a vendor's project, and who is invited.</summary>
    public List<string> People(VendorRow vendor) =>
        [
            .. Sandbox
                .Connection(vendor.Connection)
                .Members(vendor.ProjectId)
                .Where(m => m.Access.Names.Any(n => m.Access[n].Any(w => w is not "false")))
                .Select(m => m.Email)
                .Concat(
                    Sandbox
                        .Connection(vendor.Connection)
                        .Invitations(vendor.ProjectId)
                        .Where(i => i.Status.Equals("pending", StringComparison.OrdinalIgnoreCase))
                        .Select(i => $"{i.Email} (invited)")
                )
                .Order(StringComparer.Ordinal),
        ];

    public static string Secret(string token) =>
        $$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: vendor, labels: {reconciler.dev/credential: "true"} }
            stringData: {token: "{{token}}"}
            """;

    public string Provider(VendorRow vendor, string more = "") =>
        $$$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessProvider
            metadata: {name: vendor}
            spec:
              type: {{{vendor.Type}}}
              baseUrl: {{{Sandbox.BaseUrl(vendor.Connection)}}}
              credentials:
                token:
                  secretRef: {name: vendor, key: token}
              actingAs: {{{Bot}}}
            {{{more}}}
            """;

    /// <summary>A Guardrail over everything in the namespace.</summary>
    public static string Guardrail(string limits) =>
        $$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: Guardrail
            metadata: {name: everywhere}
            spec: {selector: {}, {{limits}}}
            """;

    /// <summary>
    /// A membership with the bot and these people; whoever has no <c>email:</c> gets one, and the lesser access.
    /// </summary>
    public static string Membership(VendorRow vendor, string more, params IEnumerable<string> members) =>
        Membership("fraud", vendor, vendor.ProjectId, more, members);

    public static string Membership(
        string name,
        VendorRow vendor,
        string projectId,
        string more,
        params IEnumerable<string> members
    ) =>
        $$$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: ProjectMembership
            metadata: {name: {{{name}}}, labels: {tier: prod}}
            spec:
              provider: vendor
              projectId: "{{{projectId}}}"
            {{{more}}}
              members:
              - {email: {{{Bot}}}, access: {{{vendor.Greater}}} }
            {{{string.Join(
                '\n',
                members.Select(m =>
                    m.Contains(':', StringComparison.Ordinal)
                        ? $"  - {{{m}}}"
                        : $"  - {{email: {m}, access: {vendor.Lesser}}}"
                )
            )}}}
            """;

    /// <summary>A condition of a resource: its status, reason and message; null where it is absent.</summary>
    public static (string Status, string Reason, string Message)? Condition(JsonObject resource, string type) =>
        (resource["status"]?["conditions"] as JsonArray)
            ?.OfType<JsonObject>()
            .FirstOrDefault(c => (string?)c["type"] == type)
            is { } condition
            ? ((string)condition["status"]!, (string)condition["reason"]!, (string)condition["message"]!)
            : null;

    /// <summary>Whether Ready says this of the newest spec.</summary>
    public static bool Is(JsonObject resource, string status, string reason) =>
        (long?)resource["status"]?["observedGeneration"] == (long?)resource["metadata"]!["generation"]
        && Condition(resource, "Ready") is { } ready
        && ready.Status == status
        && ready.Reason == reason;

    public static bool IsConverged(JsonObject resource) => Is(resource, "True", "Converged");

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (!IsGuest)
            await Sandbox.DisposeAsync();
        if (!IsGuest)
            Role.Dispose();
        _admin.Dispose();
        _folder.Dispose();
    }
}

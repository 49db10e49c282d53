using System.Text.Json.Nodes;
using Reconciler.Core.Manifests;
using Reconciler.Hosting;
using Reconciler.Kubernetes.Client;
using Reconciler.Manifests.Loading;
using Reconciler.Operator.Resources;
using Reconciler.Operator.Tests.Charts;
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
internal sealed partial class OperatorScene : IAsyncDisposable
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
        var scene = await SeedAsync(server, vendor, members);
        await scene.ApplyAsync(OperatorScene.Secret(Token), scene.Provider(vendor));
        return scene;
    }

    /// <summary>
    /// A vendor with one project, the bot in it and whoever else is given, under a role that may read VendorDefinitions
    /// too; nothing in the cluster yet but a Secret.
    /// </summary>
    public static async Task<OperatorScene> SetDescribedAsync(
        KubeApiServer server,
        VendorRow vendor,
        params IEnumerable<SeedMember> members
    )
    {
        var scene = await SeedAsync(server, vendor, members, "vendorDefinitions: true");
        await scene.ApplyAsync(OperatorScene.Secret(Token));
        return scene;
    }

    private static Task<OperatorScene> SeedAsync(
        KubeApiServer server,
        VendorRow vendor,
        IEnumerable<SeedMember> members,
        string? values = null
    ) =>
        SetAsync(
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
            },
            values: values
        );

    /// <summary>Vendors as seeded; nothing in the cluster yet.</summary>
    public static async Task<OperatorScene> SetAsync(
        KubeApiServer server,
        SandboxSeed seed,
        string? watched = "",
        string? without = null,
        string? values = null
    )
    {
        var admin = await server.ClientAsync();
        var space = await KubeApiServer.NamespaceAsync(admin);
        var only =
            watched is null ? ""
            : watched.Length == 0 ? space
            : watched;
        var role = await ChartRole.ApplyAsync(
            server,
            space,
            $"{{operator: {{{values ?? $"watchNamespace: \"{only}\""}}}}}",
            without
        );
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
            new(ProgramVendors.All, [], clock ?? TimeProvider.System),
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

    /// <summary>Takes the status of a resource away, as somebody does who may write it.</summary>
    public async Task WipeStatusAsync(string kind, string name)
    {
        var type = ClusterResource.Types[kind];
        await _admin.MergePatchStatusAsync(
            ResourceType.Untyped(type.Group, type.Version, type.Plural, kind),
            new(kind == ManifestKind.VendorDefinition.Name ? null : Space, name),
            new() { ["status"] = null },
            null,
            Cancellation
        );
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
                new(kind == ManifestKind.VendorDefinition.Name ? null : Space, name),
                Cancellation
            );
        }
        catch (KubernetesException missing) when (missing.IsNotFound)
        {
            return null;
        }
    }

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

namespace Reconciler.Testing.Documentation;

/// <summary>Which test plays the commands of which page, and which commands none plays.</summary>
public static class PageRegister
{
    private const string Docker = "needs Docker and a network; build/container-check.sh runs it";
    private const string Publish = "takes minutes; every test runs the program that such a build gives";
    private const string Release = "needs the files of a release; build/packaging/try.sh tries them";
    private const string Machine = "changes the machine, as root";
    private const string Kubelet = "needs a kubelet, which the test's API server lacks";
    private const string Chart =
        "the test's API server has the definitions already; ChartServerTests installs the chart";
    private const string Shared = "would change what other tests of the same API server use";
    private const string Exported = "needs what somebody decided on the page; ReviewVerbTests clicks and applies it";
    private const string Server = "needs a PostgreSQL; PostgresStateTests has one";
    private const string LongRunning = "runs until it is stopped; ";

    /// <summary>The pages that a test of their own plays, with its name.</summary>
    public static IReadOnlyDictionary<string, string> OwnTests { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["docs/first-steps.md"] = "FirstStepsTests",
            ["docs/worker/README.md"] = "WorkerFirstStepsTests",
            ["docs/operator/README.md"] = "OperatorFirstStepsTests",
            ["docs/operator/vendors.md"] = "VendorPageTests",
        };

    /// <summary>The pages that are played with kubectl at a real API server.</summary>
    public static IReadOnlyList<string> InCluster { get; } =
    [
        "docs/kubernetes/install.md",
        "docs/operator/gitops.md",
        "docs/operator/operations.md",
        "docs/operator/resources.md",
        "docs/operator/status.md",
    ];

    /// <summary>
    /// The commands that no test plays, each with the reason. Every one of the program's own commands is parsed all the
    /// same.
    /// </summary>
    public static IReadOnlyList<UnplayedCommand> Unplayed { get; } =
    [
        new("README.md", "reconciler plan people", "shows the demo's plan; ReadmePlanTests plays it"),
        new("README.md", "dotnet publish ", Publish),
        new("docs/first-steps.md", "dotnet publish ", Publish),
        new("docs/access-review.md", "reconciler review apply ", Exported),
        new("docs/install.md", "curl ", Release),
        new("docs/install.md", "sudo apt ", Release),
        new("docs/install.md", "./reconciler-0.1.0-linux-x64/reconciler ", Release),
        new("docs/install.md", "dotnet tool install ", Release),
        new("docs/install.md", "docker run ", Docker),
        new("docs/install.md", "helm install reconciler ", Chart),
        new("docs/install.md", "sha256sum ", Release),
        new("docs/install.md", "base64 ", Release),
        new("docs/install.md", "openssl ", Release),
        new("docs/install.md", "build/release ", "takes many minutes; .ci/run makes one"),
        new("docs/install.md", "diff ", Release),
        new("docs/install.md", "dotnet publish ", Publish),
        new("docs/kubernetes/install.md", "skopeo ", "needs skopeo and a registry"),
        new("docs/kubernetes/install.md", "helm install reconciler ", Chart),
        new("docs/kubernetes/install.md", "helm test ", Kubelet),
        new("docs/kubernetes/install.md", "helm template ", Shared),
        new("docs/kubernetes/install.md", "helm install access ", Chart),
        new("docs/kubernetes/install.md", "kubectl delete projectmemberships --all ", Shared),
        new("docs/kubernetes/install.md", "helm uninstall ", Chart),
        new("docs/operator/README.md", "kubectl apply -f schemas/crds.yaml", Shared),
        new("docs/operator/README.md", "kubectl create namespace access-demo", "the scene has made the namespace"),
        new("docs/operator/README.md", "reconciler sandbox ", "the scene has started it"),
        new("docs/operator/README.md", "reconciler operator ", "the scene has started it"),
        new("docs/operator/operations.md", "reconciler operator --shard eu ", LongRunning + "see OperatorShardTests"),
        new("docs/operator/operations.md", "reconciler operator --shard rest ", LongRunning + "see OperatorShardTests"),
        new("docs/operator/operations.md", "velero ", "needs Velero"),
        new("docs/operator/resources.md", "reconciler show crds | kubectl apply ", Shared),
        new("docs/vendors/describe-your-vendor.md", "kubectl ", "docs/operator/vendors.md is played at a cluster"),
        new("docs/reference/commands.md", "reconciler review apply ", Exported),
        new("docs/reference/commands.md", "reconciler state restore ", Server),
        new("docs/reference/commands.md", "reconciler state migrate ", Server),
        new("docs/state.md", "reconciler state migrate ", Server),
        new("docs/reference/commands.md", "reconciler worker --git ", LongRunning + "see WorkerGitTests"),
        new("docs/reference/commands.md", "reconciler worker --config worker.yaml --set ", LongRunning + "see Hosts"),
        new("docs/reference/commands.md", "reconciler operator", LongRunning + "see OperatorProcessTests"),
        new("docs/reference/commands.md", "reconciler health ", "needs a running worker; HealthVerbTests has one"),
        new(
            "docs/reference/commands.md",
            "reconciler vendors check vendors/redmine.yaml --against ",
            "needs a Redmine; docs/vendors/describe-your-vendor.md is played against a server"
        ),
        new("docs/reference/commands.md", "reconciler sandbox ", LongRunning + "docs/sandbox.md is played"),
        new("docs/reference/commands.md", "source <(reconciler completion zsh)", "needs the shell zsh"),
        new("docs/reference/commands.md", "reconciler completion fish | source", "needs the shell fish"),
        new("docs/worker/running.md", "docker compose --file examples/compose/compose.yaml up", Docker),
        new("docs/worker/running.md", "curl ", Docker),
        new("docs/worker/running.md", "docker build ", Docker),
        new("docs/worker/running.md", "docker volume ", Docker),
        new("docs/worker/running.md", "docker run ", Docker),
        new("docs/worker/running.md", "build/image ", "needs the native program"),
        new("docs/worker/running.md", "build/container-check.sh ", "needs the native program"),
        new("docs/worker/running.md", "skopeo ", "needs skopeo and a registry"),
        new("docs/worker/running.md", "apt-get ", Machine),
        new("docs/worker/running.md", "dotnet publish ", Publish),
        new("docs/worker/running.md", "ln -s ", Machine),
        new("docs/worker/running.md", "install ", Machine),
        new("docs/worker/running.md", "systemctl ", Machine),
        new("docs/worker/running.md", "docker compose --file examples/compose/compose.yaml exec ", Docker),
        new("docs/worker/running.md", "docker compose --file examples/compose/compose.yaml cp ", Docker),
        new("docs/worker/web.md", "openssl ", "needs openssl, and writes below /run"),
        new("docs/worker/web.md", "ssh ", "needs another machine"),
        new("docs/worker/web.md", "kubectl ", Kubelet),
    ];

    /// <summary>Whether a test plays a command.</summary>
    public static bool IsPlayed(string page, DocumentedCommand command) =>
        !Unplayed.Any(u => u.Page == page && u.Is(command));
}

/// <summary>A command that no test plays.</summary>
/// <param name="Page">The page that it stands on.</param>
/// <param name="Start">What its line begins with.</param>
/// <param name="Reason">Why not.</param>
public sealed record UnplayedCommand(string Page, string Start, string Reason)
{
    /// <summary>Whether a command of that page is meant.</summary>
    public bool Is(DocumentedCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return command.Line == Start || command.Line.StartsWith($"{Start.TrimEnd()} ", StringComparison.Ordinal);
    }
}
